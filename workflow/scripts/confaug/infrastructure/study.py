"""The study that a folder of results belongs to, recorded in the folder."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.files import write_json

Config = Mapping[str, Any]
FILE = "study.json"
#: The table of the bundled example, the default study.
EXAMPLE = "resources/polymer_tg.csv"
#: Folders with the first results beyond the molecules. Without any of them, a folder of results
#: belongs to no study yet: what a check has cleaned may be cleaned again from other columns.
FIRST_RESULTS = ("conformers", "descriptors_2d", "splits")


def is_example(config: Config) -> bool:
    """Tell whether a study is the bundled one."""
    return bool(config["input"]["table"] == EXAMPLE)


def property_in_words(section: Config) -> str:
    """Return the name of a property with its unit.

    >>> property_in_words({"name": "Density", "unit": "g/mL"})
    'Density (g/mL)'
    """
    return str(section["name"]) + (f" ({section['unit']})" if section.get("unit") else "")


def study_of(config: Config) -> dict[str, str]:
    """Return what identifies a study: its table, the columns read from it, and the property.

    Rows, splits, the unit and all other settings may change within a study.
    """
    given, measured = config["input"], config["property"]
    return {
        "property": measured["name"],
        "unit": measured["unit"],
        "table": given["table"],
        "smiles_column": given["smiles_column"],
        "label_column": given["label_column"],
    }


def write_study(config: Config) -> None:
    """Record in its folder of results which study a configuration describes.

    A bundle predicts without a study. A record with the same content keeps its time stamp.
    """
    if not config["prediction"]["bundle"]:
        write_json(study_of(config), Path(config["pathvars"]["results"], FILE))


def require_same_study(config: Config) -> None:
    """Check that a folder of results is free, or belongs to the configured study.

    Tables are compared by name, because a project's folder may move. A bundle predicts without a
    study.

    Raises
    ------
    UserError
        If the folder holds results of another study.
    """
    folder = Path(config["pathvars"]["results"])
    begun = any((folder / name).exists() for name in FIRST_RESULTS)
    if config["prediction"]["bundle"] or not begun:
        return
    there, asked = _read(folder / FILE), study_of(config)
    if there and _identity(there) != _identity(asked):
        raise UserError(
            f"{folder} holds the results of another study ({_described(there)}) than the "
            f"configured one ({_described(asked)}); give this one its own folder with "
            f"`pathvars: {{results: results/another}}`, or remove {folder}; if it is the same "
            f"study under a new name, delete {folder / FILE}"
        )


def _read(path: Path) -> dict[str, str]:
    """Return the study of a folder; an empty dict if none is recorded."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _identity(study: Mapping[str, str]) -> tuple[str, ...]:
    """Return what two descriptions of the same study have in common."""
    named = (str(study.get(key)) for key in ("property", "smiles_column", "label_column"))
    return (PurePath(str(study.get("table"))).name, *named)


def _described(study: Mapping[str, str]) -> str:
    """Return a study in words."""
    return (
        f"{study.get('property')}, columns {study.get('smiles_column')!r} and "
        f"{study.get('label_column')!r} of {study.get('table')}"
    )
