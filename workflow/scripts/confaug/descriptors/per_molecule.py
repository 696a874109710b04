"""Describe the molecules of a shard one by one, within limits of processor time and size.

What is described is divided into families, each calculated in a child process that can be stopped.
What fails or takes too long is NaN, with a reason.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rdkit import Chem, rdBase

from confaug.infrastructure.bounded import GaveUp, bounded_map, with_progress
from confaug.molecules.smiles import parse_smiles, places_by_structure, smiles_of_ordinary_isotopes
from confaug.molecules.smiles_checks import StructureError
from confaug.tables.engine import TableSpec
from confaug.tables.failures import Failure, failure_table

logger = logging.getLogger("confaug")

Floats = NDArray[np.float64]
#: Atoms above which a molecule is not described. Matrices of distances, which many descriptors
#: need, take 32 MB at this size; long before it, a structure is a mistake or a whole polymer chain.
MOST_ATOMS = 2000


@dataclass(frozen=True)
class Described:
    """The values of one family for one molecule, and why some of them are NaN."""

    values: Floats
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class DescriptorSet:
    """Descriptors that are calculated together.

    Attributes
    ----------
    table
        What the descriptors are written as, one further column for each name.
    families
        Names of the descriptors of each family, in the order of the columns.
    calculate
        Describes a molecule, given the name of the family.
    """

    table: TableSpec
    families: Mapping[str, Sequence[str]]
    calculate: Callable[[Chem.Mol, str], Described]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all descriptors, in the order of the columns."""
        return tuple(name for names in self.families.values() for name in names)


def describe_molecules(
    wanted: DescriptorSet, shard: pa.Table, seconds: float
) -> tuple[pa.Table, pa.Table]:
    """Calculate one kind of descriptors for the molecules of a shard.

    Isotope labels are ignored (see `smiles_of_ordinary_isotopes`).

    Parameters
    ----------
    wanted
        What is calculated, and how.
    shard
        Table with ``molecule`` and ``smiles``; all values of a molecule without SMILES are NaN.
    seconds
        Processor time for each molecule, shared out equally to the families.

    Returns
    -------
    descriptors : pyarrow.Table
        Table as `wanted.table` declares it, sorted by molecule. What is undefined or infinite is
        NaN, or null where values are integers.
    failures : pyarrow.Table
        FAILURES; one row for each reason and molecule.
    """
    columns = (shard["molecule"].to_pylist(), shard["smiles"].to_pylist())
    molecules = sorted(zip(*columns, strict=True), key=itemgetter(0))
    sizes = [len(names) for names in wanted.families.values()]
    structures = places_by_structure(smiles for _, smiles in molecules)
    tasks = ((smiles, family) for smiles in structures for family in wanted.families)
    outcomes = bounded_map(partial(_describe, wanted=wanted), tasks, seconds / len(sizes))
    values, failures = np.full((len(molecules), sum(sizes)), np.nan), []
    for places in with_progress(structures.values(), len(structures)):
        row, reasons = values[places[0]], list[str]()
        for family, piece in zip(
            wanted.families, np.split(row, np.cumsum(sizes)[:-1]), strict=True
        ):
            outcome = next(outcomes)
            if isinstance(outcome, GaveUp):
                reasons.append(f"{len(piece)} values of {family}: {outcome.reason}")
            else:
                piece[:] = outcome.values
                reasons.extend(outcome.reasons)
        values[places] = row
        failures += [
            Failure("describe_2d", molecules[place][0], reason)
            for place in places
            for reason in dict.fromkeys(reasons)
        ]
    values[np.isinf(values)] = np.nan
    for failure in failures:
        logger.warning("%s: %s", failure.molecule, failure.reason)
    logger.info("%d molecules described, %d values each", *values.shape)
    return _table(wanted, [molecule for molecule, _ in molecules], values), failure_table(failures)


def _describe(task: tuple[str | None, str], wanted: DescriptorSet) -> Described:
    """Describe one molecule by one family. The child process runs this."""
    rdBase.DisableLog("rdApp.*")
    smiles, family = task
    nothing = np.full(len(wanted.families[family]), np.nan)
    if smiles is None:
        return Described(nothing)
    try:
        mol = parse_smiles(smiles_of_ordinary_isotopes(smiles))
        if mol.GetNumAtoms() > MOST_ATOMS:
            return Described(nothing, (f"more than {MOST_ATOMS} atoms, which are not described",))
        return wanted.calculate(mol, family)
    except StructureError as error:
        return Described(nothing, (str(error),))
    except MemoryError:  # a shortage of this machine, not a property of the molecule
        raise
    except Exception as error:  # RDKit raises what it likes; the other molecules go on
        problem = f"{type(error).__name__}: {error}"
        return Described(nothing, (f"{len(nothing)} values of {family}: {problem}",))


def _table(wanted: DescriptorSet, molecules: Sequence[str], values: Floats) -> pa.Table:
    """Put the values into a table of the declared type."""
    columns = [pa.array(molecules, pa.string())]
    for column in np.ascontiguousarray(values.T):
        if pa.types.is_integer(wanted.table.further):
            columns.append(pa.array(column, from_pandas=True).cast(wanted.table.further))
        else:
            columns.append(pa.array(column))
    return pa.table(columns, schema=wanted.table.schema(wanted.names))
