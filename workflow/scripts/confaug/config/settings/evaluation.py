"""Settings of the evaluation."""

from typing import Annotated

from pydantic import Field

from confaug.config.settings.base import UNIQUE, Count, Section, Share


class LearningCurveSettings(Section):
    """Points at which the learning curves are measured."""

    conformers: Annotated[tuple[Count, ...], UNIQUE] = (1, 3, 10, 30, 100)
    """Numbers of conformers per molecule. The curve always includes all conformers."""
    molecules: Annotated[tuple[Share, ...], UNIQUE] = (0.25, 0.5, 0.75, 1)
    """Shares of the training molecules."""


class ExtrapolationSettings(Section):
    """What is held out to see how models without conformers extrapolate."""

    share: Annotated[float, Field(ge=0, le=0.4)] = 0.2
    """Share of the molecules with the highest labels, and of those with the lowest, each held out
    at once. 0 leaves these out."""
    clusters: Annotated[int, Field(ge=0, le=50)] = 5
    """Number of clusters of similar structures, each held out once. 0 leaves them out."""


class EvaluationSettings(Section):
    """How the variants are compared, and which further analyses are made."""

    consensus_of: Annotated[int, Field(ge=0, le=20)] = 3
    """Number of variants whose predictions are averaged into the consensus: the best by
    cross-validation, one of each kind of learner and none of the controls. 0 leaves it out. Where
    some variants need conformers, consensus_2d is the same mean of those that need none."""
    y_randomisations: Annotated[int, Field(ge=0, le=10000)] = 19
    """Largest number of studies with randomised labels (y-randomisation), each tuned like the real
    one. They end earlier once 5 of them gave an error as low as the true labels. The smallest
    possible p-value is 1 / (y_randomisations + 1). 0 leaves the test out."""
    interval_coverage: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Share of molecules whose measured value should lie within the prediction interval."""
    published_row_splits: tuple[Annotated[int, Field(ge=2)], ...] = ()
    """Numbers of training rows of published row-wise splits, measured as examples of misleading
    figures."""
    learning_curves: LearningCurveSettings = LearningCurveSettings()
    extrapolation: ExtrapolationSettings = ExtrapolationSettings()
    training_orders: Annotated[int, Field(ge=1, le=1000)] = 20
    """Number of random orders, over all replicates, in which training molecules are added one size
    after the other, to see how the error of the recommended model falls with them."""
