"""How large a difference between two variants a study could have seen.

A two-sided t test at the level 1 - confidence finds a true difference d in a share `power` of
studies if d is about (t_(1+confidence)/2 + t_power) standard errors. This is the usual
approximation of the noncentral t distribution by a shifted one (Cohen 1988, section 2.4; Bloom,
Evaluation Review 1995, 19, 547, calls it the minimum detectable effect). The standard error and its
degrees of freedom are those of the paired difference itself: Welch and Satterthwaite's of the two
variances of `confidence_intervals.crossed_interval`, or the groups of held-out molecules less one
with a single split.

It is not the power for the difference that was measured, which would repeat the p-value (Hoenig and
Heisey, American Statistician 2001, 55, 19), but a property of the study: its molecules, its splits
and the scatter of its differences.

Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, Erlbaum 1988.
"""

from dataclasses import dataclass

from scipy import stats

from confaug.evaluation.rows import Difference

#: Share of studies in which a difference shall be found.
POWER = 0.8


@dataclass(frozen=True)
class VisibleDifference:
    """The smallest true difference that such a study would find.

    Attributes
    ----------
    variant, reference
        What is compared: variants, or groups of them.
    difference
        A difference of mean absolute errors in the unit of the property, above zero.
    relative
        The same as a share of the reference's error; None if that is zero.
    power
        Share of such studies that find it.
    """

    variant: str
    reference: str
    difference: float
    relative: float | None
    power: float


def smallest_visible_difference(
    row: Difference, reference_error: float, confidence: float = 0.95, power: float = POWER
) -> VisibleDifference | None:
    """Return the smallest true difference that a study like this one would find.

    Parameters
    ----------
    row
        The paired difference whose standard error counts.
    reference_error
        Mean absolute error of the reference.
    confidence
        Of the two-sided interval by which a difference is judged.
    power
        Share of studies that shall find it.

    Returns
    -------
    VisibleDifference or None
        None if the difference has no standard error, or one of zero.
    """
    error, freedom = row.standard_error, row.degrees_of_freedom
    if not error or not freedom:
        return None
    quantiles = stats.t.ppf([(1 + confidence) / 2, power], freedom)
    difference = float(quantiles.sum()) * error
    relative = difference / reference_error if reference_error else None
    return VisibleDifference(row.variant, row.reference, difference, relative, power)
