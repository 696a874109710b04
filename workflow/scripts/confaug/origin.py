"""Which model made predictions, and whether it is still the one that lies where it came from."""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from confaug.bundle_files import DOCUMENT_FILE

#: Beside `predictions.csv`.
ORIGIN_FILE = "model.json"


def origin_of(
    bundle: str | Path, document: Mapping[str, Any], folder: str | Path
) -> dict[str, str]:
    """Return what is kept beside predictions about the model that made them.

    Parameters
    ----------
    bundle
        The bundle's folder, which is kept as seen from the predictions, so that both may move.
    document
        Its description.
    folder
        The folder of the predictions.
    """
    return {"bundle": os.path.relpath(bundle, folder), "digest": str(document["digest"])}


def outdated_predictions(results: str | Path, renewed: Collection[str] = ()) -> list[str]:
    """Say which predictions among the results were made by a model that is no longer there.

    Parameters
    ----------
    results
        The study's folder of results.
    renewed
        Folders of predictions that this run makes anew.
    """
    tables = sorted(Path(results).glob("predictions/*/predictions.csv"))
    return [
        f"{table} was made by another model than the one that is there now; run predict with its "
        f"table again, or delete {table.parent}"
        for table in tables
        if str(table.parent) not in renewed and not _is_current(table.parent)
    ]


def _is_current(folder: Path) -> bool:
    """Tell whether the model that made the predictions in a folder lies where it did."""
    try:
        origin = json.loads((folder / ORIGIN_FILE).read_text(encoding="utf-8"))
        path = folder / origin["bundle"] / DOCUMENT_FILE
        digest = json.loads(path.read_text(encoding="utf-8"))["digest"]
        return bool(digest == origin["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return False  # nothing tells which model it was, or that model has gone
