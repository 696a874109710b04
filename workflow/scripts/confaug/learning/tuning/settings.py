"""The settings of tuning."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bayes_opt.acquisition import (
    ExpectedImprovement,
    ProbabilityOfImprovement,
    UpperConfidenceBound,
)

from confaug.config.lightgbm_parameters import check_tuned_parameters
from confaug.errors import UserError
from confaug.learning.tuning.pruning import LEAST_GAIN
from confaug.learning.tuning.space import Parameter

METRIC_NAMES = ("mae", "rmse")
PRUNING_RULES = ("never", "linear", "geometric")
ACQUISITIONS = {
    "expected_improvement": lambda: ExpectedImprovement(xi=LEAST_GAIN),
    "probability_of_improvement": lambda: ProbabilityOfImprovement(xi=LEAST_GAIN),
    "upper_confidence_bound": lambda: UpperConfidenceBound(kappa=2.576),
}


@dataclass(frozen=True)
class TuningSettings:
    """The config section ``tuning``.

    Attributes
    ----------
    initial_points, iterations
        Trials that cover the space evenly, and trials that the optimiser suggests after them.
    acquisition
        Name of the acquisition function.
    metric
        ``mae`` or ``rmse`` of the pooled out-of-fold predictions.
    max_rounds, early_stopping_rounds
        Bounds of the number of boosting rounds.
    rows_per_molecule
        Rows of each molecule used while tuning; None uses all. The final model uses all rows.
    pruning
        When a trial ends early because it would not become the best, see `is_hopeless`:
        ``never``, ``linear`` or ``geometric``. It keeps the error it has then.
    """

    space: tuple[Parameter, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    initial_points: int = 8
    iterations: int = 12
    acquisition: str = "expected_improvement"
    metric: str = "mae"
    max_rounds: int = 2000
    early_stopping_rounds: int = 50
    rows_per_molecule: int | None = None
    pruning: str = "linear"
    seed: int = 1

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> "TuningSettings":
        """Read and check the section.

        Raises
        ------
        UserError
            Naming the key that is wrong and what would be right.
        """
        values = dict(section)
        known = set(cls.__dataclass_fields__)
        unknown = sorted(set(values) - known)
        if unknown:
            raise UserError(f"tuning.{unknown[0]} is not known; use {', '.join(sorted(known))}")
        space = values.pop("space", None) or {}
        values["space"] = tuple(Parameter.from_config(n, e) for n, e in sorted(space.items()))
        values["fixed"] = dict(values.get("fixed") or {})
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        """Raise if the settings contradict each other."""
        check_tuned_parameters(self.fixed, {p.name: asdict(p) for p in self.space})
        for key, given, allowed in (
            ("metric", self.metric, METRIC_NAMES),
            ("acquisition", self.acquisition, tuple(ACQUISITIONS)),
            ("pruning", self.pruning, PRUNING_RULES),
        ):
            if given not in allowed:
                raise UserError(f"tuning.{key} {given!r} is not known; use {', '.join(allowed)}")
        if self.trials < 1 or self.initial_points < 1:
            raise UserError("tuning.initial_points must be at least 1")
        if not self.space and self.trials > 1:
            raise UserError("tuning.space is empty; add a parameter or set iterations to 0")
        if self.max_rounds < 1 or self.early_stopping_rounds < 1:
            raise UserError("tuning.max_rounds and early_stopping_rounds must be at least 1")
        if self.rows_per_molecule is not None and self.rows_per_molecule < 1:
            raise UserError("tuning.rows_per_molecule must be at least 1, or null for all")

    @property
    def trials(self) -> int:
        """Number of trials in all."""
        return self.initial_points + self.iterations
