"""The store of conformers: topology once per molecule, exact coordinates for each conformer.

A row of the CONFORMERS table is one molecule under one protocol and repeat. Its lists run over the
conformers; the coordinates are one flat list of conformers × atoms × 3 numbers, kept as they came
from RDKit, bit for bit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import Chem

from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path
from confaug.molecules.smiles import mol_with_hydrogens
from confaug.tables.conformers import CONFORMERS


@dataclass(frozen=True)
class ConformerSet:
    """The conformers of one molecule under one protocol and repeat.

    Attributes
    ----------
    molecule, smiles
        Identifier and canonical SMILES. With hydrogens added in RDKit's order, the SMILES gives
        the atoms.
    atomic_numbers
        Elements in the order of the coordinates, shape (N,).
    conformer
        Index of each conformer, shape (K,), ascending; a failed conformer leaves a gap.
    isomer
        Number of the enumerated stereoisomer of each conformer, shape (K,), from 1; 0 where
        undefined stereochemistry was left to chance.
    energy
        Force-field energy in kcal/mol, shape (K,); NaN without a force field.
    converged
        Whether the minimisation converged, shape (K,); true where none was asked for.
    steps
        Limit of minimisation steps that was granted, shape (K,).
    method
        How each conformer was embedded: as asked, or by which fall-back.
    coordinates
        In Å, shape (K, N, 3).
    """

    molecule: str
    smiles: str
    atomic_numbers: np.ndarray = field(repr=False)
    conformer: np.ndarray = field(repr=False)
    isomer: np.ndarray = field(repr=False)
    energy: np.ndarray = field(repr=False)
    converged: np.ndarray = field(repr=False)
    steps: np.ndarray = field(repr=False)
    method: Sequence[str] = field(repr=False)
    coordinates: np.ndarray = field(repr=False)


def pack_conformers(sets: Iterable[ConformerSet]) -> pa.Table:
    """Return the CONFORMERS table of some molecules, sorted by molecule.

    Examples
    --------
    >>> pack_conformers([]).num_rows
    0
    """
    sets = sorted(sets, key=lambda one: one.molecule)
    schema = CONFORMERS.schema()
    columns = []
    for entry in schema:
        if entry.name in ("molecule", "smiles"):
            columns.append(pa.array([getattr(one, entry.name) for one in sets], entry.type))
        else:
            lists = [getattr(one, entry.name) for one in sets]
            columns.append(_list_array(lists, entry.type))
    return pa.table(columns, schema=schema)


def _list_array(lists: Sequence[Sequence[Any] | np.ndarray], kind: pa.ListType) -> pa.ListArray:
    """Return an Arrow list column without making a Python object of every number."""
    if pa.types.is_string(kind.value_type):
        return pa.array([list(one) for one in lists], kind)
    flat = [np.asarray(one).ravel() for one in lists]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in flat])]).astype(np.int32)
    values = np.concatenate([*flat, np.empty(0, kind.value_type.to_pandas_dtype())])
    return pa.ListArray.from_arrays(offsets, pa.array(values, kind.value_type, safe=False))


def iter_molecules(table: pa.Table) -> Iterator[ConformerSet]:
    """Yield the molecules of a CONFORMERS table in its order; the inverse of `pack_conformers`."""
    for batch in table.to_batches():
        columns = {name: batch.column(name) for name in batch.schema.names}
        for i in range(batch.num_rows):
            numbers = {
                name: columns[name][i].values.to_numpy(zero_copy_only=False)
                for name in (
                    "atomic_numbers",
                    "conformer",
                    "isomer",
                    "energy",
                    "converged",
                    "steps",
                )
            }
            flat = columns["coordinates"][i].values.to_numpy(zero_copy_only=False)
            shape = (len(numbers["conformer"]), len(numbers["atomic_numbers"]), 3)
            yield ConformerSet(
                molecule=columns["molecule"][i].as_py(),
                smiles=columns["smiles"][i].as_py(),
                method=columns["method"][i].as_py(),
                coordinates=flat.reshape(shape),
                **numbers,
            )


def mol_with_conformers(conformers: ConformerSet) -> Chem.Mol:
    """Return an RDKit molecule with explicit hydrogens that carries the stored conformers.

    The conformer ids are the stored indices.

    Raises
    ------
    UserError
        If the SMILES no longer gives the stored atoms, see `check_atoms`.
    """
    mol = mol_with_hydrogens(conformers.smiles)
    check_atoms(conformers, mol)
    indices = conformers.conformer.tolist()
    add_conformers(mol, dict(zip(indices, conformers.coordinates, strict=True)))
    return mol


def check_atoms(conformers: ConformerSet, mol: Chem.Mol) -> None:
    """Check that stored conformers have the atoms of the molecule that their SMILES gives.

    Raises
    ------
    UserError
        If they differ, because the file was edited or made with another version of RDKit.
    """
    if [atom.GetAtomicNum() for atom in mol.GetAtoms()] != conformers.atomic_numbers.tolist():
        raise UserError(
            f"the stored conformers of molecule {conformers.molecule} have other atoms than its "
            f"SMILES {conformers.smiles}; delete the conformer files and run again"
        )


def add_conformers(mol: Chem.Mol, coordinates: dict[int, np.ndarray]) -> None:
    """Replace the conformers of a molecule by coordinates (N, 3) in Å, keyed by conformer id."""
    mol.RemoveAllConformers()
    for index, positions in coordinates.items():
        conformer = Chem.Conformer(mol.GetNumAtoms())
        conformer.SetId(index)
        conformer.Set3D(True)
        conformer.SetPositions(np.array(positions, dtype=np.float64, order="C"))
        mol.AddConformer(conformer)


def write_sdf(
    tables: Iterable[tuple[str, int, pa.Table]], path: str | Path, molecules: Iterable[str] = ()
) -> int:
    """Write conformers as an SD file for a viewer.

    Every record carries the properties molecule, protocol, repeat, conformer, energy (kcal/mol,
    left out without a force field), converged and method.

    Parameters
    ----------
    tables
        Protocol, repeat and CONFORMERS table of each file.
    path
        The SD file.
    molecules
        Identifiers or canonical SMILES of the molecules wanted; all when empty.

    Returns
    -------
    int
        The number of conformers written.

    Raises
    ------
    UserError
        If one of `molecules` has no conformers in the tables.
    """
    wanted, found, count = set(molecules), set(), 0
    with (
        atomic_path(path) as temporary,
        # With a file name, RDKit would end silently when the disk is full.
        temporary.open("w", encoding="utf-8") as file,
        Chem.SDWriter(file) as writer,
    ):
        for protocol, repeat, table in tables:
            for one in iter_molecules(table):
                names = {one.molecule, one.smiles} & wanted
                if names or not wanted:
                    found |= names
                    count += _write_records(writer, one, protocol, repeat)
        if wanted - found:
            raise UserError(
                f"there are no conformers of {min(wanted - found)!r}; give the identifier or the "
                "canonical SMILES from molecules.csv"
            )
    return count


def _write_records(writer: Chem.SDWriter, one: ConformerSet, protocol: str, repeat: int) -> int:
    """Write every conformer of one molecule as a record."""
    mol = mol_with_conformers(one)
    mol.SetProp("_Name", one.molecule)
    for i, index in enumerate(one.conformer.tolist()):
        properties = {
            "molecule": one.molecule,
            "smiles": one.smiles,
            "protocol": protocol,
            "repeat": str(repeat),
            "conformer": str(index),
            "energy": "" if np.isnan(one.energy[i]) else f"{one.energy[i]:.6f}",
            "converged": "yes" if one.converged[i] else "no",
            "method": one.method[i],
        }
        for name, value in properties.items():
            if value:
                mol.SetProp(name, value)
            else:
                mol.ClearProp(name)
        writer.write(mol, confId=index)
    return len(one.conformer)
