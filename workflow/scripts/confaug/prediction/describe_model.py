"""Describe a fitted model for its bundle."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from confaug import __version__
from confaug.config.kinds import OWN_KIND
from confaug.config.settings.study import PropertySettings
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.infrastructure.versions import MODEL, installed_versions
from confaug.learning.datasets import LearningData
from confaug.learning.fitted_model import FittedModel
from confaug.learning.predictions import Predictions
from confaug.molecules.own_columns.conditions import Conditions, read_conditions
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.prediction.card import make_card
from confaug.prediction.description import (
    SCHEMA_VERSION,
    Description,
    FeatureFilter,
    HeldOutError,
    LabelScale,
    MemberFacts,
    TrainingMolecule,
)
from confaug.tables.descriptors import DESCRIPTORS_2D, OWN_COLUMNS
from confaug.tables.engine import read_table


def describe_model(
    model: str,
    members: Mapping[str, FittedModel],
    variants: Mapping[str, Variant],
    cross_validation: Predictions,
    data: LearningData,
    settings: Mapping[str, Any],
    identities: Mapping[str, Mapping[str, Any]] | None = None,
    held_out: HeldOutError | None = None,
    own_columns: Sequence[OwnColumn] = (),
    own_values: str | Path | None = None,
) -> Description:
    """Collect what the bundle says of its model.

    Parameters
    ----------
    model
        Name of the model in the study: that of its variant or of a consensus.
    members
        The fitted models whose mean it is, by the name of their variant.
    variants
        Variants by name; at least those of the members.
    cross_validation
        Out-of-fold predictions of the whole model.
    data
        SMILES and folds of the molecules, and the protocols; its variant does not matter.
    settings
        The configuration sections of the job. With `evaluation.interval_coverage`, the description
        has the facts of a model card.
    identities
        Rows of MOLECULES by molecule, with the user's ``id`` and ``name``.
    held_out
        The error that the study measured on held-out molecules, if it did.
    own_columns
        The user's own columns of the study's table. They are described if a member reads any.
    own_values
        File of the study's OWN_COLUMNS, for the conditions of the training molecules.

    Raises
    ------
    UserError
        If a member was fitted on other molecules than those that were cross-validated.
    """
    for name, fitted in members.items():
        given = {str(one) for fit in fitted.fits if fit.name == "final" for one in fit.molecules}
        if sorted(given) != cross_validation.molecules.tolist():
            raise UserError(
                f"{name} was fitted on other molecules than those of cross_validation.csv; "
                "delete tuned.json of this model and run again"
            )
    reads_own = any(OWN_KIND in variants[name].molecule_kinds for name in members)
    conditions: dict[str, Conditions] = {}
    if reads_own and own_values is not None:
        conditions = read_conditions(read_table(own_values, OWN_COLUMNS), own_columns)
    training = _describe_molecules(data, cross_validation, identities or {}, conditions)
    section = PropertySettings(**{"transform": "none", **settings["property"]})
    optional: dict[str, Any] = {}
    if reads_own:
        optional["own_columns"] = tuple(own_columns)
    if "evaluation" in settings:
        coverage = settings["evaluation"]["interval_coverage"]
        optional["card"] = make_card(
            training, section.transform, coverage, identities or {}, held_out
        )
    return Description(
        schema_version=SCHEMA_VERSION,
        confaug=__version__,
        code=settings.get("code"),
        versions=installed_versions(MODEL),
        model=model,
        members=tuple(
            _describe_member(name, variants[name], fitted) for name, fitted in members.items()
        ),
        protocols=data.protocols,
        property=section,
        config={name: value for name, value in settings.items() if name != "code"},
        training_molecules=training,
        **optional,
    )


def _describe_member(name: str, variant: Variant, fitted: FittedModel) -> MemberFacts:
    """Return what a bundle says of one member; what it has learned is added when it is stored."""
    tuned: dict[str, Any] = {} if fitted.tuned is None else {"tuned": fitted.tuned}
    return MemberFacts(
        name=name,
        variant=variant,
        label_scale=LabelScale(centre=fitted.transform.centre, scale=fitted.transform.scale),
        features=fitted.features,
        feature_filter=FeatureFilter(
            offered=fitted.n_offered,
            used=len(fitted.features),
            rule="left out: constant, empty or repeated among the training rows",
        ),
        **tuned,
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
    conditions: Mapping[str, Conditions],
) -> tuple[TrainingMolecule, ...]:
    """Return what a bundle says of every training molecule."""
    return tuple(
        TrainingMolecule(
            molecule=molecule,
            smiles=data.smiles[molecule],
            **_optional(
                data.smiles[molecule], identities.get(molecule, {}), conditions.get(molecule)
            ),
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


def _optional(
    smiles: str, identity: Mapping[str, Any], conditions: Conditions | None
) -> dict[str, Any]:
    """Return what not every molecule has: another modelled structure, a unit, conditions."""
    modelled, unit = identity.get("modelled_smiles", smiles), identity.get("repeat_unit")
    return {
        **({} if modelled == smiles else {"modelled_smiles": modelled}),
        **({"repeat_unit": unit} if unit else {}),
        **({} if conditions is None else {"conditions": conditions}),
    }
