"""A predictor: a model bundle with its applicability domain and its prediction intervals."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.config.roles import needs_conformers
from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.errors import UserError
from confaug.infrastructure.bounded import bounded_map
from confaug.infrastructure.text import quoted
from confaug.molecules.polymers import structure_as_given
from confaug.molecules.similarity import fingerprint
from confaug.prediction.bundle import Bundle, load_bundle
from confaug.prediction.description import TrainingMolecule
from confaug.trust.conformal import Calibration, calibrate_out_of_fold
from confaug.trust.domain import Domain, fit_domain

logger = logging.getLogger("confaug")
#: A training molecule's structure is read in milliseconds; one that takes this long is refused.
SECONDS_PER_STRUCTURE = 10.0


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

    @cached_property
    def embedding(self) -> EmbeddingSettings:
        """How the study made conformers."""
        return EmbeddingSettings(**self.bundle.description.config["embedding"])

    @cached_property
    def descriptors(self) -> DescriptorSettings:
        """How the study described molecules."""
        return DescriptorSettings(**self.bundle.description.config["descriptors"])

    @property
    def sees_conditions(self) -> bool:
        """Whether the model reads the conditions under which molecules were measured."""
        return any(column.is_condition for column in self.bundle.description.own_columns)

    @property
    def conformers_asked(self) -> int:
        """Conformers that a molecule has if none fails; 0 if the model needs none."""
        if not self.bundle.description.needs_conformers:
            return 0
        return self.embedding.conformers

    @property
    def conformers_at_most(self) -> int:
        """Conformers that a molecule can have, with all stereoisomers that are enumerated."""
        return self.conformers_asked * self.embedding.stereoisomers

    def conformers_behind(self, made: int) -> int:
        """Return how many of the conformers of a molecule its prediction is made from."""
        variants = [member.variant for member in self.bundle.description.members]
        limits = [one.rows_per_molecule or made for one in variants if needs_conformers(one)]
        return min(made, max(limits, default=0))


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
        {
            "molecule": [one.molecule for one in training],
            "modelled_smiles": [one.modelled for one in training],
            "label": [one.label for one in training],
        }
    )
    columns = zip(bundle.description.descriptors_2d, bundle.descriptors_2d.T, strict=True)
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
            [one.smiles for one in training],
        ),
    )


def _check_structures(training: Sequence[TrainingMolecule], folder: str | Path) -> None:
    """Check that the structures of a bundle can be read, and in a limited time."""
    structures = [
        (one.molecule, smiles)
        for one in training
        for smiles in sorted({one.smiles, one.modelled, one.repeat_unit or one.smiles})
    ]
    outcomes = bounded_map(_is_structure, [one for _, one in structures], SECONDS_PER_STRUCTURE)
    for (molecule, smiles), outcome in zip(structures, outcomes, strict=True):
        if outcome is not True:
            raise UserError(
                f"the model bundle {folder} has a training molecule, {molecule}, whose "
                f"structure {quoted(smiles, 100)} cannot be read; fit the model again"
            )


def _is_structure(smiles: str) -> bool:
    """Tell whether a SMILES has at least one atom, a fingerprint and ends that can be closed."""
    mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        return False
    return fingerprint(smiles) is not None and bool(structure_as_given(smiles))
