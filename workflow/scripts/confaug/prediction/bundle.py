"""A fitted model as a folder of readable files: LightGBM's text and a JSON description of it.

The folder also holds the 2D descriptors of the training molecules, from which a predictor fits its
applicability domain. Nothing else is needed to predict, here or on another machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path, canonical_json
from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.rows import Matrix, select_columns
from confaug.prediction.bundle_files import (
    MODEL_FILE,
    TRAINING_FILE,
    array_bytes,
    read_description,
    read_model_text,
    seal,
)
from confaug.prediction.description import Description, TrainingMolecule
from confaug.prediction.origin import DOCUMENT_FILE


@dataclass(frozen=True)
class Bundle:
    """A model that is ready to predict.

    Attributes
    ----------
    booster
        The LightGBM model.
    description
        Everything else that is known about it.
    """

    booster: lgb.Booster
    description: Description

    @property
    def features(self) -> list[str]:
        """Names of the features in the model's order."""
        return list(self.description.features)

    @property
    def training_molecules(self) -> tuple[TrainingMolecule, ...]:
        """The training molecules with their labels, folds and out-of-fold predictions."""
        return self.description.training_molecules

    def predict_rows(self, X: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Predict rows, in label units.

        Parameters
        ----------
        X
            Shape (n_rows, n_columns).
        names
            Names of the columns; they may be in any order and more than needed.

        Raises
        ------
        UserError
            If a feature of the model is missing, or a prediction is not finite.
        """
        values = self._answer(X, names)
        with np.errstate(over="ignore"):  # an infinite prediction is refused
            return _finite(self.transform.inverse(values), (len(X),))

    @property
    def transform(self) -> LabelTransform:
        """How labels were transformed for the model."""
        fitted = self.description.label_scale
        return LabelTransform(self.description.property.transform, fitted.centre, fitted.scale)

    def contributions(self, X: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the SHAP values of rows, shape (n_rows, n_features + 1), the mean last.

        They are in label units, or in decades under log10, and add up to the prediction, or to
        its logarithm.
        """
        shape = (len(X), len(self.features) + 1)
        values = _finite(self._answer(X, names, pred_contrib=True), shape)
        values *= self.transform.scale
        values[:, -1] += self.transform.centre
        return values

    def _answer(self, X: Matrix, names: Sequence[str], **how: Any) -> Any:
        """Return what LightGBM predicts for rows."""
        return self.booster.predict(select_columns(X, names, self.features), num_threads=1, **how)


def write_bundle(
    booster: lgb.Booster,
    description: Description,
    training: pa.Table,
    folder: str | Path,
) -> None:
    """Write the model's three files; equal models give equal bytes.

    Parameters
    ----------
    training
        DESCRIPTORS_2D of the training molecules, as `training_descriptors` returns it.
    folder
        The bundle's folder.

    Raises
    ------
    UserError
        If the model cannot be read back, for example because it is too large.
    """
    molecules = [one.molecule for one in description.training_molecules]
    if training["molecule"].to_pylist() != molecules:
        raise ValueError("the descriptors are not those of the training molecules, in their order")
    # The text contains the number of threads, on which no prediction depends.
    text = re.sub(r"\[num_threads: \d+\]", "[num_threads: 1]", booster.model_to_string())
    columns = [name for name in training.column_names if name != "molecule"]
    values = np.column_stack([training[name].to_numpy() for name in columns])
    contents = {MODEL_FILE: text.encode(), TRAINING_FILE: array_bytes(values)}
    sealed = seal({**description.document(), "descriptors_2d": columns}, contents)
    contents[DOCUMENT_FILE] = canonical_json(sealed).encode()
    for name, content in contents.items():
        with atomic_path(Path(folder) / name) as temporary:
            temporary.write_bytes(content)
    read_model_text(folder, Description(**sealed))


def load_bundle(folder: str | Path) -> Bundle:
    """Load a model from its folder. Nothing in it is executed.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another kind, or if the model is not one that this
        program makes.
    """
    description = read_description(folder)
    text = read_model_text(folder, description)
    try:
        booster = lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise UserError(
            f"{Path(folder) / MODEL_FILE} is not a LightGBM model ({error}); fit the model again"
        ) from error
    return Bundle(booster, description)


def _finite(values: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return predictions if they are finite numbers of the expected shape."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != shape or not np.isfinite(found).all():
        raise UserError(
            "the model does not return one finite number for each row; fit the model again"
        )
    return found
