"""Outputs that somebody has edited since they were written, told by digests in their records."""

import hashlib
import json
from pathlib import Path

#: Files that people open and save again; the others carry checksums or are pictures.
EDITABLE = (".csv", ".json", ".txt")
#: Larger ones are not read for this, in bytes.
LARGEST = 10_000_000


def digest_of(path: str | Path) -> str | None:
    """Return the SHA-256 of a small text file; None for any other, and for one that is gone."""
    path = Path(path)
    try:
        if path.suffix not in EDITABLE or path.stat().st_size > LARGEST:
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def edited_outputs(results: str | Path, records: str) -> list[str]:
    """Name, in one line, the outputs that are no longer as the program wrote them.

    Nothing is made again for that: whoever opens a table and saves it unchanged in another notation
    would lose hours of learning.

    Parameters
    ----------
    results
        The folder of results.
    records
        Name of the folder of the records in it.

    Returns
    -------
    list of str
        One line, or none if there is no such output.
    """
    folder = Path(results, records)
    records_of = {
        Path(results, record.relative_to(folder).with_suffix("")): record
        for suffix in EDITABLE
        for record in folder.rglob(f"*{suffix}.json")
    }
    paths = [output for output, record in records_of.items() if _is_edited(output, record)]
    if not paths:
        return []
    others = f" (so are {len(paths) - 1} more)" if len(paths) > 1 else ""
    return [
        f"{min(paths)} has changed since this program wrote it{others}; what is made from it takes "
        "it as it is. Delete it, and it is made again"
    ]


def _is_edited(output: Path, record: Path) -> bool:
    """Tell whether an output is there, but not as its record knows it."""
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # nothing is known
    found = digest_of(output)
    return None not in (noted, found) and noted != found
