"""A fitted model as readable files: LightGBM's own text and a JSON document about it.

Beside them lie the 2D descriptors of the training molecules, from which a predictor learns its
domain (`confaug.prediction`). Nothing else is needed to predict, here or on another machine.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.evaluation import Predictions
from confaug.files import write_text
from confaug.learners import LabelTransform, lgb, safe_name
from confaug.learning_data import LearningData
from confaug.recipe import (
    DOCUMENT_FILE,
    MODEL_FILE,
    SCHEMA_VERSION,
    installed_versions,
    read_document,
)
from confaug.representations import Matrix, select_columns
from confaug.tables import DESCRIPTORS_2D, read_table


@dataclass(frozen=True)
class Bundle:
    """A model that is ready to predict.

    Attributes
    ----------
    booster
        The LightGBM model.
    document
        Everything else that is known about it, as in ``bundle.json``.
    """

    booster: lgb.Booster
    document: dict[str, Any]

    @property
    def features(self) -> list[str]:
        """Names of the features in the model's order."""
        return list(self.document["features"])

    @property
    def training_molecules(self) -> list[dict[str, Any]]:
        """The training molecules: SMILES, name, label, fold, out-of-fold prediction, residual."""
        return list(self.document["training_molecules"])

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
            If a feature of the model is missing.
        """
        values = self.booster.predict(select_columns(X, names, self.features), num_threads=1)
        return self.transform.inverse(values)

    @property
    def transform(self) -> LabelTransform:
        """How labels were transformed for the model."""
        name = self.document["property"]["transform"]
        return LabelTransform(name, **self.document["label_scale"])

    def contributions(self, X: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the SHAP values of rows, shape (n_rows, n_features + 1), the mean being last.

        They are in label units, or in decades under log10, and add up to the prediction, or to
        its logarithm.
        """
        selected = select_columns(X, names, self.features)
        values = np.asarray(self.booster.predict(selected, pred_contrib=True, num_threads=1))
        values *= self.transform.scale
        values[:, -1] += self.transform.centre
        return values


def describe_model(
    data: LearningData,
    features: Sequence[str],
    n_offered: int,
    tuned: Mapping[str, Any],
    fitted_on: Sequence[str] | NDArray[np.str_],
    transform: LabelTransform,
    cross_validation: Predictions,
    settings: Mapping[str, Any],
    identities: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Collect what a user of the model has to know.

    Parameters
    ----------
    features, n_offered
        Names of the features that the model uses, and how many it was offered.
    tuned
        Result of the tuning, see `tuning.tuned_document`.
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
    versions = installed_versions()
    return {
        "schema_version": SCHEMA_VERSION,
        "confaug": versions.pop("confaug"),
        "code": settings.get("code"),
        "versions": versions,
        "variant": dict(data.variant),
        "protocols": list(data.protocols),
        "property": {"transform": "none", **settings["property"]},
        "config": {name: value for name, value in settings.items() if name != "code"},
        "label_scale": {"centre": transform.centre, "scale": transform.scale},
        "features": list(features),
        "feature_filter": {
            "offered": n_offered,
            "used": len(features),
            "rule": "left out: constant, empty or repeated among the training rows",
        },
        "tuned": dict(tuned),
        "training_molecules": [
            {
                "molecule": molecule,
                "smiles": data.smiles[molecule],
                **{key: (identities or {}).get(molecule, {}).get(key) for key in ("id", "name")},
                "label": label,
                "fold": data.folds[molecule],
                "prediction": prediction,
                "residual": label - prediction,
                "spread": spread,
                "n_rows": n_rows,
            }
            for molecule, label, prediction, spread, n_rows in zip(
                cross_validation.molecules.tolist(),
                cross_validation.labels.tolist(),
                cross_validation.predictions.tolist(),
                cross_validation.spread.tolist(),
                cross_validation.n_rows.tolist(),
                strict=True,
            )
        ],
    }


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
    document: Mapping[str, Any],
    model: str | Path,
    bundle: str | Path,
) -> None:
    """Write the model's two files; equal models give equal bytes."""
    # The text repeats the number of threads, on which nothing depends.
    text = re.sub(r"\[num_threads: \d+\]", "[num_threads: 1]", booster.model_to_string())
    for path, content in ((model, text), (bundle, to_json(document))):
        write_text(content, path)


def load_bundle(folder: str | Path) -> Bundle:
    """Load a model from its folder. Nothing in it is executed.

    Raises
    ------
    UserError
        If a file is missing, cannot be read, or is of a newer kind.
    """
    document = read_document(folder)
    model, description = Path(folder) / MODEL_FILE, Path(folder) / DOCUMENT_FILE
    try:
        booster = lgb.Booster(model_str=model.read_text(encoding="utf-8"))
    except lgb.basic.LightGBMError as error:
        raise UserError(f"{model} is not a LightGBM model ({error})") from error
    if booster.feature_name() != [safe_name(name) for name in document["features"]]:
        raise UserError(f"{model} and {description} do not belong together")
    return Bundle(booster, document)


def to_json(document: Mapping[str, Any]) -> str:
    """Write plain values as JSON, always the same way."""
    return json.dumps(document, sort_keys=True, indent=1, allow_nan=False) + "\n"
