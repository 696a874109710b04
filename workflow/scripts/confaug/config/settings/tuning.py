"""Settings of the Bayesian optimisation."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from confaug.config.lightgbm_values import ParameterValue
from confaug.config.settings.base import Count, Number, Section, Seed


class TunedParameter(Section):
    """One parameter of the search space: low and high, or values for the type choice."""

    type: Literal["int", "float", "log", "choice"]
    """Integer, number, number on a logarithmic scale, or one of the given values."""
    low: Number | SkipJsonSchema[None] = None
    """Lower bound. Not for choice."""
    high: Number | SkipJsonSchema[None] = None
    """Upper bound. Not for choice."""
    values: Annotated[tuple[ParameterValue, ...], Field(min_length=2)] | SkipJsonSchema[None] = None
    """The values. Only for choice."""


DEFAULT_FIXED: dict[str, ParameterValue] = {
    "objective": "regression",
    "extra_trees": True,
    "max_bin": 31,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
DEFAULT_SPACE = {
    "num_leaves": TunedParameter(type="int", low=4, high=16),
    "min_molecules_in_leaf": TunedParameter(type="float", low=1, high=6),
    "learning_rate": TunedParameter(type="log", low=0.05, high=0.2),
    "feature_fraction": TunedParameter(type="log", low=0.05, high=0.25),
    "lambda_l2": TunedParameter(type="log", low=0.1, high=10),
}


class TuningSettings(Section):
    """Bayesian optimisation of LightGBM under cross-validation by molecule."""

    initial_points: Count = 8
    """Evenly scattered (Sobol) points before the optimisation starts."""
    iterations: Annotated[int, Field(ge=0)] = 8
    """Points that the optimisation chooses."""
    acquisition: Literal[
        "expected_improvement", "upper_confidence_bound", "probability_of_improvement"
    ] = "expected_improvement"
    """Acquisition function."""
    metric: Literal["mae", "rmse"] = "mae"
    """Cross-validation error that is minimised. Predictions are pooled per molecule before it is
    measured."""
    max_rounds: Count = 1000
    """Limit of boosting rounds."""
    early_stopping_rounds: Count = 30
    """Boosting stops after this many rounds without improvement of the cross-validation error."""
    pruning: Literal["never", "linear", "geometric"] = "linear"
    """When a trial stops early because it is not expected to become the best. linear stops it if
    its latest progress, continued to max_rounds, would not suffice. geometric extrapolates
    shrinking gains and stops it if twice the remaining gain would not suffice; it saves most with
    many rounds and low learning rates."""
    rows_per_molecule: Count | None = 30
    """Rows per molecule while tuning, spread over the protocols. null takes all. The final fit
    always takes all."""
    seed: Seed = 1
    """Seed of the optimisation and of LightGBM."""
    seeds: Annotated[int, Field(ge=1, le=10)] = 3
    """Number of LightGBM models, trained from different seeds with the best parameters, whose mean
    is the final model. Out-of-fold predictions are such means too. Trials use one seed."""
    fixed: dict[str, ParameterValue] = DEFAULT_FIXED
    """LightGBM parameters that are not tuned. If set, it replaces the default. Parameters that
    depend on the scale of the labels, such as `lambda_l1`, are given in the unit of the labels."""
    space: Annotated[dict[str, TunedParameter], Field(min_length=1)] = DEFAULT_SPACE
    """Search space. min_molecules_in_leaf is the smallest number of molecules, not rows, in a leaf.
    If set, it replaces the default."""

    @property
    def trials(self) -> int:
        """Number of trials in all."""
        return self.initial_points + self.iterations
