"""The 3D descriptors of conformers, by either of two engines that give the same values.

``batched`` is `confaug.descriptors.mordred3d`, which treats all conformers of a molecule at once;
``mordred`` is the stock `mordredcommunity`, one conformer at a time.
"""

import logging
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.descriptors.mordred3d import Mordred3D, Reason
from confaug.descriptors.mordred3d.guards import check_coordinates
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.errors import UserError
from confaug.molecules.structures import mol_with_hydrogens, ordinary_isotopes
from confaug.tables.conformers import FAILURES
from confaug.tables.descriptors import DESCRIPTORS_3D

__all__ = ["ENGINES", "NAMES_2D", "NAMES_3D", "describe_conformers", "describe_shard_3d"]

ENGINES = ("batched", "mordred")
SECONDS_BETWEEN_MESSAGES = 10.0

logger = logging.getLogger("confaug")


def describe_conformers(
    smiles: str, coordinates: np.ndarray, engine: str = "batched"
) -> tuple[np.ndarray, list[Reason]]:
    """Calculate the 213 3D descriptors of mordred for conformers of one molecule.

    Parameters
    ----------
    smiles
        Canonical SMILES; the atoms are those of `structures.mol_with_hydrogens`. Isotope labels
        are ignored.
    coordinates
        Positions of shape (conformers, atoms, 3) in Å.
    engine
        ``"batched"`` or ``"mordred"``.

    Returns
    -------
    numpy.ndarray
        float64 of shape (conformers, 213), columns as in `NAMES_3D`; NaN where undefined.
    list of Reason
        Why values are NaN, and what is odd about a conformer.

    Raises
    ------
    ValueError
        If the engine is unknown, or the coordinates do not fit the molecule or are a flat drawing.
        A conformer with a coordinate that is not finite is no error: its row is NaN.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is not one of {', '.join(ENGINES)}")
    calculator = Mordred3D(ordinary_isotopes(mol_with_hydrogens(smiles)))
    coordinates = np.asarray(coordinates, np.float64)
    if coordinates.ndim != 3:
        raise ValueError(f"coordinates have the shape {coordinates.shape}, not (K, N, 3)")
    finite = np.isfinite(coordinates).all(axis=(1, 2))
    values = np.full((len(coordinates), len(NAMES_3D)), np.nan)
    if engine == "batched":
        values[finite], reasons = calculator(coordinates[finite])
    else:
        usable = check_coordinates(calculator.topology, coordinates[finite])
        values[finite] = _describe_with_mordred(calculator.topology.mol, usable)
        reasons = calculator.reasons(usable, values[finite])
    kept = np.flatnonzero(finite)
    reasons = [
        one if one.conformer is None else replace(one, conformer=int(kept[one.conformer]))
        for one in reasons
    ]
    text = "a coordinate is not a finite number"
    reasons += [Reason("not_finite", text, NAMES_3D, int(k)) for k in np.flatnonzero(~finite)]
    return values, reasons


def _describe_with_mordred(mol: Chem.Mol, coordinates: np.ndarray) -> np.ndarray:
    """Calculate the descriptors with stock mordred, one conformer at a time."""
    from mordred.error import MissingValueBase

    calculator = _stock_calculator()
    values = np.full((len(coordinates), len(NAMES_3D)), np.nan)
    for row, positions in zip(values, coordinates, strict=True):
        shaped = Chem.Mol(mol)
        shaped.RemoveAllConformers()
        conformer = Chem.Conformer(mol.GetNumAtoms())
        conformer.Set3D(True)
        conformer.SetPositions(np.ascontiguousarray(positions))
        shaped.AddConformer(conformer)
        with np.errstate(all="ignore"):
            results = list(calculator(shaped))
        row[:] = [np.nan if isinstance(v, MissingValueBase) else float(v) for v in results]
    return values


@cache
def _stock_calculator():  # type: ignore[no-untyped-def]
    """Return mordred's calculator of the 213 3D descriptors, in its own order."""
    from mordred import Calculator, descriptors

    every = Calculator(descriptors).descriptors
    return Calculator([one for one in every if one.require_3D])


def describe_shard_3d(
    conformers: pa.Table, protocol: str, repeat: int, engine: str
) -> tuple[pa.Table, pa.Table]:
    """Describe every conformer of a shard.

    Parameters
    ----------
    conformers
        A `CONFORMERS` table.
    protocol, repeat
        What the conformers were embedded with; they become columns.
    engine
        ``"batched"`` or ``"mordred"``.

    Returns
    -------
    pyarrow.Table
        `DESCRIPTORS_3D`, one row per conformer, sorted by molecule and conformer.
    pyarrow.Table
        `FAILURES`: what is NaN or odd, and why.

    Raises
    ------
    UserError
        If atoms of the table are not those of its SMILES: it was made by another version.
    """
    conformers = conformers.sort_by("molecule")
    molecules = conformers["molecule"].to_pylist()
    smiles = conformers["smiles"].to_pylist()
    numbers = _flat_lists(conformers["atomic_numbers"])
    indices = _flat_lists(conformers["conformer"])
    energies = _flat_lists(conformers["energy"])
    positions = _flat_lists(conformers["coordinates"])
    blocks: list[np.ndarray] = []
    failures: list[dict] = []
    reported = time.monotonic()
    for row, molecule in enumerate(molecules):
        _check_atoms(molecule, smiles[row], numbers[row])
        shape = (len(indices[row]), len(numbers[row]), 3)
        values, reasons = describe_conformers(smiles[row], positions[row].reshape(shape), engine)
        blocks.append(values)
        for reason in reasons:
            number = None if reason.conformer is None else int(indices[row][reason.conformer])
            failures.append(_failure(molecule, protocol, repeat, number, reason))
        if time.monotonic() - reported > SECONDS_BETWEEN_MESSAGES:
            reported = time.monotonic()
            logger.info("molecule %d of %d described", row + 1, len(molecules))
    counts = [len(index) for index in indices]
    keys = [
        pa.array(np.repeat(np.array(molecules, object), counts), pa.string()),
        pa.repeat(pa.scalar(protocol, pa.string()), sum(counts)),
        pa.repeat(pa.scalar(repeat, pa.int64()), sum(counts)),
        pa.array(np.concatenate([np.empty(0, np.int64), *indices])),
        pa.array(np.concatenate([np.empty(0), *energies]), from_pandas=True),
    ]
    columns = np.concatenate([np.empty((0, len(NAMES_3D))), *blocks]).T
    arrays = keys + [pa.array(np.ascontiguousarray(column)) for column in columns]
    table = pa.table(arrays, schema=DESCRIPTORS_3D.schema(NAMES_3D))
    table = table.sort_by([("molecule", "ascending"), ("conformer", "ascending")])
    return table, pa.Table.from_pylist(failures, schema=FAILURES.schema())


def _failure(
    molecule: str, protocol: str, repeat: int, conformer: int | None, reason: Reason
) -> dict[str, str | int | None]:
    """Return a row of the `FAILURES` table."""
    return {
        "stage": "describe_3d",
        "molecule": molecule,
        "protocol": protocol,
        "repeat": repeat,
        "conformer": conformer,
        "reason": str(reason),
    }


def _flat_lists(column: pa.ChunkedArray) -> list[np.ndarray]:
    """Return each list of a list column as a view of one NumPy array."""
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # pyarrow gives no array for no chunks
        return []
    offsets = lists.offsets.to_numpy()
    values = lists.values.to_numpy(zero_copy_only=False)
    return [values[start:end] for start, end in pairwise(offsets)]


def _check_atoms(molecule: str, smiles: str, numbers: np.ndarray) -> None:
    """Raise unless the atomic numbers of a conformer table are those of the SMILES."""
    expected = [atom.GetAtomicNum() for atom in mol_with_hydrogens(smiles).GetAtoms()]
    if expected != list(numbers):
        raise UserError(
            f"the conformers of molecule {molecule} list other atoms than its SMILES {smiles} "
            "has; delete the conformer files and run again"
        )
