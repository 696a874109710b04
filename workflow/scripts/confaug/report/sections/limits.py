"""What the study cannot say."""

from confaug.report.number_format import count
from confaug.report.results import Results


def limits(results: Results) -> list[str]:
    """Say in plain words what the results cannot promise."""
    quantity, parts = results.quantity, results.by_molecule("split")
    train = [
        row["label"]
        for row in results["molecules"]
        if row["label"] is not None and parts.get(row["molecule"], {}).get("part") == "train"
    ]
    found = []
    if train:
        found.append(
            "Trees cannot extrapolate. Whatever the molecule, LightGBM hardly ever predicts beyond "
            f"the labels it was trained on, here {quantity.between(min(train), max(train))}; a "
            "molecule that belongs beyond is predicted too near to the middle."
        )
    conflicts = sum(row["status"] == "conflict" for row in results["ledger"])
    found.append(
        "No model is better than its labels. "
        + (
            f"{count(conflicts, 'row contradicts', 'rows contradict')} another row of the same "
            "structure, and "
            if conflicts
            else ""
        )
        + "an error of measurement is part of every error given here. One number per molecule "
        "also hides what else it depends on, such as chain length, purity or method."
    )
    fixed = results.document("verdict")["splits"]["fixed"]
    dealt = "divided as the split column says" if fixed else "dealt out at random"
    found.append(
        f"The errors are those of molecules like the ones in the table, {dealt}. For "
        "another chemistry they are larger; the flags of the applicability domain warn of some of "
        "that, not of all."
    )
    most = max((row["n_rows"] for row in results["predictions"]), default=1)
    if most > 1:
        found.append(
            f"Conformers cost computing time, up to {most} of them for every molecule of the table "
            "and again for every new one. The time grows steeply with the size of a molecule: one "
            "of a hundred atoms takes about a hundred times as long as one of twenty."
        )
    found.append(
        "The variants were compared on the same test molecules as they are ranked by. The best of "
        "many looks better than it is; the verdict on augmentation concerns one comparison that "
        "was fixed beforehand."
    )
    return found
