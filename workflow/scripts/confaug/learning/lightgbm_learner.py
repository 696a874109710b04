"""The LightGBM learner: features, weights, label transform, and what its parameters mean here.

Every row has the weight 1 / (rows of its molecule), so that all molecules count the same. With
squared error the Hessian of a row is its weight: ``min_sum_hessian_in_leaf`` is then the least
number of molecules in a leaf, and ``lambda_l1`` and ``lambda_l2`` count in molecules as well,
however many conformers each has.

LightGBM keeps labels and gradients in single precision. Learners therefore see labels that are
centred and scaled in double precision. Predictions are transformed back, and parameters in the unit
of the labels, such as ``lambda_l1``, are divided by the same scale.
"""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from confaug.config.lightgbm_parameters import DATASET_PARAMETERS, canonical_parameters, safe_name
from confaug.config.lightgbm_values import Parameters, ParameterValue
from confaug.errors import UserError
from confaug.learning.rows import Matrix, Rows, Values

# OpenMP reads this when it is loaded: waiting threads must not use the processor.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import lightgbm as lgb

#: Which power of the unit of the labels a parameter has under an objective. With absolute error
#: gradients are signs, and only leaf values, which no parameter limits, are in the unit.
_SQUARED_ERROR = {"lambda_l1": 1, "max_delta_step": 1, "min_gain_to_split": 2, "cegb_tradeoff": 2}
LABEL_UNIT_POWERS: Mapping[str, Mapping[str, int]] = {
    "regression": _SQUARED_ERROR,
    "huber": {**_SQUARED_ERROR, "alpha": 1},
    "regression_l1": {},
}


@dataclass(frozen=True)
class LabelTransform:
    """Transform of labels before learning, undone in predictions.

    Attributes
    ----------
    name
        ``none`` or ``log10``.
    centre, scale
        What is subtracted from the labels, or from their logarithms, and what they are then divided
        by. They come from training labels, see `fitted`.
    """

    name: str = "none"
    centre: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse an unknown name."""
        if self.name not in ("none", "log10"):
            raise UserError(f"property.transform {self.name!r} is not known; use none or log10")

    def fitted(self, labels: Values) -> "LabelTransform":
        """Return the transform with the centre and the scale of training labels.

        Raises
        ------
        UserError
            As `forward`.
        """
        centre, scale = centre_and_scale(self._curved(labels))
        return replace(self, centre=centre, scale=scale)

    def forward(self, labels: Values) -> Values:
        """Transform labels for learning.

        Values are rounded to 12 decimals, so that the rounding errors of a unit, such as kelvin for
        degrees Celsius, do not reach the learner.

        Raises
        ------
        UserError
            If labels are transformed to logarithms and one is not positive.
        """
        return np.round((self._curved(labels) - self.centre) / self.scale, 12)

    def inverse(self, values: Values) -> Values:
        """Transform learned values back to label units."""
        restored = np.asarray(values) * self.scale + self.centre
        return restored if self.name == "none" else np.power(10.0, restored)

    def _curved(self, labels: Values) -> Values:
        """Return the labels, or their logarithms."""
        labels = np.asarray(labels, dtype=np.float64)
        if self.name == "none":
            return labels
        if not (labels > 0).all():
            raise UserError(
                f"property.transform is log10, but the label {labels[~(labels > 0)][0]:g} is not "
                "positive; use transform none or remove the molecule"
            )
        return np.log10(labels)


def centre_and_scale(labels: Values) -> tuple[float, float]:
    """Return the median of labels and their median absolute deviation from it.

    Both follow a shift or a change of unit of the labels, and a single gross error changes neither.
    If more than half of the labels are equal, the mean absolute deviation is used instead; if all
    are equal, 1. No label is farther than 1e30 scales from the centre, so that all are
    finite in single precision.

    Examples
    --------
    >>> centre_and_scale(np.array([1.0, 2.0, 3.0, 4.0, 1e9]))
    (3.0, 1.0)
    """
    largest = float(np.max(np.abs(labels)))
    unit = math.ldexp(1.0, math.frexp(largest)[1] - 1)  # a power of two: exact, and no overflow
    relative = labels / unit
    centre = float(np.median(relative))
    deviations = np.abs(relative - centre)
    spread = float(np.median(deviations)) or float(np.mean(deviations))
    spread = max(spread, 1e-30 * float(deviations.max()))
    return centre * unit, spread * unit or 1.0


def select_features(X: Matrix, names: Sequence[str]) -> list[str]:
    """Choose the features that differ between training rows.

    Call it with training rows only. Columns that are constant or empty are left out, and
    columns that repeat an earlier one value by value.

    Returns
    -------
    list of str
        Names of the features to use, in their order in `names`.

    Raises
    ------
    UserError
        If no feature is left.
    """
    varies = np.empty(X.shape[1], dtype=bool)
    for column in range(X.shape[1]):
        values = X[:, column]
        known = values[~np.isnan(values)]
        # A descriptor that is missing for some molecules tells those apart from the others.
        varies[column] = known.size > 0 and (known.size < values.size or known.min() < known.max())
    chosen, seen = [], set()
    for column in np.flatnonzero(varies).tolist():
        content = np.ascontiguousarray(X[:, column] + np.float32(0)).tobytes()  # -0 becomes 0
        if content in seen:
            continue
        seen.add(content)
        chosen.append(names[column])
    if not chosen:
        raise UserError(
            "no descriptor differs between the training molecules, so nothing can be learned"
        )
    return chosen


def row_weights(rows: Rows) -> Values:
    """Return weights under which every molecule counts the same: its rows add up to 1."""
    return rows.expand(1.0 / rows.counts)


def lightgbm_parameters(
    parameters: Parameters, *, seed: int, threads: int = 1, scale: float = 1.0
) -> dict[str, ParameterValue]:
    """Translate a study's parameters to LightGBM's and add what makes training reproducible.

    Every parameter gets its main name; ``min_molecules_in_leaf`` becomes
    ``min_sum_hessian_in_leaf``; ``min_data_in_leaf``, which counts rows, is 1 unless it is given.
    Histograms are built by column, because a column's sum is then made by one thread in the order
    of the rows, however many threads there are.

    Parameters
    ----------
    scale
        What the labels were divided by. Parameters in the unit of the labels are divided by it as
        well, and thresholds of the gain, which is in that unit squared, by its square.

    Raises
    ------
    UserError
        If a parameter is unknown or cannot be set by the user.
    """
    translated: dict[str, ParameterValue] = {
        "objective": "regression",
        "min_data_in_leaf": 1,
        **canonical_parameters(parameters),
    }
    translated |= _scaled(translated, scale)
    translated.update(
        metric="None",
        seed=seed,
        deterministic=True,
        force_col_wise=True,
        feature_pre_filter=False,
        num_threads=threads,
        verbosity=-1,
    )
    return translated


def _scaled(parameters: Parameters, scale: float) -> dict[str, ParameterValue]:
    """Return those parameters that are in the unit of the labels, for labels divided by `scale`."""
    powers = LABEL_UNIT_POWERS[str(parameters["objective"])]
    given = {name: power for name, power in powers.items() if name in parameters}
    if any(name.startswith("cegb_penalty") for name in parameters):
        given["cegb_tradeoff"] = powers.get("cegb_tradeoff", 0)  # it multiplies all penalties
    return {name: float(parameters.get(name, 1.0)) / scale**power for name, power in given.items()}


def make_dataset(
    X: Matrix, labels: Values, weights: Values, names: Sequence[str], parameters: Parameters
) -> lgb.Dataset:
    """Bin training data; bin edges depend on these rows alone.

    Parameters
    ----------
    labels
        One (transformed) label per row.
    parameters
        As `lightgbm_parameters` returns them; only those that belong to the data count.
    """
    own = {name: parameters[name] for name in DATASET_PARAMETERS if name in parameters}
    own.update(
        feature_pre_filter=False,
        force_col_wise=True,
        deterministic=True,
        num_threads=parameters["num_threads"],
        verbosity=-1,
        data_random_seed=parameters["seed"],
    )
    dataset = lgb.Dataset(
        X,
        label=labels,
        weight=weights,
        feature_name=[safe_name(name) for name in names],
        params=own,
        free_raw_data=True,
    )
    return dataset.construct()


def train_models(
    rows: Rows,
    labels: Values,
    parameters: Parameters,
    rounds: int,
    features: Sequence[str],
    seeds: Sequence[int],
) -> list[lgb.Booster]:
    """Train one model from each seed on all given rows for a fixed number of rounds.

    Parameters
    ----------
    labels
        One (transformed) label per molecule of `rows`.
    parameters
        As `lightgbm_parameters` returns them.
    features
        Names of the features to use.
    """
    dataset = make_dataset(
        rows.with_features(features),
        rows.expand(labels),
        row_weights(rows),
        features,
        parameters,
    )
    return [
        lgb.train({**parameters, "seed": seed}, dataset, num_boost_round=rounds) for seed in seeds
    ]
