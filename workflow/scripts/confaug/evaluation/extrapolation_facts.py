"""What the test of extrapolation shows: which models fall short at the ends of the labels."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from confaug.config.roles import CONSENSUS_2D
from confaug.evaluation.recommended_model import RecommendedModel

#: Nothing is measured because no variant could be fitted.
NO_MODEL = "no_model"
#: Error rate of all comparisons of trees with other learners together.
ERROR_RATE = 0.05
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """The model that the question is about.

    Attributes
    ----------
    name
        The recommended model; if that needs conformers, the best one without.
    members
        The variants that it averages: itself, unless it is a consensus.
    recommended
        Whether it is the recommended model.
    """

    name: str
    members: tuple[str, ...]
    recommended: bool


@dataclass(frozen=True)
class Shortfall:
    """How far a model falls short at an end of the labels.

    Attributes
    ----------
    variant
        The model.
    value, low, high
        Mean distance by which it predicts the held-out labels too near the middle, with interval.
    usual
        The same of the same molecules in ordinary folds.
    beyond
        How many of them it predicts beyond the labels of training.
    """

    variant: str
    value: float
    low: float | None
    high: float | None
    usual: float
    beyond: int


@dataclass(frozen=True)
class Gain:
    """By how much less another learner falls short than the trees, with interval."""

    variant: str
    trees: str
    value: float
    low: float | None
    high: float | None

    @property
    def clear(self) -> bool:
        """Whether the other learner is shown to fall less short."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True)
class End:
    """One end of the labels.

    Attributes
    ----------
    name
        `highest` or `lowest`.
    molecules
        Held-out molecules whose label is beyond those of training.
    limit
        The most extreme label of training.
    shortfalls
        Of every model.
    gains
        Of the learners that are no trees, against the best trees.
    """

    name: str
    molecules: int
    limit: float
    shortfalls: tuple[Shortfall, ...]
    gains: tuple[Gain, ...]

    def of(self, variant: str) -> Shortfall:
        """Return the shortfall of one model."""
        return next(one for one in self.shortfalls if one.variant == variant)


@dataclass(frozen=True)
class UsualErrors:
    """MAE of a model in ordinary folds and in those of clusters, None without them."""

    variant: str
    folds: float
    clusters: float | None


@dataclass(frozen=True)
class Extrapolation:
    """The outcome of the test.

    Attributes
    ----------
    refusal
        Why nothing was measured; None if something was.
    molecules
        Labelled molecules that take part.
    share
        Share of them that is held out at each end.
    subject
        The model in question; None if nothing was measured.
    trees
        The trees with the lowest error in ordinary folds; None without any.
    errors
        Of every model, the lowest error in ordinary folds first.
    ends
        The ends that could be held out.
    left_out
        Variants that could not be fitted without some part, with the reason.
    """

    refusal: str | None
    molecules: int
    share: float
    subject: Subject | None = None
    trees: str | None = None
    errors: tuple[UsualErrors, ...] = ()
    ends: tuple[End, ...] = ()
    left_out: Mapping[str, str] | None = None

    @property
    def rivals(self) -> tuple[str, ...]:
        """The learners that trees are compared with."""
        return tuple(dict.fromkeys(gain.variant for end in self.ends for gain in end.gains))

    @property
    def comparisons(self) -> int:
        """How many comparisons with trees the intervals of gains are adjusted for."""
        return sum(len(end.gains) for end in self.ends)

    @property
    def clear_gains(self) -> tuple[tuple[End, Gain], ...]:
        """Where another learner clearly falls less short than trees, the largest gain first."""
        found = [(end, gain) for end in self.ends for gain in end.gains if gain.clear]
        return tuple(sorted(found, key=lambda one: -one[1].value))

    def errors_of(self, variant: str) -> UsualErrors:
        """Return the usual errors of one model."""
        return next(one for one in self.errors if one.variant == variant)

    def document(self) -> dict[str, Any]:
        """Return the facts as they stand in a JSON document."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Row) -> "Extrapolation":
        """Read what `document` gives."""
        return TypeAdapter(cls).validate_python(document)


def choose_subject(
    found: RecommendedModel, standings: Sequence[Row], plain: Sequence[str]
) -> Subject:
    """Return the model in question: the recommended one, or what comes next without conformers.

    Parameters
    ----------
    standings
        Rows of STANDINGS, the lowest error first.
    plain
        The variants that need no conformers.
    """
    for name in (found.model, CONSENSUS_2D):
        members = found.members_of(name)
        if set(members) <= set(plain):
            return Subject(name, members, name == found.model)
    best = next(row["variant"] for row in standings if row["variant"] in plain)
    return Subject(best, (best,), False)


def choose_variants(
    subject: Subject, standings: Sequence[Row], families: Mapping[str, str]
) -> list[str]:
    """Return the variants to fit: the members of the subject, and the best of each kind of learner.

    Parameters
    ----------
    standings
        Rows of STANDINGS, the lowest error first.
    families
        Kind of learner of every variant that needs no conformers.
    """
    ranking = [row["variant"] for row in standings if row["variant"] in families]
    firsts: dict[str, str] = {}
    for name in ranking:
        firsts.setdefault(families[name], name)
    return [name for name in ranking if name in {*subject.members, *firsts.values()}]
