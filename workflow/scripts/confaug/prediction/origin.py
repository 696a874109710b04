"""The origin of predictions: their model and their table, and whether these still exist."""

import json
import os
from collections.abc import Collection
from pathlib import Path

from confaug.errors import UserError

#: In a bundle.
DOCUMENT_FILE = "bundle.json"
#: Beside `predictions.csv`.
ORIGIN_FILE = "model.json"
SOURCE_FILE = "table.json"


def origin_of(bundle: str | Path, digest: str, folder: str | Path) -> dict[str, str]:
    """Return the record of the model that made predictions.

    Parameters
    ----------
    bundle
        The bundle's folder, which is kept as seen from the predictions, so that both may move.
    digest
        The digest of its description.
    folder
        The folder of the predictions.
    """
    return {"bundle": os.path.relpath(bundle, folder), "digest": digest}


def source_of(table: str | Path, folder: str | Path) -> dict[str, str]:
    """Return the record of the table of predictions.

    Parameters
    ----------
    table
        The table; a relative path is kept as seen from the predictions, so that both may move.
    folder
        The folder of the predictions.
    """
    moves = not Path(table).is_absolute()
    return {"table": os.path.relpath(table, folder) if moves else str(table)}


def require_same_table(table: str | Path, folder: str | Path) -> None:
    """Check that a folder of predictions is free, or belongs to this table.

    Raises
    ------
    UserError
        If the folder holds predictions of a table at another path.
    """
    try:
        kept = json.loads(Path(folder, SOURCE_FILE).read_text(encoding="utf-8"))["table"]
        there = _seen_from(folder, kept)
    except (OSError, ValueError, KeyError, TypeError):
        return  # the table is unknown
    if os.path.realpath(there) != os.path.realpath(table):
        raise UserError(
            f"{folder} holds the predictions of another table, {there}, than the table of config "
            f"key 'prediction.table', {table}; give the new ones their own folder with "
            f"`prediction: {{name: {Path(folder).name}_2}}`, or remove {folder}"
        )


def outdated_predictions(results: str | Path, renewed: Collection[str] = ()) -> list[str]:
    """Say which predictions among the results were made by a model that has been replaced.

    Parameters
    ----------
    results
        The study's folder of results.
    renewed
        Folders of predictions that this run makes anew.
    """
    tables = sorted(Path(results).glob("predictions/*/predictions.csv"))
    return [
        f"{table} was made by another model than the present one; run predict with its table "
        f"again, or delete {table.parent}"
        for table in tables
        if str(table.parent) not in renewed and not _is_current(table.parent)
    ]


def _is_current(folder: Path) -> bool:
    """Tell whether the model that made the predictions in a folder is still in its place."""
    try:
        origin = json.loads((folder / ORIGIN_FILE).read_text(encoding="utf-8"))
        path = _seen_from(folder, origin["bundle"]) / DOCUMENT_FILE
        digest = json.loads(path.read_text(encoding="utf-8"))["digest"]
        return bool(digest == origin["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return False  # the model is unknown, or no longer there


def _seen_from(folder: str | Path, kept: str) -> Path:
    """Return a path that is kept as seen from a folder, which itself may be reached by a link."""
    return Path(os.path.normpath(Path(folder) / kept))
