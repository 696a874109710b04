"""What the user's own columns are: numbers or categories, decided once for the table of a study.

A bundle keeps the declaration, so that new molecules are encoded in the same way.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from confaug.errors import UserError
from confaug.infrastructure.files import write_json

#: The most categories of a column; each is a feature of its own.
MAX_CATEGORIES = 50
#: Characters of a category, which is part of the name of a feature.
MAX_CATEGORY = 100
#: How the names of these features begin.
PREFIX = "own_"


class OwnColumn(BaseModel):
    """One column of the user's own.

    Attributes
    ----------
    name
        As in the header of the table.
    categories
        The values that it can have, sorted; None if it holds numbers.
    is_condition
        Whether it is a condition of the measurement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    categories: tuple[str, ...] | None = None
    is_condition: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """Names of its features: one for numbers, one for each category.

        >>> OwnColumn(name="solvent", categories=("THF", "water")).features
        ('own_solvent=THF', 'own_solvent=water')
        """
        if self.categories is None:
            return (f"{PREFIX}{self.name}",)
        return tuple(f"{PREFIX}{self.name}={category}" for category in self.categories)


def feature_names(columns: Iterable[OwnColumn]) -> list[str]:
    """Return the names of the features of some columns, in their order."""
    return [name for column in columns for name in column.features]


def repeated_feature(columns: Sequence[OwnColumn]) -> str | None:
    """Return the name that two features share, for example because one column is named `a=b`.

    >>> number, category = OwnColumn(name="a=b"), OwnColumn(name="a", categories=("b",))
    >>> repeated_feature([number, category])
    'own_a=b'
    """
    seen: set[str] = set()
    for name in feature_names(columns):
        if name in seen:
            return name
        seen.add(name)
    return None


def write_declaration(columns: Iterable[OwnColumn], path: str | Path) -> None:
    """Write what columns hold as a JSON file."""
    write_json({"columns": [column.model_dump() for column in columns]}, path)


def read_declaration(path: str | Path | None) -> tuple[OwnColumn, ...]:
    """Read what columns hold; without a file there are none.

    Raises
    ------
    UserError
        If the file is not one that `write_declaration` wrote.
    """
    if path is None:
        return ()
    try:
        document = json.loads(Path(path).read_bytes())
        return tuple(OwnColumn(**column) for column in document["columns"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise UserError(
            f"{path} does not say what the columns hold; delete it and run again"
        ) from error
