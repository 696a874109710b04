"""What the study cannot say."""

from confaug.report.number_format import count
from confaug.report.quantity import Quantity

SEE_EXTRAPOLATION = (
    "The section “Does it extrapolate?” says by how much here, and how other models do."
)


def limits(
    quantity: Quantity,
    training_labels: list[float],
    conflicts: int,
    fixed_split: bool,
    rows_per_molecule: int,
    needs_conformers: bool,
    flags: str,
    extrapolated: bool,
) -> list[str]:
    """Say what the results cannot promise.

    Parameters
    ----------
    training_labels
        Labels of the training molecules.
    conflicts
        Input rows that contradict another one.
    fixed_split
        Whether a split column divides the molecules.
    rows_per_molecule
        The most conformers of a molecule that the augmented model uses.
    needs_conformers
        Whether the recommended model needs conformers of new molecules.
    flags
        What the flags of the applicability domain are worth.
    extrapolated
        Whether the report has a section on extrapolation.
    """
    found = []
    if training_labels:
        known = quantity.between(min(training_labels), max(training_labels))
        found.append(
            "Trees cannot extrapolate. LightGBM hardly ever predicts a value outside the range of "
            f"the labels that it was trained on, here {known}. A molecule with a value outside "
            "this range is predicted too close to the middle."
            + (f" {SEE_EXTRAPOLATION}" if extrapolated else "")
        )
    found.append(_labels(conflicts))
    divided = "as the split column says" if fixed_split else "at random"
    found.append(
        f"The errors hold for molecules like those in the table, split {divided}. For "
        "other chemistries they are larger. The flags of the applicability domain warn of some "
        f"such cases, but not of all. {flags}".rstrip()
    )
    if rows_per_molecule > 1:
        again = ", and again for every new one" if needs_conformers else ""
        found.append(
            f"Conformers cost computing time: up to {rows_per_molecule} of them for every molecule "
            f"of the table{again}. The time grows steeply with the size of "
            "the molecule: one with a hundred atoms takes about a hundred times as long as one "
            "with twenty."
        )
    found.append(
        "The variants are ranked by their errors on the same test molecules that they are compared "
        "on, so the error of the best of many is optimistic. The verdict on augmentation concerns "
        "one comparison that was fixed in advance."
    )
    return found


def _labels(conflicts: int) -> str:
    """Say what the labels themselves limit."""
    measured = "easurement error is part of every error given here."
    if conflicts:
        rows = count(conflicts, "row contradicts", "rows contradict")
        first = f"{rows} another row of the same structure, and m{measured}"
    else:
        first = f"M{measured}"
    return (
        f"No model is better than its labels. {first} A single number per molecule also hides what "
        "else the property depends on, such as chain length, purity or method."
    )
