"""A predictor: a model bundle with its applicability domain and its prediction intervals."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.config.settings.embedding import EmbeddingSettings
from confaug.errors import UserError
from confaug.infrastructure.bounded import bounded_map
from confaug.infrastructure.text import quoted
from confaug.prediction.bundle import Bundle, load_bundle
from confaug.prediction.bundle_files import read_training
from confaug.prediction.description import TrainingMolecule
from confaug.trust.conformal import Calibration, calibrate_out_of_fold
from confaug.trust.domain import Domain, fit_domain
from confaug.trust.similarity import fingerprint

logger = logging.getLogger("confaug")
#: A training molecule's structure is read in milliseconds; one that takes this long is refused.
SECONDS_PER_STRUCTURE = 10.0
#: Representations without 2D descriptors, which cannot predict a molecule without conformers.
ONLY_3D = ("augmented_3d", "distribution")


@dataclass(frozen=True)
class Predictor:
    """A model with what is needed to assess its predictions.

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
        """The representation of molecules that the model reads."""
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
        If a file of the bundle is missing or damaged.
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


def _check_structures(training: Sequence[TrainingMolecule], folder: str | Path) -> None:
    """Check that the structures of a bundle can be read, and in a limited time."""
    smiles = (one.smiles for one in training)
    outcomes = bounded_map(_is_structure, smiles, SECONDS_PER_STRUCTURE)
    for one, outcome in zip(training, outcomes, strict=True):
        if outcome is not True:
            raise UserError(
                f"the model bundle {folder} has a training molecule, {one.molecule}, whose "
                f"structure {quoted(one.smiles, 100)} cannot be read; fit the model again"
            )


def _is_structure(smiles: str) -> bool:
    """Tell whether a SMILES has at least one atom and a fingerprint."""
    mol = Chem.MolFromSmiles(smiles)
    return mol is not None and mol.GetNumAtoms() > 0 and fingerprint(smiles) is not None
