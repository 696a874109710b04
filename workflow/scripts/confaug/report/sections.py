"""What stands in the sections of the report: tables and sentences generated from results."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from confaug.conformal import coverage_summary
from confaug.decades import half_width
from confaug.domain import domain_summary
from confaug.figures.learning import curve, plain_error
from confaug.figures.style import VERDICTS
from confaug.figures.understanding import explained_quantity
from confaug.importance import health_summary, importance_sentence
from confaug.leakage import row_split_summary, shared_skeletons
from confaug.quantity import Quantity, number, percent
from confaug.report.accounting import duration
from confaug.report.tables import Field, Table, make_table, own_names
from confaug.results import Results, Row
from confaug.suspects import count_unjudged

#: Rules whose work only augmentation needs.
CONFORMER_RULES = ("embed_conformers", "describe_3d")
#: What is not configured as a variant is made from several that are.
COMBINED = {"representation": "several", "learner": "average"}
#: An error this close to that of everything counts as the same, in `enough`.
CLOSE = 0.02
PARTS = {
    "test": "held out",
    "cross_validation": "out of fold",
    "train": "seen in training",
}
STATUSES = {
    "accepted": "taken as a molecule",
    "merged": "same structure and agreeing label as another row",
    "conflict": "same structure as another row, but a label that disagrees",
    "rejected": "not usable; see the reason",
}


def ledger_section(results: Results) -> dict[str, Any]:
    """Account for every input row."""
    rows = results["ledger"]
    counts = Counter(row["status"] for row in rows)
    listed = [status for status in STATUSES if counts[status]]
    listed += sorted(set(counts) - set(STATUSES))
    total = " + ".join(f"{counts[status]} {status}" for status in listed)
    odd = [row for row in rows if row["status"] != "accepted" or row["warning"]]
    odd.sort(key=lambda row: (-_severity(row["status"]), row["row"]))
    return {
        "sentence": (
            f"{_count(len(rows), 'row')} read = {total}. They give "
            f"{_count(len(results['molecules']), 'molecule')}, of which "
            f"{_count(_labelled(results), 'has', 'have')} a label."
        ),
        "counts": [(status, counts[status], STATUSES.get(status, "")) for status in listed],
        "odd": make_table(
            "ledger-remarks",
            "Rows of the input file that were not plainly accepted, and why",
            odd,
            [
                Field("Row", lambda row: row["row"], kind="number"),
                Field("Status", lambda row: row["status"]),
                Field("Reason or warning", _remark),
                *own_names(odd),
                Field("SMILES as given", lambda row: row["input_smiles"], kind="name long"),
                Field("Label as given", lambda row: row["input_label"]),
            ],
            marked=lambda row: row["status"] in ("conflict", "rejected"),
        ),
        "failures": _failures(results),
    }


def _severity(status: str) -> int:
    """Order the kinds of remarks: rejected rows first."""
    return {"rejected": 3, "conflict": 2, "accepted": 1}.get(status, 0)


def _remark(row: Row) -> str:
    """Join reason and warning of a row."""
    return "; ".join(text for text in (row["reason"], row["warning"]) if text)


def _labelled(results: Results) -> int:
    """Count the molecules with a label."""
    return sum(row["label"] is not None for row in results["molecules"])


def _failures(results: Results) -> Table | None:
    """Sum up what could not be computed, by stage, protocol and reason."""
    molecules: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    times: Counter[tuple[str, str, str]] = Counter()
    for row in results["failures"]:
        kind = (row["stage"], row["protocol"] or "", row["reason"])
        molecules[kind].add(row["molecule"])
        times[kind] += 1
    rows = [
        {
            "stage": kind[0],
            "protocol": kind[1],
            "reason": kind[2],
            "molecules": len(molecules[kind]),
            "records": times[kind],
            "examples": ", ".join(sorted({results.name_of(m) for m in molecules[kind]})[:3]),
        }
        for kind in sorted(molecules, key=lambda kind: (-len(molecules[kind]), kind))
    ]
    fields = [
        Field("Stage", lambda row: row["stage"], kind="name"),
        Field("Protocol", lambda row: row["protocol"], kind="name"),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        Field("Records", lambda row: row["records"], kind="number"),
        Field("What could not be had", lambda row: row["reason"]),
        Field("For example", lambda row: row["examples"]),
    ]
    return make_table("failures", "What could not be computed", rows, fields)


def metrics_table(results: Results) -> Table | None:
    """List the errors of the main variant in training, out of fold and held out, per molecule."""
    quantity = results.quantity
    rows = [row for row in results["metrics"] if row["level"] == "molecule"]
    rows.sort(key=lambda row: list(PARTS).index(row["part"]))

    def error(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecules", lambda row: PARTS[row["part"]]),
        Field("Number", lambda row: row["n"], kind="number"),
        Field(quantity.with_unit("MAE"), *error("mae"), kind="number"),
        Field(quantity.with_unit("RMSE"), *error("rmse"), kind="number"),
        Field("R²", lambda row: row["r2"], lambda row: _plain(row["r2"]), "number"),
        _relative_error(results),
    ]
    return make_table("metrics", f"Errors of {results.main}, first split", rows, fields)


def variants_table(results: Results, config: Mapping[str, Any]) -> Table | None:
    """List all variants with their errors and the difference to the reference."""
    quantity, reference = results.quantity, results.role("reference")
    against = {r["variant"]: r for r in results["differences"] if r["reference"] == reference}
    configured = config["variants"]

    def difference(key: str) -> Any:
        return lambda row: against.get(row["variant"], {}).get(key)

    def error(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Variant", lambda row: row["variant"], kind="name"),
        Field(
            "Representation",
            lambda row: configured.get(row["variant"], COMBINED)["representation"],
            kind="name",
        ),
        Field(
            "Learner", lambda row: configured.get(row["variant"], COMBINED)["learner"], kind="name"
        ),
        Field(quantity.with_unit("MAE"), *error("mae"), kind="number"),
        Field("from", *error("low"), kind="number"),
        Field("to", *error("high"), kind="number"),
        Field(
            "Difference",
            difference("difference"),
            _signed(against, "difference", quantity),
            "number",
        ),
        Field("from ", difference("low"), _signed(against, "low", quantity), "number"),
        Field("to ", difference("high"), _signed(against, "high", quantity), "number"),
        Field(
            "Verdict",
            difference("verdict"),
            lambda row: _verdict_words(against.get(row["variant"]), row["variant"] == reference),
            "text short",
        ),
        Field("Splits won", difference("replicates_better"), kind="number"),
        Field("RMSE", *error("rmse"), kind="number"),
        Field("R²", lambda row: row["r2"], lambda row: _plain(row["r2"]), "number"),
        _relative_error(results),
        Field("SD over splits", *error("replicate_sd"), kind="number"),
        Field("MAE out of fold", *error("mae_cross_validation"), kind="number"),
        Field("MAE when seen", *error("mae_train"), kind="number"),
        *_decades(results),
    ]
    return make_table(
        "variants",
        f"Errors on held-out molecules; differences are to {reference or 'no reference'}",
        results["variants"],
        fields,
        marked=lambda row: row["variant"] == results.main,
    )


def _decades(results: Results) -> list[Field]:
    """Return the columns of errors in decades, if logarithms are learned."""
    if not results.document("verdict").get("decades"):
        return []

    def column(heading: str, part: str) -> Field:
        def value(row: Row) -> float | None:
            return results.decades(row["variant"], part)

        return Field(heading, value, lambda row: _plain(value(row)), "number")

    return [
        column("MAE of log10 (decades)", "held_out"),
        column("MAE of log10 out of fold", "out_of_fold"),
    ]


def _signed(against: Mapping[str, Row], key: str, quantity: Quantity) -> Any:
    """Return a function that writes a difference with its sign."""

    def text(row: Row) -> str:
        value = against.get(row["variant"], {}).get(key)
        return "–" if value is None else quantity.text(value, signed=True, unit=False)

    return text


def _verdict_words(row: Row | None, is_reference: bool) -> str:
    """Say how a variant compares with the reference."""
    if row is None:
        return "the reference" if is_reference else "–"
    return VERDICTS[row["verdict"]][2]


def _relative_error(results: Results) -> Field:
    """Return the column of relative errors, which not every kind of label allows."""
    meaningful = results.relative_errors
    return Field(
        "Relative error",
        lambda row: row["relative_error"] if meaningful else None,
        lambda row: percent(row["relative_error"]) if meaningful else "not meaningful",
        "number",
    )


def _plain(value: float | None) -> str:
    """Write a number with two decimals."""
    return number(value, digits=2)


def enough_sentences(results: Results) -> list[str]:
    """Say how much data is enough, from the learning curves; nothing if none were measured."""
    text = results.quantity.text
    sentences = _curves_of_one_point(results)
    conformers = [(level, float(np.mean(maes))) for level, maes in curve(results, "conformers")]
    if len(conformers) > 1:
        most, error = conformers[-1]
        level = next(level for level, mae in conformers if mae <= (1 + CLOSE) * error)
        first = "one conformer" if conformers[0][0] == "1" else f"{conformers[0][0]} conformers"
        sentences.append(
            f"With {first} per molecule the error is {text(conformers[0][1])}, with {most} it is "
            f"{text(error)}. "
            + (
                "More conformers did not lower it."
                if conformers[0][1] <= error
                else _enough(level, most)
            )
        )
    protocols = [(level, float(np.mean(maes))) for level, maes in curve(results, "protocols")]
    single = [pair for pair in protocols if pair[0] != "all"]
    if single and len(protocols) > len(single):
        best, worst = min(single, key=_error), max(single, key=_error)
        everything = next(mae for level, mae in protocols if level == "all")
        sentences.append(
            f"All protocols together give {text(everything)}; alone they give from "
            f"{text(best[1])} ({best[0]}) to {text(worst[1])} ({worst[0]})."
        )
    molecules = [(level, float(np.mean(maes))) for level, maes in curve(results, "molecules")]
    if len(molecules) > 1:
        (fewer, before), (more, after) = molecules[-2:]
        change = (after - before) / before if before else 0.0
        sentences.append(
            f"The last step, from {fewer} to {more} training molecules, changed the error by "
            f"{percent(change, signed=True, decimals=0)}; {_outlook(change)}"
        )
    plain = plain_error(results)
    if sentences and plain is not None:
        sentences.append(f"Without conformers ({results.role('reference')}) it is {text(plain)}.")
    if sentences and len({row["replicate"] for row in results["learning_curves"]}) == 1:
        sentences.append(
            "All of this is from one split, where single points rise and fall by chance."
        )
    return sentences


def _curves_of_one_point(results: Results) -> list[str]:
    """Name the curves that were measured at one level only, which says nothing of another."""
    things = {"conformers": "conformers per molecule", "molecules": "training molecules"}
    points = {axis: curve(results, axis) for axis in (*things, "protocols")}
    return [
        f"The curve over {things.get(axis, axis)} has one point, {levels[0][0]}, with an error of "
        f"{results.quantity.text(float(np.mean(levels[0][1])))}, and nothing to compare it with."
        for axis, levels in points.items()
        if len(levels) == 1
    ]


def _outlook(change: float) -> str:
    """Say what the last step of the curve over training molecules promises."""
    if change < -CLOSE:
        return "more labelled molecules would probably help further."
    if change > CLOSE:
        return "a rise is most likely chance, so nothing can be said about more molecules."
    return "the curve has become flat, as far as one step can tell."


def _error(pair: tuple[str, float]) -> float:
    return pair[1]


def _enough(level: str, most: str) -> str:
    """Say at which number the error has come down."""
    if level == most:
        return f"Fewer than all of them give an error that is more than {CLOSE:.0%} larger."
    conformers = "conformer is" if level == "1" else "conformers are"
    return f"{level} {conformers} enough to come within {CLOSE:.0%} of that."


def leakage_section(results: Results) -> dict[str, Any]:
    """Show the certificate and what a leak would pretend."""
    certificate = results.document("certificate")
    checks = make_table(
        "leakage-checks",
        "What was checked",
        certificate.get("checks", []),
        [
            Field("Check", lambda row: row["check"]),
            Field("Compared", lambda row: row["compared"], kind="number"),
            Field("Found", lambda row: row["violations"], kind="number"),
            Field(
                "Examples", lambda row: "; ".join(row["examples"]), lambda r: _join(r["examples"])
            ),
        ],
        marked=lambda row: row["violations"] > 0,
    )
    pretence = row_split_summary(results.arrow("row_splits")) if results["row_splits"] else []
    return {
        "certificate": certificate,
        "shared": shared_skeletons(certificate),
        "checks": checks,
        "pretence": pretence,
        "relative": results.relative_errors,
    }


def _join(examples: list[str]) -> str:
    """Join examples, or say that there are none."""
    return "; ".join(examples) or "none"


def trust_section(results: Results) -> dict[str, Any]:
    """Sum up intervals, spread and domain, and list every prediction with its flags."""
    unit = results.quantity.unit
    errors = {
        row["molecule"]: abs(row["prediction"] - row["label"])
        for row in results["predictions"]
        if row["part"] == "test" and row["label"] is not None
    }
    decades = half_width(results.arrow("intervals")) if results.quantity.logarithmic else None
    return {
        "coverage": (
            coverage_summary(results.arrow("coverage"), results.main, unit, decades)["sentence"]
            if "coverage" in results.tables
            else ""
        ),
        "spread": results.document("spread").get("sentence", ""),
        "domain": (
            domain_summary(results.arrow("domain"), errors, unit)["sentence"]
            if results["domain"]
            else ""
        ),
        "flags": _flags_table(results, errors),
        "predictions": _predictions_table(results, errors),
    }


def _flags_table(results: Results, errors: Mapping[str, float]) -> Table | None:
    """Count the held-out molecules under every combination of flags, with their mean error."""
    quantity = results.quantity
    found: dict[str, list[float]] = defaultdict(list)
    for row in results["domain"]:
        if row["molecule"] in errors:
            found[row["flags"] or "none: inside the domain"].append(errors[row["molecule"]])
    rows = [
        {"flags": flags, "molecules": len(values), "error": float(np.mean(values))}
        for flags, values in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    fields = [
        Field("Flags", lambda row: row["flags"]),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
        Field(
            quantity.with_unit("MAE"),
            lambda row: row["error"],
            lambda row: quantity.text(row["error"], unit=False),
            "number",
        ),
    ]
    return make_table("domain-flags", "Held-out molecules by flag", rows, fields)


def _predictions_table(results: Results, errors: Mapping[str, float]) -> Table | None:
    """List the prediction of every held-out molecule."""
    quantity = results.quantity
    intervals, domain = results.by_molecule("intervals"), results.by_molecule("domain")
    molecules = results.by_molecule("molecules")
    rows = [
        {
            **row,
            "name": results.name_of(row["molecule"]),
            "smiles": molecules[row["molecule"]]["smiles"],
            "error": errors.get(row["molecule"]),
            "low": intervals.get(row["molecule"], {}).get("low"),
            "high": intervals.get(row["molecule"], {}).get("high"),
            "flags": domain.get(row["molecule"], {}).get("flags"),
        }
        for row in results["predictions"]
        if row["part"] == "test"
    ]
    rows.sort(key=lambda row: (-(row["error"] or 0.0), row["molecule"]))

    def value(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecule", lambda row: row["name"]),
        Field(quantity.with_unit("Measured"), *value("label"), kind="number"),
        Field("Predicted", *value("prediction"), kind="number"),
        Field("from", *value("low"), kind="number"),
        Field("to", *value("high"), kind="number"),
        Field("|Error|", *value("error"), kind="number"),
        Field("Spread", *value("spread"), kind="number"),
        Field("Flags", lambda row: row["flags"]),
        Field("SMILES", lambda row: row["smiles"], kind="name long"),
    ]
    caption = f"Predictions of {results.main} for held-out molecules, largest error first"
    return make_table("predictions", caption, rows, fields)


def understanding_section(results: Results) -> dict[str, Any]:
    """Sum up what the model uses and how healthy the descriptors are."""
    quantity = explained_quantity(results.quantity)
    fields = [
        Field("Descriptor", lambda row: row["descriptor"], kind="name"),
        Field("Dimension", lambda row: row["dimension"]),
        Field("Family", lambda row: row["family"]),
        Field(
            quantity.with_unit("Mean |SHAP value|"),
            lambda row: row["importance"],
            lambda row: number(row["importance"]),
            "number",
        ),
        Field("Share", lambda row: row["share"], lambda row: percent(row["share"]), "number"),
    ]
    ranked = sorted(results["importance"], key=lambda row: -row["importance"])
    health = [row for row in results["health"] if row["constant"] or row["missing"] > 0]
    health.sort(key=lambda row: (-row["missing"], row["descriptor"]))
    return {
        "importance": (
            importance_sentence(results.arrow("groups"), quantity.unit) if results["groups"] else ""
        ),
        "descriptors": make_table(
            "importance",
            "Descriptors by their mean |SHAP value|, the first 100",
            [row for row in ranked if row["importance"] > 0][:100],
            fields,
        ),
        "health": health_summary(results.arrow("health"))["sentence"] if results["health"] else "",
        "unhealthy": make_table(
            "descriptor-health",
            "Descriptors with missing values or without variation",
            health,
            [
                Field("Descriptor", lambda row: row["descriptor"], kind="name"),
                Field("Dimension", lambda row: row["dimension"]),
                Field("Family", lambda row: row["family"]),
                Field(
                    "Missing",
                    lambda row: row["missing"],
                    lambda r: percent(r["missing"]),
                    "number",
                ),
                Field("Constant", lambda row: row["constant"], _yes_or_no),
            ],
        ),
    }


def _yes_or_no(row: Row) -> str:
    """Say whether a descriptor is constant."""
    return "yes" if row["constant"] else "no"


def suspects_table(results: Results) -> Table | None:
    """List molecules whose label may be wrong."""
    quantity = results.quantity
    smiles = {row["molecule"]: row["smiles"] for row in results["molecules"]}

    def value(key: str) -> tuple[Any, Any]:
        return (lambda row: row[key]), (lambda row: quantity.text(row[key], unit=False))

    fields = [
        Field("Molecule", lambda row: results.name_of(row["molecule"])),
        Field("Why", lambda row: row["reason"]),
        Field(quantity.with_unit("Label"), *value("label"), kind="number"),
        Field("Expected", *value("expected"), kind="number"),
        Field("Score", lambda row: row["score"], lambda row: _plain(row["score"]), "number"),
        Field("SMILES", lambda row: smiles.get(row["molecule"]), kind="name long"),
    ]
    rows = sorted(results["suspects"], key=lambda row: -(row["score"] or 0.0))
    return make_table("suspects", "Labels worth a second look", rows, fields)


def unjudged_sentence(results: Results) -> str:
    """Say how many labels could not be compared with those of similar molecules."""
    unjudged, n = count_unjudged(results.arrow("predictions"), results.arrow("neighbours"))
    if not unjudged:
        return ""
    return (
        f"{unjudged} of {n} training molecules could not be judged by their neighbours: fewer than "
        "two others are similar to them."
    )


def tuning_section(results: Results) -> dict[str, Any]:
    """Sum up how the parameters of the main variant were found."""
    tuned, history = results.document("tuned"), results["history"]
    sentence = ""
    if history:
        best = min(history, key=lambda row: (row["error"], row["trial"]))
        sentence = (
            f"Of {_count(len(history), 'trial')}, number {best['trial']} has the lowest "
            f"out-of-fold error, {results.quantity.text(best['error'])}, with "
            f"{best['rounds']} boosting rounds."
        )
        late = best["trial"] > 0.9 * len(history) and len(history) > 5
        sentence += " It came late: more trials might find a better one." if late else ""
    parameters = make_table(
        "parameters",
        f"Parameters of {results.main}",
        [{"name": key, "value": value} for key, value in tuned.get("parameters", {}).items()],
        [
            Field("Parameter", lambda row: row["name"], kind="name"),
            Field("Value", lambda row: row["value"], lambda row: _parameter(row["value"])),
        ],
    )
    return {"sentence": sentence, "parameters": parameters}


def _parameter(value: Any) -> str:
    """Write the value of a parameter."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def cost_section(costs: list[Row]) -> dict[str, Any]:
    """Sum up what every stage took."""
    total = sum(row["cpu_seconds"] for row in costs)
    conformers = sum(row["cpu_seconds"] for row in costs if row["rule"] in CONFORMER_RULES)
    sentence = ""
    if total:
        sentence = (
            f"All jobs measured in this results folder took {duration(total)} of CPU time; "
            f"{conformers / total:.0%} of it went into conformers and their descriptors, which a "
            "model without augmentation does not need."
        )
    fields = [
        Field("Stage", lambda row: row["rule"], kind="name"),
        Field("Jobs", lambda row: row["jobs"], kind="number"),
        Field(
            "CPU time",
            lambda row: round(row["cpu_seconds"], 2),
            lambda row: duration(row["cpu_seconds"]),
            "number",
        ),
        Field(
            "Wall time, summed",
            lambda row: round(row["seconds"], 2),
            lambda row: duration(row["seconds"]),
            "number",
        ),
        Field(
            "Longest job",
            lambda row: round(row["longest"], 2),
            lambda row: duration(row["longest"]),
            "number",
        ),
        Field(
            "Memory (MB)",
            lambda row: round(row["memory"]),
            lambda row: f"{row['memory']:.0f}",
            "number",
        ),
    ]
    return {"sentence": sentence, "table": make_table("cost", "Cost by stage", costs, fields)}


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
            f"{_count(conflicts, 'row contradicts', 'rows contradict')} another row of the same "
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


def _count(number: int, singular: str, plural: str | None = None) -> str:
    """Count things with the right form of the word.

    >>> _count(1, "row"), _count(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
