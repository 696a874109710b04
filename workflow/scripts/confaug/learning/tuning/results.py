"""The result of a tuning study: its trials, the best of them, and both as table and document."""

import math
from dataclasses import dataclass, replace

import pyarrow as pa

from confaug.config.lightgbm_values import ParameterValue
from confaug.config.settings.tuning import TuningSettings
from confaug.learning.predictions import Fit, Predictions
from confaug.learning.tuning.history import Trial
from confaug.learning.tuning.space import search_space
from confaug.learning.tuning.tuned import Tuned
from confaug.tables.engine import TEXT, TableSpec
from confaug.tables.learning import TRIALS


@dataclass(frozen=True)
class Study:
    """A finished study.

    Attributes
    ----------
    trials
        All trials in order.
    best
        The trial with the lowest error; the first of them if several are equal.
    parameters
        Fixed and best tuned parameters.
    cross_validation
        Out-of-fold predictions under the best parameters, for all rows.
    fits
        What the fit of each fold was given, for all rows.
    """

    settings: TuningSettings
    trials: tuple[Trial, ...]
    best: Trial
    cross_validation: Predictions
    fits: list[Fit]

    @property
    def parameters(self) -> dict[str, ParameterValue]:
        """Fixed parameters and the best tuned ones."""
        return {**self.settings.fixed, **self.best.parameters}


def history_table(study: Study) -> tuple[pa.Table, TableSpec]:
    """Put the trials into a table; return it with its declaration."""
    spec = history_spec(study.settings)
    best = math.inf
    entries = []
    for trial in study.trials:
        best = min(best, trial.error)
        kind = "initial" if trial.trial < study.settings.initial_points else "suggested"
        entries.append(
            {
                "trial": trial.trial + 1,
                "kind": kind,
                "error": trial.error,
                "best_error": best,
                "rounds": trial.rounds,
                "pruned": trial.pruned,
                **{
                    p.name: str(trial.parameters[p.name])
                    if p.column.type == TEXT
                    else trial.parameters[p.name]
                    for p in search_space(study.settings)
                },
            }
        )
    return pa.Table.from_pylist(entries, schema=spec.schema()), spec


def history_spec(settings: TuningSettings) -> TableSpec:
    """Declare the table of a study's trials; it has one column per tuned parameter."""
    parameters = tuple(parameter.column for parameter in search_space(settings))
    return replace(TRIALS, columns=TRIALS.columns + parameters, further=None)


def tuned_model(study: Study) -> Tuned:
    """Return the result of a study, for its files."""
    return Tuned(
        parameters=study.parameters,
        rounds=study.best.rounds,
        error=study.best.error,
        metric=study.settings.metric,
        trial=study.best.trial + 1,
        trials=len(study.trials),
        rows_per_molecule=study.settings.rows_per_molecule,
        seed=study.settings.seed,
        seeds=study.settings.seeds,
        row_metrics=study.cross_validation.row_metrics,
    )
