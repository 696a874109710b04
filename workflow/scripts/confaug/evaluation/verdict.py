"""Say in words whether the augmentation paid, from the figures of the comparison alone."""

from collections.abc import Mapping
from dataclasses import asdict
from statistics import median
from typing import Any

import pyarrow as pa

from confaug.config.roles import Roles
from confaug.evaluation.advice import NOT_ASKED, YES, StudySize, advise, contenders
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.infrastructure.quantity import Quantity, digits_for, percent
from confaug.molecules.splitting import Draws

Row = dict[str, Any]
Rows = dict[tuple[str, str], Row]


#: The verdict of a study that is too small to conclude anything from.
TOO_FEW = "too_few"
#: LightGBM's default for `min_data_in_leaf`; two leaves need twice as many rows.
DEFAULT_ROWS_PER_LEAF = 20


def give_verdict(
    summary: pa.Table,
    differences: pa.Table,
    roles: Roles,
    unit: str,
    draws: Draws,
    confidence: float = 0.95,
    size: StudySize | None = None,
    decades: Mapping[str, Mapping[str, float | None]] | None = None,
) -> dict[str, Any]:
    """Turn the tables of the comparison into a verdict.

    The first question is whether there is anything to predict with: whether what would be advised
    is demonstrably better than always giving the same value.

    The best classical model is the one with the lowest out-of-fold error, so that the choice does
    not look at the test molecules.

    Parameters
    ----------
    summary, differences
        VARIANT_SUMMARY and PAIRED_DIFFERENCES tables.
    unit
        Unit of the property, for the sentences; may be empty.
    draws
        What the replicates are.
    size
        How much there is to conclude from, if that shall be judged.
    decades
        Errors in decades as `confaug.evaluation.decades.mean_errors` gives them, where logarithms
        are learned.

    Returns
    -------
    dict
        `predictive` and `advice` as `confaug.evaluation.advice.advise` gives them, `size` as
        `StudySize` does; `verdict` on the augmentation (helped, no_difference, hurt, not_asked,
        or too_few), `headline`, `sentences` (the headline is not among them), `cause` (physics,
        jitter, undetermined or not_asked), `scope`, `splits` as `Draws` has them, `decades` as
        given, `unit`, `confidence`,
        `best_classical`, `best_variant`, `roles`, and `comparisons`: rows of PAIRED_DIFFERENCES of
        the primary variant by role.
    """
    variants: dict[str, Row] = {row["variant"]: row for row in summary.to_pylist()}
    rows: Rows = {(r["variant"], r["reference"]): r for r in differences.to_pylist()}
    roles = roles.present(variants)
    classical = _best_classical(variants, roles)
    pairs = {"reference": roles.reference, "baseline": roles.baseline, "classical": classical}
    comparisons = {
        role: rows[roles.primary, other] for role, other in pairs.items() if roles.primary and other
    }
    controls = [rows[roles.primary, name] for name in roles.controls if roles.primary]
    verdict = comparisons["reference"]["verdict"] if "reference" in comparisons else "not_asked"
    cause = _cause(verdict, controls, rows, roles)
    facts = advise(contenders(roles, classical), variants, rows, roles.constant)
    words = _Words(variants, unit, confidence)
    headline = words.headline(comparisons.get("reference"), roles)
    sentences = [
        words.resampled(comparisons.get("reference")),
        words.against_baseline(comparisons.get("baseline")),
        *words.one_value(size, roles),
        words.against_classical(comparisons.get("classical")),
        *(words.against_control(row, roles.controls[row["reference"]]) for row in controls),
        CAUSES[cause],
        words.best(),
    ]
    predictive = words.predictive(facts["predictive"])
    if facts["predictive"]["verdict"] in (YES, NOT_ASKED):
        sentences.insert(0, predictive)
    else:
        headline, sentences = predictive, [headline, *sentences]
    if size is not None and not size.enough:
        verdict, cause, headline, sentences = TOO_FEW, "not_asked", words.too_few(size), []
        facts["advice"] = {"variant": None, "kind": None, "beats": []}
    return {
        **facts,
        "size": size.facts() if size else None,
        "verdict": verdict,
        "headline": headline,
        "sentences": [sentence for sentence in sentences if sentence],
        "cause": cause,
        "scope": scope(draws),
        "splits": asdict(draws),
        "decades": decades,
        "unit": unit,
        "confidence": confidence,
        "best_classical": classical,
        "best_variant": next(iter(variants), None),
        "roles": asdict(roles),
        "comparisons": {**comparisons, "controls": controls},
    }


CAUSES = {
    "physics": "So the shapes of the molecules carry information that noise does not have.",
    "jitter": "So many rows per molecule explain the gain; nothing shows that physics adds to it.",
    "undetermined": "Whether the shapes or merely the number of rows helped cannot be told apart.",
    "not_asked": "",
}


MANY_COMPARISONS = (
    "Every interval is for one comparison by itself: of twenty between equals, one looks different."
)


def scope(draws: Draws) -> str:
    """Say what the intervals cover and what they do not."""
    if draws.one:
        more = (
            "Random splits, without input.split_column, do; replicates of a fixed split differ in "
            "their folds only."
            if draws.fixed
            else "More replicates do."
        )
        return (
            f"{_origin(draws)} The intervals say how the result would vary with other "
            "test molecules of the same kind (BCa bootstrap over molecules); they do not cover "
            f"the choice of training molecules, which often matters as much. {more} "
            f"{MANY_COMPARISONS}"
        )
    return (
        f"{_origin(draws)} The intervals cover the choice of test molecules "
        "and of training molecules, and allow for replicates that share both: the variance is "
        "clustered by molecule (Cameron, Gelbach and Miller 2011) and that between splits is "
        "raised for the overlap of their training sets (after Nadeau and Bengio 2003). They do "
        "not cover molecules of another kind than those in the table, nor errors of the labels. "
        f"{MANY_COMPARISONS}"
    )


def _origin(draws: Draws) -> str:
    """Say where the split comes from, and how many different ones there are."""
    if draws.fixed:
        whom = f"all {draws.molecules}"
        rest = ""
        if draws.fixed < draws.molecules:
            whom, rest = f"{draws.fixed} of {draws.molecules}", ", and the others follow from it"
        same = f", the same in all {draws.replicates} replicates" if draws.replicates > 1 else ""
        return (
            f"There is one split{same}: the split column fixes the part of {whom} labelled "
            f"molecules{rest}."
        )
    drawn = "One random split was" if draws.one else f"{draws.different} random splits were"
    same = ", as all replicates are the same" if draws.one else ", each counted once"
    return f"{drawn} made{same if draws.different < draws.replicates else ''}."


def _best_classical(variants: dict[str, Row], roles: Roles) -> str | None:
    """Return the classical variant with the lowest out-of-fold error."""
    scored = [
        (variants[name]["mae_cross_validation"], name)
        for name in roles.classical
        if variants[name]["mae_cross_validation"] is not None
    ]
    return min(scored)[1] if scored else next(iter(roles.classical), None)


def _cause(verdict: str, controls: list[Row], rows: Rows, roles: Roles) -> str:
    """Tell physics from jitter: it beats its controls, or they help as much."""
    if verdict != HELPED or not controls:
        return "not_asked"
    if all(row["verdict"] == HELPED for row in controls):
        return "physics"
    control_verdicts = [rows[name, roles.reference or ""]["verdict"] for name in roles.controls]
    beaten_by_none = all(row["verdict"] != HELPED for row in controls)
    return "jitter" if beaten_by_none and HELPED in control_verdicts else "undetermined"


class _Words:
    """Sentences from rows of the comparison."""

    def __init__(self, variants: dict[str, Row], unit: str, confidence: float) -> None:
        self.variants, self.confidence = variants, confidence
        usual = median([row["mae"] for row in variants.values()] or [1.0])
        self.quantity = Quantity("", "", unit, digits=digits_for(usual))

    def too_few(self, size: StudySize) -> str:
        """Say that a study is too small to conclude anything from, and why."""
        facts = size.facts()
        return (
            f"Nothing can be concluded: of {size.labelled} labelled molecules, {size.held_out} are "
            f"held out. Below {facts['least_labelled']} labelled molecules, or "
            f"{facts['least_held_out']} held out in a split, chance is larger than any difference "
            "between models that could be expected."
        )

    def predictive(self, facts: Row) -> str:
        """Say whether there is anything to predict with."""
        row = facts["comparison"]
        if row is None:
            missing = "variant with the learner constant" if not facts["constant"] else "model"
            return f"Whether anything can be predicted was not asked: there is no {missing}."
        opening = (
            "There is something to predict with"
            if row["verdict"] == HELPED
            else f"{row['variant']} is worse than always giving the same value"
            if row["verdict"] == HURT
            else "Nothing shows that there is anything to predict with"
        )
        return f"{opening}: {self.comparison(row)}. {row['reference']} always gives the same value."

    def one_value(self, size: StudySize | None, roles: Roles) -> list[str]:
        """Name the variants that give all held-out molecules the same value, and why."""
        found = []
        for name, count in (size.one_value if size else {}).items():
            if name == roles.constant:
                continue
            splits = self.variants[name]["replicates"]
            where = "" if splits == 1 else f" in {count} of {splits} splits"
            text = f"{name} gives all held-out molecules the same value{where}"
            if size and name == roles.baseline and size.training < 2 * DEFAULT_ROWS_PER_LEAF:
                text += (
                    f": LightGBM's defaults want {DEFAULT_ROWS_PER_LEAF} rows in every leaf, and "
                    f"{size.training} training molecules cannot be split that way. A gain over it "
                    "is one over a constant"
                )
            found.append(f"{text}.")
        return found

    def headline(self, row: Row | None, roles: Roles) -> str:
        """Return the verdict on the primary variant."""
        if row is None:
            missing = "an augmented variant" if roles.primary is None else "LightGBM on 2D"
            return (
                f"Whether augmentation helped was not asked: {missing} is not among the variants."
            )
        opening = {
            HELPED: "Augmentation helped",
            HURT: "Augmentation hurt",
            NO_DIFFERENCE: "No difference can be shown",
        }[row["verdict"]]
        if row["replicates"] == 1 and row["verdict"] != NO_DIFFERENCE:
            opening += " on this one split"
        return f"{opening}: {self.comparison(row)}; {self.wins(row)}.{self.limits(row)}"

    def comparison(self, row: Row) -> str:
        """Return errors, difference and interval of one comparison."""
        variant, reference = row["variant"], row["reference"]
        return (
            f"{variant} has a mean error of {self.value(self.variants[variant]['mae'])} on "
            f"held-out molecules and {reference} {self.value(self.variants[reference]['mae'])}, "
            f"a difference of {self.value(row['difference'], signed=True)}"
            f"{self.percent(row)} ({self.confidence:.0%} interval {self.interval(row)})"
        )

    def wins(self, row: Row) -> str:
        """Return how often the variant was better."""
        molecules = f"for {row['molecules_better']} of {row['molecules']} molecules"
        if row["replicates"] == 1:
            return f"it is nearer to the label {molecules}"
        splits = f"in {row['replicates_better']} of {row['replicates']} splits"
        return f"it is better {splits} and {molecules}"

    def limits(self, row: Row) -> str:
        """Return what an undecided comparison still rules out."""
        if row["verdict"] != NO_DIFFERENCE or row["low"] is None:
            return ""
        if row["low"] < 0 < row["high"]:
            return (
                f" The data are compatible with a gain of up to {self.value(-row['low'])} and with "
                f"a loss of up to {self.value(row['high'])}."
            )
        if row["low"] == row["high"] == 0:
            return " Both give the same predictions."
        return (
            " The interval leaves out zero, but the out-of-fold errors of the training molecules "
            "do not point the same way, and one split is too little to decide."
        )

    def resampled(self, row: Row | None) -> str:
        """Return the interval that the corrected resampled t test gives to the same difference."""
        if row is None or row["low_resampled"] is None:
            return ""
        return (
            "By the corrected resampled t test (Nadeau and Bengio 2003) the interval of this "
            f"difference is {self.value(row['low_resampled'], True)} to "
            f"{self.value(row['high_resampled'], True)}."
        )

    def against_baseline(self, row: Row | None) -> str:
        """Return the comparison with LightGBM's defaults."""
        if row is None:
            return ""
        words = {
            HELPED: "Against LightGBM's default settings it is better",
            HURT: "Against LightGBM's default settings it is worse",
            NO_DIFFERENCE: "Against LightGBM's default settings no difference can be shown",
        }
        return f"{words[row['verdict']]}: {self.comparison(row)}."

    def against_classical(self, row: Row | None) -> str:
        """Return the comparison with the best plain model."""
        if row is None:
            return ""
        words = {
            HELPED: "It also beats the best plain model on 2D descriptors",
            HURT: "A plain model on 2D descriptors is better",
            NO_DIFFERENCE: "A plain model on 2D descriptors is as good, as far as can be shown",
        }
        return f"{words[row['verdict']]}: {self.comparison(row)}."

    def against_control(self, row: Row, control: str) -> str:
        """Return the comparison with one noise control."""
        words = {
            HELPED: f"Real conformers do better than {control}",
            HURT: f"Real conformers do worse than {control}",
            NO_DIFFERENCE: f"Real conformers do not demonstrably differ from {control}",
        }
        return f"{words[row['verdict']]}: {self.comparison(row)}."

    def best(self) -> str:
        """Return which variant has the lowest error."""
        if len(self.variants) < 2:
            return ""
        name, row = next(iter(self.variants.items()))
        return (
            f"Of all {len(self.variants)} variants, {name} has the lowest mean error on held-out "
            f"molecules, {self.value(row['mae'])}; chosen after the fact, it flatters itself."
        )

    def value(self, number: float, signed: bool = False) -> str:
        """Return a number with its unit."""
        return self.quantity.text(number, signed)

    def interval(self, row: Row) -> str:
        """Return an interval in words."""
        if row["low"] is None:
            return "not available"
        return f"{self.value(row['low'], True)} to {self.value(row['high'], True)}"

    def percent(self, row: Row) -> str:
        """Return the relative difference after a comma."""
        relative = row["relative_difference"]
        return "" if relative is None else f" or {percent(relative, signed=True)}"
