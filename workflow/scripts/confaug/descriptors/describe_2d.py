"""The 2D descriptors of mordred, once per molecule and within a limit of processor time.

Most of the 1613 descriptors take milliseconds. Four families enumerate paths or subgraphs, whose
number explodes in large polycycles; for C60 the enumeration does not end. Each family is therefore
calculated separately, in a child process that can be stopped. What takes too long is NaN, with a
reason.

Isotope labels are ignored: mordred would count deuterium among the heavy atoms.

Mordred: Moriwaki, Tian, Kawashita and Takagi, J. Cheminform. 2018, 10, 4.
"""

import logging
import operator
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import cache, partial, reduce
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import rdBase

from confaug.descriptors.names import NAMES_2D
from confaug.infrastructure.bounded import GaveUp, bounded_map, with_progress
from confaug.molecules.smiles import parse_smiles, smiles_of_ordinary_isotopes
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.failures import Failure, failure_table

logger = logging.getLogger("confaug")

#: Modules of mordred whose work can grow exponentially with the number of rings.
ENUMERATING = ("PathCount", "Chi", "MolecularId", "DetourMatrix")
OTHERS = "others"


def describe_shard_2d(shard: pa.Table, seconds: float) -> tuple[pa.Table, pa.Table]:
    """Calculate the 2D descriptors of the molecules of one shard.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule, shared out equally to the enumerating families and the
        rest.

    Returns
    -------
    descriptors : pyarrow.Table
        DESCRIPTORS_2D, sorted by molecule, columns as `NAMES_2D`. Undefined and infinite values
        are NaN.
    failures : pyarrow.Table
        FAILURES; one row per family that took too long.
    """
    molecules = sorted((row["molecule"], row["smiles"]) for row in shard.to_pylist())
    columns = family_columns()
    tasks = [(smiles, family) for _, smiles in molecules for family in columns]
    calculate = partial(_calculate_task, calculators=_calculators())
    outcomes = bounded_map(calculate, tasks, seconds / len(columns))
    values = np.full((len(molecules), len(NAMES_2D)), np.nan)
    failures: list[Failure] = []
    pieces = with_progress(_in_groups(outcomes, len(columns)), len(molecules))
    for row, (molecule, _), outcome in zip(values, molecules, pieces, strict=True):
        for (family, places), piece in zip(columns.items(), outcome, strict=True):
            if isinstance(piece, GaveUp):
                reason = f"{len(places)} descriptors of the family {family}: {piece.reason}"
                failures.append(Failure("describe_2d", molecule, reason))
                logger.warning("%s: %s", molecule, reason)
            else:
                row[places] = piece
    logger.info(
        "%d molecules described; %d of %d values are undefined",
        *(len(molecules), np.isnan(values).sum(), values.size),
    )
    identifiers = pa.array([molecule for molecule, _ in molecules], pa.string())
    arrays = [identifiers, *map(pa.array, np.ascontiguousarray(values.T))]
    table = pa.table(arrays, schema=DESCRIPTORS_2D.schema(NAMES_2D))
    return table, failure_table(failures)


@cache
def family_columns() -> dict[str, np.ndarray]:
    """Return the places in `NAMES_2D` of each family that is calculated separately."""
    place = {name: i for i, name in enumerate(NAMES_2D)}
    return {
        family: np.array([place[str(descriptor)] for descriptor in calculator.descriptors])
        for family, calculator in _calculators().items()
    }


@cache
def _calculators() -> dict[str, Any]:
    """Return mordred's calculator of each family, the quick ones first."""
    from mordred import Calculator, descriptors

    for name in [name for name in sys.modules if name.startswith("mordred.")]:
        vars(sys.modules[name])["sum"] = sum_in_order
    families: dict[str, list[Any]] = {OTHERS: [], **{family: [] for family in ENUMERATING}}
    for descriptor in Calculator(descriptors, ignore_3D=True).descriptors:
        module = type(descriptor).__module__.rpartition(".")[2]
        families[module if module in families else OTHERS].append(descriptor)
    return {family: Calculator(members) for family, members in families.items()}


def sum_in_order(values: Iterable[Any], start: Any = 0) -> Any:
    """Add from left to right, rounding after every step.

    The built-in `sum` does so up to Python 3.11. Later versions compensate rounding errors, so that
    the last digits of 22 of mordred's descriptors would depend on the interpreter.

    Examples
    --------
    >>> sum_in_order([0.1] * 10)
    0.9999999999999999
    """
    return reduce(operator.add, values, start)


def _calculate_task(task: tuple[str, str], calculators: dict[str, Any]) -> np.ndarray:
    """Calculate one family of one molecule. The child process runs this."""
    rdBase.DisableLog("rdApp.*")
    warnings.simplefilter("ignore")  # divisions by zero and the like become NaN below
    smiles, family = task
    return _as_numbers(calculators[family](parse_smiles(smiles_of_ordinary_isotopes(smiles))))


def _as_numbers(results: Iterable[Any]) -> np.ndarray:
    """Return mordred's results as float64; missing, failed and infinite ones are NaN."""
    from mordred.error import MissingValueBase

    values = np.array(
        [np.nan if isinstance(one, MissingValueBase) else float(one) for one in results]
    )
    values[np.isinf(values)] = np.nan
    return values


def _in_groups(outcomes: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Yield the outcomes of one molecule after the other."""
    group = []
    for outcome in outcomes:
        group.append(outcome)
        if len(group) == size:
            yield group
            group = []
