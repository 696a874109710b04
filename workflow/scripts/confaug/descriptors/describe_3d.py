"""The 3D descriptors of conformers: those of mordred, and moments of partial charges if asked for.

Those of mordred come from one of two engines with equal values: ``batched`` is
`confaug.descriptors.mordred3d`, which treats all conformers of a molecule at once; ``mordred`` is
the stock `mordredcommunity`, one conformer at a time.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.conformers.store import ConformerSet, add_conformers, check_atoms, iter_molecules
from confaug.descriptors.charge_moments import describe_charges
from confaug.descriptors.mordred3d import Mordred3D, Reason
from confaug.descriptors.mordred3d.guards import check_coordinates
from confaug.descriptors.names import NAMES_3D, names_3d
from confaug.infrastructure.bounded import with_progress
from confaug.molecules.smiles import mol_with_hydrogens, ordinary_isotopes
from confaug.tables.descriptors import DESCRIPTORS_3D
from confaug.tables.failures import Failure, failure_table

ENGINES = ("batched", "mordred")


def describe_conformers(
    smiles: str,
    coordinates: np.ndarray,
    engine: str = "batched",
    partial_charges: Sequence[str] = (),
) -> tuple[np.ndarray, list[Reason]]:
    """Calculate the 3D descriptors for conformers of one molecule.

    Parameters
    ----------
    smiles
        Canonical SMILES; the atoms are those of `smiles.mol_with_hydrogens`. Isotope labels
        are ignored.
    coordinates
        Positions of shape (conformers, atoms, 3) in Å.
    engine
        ``"batched"`` or ``"mordred"``.
    partial_charges
        Models of charges for further descriptors, keys of `names.CHARGE_MOMENTS`.

    Returns
    -------
    numpy.ndarray
        float64, one row for each conformer, columns as by `names.names_3d`; NaN where undefined.
    list of Reason
        Why values are NaN, and what is unusual about a conformer.

    Raises
    ------
    ValueError
        If the engine is unknown, or the coordinates do not fit the molecule or are a flat drawing.
        A conformer with a coordinate that is not finite is no error: its row is NaN.
    """
    return _describe(mol_with_hydrogens(smiles), coordinates, engine, partial_charges)


def _describe(
    mol: Chem.Mol, coordinates: np.ndarray, engine: str, partial_charges: Sequence[str]
) -> tuple[np.ndarray, list[Reason]]:
    """Calculate the descriptors of conformers of a molecule with hydrogens."""
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is not one of {', '.join(ENGINES)}")
    calculator = Mordred3D(ordinary_isotopes(mol))
    coordinates = np.asarray(coordinates, np.float64)
    if coordinates.ndim != 3:
        raise ValueError(f"coordinates have the shape {coordinates.shape}, not (K, N, 3)")
    finite = np.isfinite(coordinates).all(axis=(1, 2))
    usable = check_coordinates(calculator.topology, coordinates[finite])
    if engine == "batched":
        described, reasons = calculator(usable)
    else:
        described = _describe_with_mordred(calculator.topology.mol, usable)
        reasons = calculator.reasons(usable, described)
    moments, further = describe_charges(calculator.topology, usable, partial_charges)
    names = names_3d(partial_charges)
    values = np.full((len(coordinates), len(names)), np.nan)
    values[finite] = np.concatenate([described, moments], axis=1)
    reasons += further
    kept = np.flatnonzero(finite)
    reasons = [
        one if one.conformer is None else replace(one, conformer=int(kept[one.conformer]))
        for one in reasons
    ]
    text = "a coordinate is not a finite number"
    reasons += [Reason("not_finite", text, names, int(k)) for k in np.flatnonzero(~finite)]
    return values, reasons


def describe_shard_3d(
    conformers: pa.Table,
    protocol: str,
    repeat: int,
    engine: str,
    partial_charges: Sequence[str] = (),
) -> tuple[pa.Table, pa.Table]:
    """Describe every conformer of a shard.

    Parameters
    ----------
    conformers
        A `CONFORMERS` table.
    protocol, repeat
        What the conformers were embedded with; they become columns.
    engine, partial_charges
        See `describe_conformers`.

    Returns
    -------
    pyarrow.Table
        `DESCRIPTORS_3D`, one row per conformer, sorted by molecule and conformer.
    pyarrow.Table
        `FAILURES`: what is NaN or unusual, and why.

    Raises
    ------
    UserError
        If the table has other atoms than its SMILES, see `store.check_atoms`.
    """
    blocks: list[np.ndarray] = []
    failures: list[Failure] = []
    sets = list(iter_molecules(conformers.sort_by("molecule")))
    for one in with_progress(sets, len(sets)):
        mol = mol_with_hydrogens(one.smiles)
        check_atoms(one, mol)
        values, reasons = _describe(mol, one.coordinates, engine, partial_charges)
        blocks.append(values)
        for reason in reasons:
            index = None if reason.conformer is None else int(one.conformer[reason.conformer])
            failures.append(
                Failure("describe_3d", one.molecule, str(reason), protocol, repeat, index)
            )
    names = names_3d(partial_charges)
    return _descriptor_table(sets, blocks, protocol, repeat, names), failure_table(failures)


def _describe_with_mordred(mol: Chem.Mol, coordinates: np.ndarray) -> np.ndarray:
    """Calculate the descriptors with stock mordred, one conformer at a time."""
    from mordred.error import MissingValueBase

    calculator = _stock_calculator()
    values = np.full((len(coordinates), len(NAMES_3D)), np.nan)
    for row, positions in zip(values, coordinates, strict=True):
        shaped = Chem.Mol(mol)
        add_conformers(shaped, {0: positions})
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


def _descriptor_table(
    sets: Sequence[ConformerSet],
    blocks: Sequence[np.ndarray],
    protocol: str,
    repeat: int,
    names: Sequence[str],
) -> pa.Table:
    """Return DESCRIPTORS_3D of the values of each molecule's conformers, one block each."""
    counts = [len(one.conformer) for one in sets]
    molecules = np.array([one.molecule for one in sets], object)
    keys = [
        pa.array(np.repeat(molecules, counts), pa.string()),
        pa.repeat(pa.scalar(protocol, pa.string()), sum(counts)),
        pa.repeat(pa.scalar(repeat, pa.int64()), sum(counts)),
        pa.array(np.concatenate([np.empty(0, np.int64), *(one.conformer for one in sets)])),
        pa.array(np.concatenate([np.empty(0), *(one.energy for one in sets)]), from_pandas=True),
    ]
    columns = np.concatenate([np.empty((0, len(names))), *blocks]).T
    arrays = keys + [pa.array(np.ascontiguousarray(column)) for column in columns]
    table = pa.table(arrays, schema=DESCRIPTORS_3D.schema(tuple(names)))
    return table.sort_by([("molecule", "ascending"), ("conformer", "ascending")])
