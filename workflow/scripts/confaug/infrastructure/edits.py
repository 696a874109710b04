"""Outputs that were edited after they were written, found by the digests in their records."""

import hashlib
import json
from pathlib import Path

#: Files that people edit; the others carry checksums or are pictures.
EDITABLE = (".csv", ".json", ".txt")
#: Larger files are not checked, in bytes.
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

    They are not made again: a table that was opened and saved in another notation would cost hours
    of learning.

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
    others = f" (and so have {len(paths) - 1} more)" if len(paths) > 1 else ""
    return [
        f"{min(paths)} has changed since this program wrote it{others}; the rules that read it "
        "use it as it is. To have it made again, delete it"
    ]


def _is_edited(output: Path, record: Path) -> bool:
    """Tell whether an output exists with another digest than that of its record."""
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # nothing is known
    found = digest_of(output)
    return None not in (noted, found) and noted != found
