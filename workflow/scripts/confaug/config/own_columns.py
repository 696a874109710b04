"""Check which columns of the user's table are features and conditions."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.text import HIDDEN, quoted

#: Columns with another role, which would be learned from by mistake.
OTHER_ROLES = ("smiles", "label", "id", "name", "split", "occurrences")


def check_columns(section: Mapping[str, Any]) -> None:
    """Check `input.feature_columns` and `input.condition_columns`.

    Raises
    ------
    UserError
        If a column has another role too, a condition is not among the features, or a name cannot
        be the name of a column.
    """
    features, conditions = section["feature_columns"], section["condition_columns"]
    for key, names in (("feature_columns", features), ("condition_columns", conditions)):
        for name in names:
            _check_name(f"input.{key}", name)
    for role in OTHER_ROLES:
        name = (section.get(f"{role}_column") or "").strip()
        if name in features:
            raise UserError(
                f"config key 'input.feature_columns' names {quoted(name)}, which is also "
                f"'input.{role}_column'; remove it from one of the two"
            )
    unknown = [name for name in conditions if name not in features]
    if unknown:
        near = difflib.get_close_matches(unknown[0], features, n=1)
        hint = f"did you mean {quoted(near[0])}?" if near else "add it there"
        raise UserError(
            f"config key 'input.condition_columns' names {quoted(unknown[0])}, which is not in "
            f"'input.feature_columns'; {hint}"
        )


def _check_name(key: str, name: str) -> None:
    """Refuse names that no column can have, or that cannot be told apart when they are read."""
    if name != name.strip():
        raise UserError(f"config key {key!r} names {quoted(name)}; remove the blanks around it")
    if re.search(f"[{HIDDEN}]", name):
        raise UserError(
            f"config key {key!r} names {quoted(name)}, which contains a character that cannot be "
            "seen; rename the column"
        )
