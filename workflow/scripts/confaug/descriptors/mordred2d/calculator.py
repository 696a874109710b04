"""The calculator that puts the descriptor families together."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred2d.autocorrelation import Autocorrelations
from confaug.descriptors.mordred2d.burden import BurdenEigenvalues
from confaug.descriptors.mordred2d.counts import (
    AtomCounts,
    BondCounts,
    CarbonTypes,
    ConstitutionalSums,
    RelativeCharges,
    Volumes,
)
from confaug.descriptors.mordred2d.degrees import BertzComplexity, DegreeIndices, WalkCounts
from confaug.descriptors.mordred2d.detour import DetourIndex
from confaug.descriptors.mordred2d.distances import (
    DistanceIndices,
    MolecularDistanceEdges,
    TopologicalCharges,
)
from confaug.descriptors.mordred2d.estate import ElectrotopologicalStates
from confaug.descriptors.mordred2d.eta import ExtendedTopochemicalAtoms
from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.information import InformationContent
from confaug.descriptors.mordred2d.kernels import Kernels, compiled_kernels, plain_kernels
from confaug.descriptors.mordred2d.molecular_id import MolecularIds
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.paths import BranchedConnectivity, Paths
from confaug.descriptors.mordred2d.polar_surface import PolarSurface
from confaug.descriptors.mordred2d.rdkit_sums import (
    GroupCounts,
    LogP,
    RotatableBonds,
    Solubility,
    SurfaceShares,
    Weights,
)
from confaug.descriptors.mordred2d.reasons import Reason
from confaug.descriptors.mordred2d.rings import MolecularFramework, RingCounts
from confaug.descriptors.mordred2d.spectra import Spectra
from confaug.descriptors.names import NAMES_2D

#: Molecules that are described together, and the sum of their squared numbers of atoms, beyond
#: which memory would go with the size of the batch.
CHUNK, CHUNK_SQUARES = 32, 2**19


class Mordred2D:
    """mordred's 1,613 2D descriptors, or some of them, for any number of molecules.

    Parameters
    ----------
    names
        Names of the descriptors that are wanted, in the order of the columns; None for all, in
        mordred's order. Only what they need is calculated.
    backend
        ``"numba"``, ``"numpy"``, or None for numba where it is installed.

    Attributes
    ----------
    names
        Names of the columns.

    Raises
    ------
    ValueError
        If a name is not one of mordred's 2D descriptors, or is asked for twice.
    ModuleNotFoundError
        If numba is asked for and not installed.

    Examples
    --------
    >>> from rdkit import Chem
    >>> molecules = [Chem.MolFromSmiles(smiles) for smiles in ("CCO", "c1ccccc1")]
    >>> values, reasons = Mordred2D(["nHeavyAtom", "nAromAtom"])(molecules)
    >>> values.tolist(), reasons
    ([[3.0, 0.0], [6.0, 6.0]], [])
    """

    def __init__(self, names: Iterable[str] | None = None, backend: str | None = None) -> None:
        self.names = NAMES_2D if names is None else tuple(names)
        column = {name: place for place, name in enumerate(self.names)}
        unknown = sorted(set(column).difference(NAMES_2D))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of mordred's 2D descriptors")
        if len(column) < len(self.names):
            raise ValueError("a descriptor is asked for twice")
        self.kernels = _kernels(backend)
        #: Families that are needed.
        self.families: list[Family] = []
        for whole in families():
            if column.keys().isdisjoint(whole.names):
                continue
            family = whole if names is None else whole.only(column.keys())
            self.families.append(family)
        place = {name: i for i, name in enumerate(n for f in self.families for n in f.names)}
        #: Where the values of `names` are among those of the families.
        self.places = np.array([place[name] for name in self.names], np.int64)
        sizes = [len(family.names) for family in self.families]
        self.starts = np.cumsum([0, *sizes[:-1]])
        self.wanted = np.isin(np.arange(len(place)), self.places)

    def __call__(self, molecules: Sequence[Chem.Mol]) -> tuple[np.ndarray, list[Reason]]:
        """Describe molecules.

        Parameters
        ----------
        molecules
            Sanitised molecules, with hydrogens or without; conformers are ignored. A row of the
            result depends on its own molecule alone.

        Returns
        -------
        numpy.ndarray
            float64 (molecules, names); NaN where mordred has no value or an infinite one.
        list of Reason
            Why values are NaN, molecule by molecule.

        Raises
        ------
        ValueError
            If a molecule has no atoms.
        """
        for number, mol in enumerate(molecules):
            if not mol.GetNumAtoms():
                raise ValueError(f"molecule {number} has no atoms")
        values = np.empty((len(molecules), len(self.names)))
        reasons: list[Reason] = []
        for start, end in _chunks(molecules):
            chunk = [Molecule(mol, self.kernels) for mol in molecules[start:end]]
            every = self._describe(chunk)
            values[start:end] = every[:, self.places]
            missing = np.isnan(every)
            for row in np.flatnonzero(missing[:, self.wanted].any(axis=1)).tolist():
                reasons += self._reasons(chunk[row], missing[row], start + row)
        return values, reasons

    def _describe(self, molecules: list[Molecule]) -> np.ndarray:
        """Return all values of all families that are needed, one row per molecule.

        Families take turns rather than molecules: their code stays in the processor's cache.
        """
        parts = [np.empty((len(molecules), 0))]
        with np.errstate(all="ignore"):
            for family in self.families:
                part = np.full((len(molecules), len(family.names)), np.nan)
                for row, molecule in zip(part, molecules, strict=True):
                    if not family.needs_one_component or molecule.n_components == 1:
                        row[:] = family.describe(molecule)
                parts.append(part)
        every = np.concatenate(parts, axis=1)
        every[np.isinf(every)] = np.nan
        return every

    def _reasons(self, molecule: Molecule, missing: np.ndarray, number: int) -> list[Reason]:
        """Say why values of one molecule are NaN.

        Parameters
        ----------
        molecule
            The molecule.
        missing
            Which of the values of all families are NaN.
        number
            Index of the molecule.
        """
        found = []
        counts = np.add.reduceat(missing, self.starts, dtype=np.int64)
        for place in np.flatnonzero(counts).tolist():
            family, start = self.families[place], self.starts[place]
            wanted = self.wanted[start : start + len(family.names)]
            gaps = np.flatnonzero(missing[start : start + len(family.names)] & wanted)
            if family.only_reason and len(gaps):
                names = tuple(family.names[gap] for gap in gaps.tolist())
                found.append(Reason(*family.only_reason, names, number))
                continue
            lost = {family.names[gap] for gap in gaps.tolist()}
            for reason in family.known_reasons(molecule, lost) if lost else ():
                names = tuple(name for name in reason.descriptors if name in lost)
                if names:
                    found.append(Reason(reason.code, reason.text, names, number))
                    lost.difference_update(names)
            if lost:
                rest = tuple(name for name in family.names if name in lost)
                found.append(Reason("undefined", "mordred gives no value", rest, number))
        return found


@cache
def families() -> tuple[Family, ...]:
    """Return all families, which together have every one of mordred's names once."""
    return (
        Autocorrelations(),
        BurdenEigenvalues(),
        Spectra(),
        DetourIndex(),
        Paths(),
        BranchedConnectivity(),
        MolecularIds(),
        InformationContent(),
        ExtendedTopochemicalAtoms(),
        ElectrotopologicalStates(),
        DistanceIndices(),
        TopologicalCharges(),
        MolecularDistanceEdges(),
        DegreeIndices(),
        WalkCounts(),
        BertzComplexity(),
        AtomCounts(),
        BondCounts(),
        CarbonTypes(),
        ConstitutionalSums(),
        Volumes(),
        RelativeCharges(),
        RingCounts(),
        MolecularFramework(),
        GroupCounts(),
        RotatableBonds(),
        Weights(),
        LogP(),
        Solubility(),
        SurfaceShares(),
        PolarSurface(),
    )


def _chunks(molecules: Sequence[Chem.Mol]) -> list[tuple[int, int]]:
    """Divide the molecules so that memory stays bounded."""
    chunks, start, squares = [], 0, 0
    for number, mol in enumerate(molecules):
        size = mol.GetNumAtoms(onlyExplicit=False) ** 2
        if number > start and (number - start == CHUNK or squares + size > CHUNK_SQUARES):
            chunks.append((start, number))
            start, squares = number, 0
        squares += size
    if start < len(molecules):
        chunks.append((start, len(molecules)))
    return chunks


def _kernels(backend: str | None) -> Kernels:
    """Return the compiled loops or those in plain Python."""
    if backend not in (None, "numba", "numpy"):
        raise ValueError(f"backend {backend!r} is neither 'numba' nor 'numpy'")
    kernels = None if backend == "numpy" else compiled_kernels()
    if kernels is None and backend == "numba":
        raise ModuleNotFoundError("numba, which was asked for as the backend")
    return kernels or plain_kernels()
