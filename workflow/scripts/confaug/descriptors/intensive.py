"""RDKit's 2D descriptors in forms that do not grow with the chain that somebody chose to describe.

``rdkit_2d_per_atom`` divides the extensive descriptors of the modelled structure by the number of
its heavy atoms. ``rdkit_2d_increments`` is what one more repeat unit adds, the trimer minus the
dimer, in which the ends of the chain cancel.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.descriptors.rdkit_2d import NAMES_RDKIT, describe_shard_rdkit
from confaug.descriptors.size import Matrix, extensive_descriptors, increments, per_heavy_atom
from confaug.molecules.polymerisation.oligomers import oligomer
from confaug.molecules.smiles import parse_smiles
from confaug.molecules.smiles_checks import StructureError
from confaug.tables.descriptors import RDKIT_2D_INCREMENTS, RDKIT_2D_PER_ATOM
from confaug.tables.failures import FAILURES, Failure, failure_table

#: Names of the columns, in their order.
NAMES_PER_ATOM = tuple(f"per_atom_{name}" for name in NAMES_RDKIT)
NAMES_INCREMENTS = tuple(f"per_unit_{name}" for name in NAMES_RDKIT)
SHORTER, LONGER = 2, 3
#: Repeat units whose chains show which descriptors are extensive: polymers of many kinds.
REFERENCE_UNITS = (
    *("*CC*", "*CC(*)c1ccccc1", "*CCO*", "*CC(*)(C)C(=O)OC", "*CC(*)Cl", "*CC(*)C#N", "*CC(*)O"),
    *("*CCOC(=O)c1ccc(C(=O)O*)cc1", "*CCCCCC(=O)N*", "*C[Si](C)(C)O*", "*C(F)(F)C(*)(F)F"),
    *("*CC=CC*", "*Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1", "*c1ccc(S(=O)(=O)c2ccc(O*)cc2)cc1"),
)


def describe_shard_per_atom(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate RDKit's descriptors of one shard, the extensive ones per heavy atom.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule.

    Returns
    -------
    descriptors : pyarrow.Table
        RDKIT_2D_PER_ATOM, sorted by molecule, columns as `NAMES_PER_ATOM`.
    failures : pyarrow.Table
        FAILURES; one row for each reason why descriptors of a molecule are missing.
    """
    described, failures = describe_shard_rdkit(shard, seconds)
    smiles = {row["molecule"]: row["smiles"] for row in shard.to_pylist()}
    molecules = described["molecule"].to_pylist()
    # A structure of hydrogen alone has no heavy atom to divide by.
    atoms = [max(1, parse_smiles(smiles[name]).GetNumHeavyAtoms()) for name in molecules]
    values = per_heavy_atom(_matrix(described), np.array(atoms), extensive_columns())
    columns = [described["molecule"], *map(pa.array, np.ascontiguousarray(values.T))]
    return pa.table(columns, schema=RDKIT_2D_PER_ATOM.schema(NAMES_PER_ATOM)), failures


def describe_shard_increments(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate what one more repeat unit adds to RDKit's descriptors, for one shard.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each chain.

    Returns
    -------
    descriptors : pyarrow.Table
        RDKIT_2D_INCREMENTS, sorted by molecule, columns as `NAMES_INCREMENTS`. A molecule without a
        repeat unit has NaN in all of them.
    failures : pyarrow.Table
        FAILURES; having no repeat unit is no failure: the ledger says why.
    """
    units = {row["molecule"]: row["repeat_unit"] for row in shard.to_pylist()}
    failures: list[Failure] = []
    chains: dict[str, list[str]] = {}
    for molecule, unit in sorted(units.items()):
        try:
            if unit:
                chains[molecule] = [oligomer(unit, size) for size in (SHORTER, LONGER)]
        except StructureError as error:
            failures.append(Failure("describe_2d", molecule, str(error)))
    values = np.full((len(units), len(NAMES_RDKIT)), np.nan)
    described, found = _describe_chains(chains, seconds)
    row_of = {molecule: row for row, molecule in enumerate(sorted(units))}
    values[[row_of[molecule] for molecule in chains]] = described
    columns = [pa.array(sorted(units), pa.string()), *map(pa.array, np.ascontiguousarray(values.T))]
    table = pa.table(columns, schema=RDKIT_2D_INCREMENTS.schema(NAMES_INCREMENTS))
    return table, failure_table([*failures, *found])


@cache
def extensive_columns() -> NDArray[np.bool_]:
    """Tell which of RDKit's descriptors are extensive, by chains of known polymers."""
    sizes = (2, 3, 4)
    chains = [oligomer(unit, size) for unit in REFERENCE_UNITS for size in sizes]
    values = _matrix(describe_shard_rdkit(_as_shard(enumerate(chains)), seconds=60.0)[0])
    return extensive_descriptors(values.reshape(len(REFERENCE_UNITS), len(sizes), -1))


def _describe_chains(chains: dict[str, list[str]], seconds: float) -> tuple[Matrix, list[Failure]]:
    """Return the increments of each molecule's chains, and what could not be calculated."""
    numbered = [smiles for both in chains.values() for smiles in both]
    described, failures = describe_shard_rdkit(_as_shard(enumerate(numbered)), seconds)
    values = _matrix(described)
    names = list(chains)
    reasons = dict.fromkeys(
        (names[int(row["molecule"]) // 2], row["reason"])
        for row in failures.select(FAILURES.names).to_pylist()
    )
    found = [Failure("describe_2d", molecule, reason) for molecule, reason in reasons]
    return increments(values[1::2], values[::2]), found


def _as_shard(numbered: Iterable[tuple[int, str]]) -> pa.Table:
    """Return structures as a shard whose molecules are numbers that sort as they count."""
    rows = [(f"{number:09d}", smiles) for number, smiles in numbered]
    return pa.table(
        {
            "molecule": pa.array([name for name, _ in rows], pa.string()),
            "smiles": pa.array([smiles for _, smiles in rows], pa.string()),
        }
    )


def _matrix(described: pa.Table) -> Matrix:
    """Return the columns of descriptors as a matrix."""
    names = [name for name in described.column_names if name != "molecule"]
    matrix: Matrix = np.array([described[name].to_numpy() for name in names]).T
    return matrix.reshape(described.num_rows, len(names))
