"""The result of a tuning, as `tuned.json` and the bundle of the model hold it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from confaug.config.lightgbm_values import ParameterValue


class Tuned(BaseModel):
    """The best trial of a study, and what its error was measured under.

    Attributes
    ----------
    parameters
        Fixed parameters and the best tuned ones.
    rounds
        Boosting rounds of the final model.
    error, metric
        Lowest cross-validation error, in label units, and what it is.
    trial, trials
        Number of the best trial, from 1, and how many there were.
    rows_per_molecule, seed, seeds
        Settings of the tuning. The final model is the mean of as many models as there are seeds.
    row_metrics
        Metrics of the out-of-fold predictions of single rows.
    """

    model_config = ConfigDict(frozen=True)

    parameters: dict[str, ParameterValue]
    rounds: int
    error: float
    metric: Literal["mae", "rmse"]
    trial: int
    trials: int
    rows_per_molecule: int | None
    seed: int
    seeds: int = 1
    row_metrics: dict[str, int | float | None]
