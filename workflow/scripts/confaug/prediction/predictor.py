"""Predict molecules that nobody has measured, with a model bundle and nothing else.

A shard of molecules goes through the same steps as those that the model was trained on; what comes
out is the prediction pooled over the conformers, its interval, and how far it can be trusted. The
shards are then put in the order of the user's table, a piece at a time.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.config.settings.embedding import EmbeddingSettings
from confaug.errors import UserError
from confaug.infrastructure.bounded import bounded_map
from confaug.prediction.bundle import Bundle, load_bundle
from confaug.prediction.bundle_files import read_training
from confaug.prediction.description import TrainingMolecule
from confaug.prediction.recipe import recipe_of
from confaug.trust.conformal import Calibration, calibrate_out_of_fold
from confaug.trust.domain import Domain, fit_domain
from confaug.trust.similarity import fingerprint

logger = logging.getLogger("confaug")
#: A training molecule's structure is read in milliseconds; one that is made to last is refused.
SECONDS_PER_STRUCTURE = 10.0
#: Without any conformer these have nothing to go by; the others still have 2D descriptors.
ONLY_3D = ("augmented_3d", "distribution")


@dataclass(frozen=True)
class Predictor:
    """A model with what is needed to say how far it can be trusted.

    Attributes
    ----------
    bundle
        The model and its description.
    domain
        The training molecules as an applicability domain.
    calibration
        What makes intervals of predictions.
    """

    bundle: Bundle
    domain: Domain
    calibration: Calibration

    @property
    def representation(self) -> str:
        """How molecules are shown to the model."""
        return self.bundle.description.variant.representation

    @property
    def conformers_asked(self) -> int:
        """Conformers that a molecule has if none fails; 0 if the model needs none."""
        if self.representation == "2d":
            return 0
        made = self._embedding
        return len(made.protocols) * made.repeats * made.conformers_per_repeat

    @property
    def rows_per_molecule(self) -> int | None:
        """How many rows of a molecule it is predicted by; None for all."""
        return self.bundle.description.variant.rows_per_molecule

    @property
    def conformers_at_most(self) -> int:
        """Conformers that a molecule can have, with all stereoisomers that are enumerated."""
        return self.conformers_asked * self._embedding.stereoisomers

    @property
    def _embedding(self) -> EmbeddingSettings:
        return EmbeddingSettings(**self.bundle.description.config["embedding"])


def load_predictor(folder: str | Path, coverage: float) -> Predictor:
    """Load everything that predicts from the folder of a model bundle.

    Parameters
    ----------
    folder
        The bundle's folder.
    coverage
        Share of molecules whose value is to be in the interval.

    Raises
    ------
    UserError
        If a file of the bundle is missing or not what it should be.
    """
    bundle = load_bundle(folder)
    training = bundle.training_molecules
    _check_structures(training, folder)
    facts = pa.table(
        {key: [getattr(one, key) for one in training] for key in ("molecule", "smiles", "label")}
    )
    values = read_training(folder, bundle.description)
    columns = zip(bundle.description.descriptors_2d, values.T, strict=True)
    described = pa.table({"molecule": facts["molecule"], **dict(columns)})
    return Predictor(
        bundle,
        fit_domain(facts, described, facts["molecule"].to_pylist()),
        calibrate_out_of_fold(
            np.array([one.label for one in training], float),
            np.array([one.prediction for one in training], float),
            np.array([one.standard_deviation for one in training], float),
            coverage,
            bundle.description.property.transform,
        ),
    )


def check_recipe(bundle: Bundle, config: Mapping[str, Any]) -> None:
    """Make sure that the numbers at hand were made as the model's were.

    A key that the bundle does not know yet decides nothing: its default is what there was before.

    Parameters
    ----------
    config
        The sections of the configuration that the numbers were made under.

    Raises
    ------
    UserError
        If a section differs from what the bundle says.
    """
    for section, wanted in recipe_of(bundle.description).items():
        if any(config[section].get(key) != value for key, value in wanted.items()):
            raise UserError(
                f"the model was made with another section {section} of the configuration than the "
                "new molecules; fit the model again, or predict with prediction: bundle"
            )


def _check_structures(training: Sequence[TrainingMolecule], folder: str | Path) -> None:
    """Make sure that the structures of a bundle can be read, and in time."""
    smiles = (one.smiles for one in training)
    outcomes = bounded_map(_is_structure, smiles, SECONDS_PER_STRUCTURE)
    for one, outcome in zip(training, outcomes, strict=True):
        if outcome is not True:
            raise UserError(
                f"the model bundle {folder} has a training molecule, {one.molecule}, whose "
                f"structure {one.smiles[:100]!r} cannot be read; fit the model again"
            )


def _is_structure(smiles: str) -> bool:
    """Tell whether a SMILES is that of at least one atom, and has a fingerprint."""
    mol = Chem.MolFromSmiles(smiles)
    return mol is not None and mol.GetNumAtoms() > 0 and fingerprint(smiles) is not None
