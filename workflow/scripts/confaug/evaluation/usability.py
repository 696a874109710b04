"""Whether the recommended model is usable at all, and whether it is good enough.

The checks that a cautious reader makes, in their order: better than a constant, better than models
of randomised labels, an error that is small beside the range of the labels, no gap between
cross-validation and held-out molecules, enough molecules to learn from, labels all over their
range. ROBERT (Dalmau and Alegre-Requena 2024) scores models by much the same checks; here each is a
fact with its interval, and no points are added up. The limits on the share of the range, 10 and
20 %, are a convention.

References
----------
.. [1] Dalmau, Alegre-Requena (2024), ROBERT: bridging the gap between machine learning and
   chemistry, WIREs Computational Molecular Science 14, e1733.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.comparison import by_split
from confaug.evaluation.confidence_intervals import (
    Estimate,
    crossed_interval,
    mean_of_known,
    or_none,
)
from confaug.evaluation.errors import Study
from confaug.evaluation.outlook import Outlook
from confaug.evaluation.range_decisions import RangeDecisions
from confaug.evaluation.rows import Interval
from confaug.evaluation.verdict import NOT_SHOWN, YES, Verdict
from confaug.evaluation.y_randomisation import NOT_RULED_OUT, YRandomisation

Floats = NDArray[np.float64]
#: Whether a requirement is met: `UNDECIDED` if the interval contains it.
MET, NOT_MET, UNDECIDED = "met", "not_met", "undecided"
#: What a friend would say besides: whether the model is fit to predict, to rank candidates, or for
#: neither (`ROUGH`), by the share of the label range that its error is.
PREDICT, RANK, ROUGH = "predict", "rank", "rough"
#: Nothing can be said, or the model is not to be used.
TOO_FEW, NOT_BETTER, CHANCE = "too_few", "not_better", "chance"
#: Shares of the label range.
SMALL_SHARE, LARGE_SHARE = 0.1, 0.2
#: A quarter of the label range is nearly empty with fewer molecules, or a smaller share of them.
FEWEST_IN_QUARTER, LEAST_SHARE = 3, 0.05


@dataclass(frozen=True)
class LabelRange:
    """Where the labels lie.

    Attributes
    ----------
    low, high
        Lowest and highest label.
    quarters
        Molecules in each quarter of the range, from low to high; of the range of the logarithms
        where logarithms are learned.
    ends
        Lower and upper end of every quarter, in label units.
    """

    low: float
    high: float
    quarters: tuple[int, ...]
    ends: tuple[tuple[float, float], ...]

    @property
    def width(self) -> float:
        """Highest minus lowest label."""
        return self.high - self.low

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """The ends of the quarters that have hardly any molecule to learn from."""
        least = max(FEWEST_IN_QUARTER, LEAST_SHARE * sum(self.quarters))
        pairs = zip(self.quarters, self.ends, strict=True)
        return tuple(ends for count, ends in pairs if count < least)


@dataclass(frozen=True)
class Usability:
    """What speaks for the use of the recommended model, and against it.

    Attributes
    ----------
    enough
        Whether there are enough molecules to conclude anything.
    better
        Whether the model is demonstrably better than a constant; None if that was not tested.
    ratio
        Its held-out error over that of the constant, on the same molecules.
    y_randomisation
        Facts of y-randomisation; None if there was none.
    error
        Mean absolute error on held-out molecules.
    gap
        Held-out error minus out-of-fold error.
    training, labelled
        Training molecules of a split, and labelled molecules in all.
    labels
        Where the labels lie.
    required
        The required error; None without one.
    range
        Decisions on the range that is looked for; None if none was given.
    outlook
        What more measurements promise; None if that was not measured.
    """

    enough: bool
    better: bool | None
    ratio: Interval | None
    y_randomisation: YRandomisation | None
    error: Interval
    gap: Interval | None
    training: int
    labelled: int
    labels: LabelRange
    required: float | None = None
    range: RangeDecisions | None = None
    outlook: Outlook | None = None

    @property
    def share(self) -> Interval | None:
        """The error as a share of the range of the labels; None if all labels are equal."""
        width = self.labels.width
        if not width:
            return None
        low, high = self.error.low, self.error.high
        return Interval(
            self.error.value / width,
            None if low is None else max(low, 0.0) / width,
            None if high is None else high / width,
        )

    @property
    def requirement(self) -> str | None:
        """Whether the required error is met; None without a requirement."""
        if self.required is None:
            return None
        low, high = self.error.low, self.error.high
        if high is not None and high < self.required:
            return MET
        return NOT_MET if low is not None and low > self.required else UNDECIDED

    @property
    def grade(self) -> str:
        """What the model is fit for: see the constants of this module."""
        if not self.enough:
            return TOO_FEW
        if self.better is False:
            return NOT_BETTER
        if self.y_randomisation and self.y_randomisation.conclusion == NOT_RULED_OUT:
            return CHANCE
        if self.requirement is not None:
            return self.requirement
        share = self.share.value if self.share else 1.0
        return PREDICT if share <= SMALL_SHARE else RANK if share <= LARGE_SHARE else ROUGH

    def document(self) -> dict[str, Any]:
        """Return the facts as they stand in a JSON document."""
        return {**asdict(self), "grade": self.grade, "requirement": self.requirement}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Usability":
        """Read what `document` gives; other keys are left out."""
        return TypeAdapter(cls).validate_python(document)


def assess_usability(
    study: Study,
    verdict: Verdict,
    labels: Floats,
    *,
    logarithmic: bool,
    y_randomisation: YRandomisation | None,
    confidence: float = 0.95,
) -> Usability:
    """Collect what speaks for the use of the recommended model, and against it.

    Parameters
    ----------
    study
        Errors of the recommended model and, if there is one, of the constant.
    verdict
        Facts of the comparison.
    labels
        Labels of all labelled molecules, shape (molecules,).
    logarithmic
        Whether logarithms of the labels are learned.
    y_randomisation
        Its facts; None if there was none.
    confidence
        Of the intervals, two-sided.
    """
    test = by_split(study, np.abs(study.test[RECOMMENDED]))

    def estimate(values: Floats, overlap: float = study.overlap) -> Estimate:
        return crossed_interval(values, study.groups, overlap, confidence)

    reference = study.test.get(verdict.roles.constant or "")
    ratio = None if reference is None else _ratio(test, by_split(study, np.abs(reference)))
    fitted = study.cross_validation.get(RECOMMENDED)
    gap = None if fitted is None else _gap(test, by_split(study, np.abs(fitted)))
    better = {YES: True, NOT_SHOWN: False}.get(verdict.predictive.verdict)
    return Usability(
        enough=verdict.size is None or verdict.size.enough,
        better=better,
        ratio=None if ratio is None else _moved(estimate(ratio[1]), ratio[0]),
        y_randomisation=y_randomisation,
        error=_moved(estimate(test), 0.0),
        gap=None if gap is None else _moved(estimate(gap, overlap=0.0), 0.0),
        training=round(float(study.train_sizes.mean())),
        labelled=len(labels),
        labels=label_range(labels, logarithmic),
    )


def label_range(labels: Floats, logarithmic: bool) -> LabelRange:
    """Count the molecules in each quarter of the range of the labels.

    Examples
    --------
    >>> label_range(np.array([0.0, 1.0, 2.0, 8.0]), logarithmic=False).quarters
    (2, 1, 0, 1)
    """
    low, high = float(labels.min()), float(labels.max())
    spaced = np.geomspace if logarithmic else np.linspace
    edges = spaced(low, high, 5)
    quarter = np.minimum(np.searchsorted(edges[1:-1], labels, side="right"), 3)
    return LabelRange(
        low,
        high,
        tuple(np.bincount(quarter, minlength=4).tolist()),
        tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)),
    )


def _ratio(errors: Floats, reference: Floats) -> tuple[float, Floats]:
    """Return the ratio of two mean errors, and values whose mean has the uncertainty of the ratio.

    To first order, the ratio A / B varies as the mean of (a - A / B b) / B does, which is 0.
    """
    base = float(mean_of_known(reference, axis=1).mean())
    if not base:
        return 1.0, errors - reference
    ratio = float(mean_of_known(errors, axis=1).mean()) / base
    return ratio, (errors - ratio * reference) / base


def _gap(test: Floats, fitted: Floats) -> Floats:
    """Return values whose mean is the mean held-out error minus the mean out-of-fold error.

    A molecule has one or the other in every replicate. Each is counted by the size of its part,
    and from the mean of its part, so that what is common to a part is no variance of molecules.
    What a training set does to both errors alike is not in their difference, so the overlap of
    training sets adds nothing to its variance.
    """
    tested, trained = ~np.isnan(test), ~np.isnan(fitted)
    means = [float(mean_of_known(part, axis=1).mean()) for part in (test, fitted)]
    present = (tested | trained).sum(axis=1, keepdims=True)
    values = np.full_like(test, np.nan)
    for part, where, mean, sign in ((test, tested, means[0], 1), (fitted, trained, means[1], -1)):
        weight = present / np.maximum(where.sum(axis=1, keepdims=True), 1)
        values = np.where(where, sign * (part - mean) * weight, values)
    return values + (means[0] - means[1])


def _moved(estimate: Estimate, by: float) -> Interval:
    """Return the interval of an estimate, moved."""
    low, high = (or_none(end + by) for end in (estimate.low, estimate.high))
    return Interval(estimate.value + by, low, high)
