"""The 2D descriptors of stock mordred, within a limit of processor time.

Most of the 1613 descriptors take milliseconds. Four families enumerate paths or subgraphs, whose
number explodes in large polycycles; for C60 the enumeration does not end. Each family is therefore
calculated separately, in a child process that can be stopped. What fails or takes too long is NaN,
with a reason.

Mordred: Moriwaki, Tian, Kawashita and Takagi, J. Cheminform. 2018, 10, 4.
"""

import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from rdkit import rdBase

from confaug.descriptors.names import NAMES_2D
from confaug.infrastructure.bounded import GaveUp, bounded_map
from confaug.infrastructure.sums import sum_in_order
from confaug.molecules.smiles import parse_smiles, smiles_of_ordinary_isotopes

#: Modules of mordred whose work can grow exponentially with the number of rings.
ENUMERATING = ("PathCount", "Chi", "MolecularId", "DetourMatrix")
OTHERS = "others"


def describe_with_mordred(
    smiles: Sequence[str], seconds: float, memory: int
) -> Iterator[tuple[np.ndarray, list[str]]]:
    """Yield the values of each molecule and what was given up, and why.

    Parameters
    ----------
    smiles
        Canonical SMILES of the molecules.
    seconds
        Processor time for each molecule, shared out equally to the enumerating families and the
        rest.
    memory
        Bytes that the child process may hold.
    """
    columns = family_columns()
    tasks = [(text, family) for text in smiles for family in columns]
    calculate = partial(_calculate_task, calculators=calculators_by_family())
    outcomes = bounded_map(calculate, tasks, seconds / len(columns), memory)
    for _ in smiles:
        values, given_up = np.full(len(NAMES_2D), np.nan), []
        for family, places in columns.items():
            piece = next(outcomes)
            if isinstance(piece, np.ndarray):
                values[places] = piece
            else:
                reason = piece.reason if isinstance(piece, GaveUp) else piece
                given_up.append(f"{len(places)} descriptors of the family {family}: {reason}")
        yield values, given_up


@cache
def family_columns() -> dict[str, np.ndarray]:
    """Return the places in `NAMES_2D` of each family that is calculated separately."""
    place = {name: i for i, name in enumerate(NAMES_2D)}
    return {
        family: np.array([place[str(descriptor)] for descriptor in calculator.descriptors])
        for family, calculator in calculators_by_family().items()
    }


@cache
def calculators_by_family() -> dict[str, Any]:
    """Return mordred's calculator of each family, the quick ones first."""
    from mordred import Calculator, descriptors

    for name in [name for name in sys.modules if name.startswith("mordred.")]:
        vars(sys.modules[name])["sum"] = sum_in_order
    families: dict[str, list[Any]] = {OTHERS: [], **{family: [] for family in ENUMERATING}}
    for descriptor in Calculator(descriptors, ignore_3D=True).descriptors:
        module = type(descriptor).__module__.rpartition(".")[2]
        families[module if module in families else OTHERS].append(descriptor)
    return {family: Calculator(members) for family, members in families.items()}


def _calculate_task(task: tuple[str, str], calculators: dict[str, Any]) -> np.ndarray | str:
    """Return one family of one molecule, or why it failed. The child process runs this."""
    rdBase.DisableLog("rdApp.*")
    warnings.simplefilter("ignore")  # divisions by zero and the like become NaN below
    smiles, family = task
    try:
        return as_numbers(calculators[family](parse_smiles(smiles_of_ordinary_isotopes(smiles))))
    except MemoryError:  # the limit, see `bounded_map`
        raise
    except Exception as error:  # the other families and molecules go on
        return f"{type(error).__name__}: {error}"


def as_numbers(results: Iterable[Any]) -> np.ndarray:
    """Return mordred's results as float64; missing, failed and infinite ones are NaN."""
    from mordred.error import MissingValueBase

    values = np.array(
        [np.nan if isinstance(one, MissingValueBase) else float(one) for one in results]
    )
    values[np.isinf(values)] = np.nan
    return values
