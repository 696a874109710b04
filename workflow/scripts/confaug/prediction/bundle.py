"""A fitted model as readable files: LightGBM's own text and a JSON document about it.

Beside them lie the 2D descriptors of the training molecules, from which a predictor learns its
domain (`confaug.prediction`). Nothing else is needed to predict, here or on another machine.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug import __version__
from confaug.config.settings.study import PropertySettings
from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path
from confaug.infrastructure.versions import MODEL, installed_versions
from confaug.learning.datasets import LearningData
from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.predictions import Predictions
from confaug.learning.rows import Matrix, select_columns
from confaug.learning.tuning.tuned import Tuned
from confaug.prediction.bundle_files import (
    MODEL_FILE,
    TRAINING_FILE,
    array_bytes,
    read_description,
    read_model_text,
    seal,
    to_json,
)
from confaug.prediction.description import (
    SCHEMA_VERSION,
    Description,
    FeatureFilter,
    LabelScale,
    TrainingMolecule,
)
from confaug.prediction.origin import DOCUMENT_FILE
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table


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
            If a feature of the model is missing, or an answer is not finite.
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
        """Return the SHAP values of rows, shape (n_rows, n_features + 1), the mean being last.

        They are in label units, or in decades under log10, and add up to the prediction, or to
        its logarithm.
        """
        shape = (len(X), len(self.features) + 1)
        values = _finite(self._answer(X, names, pred_contrib=True), shape)
        values *= self.transform.scale
        values[:, -1] += self.transform.centre
        return values

    def _answer(self, X: Matrix, names: Sequence[str], **how: Any) -> Any:
        """Return what LightGBM answers for rows."""
        return self.booster.predict(select_columns(X, names, self.features), num_threads=1, **how)


def _finite(values: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return what a model answered, if it is numbers of the expected shape."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != shape or not np.isfinite(found).all():
        raise UserError(
            "the model answers with other than one finite number for each row; fit the model again"
        )
    return found


def describe_model(
    data: LearningData,
    features: Sequence[str],
    n_offered: int,
    tuned: Tuned,
    fitted_on: Sequence[str] | NDArray[np.str_],
    transform: LabelTransform,
    cross_validation: Predictions,
    settings: Mapping[str, Any],
    identities: Mapping[str, Mapping[str, Any]] | None = None,
) -> Description:
    """Collect what a user of the model has to know.

    Parameters
    ----------
    features, n_offered
        Names of the features that the model uses, and how many it was offered.
    tuned
        Result of the tuning.
    fitted_on
        The molecules whose rows the model was given, as `tuning.refit` returns them.
    transform
        The label transform of that fit, from the same place.
    cross_validation
        Out-of-fold predictions of the same molecules.
    settings
        The configuration sections of the job.
    identities
        What users call the molecules: ``id`` and ``name`` by molecule.

    Raises
    ------
    UserError
        If the model was fitted on other molecules than those that were cross-validated.
    """
    if sorted(map(str, fitted_on)) != cross_validation.molecules.tolist():
        raise UserError(
            "the model was fitted on other molecules than those of cross_validation.csv; "
            "delete tuned.json of this model and run again"
        )
    return Description(
        schema_version=SCHEMA_VERSION,
        confaug=__version__,
        code=settings.get("code"),
        versions=installed_versions(MODEL),
        variant=data.variant,
        protocols=data.protocols,
        property=PropertySettings(**{"transform": "none", **settings["property"]}),
        config={name: value for name, value in settings.items() if name != "code"},
        label_scale=LabelScale(centre=transform.centre, scale=transform.scale),
        features=tuple(features),
        feature_filter=FeatureFilter(
            offered=n_offered,
            used=len(features),
            rule="left out: constant, empty or repeated among the training rows",
        ),
        tuned=tuned,
        training_molecules=_describe_molecules(data, cross_validation, identities or {}),
    )


def _describe_molecules(
    data: LearningData,
    cross_validation: Predictions,
    identities: Mapping[str, Mapping[str, Any]],
) -> tuple[TrainingMolecule, ...]:
    """Return what a bundle says of every training molecule."""
    return tuple(
        TrainingMolecule(
            molecule=molecule,
            smiles=data.smiles[molecule],
            **{key: identities.get(molecule, {}).get(key) for key in ("id", "name")},
            label=label,
            fold=data.folds[molecule],
            prediction=prediction,
            residual=label - prediction,
            standard_deviation=deviation,
            n_rows=n_rows,
        )
        for molecule, label, prediction, deviation, n_rows in zip(
            cross_validation.molecules.tolist(),
            cross_validation.labels.tolist(),
            cross_validation.predictions.tolist(),
            cross_validation.standard_deviation.tolist(),
            cross_validation.n_rows.tolist(),
            strict=True,
        )
    )


def training_descriptors(paths: Iterable[str | Path], molecules: Sequence[str]) -> pa.Table:
    """Collect the 2D descriptors of the training molecules, which span the model's domain.

    Parameters
    ----------
    paths
        DESCRIPTORS_2D files of the study's shards.
    molecules
        The training molecules.

    Returns
    -------
    pyarrow.Table
        DESCRIPTORS_2D, sorted by molecule.
    """
    wanted = pa.array(list(molecules), pa.string())
    shards = (read_table(path, DESCRIPTORS_2D) for path in paths)
    kept = pa.concat_tables(shard.filter(pc.is_in(shard["molecule"], wanted)) for shard in shards)
    return kept.sort_by("molecule")


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
    # The text repeats the number of threads, on which nothing depends.
    text = re.sub(r"\[num_threads: \d+\]", "[num_threads: 1]", booster.model_to_string())
    columns = [name for name in training.column_names if name != "molecule"]
    values = np.column_stack([training[name].to_numpy() for name in columns])
    contents = {MODEL_FILE: text.encode(), TRAINING_FILE: array_bytes(values)}
    sealed = seal({**description.document(), "descriptors_2d": columns}, contents)
    contents[DOCUMENT_FILE] = to_json(sealed).encode()
    for name, content in contents.items():
        with atomic_path(Path(folder) / name) as temporary:
            temporary.write_bytes(content)
    read_model_text(folder, Description(**sealed))


def load_bundle(folder: str | Path) -> Bundle:
    """Load a model from its folder. Nothing in it is executed.

    Raises
    ------
    UserError
        If a file is missing, cannot be read, is damaged or of another kind, or if the model is not
        one that this program makes.
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
