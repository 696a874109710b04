"""Describe a fitted model for its bundle."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from confaug import __version__
from confaug.config.settings.study import PropertySettings
from confaug.errors import UserError
from confaug.infrastructure.versions import MODEL, installed_versions
from confaug.learning.datasets import LearningData
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import Predictions
from confaug.learning.tuning.tuned import Tuned
from confaug.prediction.description import (
    SCHEMA_VERSION,
    Description,
    FeatureFilter,
    LabelScale,
    TrainingMolecule,
)
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table


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
    """Collect what the bundle says of its model.

    Parameters
    ----------
    features, n_offered
        Names of the features that the model uses, and how many it was offered.
    tuned
        Result of the tuning.
    fitted_on
        The molecules whose rows the model was given, as `tuning.refit` returns them.
    transform
        The label transform of that fit, as `tuning.refit` returns it.
    cross_validation
        Out-of-fold predictions of the same molecules.
    settings
        The configuration sections of the job.
    identities
        The user's ``id`` and ``name`` of each molecule.

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
