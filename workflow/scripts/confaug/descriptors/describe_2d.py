"""The 2D descriptors of mordred, once per molecule, from one of two engines with equal values.

``batched`` is `confaug.descriptors.mordred2d`; ``mordred`` is the stock `mordredcommunity`, see
`stock_2d`. Either works in a child process within a limit of processor time and memory, so that a
molecule that exceeds them is given up alone: what is lost is NaN, with a reason.

Isotope labels are ignored: mordred would count deuterium among the heavy atoms.
"""

import logging
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
from rdkit import rdBase

from confaug.descriptors.mordred2d import Mordred2D
from confaug.descriptors.names import NAMES_2D
from confaug.descriptors.stock_2d import describe_with_mordred
from confaug.infrastructure.bounded import GaveUp, bounded_map, with_progress
from confaug.molecules.smiles import parse_smiles, places_by_structure, smiles_of_ordinary_isotopes
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.failures import Failure, failure_table

logger = logging.getLogger("confaug")

ENGINES = ("batched", "mordred")
#: Bytes that the process that calculates may hold. A molecule of 2000 heavy atoms needs 1.3 GB.
MEMORY = 2 * 2**30
#: The reason of `Mordred2D` that tells of a calculation given up; all others tell of values that
#: are undefined.
TOO_LONG = "too_many_paths"
#: Molecules that are calculated together, and the characters of their SMILES, at most.
BATCH, BATCH_LENGTH = 32, 2000

#: The values of one molecule, and what was given up.
Calculated = tuple[np.ndarray, list[str]]


def describe_shard_2d(
    shard: pa.Table,
    seconds: float,
    engine: str = "batched",
    names: Sequence[str] = NAMES_2D,
) -> tuple[pa.Table, pa.Table]:
    """Calculate the 2D descriptors of the molecules of one shard.

    Parameters
    ----------
    shard
        SHARD table.
    seconds
        Processor time for each molecule.
    engine
        ``"batched"`` or ``"mordred"``.
    names
        The descriptors that are wanted. The batched engine calculates what they need alone.

    Returns
    -------
    descriptors : pyarrow.Table
        DESCRIPTORS_2D, sorted by molecule, columns as `names`. Undefined and infinite values
        are NaN.
    failures : pyarrow.Table
        FAILURES: what was given up, and why.

    Raises
    ------
    ValueError
        If the engine is unknown.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is not one of {', '.join(ENGINES)}")
    describe = _describe_batched if engine == "batched" else _describe_by_stock
    molecules = sorted((row["molecule"], row["smiles"]) for row in shard.to_pylist())
    structures = places_by_structure(smiles for _, smiles in molecules)
    described = describe(list(structures), names, seconds)
    values = np.full((len(molecules), len(names)), np.nan)
    failures: list[Failure] = []
    pieces = with_progress(described, len(structures))
    for places, (found, given_up) in zip(structures.values(), pieces, strict=True):
        values[places] = found
        for molecule in (molecules[place][0] for place in places):
            for reason in given_up:
                failures.append(Failure("describe_2d", molecule, reason))
                logger.warning("%s: %s", molecule, reason)
    logger.info(
        "%d molecules described with the %s engine; %d of %d values are undefined",
        *(len(molecules), engine, np.isnan(values).sum(), values.size),
    )
    identifiers = pa.array([molecule for molecule, _ in molecules], pa.string())
    arrays = [identifiers, *map(pa.array, np.ascontiguousarray(values.T))]
    table = pa.table(arrays, schema=DESCRIPTORS_2D.schema(tuple(names)))
    return table, failure_table(failures)


def _describe_by_stock(
    smiles: Sequence[str], names: Sequence[str], seconds: float
) -> Iterator[Calculated]:
    """Yield the values of each molecule and what was given up, and why."""
    place = {name: number for number, name in enumerate(NAMES_2D)}
    wanted = [place[name] for name in names]
    for values, given_up in describe_with_mordred(smiles, seconds, MEMORY):
        yield values[wanted], given_up


def _describe_batched(
    smiles: Sequence[str], names: Sequence[str], seconds: float
) -> Iterator[Calculated]:
    """Yield the values of each molecule and what was given up, and why.

    The child process gets several molecules at a time, which takes half the time. Where they need
    too much together, or one fails, it gets them singly, so that none takes another with it.
    """
    calculator = Mordred2D(None if tuple(names) == NAMES_2D else names)
    if smiles:
        calculator.kernels.prepare()  # compiling them is not the time of a molecule
    calculate = partial(_calculate, calculator=calculator)
    batches = list(_batches(smiles))
    together = bounded_map(calculate, batches, seconds, MEMORY)
    for batch, outcome in zip(batches, together, strict=True):
        if isinstance(outcome, list):
            yield from outcome
            continue
        for single in bounded_map(calculate, [(text,) for text in batch], seconds, MEMORY):
            if isinstance(single, list):
                yield from single
            else:
                reason = single.reason if isinstance(single, GaveUp) else single
                lost = f"{len(names)} descriptors: {reason}"
                yield np.full(len(names), np.nan), [lost]


def _batches(smiles: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Divide molecules so that those of a batch are many and small, or few and large."""
    batch: list[str] = []
    size = 0
    for text in smiles:
        if batch and (len(batch) == BATCH or size + len(text) > BATCH_LENGTH):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield tuple(batch)


def _calculate(smiles: Sequence[str], calculator: Mordred2D) -> list[Calculated] | str:
    """Describe molecules, or return why one of them failed. The child process runs this."""
    rdBase.DisableLog("rdApp.*")
    try:
        mols = [parse_smiles(smiles_of_ordinary_isotopes(text)) for text in smiles]
        values, reasons = calculator(mols)
    except MemoryError:  # the limit, see `bounded_map`
        raise
    except Exception as error:  # the other molecules go on
        return f"{type(error).__name__}: {error}"
    given_up: list[list[str]] = [[] for _ in smiles]
    for reason in reasons:
        if reason.code == TOO_LONG:
            given_up[reason.molecule].append(str(reason))
    return list(zip(values, given_up, strict=True))
