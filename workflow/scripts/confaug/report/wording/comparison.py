"""What one comparison of two variants says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from confaug.evaluation.champions import GroupComparison
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.rows import Difference, VariantErrors
from confaug.report.number_format import percent, whole_percent
from confaug.report.quantity import Quantity, digits_for

#: The controls by their kind of conformers.
CONTROLS = {
    "noise_3d": "Gaussian noise of the same standard deviation",
    "duplicated_3d": "identical copies of the mean descriptors",
}
#: What the best model of one group, chosen by cross-validation, is worth beside that of another.
BEST_WITH_CONFORMERS = {
    HELPED: "The best model with conformers is better than the best one without them",
    NO_DIFFERENCE: "Conformers add nothing that can be shown to the best model without them",
    HURT: "The best model with conformers is worse than the best one without them",
}
BEST_OF_POLYMERS = {
    HELPED: "Describing the polymers instead of the structures as given makes predictions better",
    NO_DIFFERENCE: (
        "No difference can be shown between describing the polymers and the structures as given"
    ),
    HURT: "Describing the polymers instead of the structures as given makes predictions worse",
}
#: Among learners other than LightGBM, which is compared with defaults and tuned.
BEST_PLAIN = {
    HELPED: "The augmented model is better than the best of the other learners without conformers",
    NO_DIFFERENCE: (
        "Another learner without conformers is as good as the augmented model, as far as can be "
        "shown"
    ),
    HURT: "Another learner without conformers is better than the augmented model",
}


def chosen_models(times: Mapping[str, int]) -> str:
    """Name the models that were chosen, and in how many splits where they are several.

    >>> chosen_models({"ridge": 10}), chosen_models({"ridge": 7, "pls": 3})
    ('ridge', 'ridge in 7 splits, pls in 3')
    """
    names = list(times)
    if len(names) == 1:
        return names[0]
    first, *others = names
    splits = f"{first} in {times[first]} split{'s' if times[first] > 1 else ''}"
    return ", ".join([splits, *(f"{name} in {times[name]}" for name in others)])


def errors_of_groups(found: GroupComparison, value: Callable[[float], str]) -> str:
    """Give the mean errors of the best models of two groups, written by `value`, and name them."""
    one, other = (
        f"{value(error)} ({chosen_models(times)})"
        for error, times in zip(found.errors, found.times_chosen, strict=True)
    )
    return f"the mean errors are {one} and {other}"


def against_interval(row: Difference) -> str:
    """Say why a comparison is undecided whose interval excludes zero; nothing otherwise."""
    if row.verdict != NO_DIFFERENCE or row.low is None or row.high is None:
        return ""
    if row.low <= 0 <= row.high:
        return ""
    return (
        "The interval excludes zero, but the out-of-fold errors of the training molecules do "
        "not point in the same direction, and a single split is not enough to decide."
    )


@dataclass(frozen=True)
class ComparisonWords:
    """Writes sentences about differences between variants.

    Attributes
    ----------
    variants
        Errors by variant.
    unit
        Unit of the property; may be empty.
    confidence
        Of the intervals.
    """

    variants: Mapping[str, VariantErrors]
    unit: str
    confidence: float

    def value(self, number: float | None, signed: bool = False) -> str:
        """Write an error with the decimals that suit the errors of this study."""
        usual = median([row.mae for row in self.variants.values()] or [1.0])
        return Quantity("", "", self.unit, digits=digits_for(usual)).text(number, signed)

    def figures(self, row: Difference) -> str:
        """Give errors, difference and interval."""
        errors = [self.value(self.variants[name].mae) for name in (row.variant, row.reference)]
        return (
            f"on held-out molecules, {row.variant} has a mean error of {errors[0]} and "
            f"{row.reference} one of {errors[1]}, {self.difference(row)}"
        )

    def difference(self, row: Difference) -> str:
        """Give a difference with its interval."""
        relative = row.relative_difference
        share = "" if relative is None else f", or {percent(relative, signed=True)}"
        return (
            f"a difference of {self.value(row.difference, signed=True)}{share} "
            f"({whole_percent(self.confidence)} interval {self._between(row.low, row.high)})"
        )

    def wins(self, row: Difference) -> str:
        """Say how often the variant was better."""
        molecules = f"for {row.molecules_better} of {row.molecules} molecules"
        if row.replicates == 1:
            return f"its prediction is closer to the label {molecules}"
        return f"it is better in {row.replicates_better} of {row.replicates} splits and {molecules}"

    def limits(self, row: Difference) -> str:
        """Say what an undecided comparison still rules out."""
        if row.verdict != NO_DIFFERENCE or row.low is None or row.high is None:
            return ""
        if row.low < 0 < row.high:
            return (
                f"The data are compatible with a gain of up to {self.value(-row.low)} and with a "
                f"loss of up to {self.value(row.high)}."
            )
        if row.low == row.high == 0:
            return "Both make the same errors."
        return against_interval(row)

    def resampled(self, row: Difference) -> str:
        """Give the interval of the corrected resampled t test; nothing with one split."""
        if row.low_resampled is None:
            return ""
        return (
            "By the corrected resampled t test (Nadeau and Bengio 2003), the interval of the "
            f"difference between {row.variant} and {row.reference} is "
            f"{self._between(row.low_resampled, row.high_resampled)}."
        )

    def of_groups(self, openings: Mapping[str, str], found: GroupComparison) -> str:
        """Compare the best models of two groups."""
        row = found.difference
        return (
            f"{openings[row.verdict]}: on held-out molecules, "
            f"{errors_of_groups(found, self.value)}, {self.difference(row)}. The best model is "
            f"chosen by cross-validation in each split. {against_interval(row)}"
        ).rstrip()

    def against_baseline(self, row: Difference) -> str:
        """Compare with LightGBM's default settings."""
        opening = {
            HELPED: f"{row.variant} is better than LightGBM with default settings",
            HURT: f"{row.variant} is worse than LightGBM with default settings",
            NO_DIFFERENCE: "No difference from LightGBM with default settings can be shown",
        }[row.verdict]
        return f"{opening}: {self.figures(row)}. {against_interval(row)}".rstrip()

    def against_control(self, row: Difference, representation: str) -> str:
        """Compare real conformers with a control."""
        control = CONTROLS[representation]
        opening = {
            HELPED: f"Real conformers are better than {control}",
            HURT: f"Real conformers are worse than {control}",
            NO_DIFFERENCE: f"Real conformers do not demonstrably differ from {control}",
        }[row.verdict]
        return f"{opening}: {self.figures(row)}. {against_interval(row)}".rstrip()

    def _between(self, low: float | None, high: float | None) -> str:
        """Write an interval."""
        if low is None:
            return "not available"
        return f"{self.value(low, True)} to {self.value(high, True)}"
