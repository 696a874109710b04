"""Open a user's file as a table, if it can be one."""

import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.text import quoted
from confaug.molecules.reading.rows import MAX_BYTES
from confaug.molecules.reading.text_table import TextTable
from confaug.molecules.reading.workbook import SheetTable


def require_file(path: Path, section: str = "input") -> None:
    """Refuse a path that is not a readable file, or that is too large for a table of molecules.

    Raises
    ------
    UserError
        If it is.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError(f"the table {path} is a folder; name a file in it")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait forever
            raise UserError(f"the table {path} is not a regular file; save it as one")
        path.open("rb").close()
    except FileNotFoundError:
        hint = "give its path" if section.startswith("--") else f"see {section}: table"
        raise UserError(f"the table {path} does not exist; {hint}") from None
    except OSError as error:
        raise UserError(f"the table {path} cannot be read: {error.strerror}") from None
    if status.st_size > MAX_BYTES:
        raise UserError(
            f"{path} has {status.st_size:,} bytes, more than the limit of {MAX_BYTES:,}; remove "
            "columns that are not used, or divide the table"
        )


def is_workbook(path: Path) -> bool:
    """Tell from the ending of a file whether it is an Excel workbook."""
    return path.suffix.lower() in (".xlsx", ".xlsm")


def open_table(
    path: Path, roles: Mapping[str, str], columns: Mapping[str, Any] = MappingProxyType({})
) -> TextTable | SheetTable:
    """Open a file as what its ending says it is."""
    header_row, sheet = columns.get("header_row"), columns.get("sheet")
    if is_workbook(path):
        return SheetTable(path, header_row, sheet)
    if sheet is not None:
        raise UserError(
            f"{path} is a text table and has no sheet {quoted(sheet)}; remove input: sheet"
        )
    return TextTable(path, roles.values(), header_row)
