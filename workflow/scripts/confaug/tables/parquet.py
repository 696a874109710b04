"""Write and open Parquet files with checksums, so that damage is noticed.

Pages of values carry Parquet's own checksums, which are verified when they are read. The footer
says where pages are, and the number and type of their values, but Parquet has no checksum for it.
It therefore carries one as metadata, which is verified whenever the file is opened. Headers of
pages have no checksum; damage to them can only hide rows, which are counted.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from confaug.errors import UserError

#: The checksum in the footer; it is calculated with zeros in its place.
_SEAL = b"footer CRC-32 "
_BLANK = _SEAL + b"0" * 8
_SEALED = re.compile(re.escape(_SEAL) + b"([0-9a-f]{8})")
#: A Parquet file ends with the length of its footer and these letters.
_TAIL = struct.Struct("<I4s")
_MAGIC = b"PAR1"


@contextmanager
def checked_writer(path: Path, schema: pa.Schema, **options: Any) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file whose pages and footer carry checksums."""
    with pq.ParquetWriter(path, schema, write_page_checksum=True, **options) as writer:
        yield writer
        writer.add_key_value_metadata({"confaug": _BLANK.decode()})
    with path.open("rb+") as file:
        footer = _read_footer(file)
        if footer.count(_BLANK) != 1:
            raise ValueError(f"{path} has no place for the checksum of its footer")
        place = file.tell() - len(footer) + footer.index(_BLANK) + len(_SEAL)
        file.seek(place)
        file.write(f"{zlib.crc32(footer):08x}".encode())


def read_parquet(path: str | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file at once.

    Raises
    ------
    UserError
        If the file is damaged, or lacks a column.
    """
    file = CheckedFile(path)
    lacking = set(columns or ()) - set(file.schema_arrow.names)
    if lacking:
        raise UserError(f"{path} lacks the column {min(lacking)!r}; delete it and run again")
    return file.read(columns)


class CheckedFile(pq.ParquetFile):
    """A Parquet file that is read in pieces.

    Raises
    ------
    UserError
        From every method that reads, if the file is damaged.
    """

    def __init__(self, path: str | Path, **options: Any) -> None:
        self.path = path
        with damage_named(path):
            check_footer(path)
            super().__init__(path, page_checksum_verification=True, **options)

    def read(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read some columns."""
        with damage_named(self.path):
            table = super().read(columns)
            _check_rows(table.num_rows, self.metadata.num_rows)
            return table

    def read_row_group(self, group: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Read some columns of one row group."""
        with damage_named(self.path):
            table = super().read_row_group(group, columns)
            _check_rows(table.num_rows, self.metadata.row_group(group).num_rows)
            return table

    def iter_batches(
        self, rows: int, row_groups: Sequence[int] | None = None, **options: Any
    ) -> Iterator[pa.RecordBatch]:
        """Read row groups in batches of some rows."""
        groups = range(self.num_row_groups) if row_groups is None else row_groups
        missing = sum(self.metadata.row_group(group).num_rows for group in groups)
        batches = super().iter_batches(rows, row_groups=list(groups), **options)
        with damage_named(self.path):
            for batch in batches:
                missing -= batch.num_rows
                yield batch
            _check_rows(-missing, 0)


@contextmanager
def damage_named(path: str | Path) -> Iterator[None]:
    """Turn the error of pyarrow for a damaged file into a sentence that names the file.

    Raises
    ------
    UserError
        If the body cannot read the content of the file; errors of the disk are not changed.
    """
    try:
        yield
    except (ValueError, OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(f"{path} is damaged ({first}); delete it and run again") from error


def check_footer(path: str | Path) -> None:
    """Check the footer of a Parquet file against its checksum; a file without one passes.

    Raises
    ------
    ValueError
        If they differ, or if there is no footer.
    """
    with Path(path).open("rb") as file:
        footer = _read_footer(file)
    found = _SEALED.search(footer)
    if found and zlib.crc32(footer.replace(found[0], _BLANK)) != int(found[1], 16):
        raise ValueError("the checksum of its footer is wrong")


def _check_rows(found: int, expected: int) -> None:
    """Check that no rows are missing."""
    if found != expected:
        raise ValueError(f"it lacks {expected - found} rows")


def _read_footer(file: Any) -> bytes:
    """Return the footer of an open file, and leave the file at the footer's end."""
    size = file.seek(0, 2)
    if size < _TAIL.size:
        raise ValueError("it is cut short")
    file.seek(-_TAIL.size, 2)
    length, magic = _TAIL.unpack(file.read(_TAIL.size))
    if magic != _MAGIC or length + _TAIL.size > size:
        raise ValueError("it does not end as a Parquet file")
    file.seek(-_TAIL.size - length, 2)
    footer: bytes = file.read(length)
    return footer
