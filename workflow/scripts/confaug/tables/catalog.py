"""Every table that the workflow writes, by the stage that declares it."""

import importlib
import re
from collections.abc import Iterator

from confaug.tables.engine import TableSpec

#: Modules of this package that declare tables, in the order of the stages.
STAGES = (
    "molecules",
    "failures",
    "conformers",
    "descriptors",
    "learning",
    "evaluation",
    "trust",
    "prediction",
    "atlas",
)


def tables_of_stage(stage: str) -> Iterator[TableSpec]:
    """Yield the tables that one stage declares, in the order of their declaration."""
    for value in vars(importlib.import_module(f"confaug.tables.{stage}")).values():
        if isinstance(value, TableSpec):
            yield value


def tables_in(path: str) -> list[TableSpec]:
    """Return the tables that a file can be, by its path below the folder of results.

    The first results, which are those without conformers, are the same tables below `plain/`.

    >>> [table.name for table in tables_in("splits/replicate-3.csv")]
    ['split']
    """
    path = path.removeprefix("plain/")
    return [
        table
        for stage in STAGES
        for table in tables_of_stage(stage)
        if any(re.fullmatch(_pattern(file), path) for file in table.files)
    ]


def _pattern(file: str) -> str:
    """Turn a path with wildcards in braces into a regular expression."""
    parts = re.split(r"\{\w+\}", file)
    return "[^/]+".join(map(re.escape, parts))
