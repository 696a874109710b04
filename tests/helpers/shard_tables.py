"""Shards of a few structures, and what the processes that describe them are asked for."""

from collections.abc import Iterable
from types import ModuleType

import pyarrow as pa
import pytest

from confaug.molecules.structures import molecule_id
from confaug.tables.molecules import SHARD


def shard_of(*smiles: str) -> pa.Table:
    """Return a shard of structures, each under its own identifier."""
    return shard_of_samples((molecule_id(text), text) for text in smiles)


def shard_of_samples(samples: Iterable[tuple[str, str]]) -> pa.Table:
    """Return a shard of identifiers and their structures, which may be the same for several."""
    rows = [{"molecule": name, "smiles": smiles} for name, smiles in samples]
    return pa.Table.from_pylist(rows, schema=SHARD.schema())


def watch_arguments(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[object]:
    """Return a list that always has what a module last asked of bounded processes."""
    asked: list[object] = []
    original = module.bounded_map

    def watched(function, arguments, *limits):
        arguments = list(arguments)
        asked[:] = arguments
        return original(function, arguments, *limits)

    monkeypatch.setattr(module, "bounded_map", watched)
    return asked
