"""Tables with declared columns: checked on writing and on reading.

Tables are written and read through `write_table` and `read_table`, which check them against their
specification. Parquet and CSV are chosen by the file's ending. Writers are deterministic: the same
rows give the same bytes. Files appear under their final name only when they are complete.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path
from confaug.tables.formulas import escape_columns, unescape_columns
from confaug.tables.parquet import checked_writer, read_parquet

TEXT, INT, FLOAT, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
#: Fixed so that equal rows give equal bytes, whatever the defaults of pyarrow are.
PARQUET_OPTIONS = {"compression": "zstd", "compression_level": 3, "version": "2.6"}
#: Of a CSV file that is read in pieces; a row must fit into one.
PIECE_BYTES = 4 << 20


@dataclass(frozen=True)
class Column:
    """One declared column: name, Arrow type, meaning, unit, and whether it may be empty."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False

    @property
    def field(self) -> pa.Field:
        """The column as an Arrow field."""
        return pa.field(self.name, self.type, self.nullable)


@dataclass(frozen=True)
class TableSpec:
    """A declared table.

    Attributes
    ----------
    name
        What messages call the table.
    columns
        The declared columns, in order.
    key
        Columns that together identify a row; no two rows may share them.
    further
        Type of undeclared columns that may follow (descriptors); None forbids them.
    continuous
        Columns of numbers that hardly ever repeat; "*" stands for the undeclared ones. Parquet
        stores them byte by byte (all first bytes, then all second bytes), which compresses them a
        quarter better than a dictionary.
    files
        Where tables of this kind lie below the folder of results; wildcards stand in braces.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())
    further: pa.DataType | None = None
    continuous: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the declared columns."""
        return [column.name for column in self.columns]

    def schema(self, further: list[str] | tuple[str, ...] = ()) -> pa.Schema:
        """Return the Arrow schema, with the given undeclared columns appended."""
        if further and self.further is None:
            raise ValueError(f"table {self.name} takes no further columns, got {further[0]!r}")
        fields = [column.field for column in self.columns]
        return pa.schema(fields + [pa.field(name, self.further) for name in further])


def check_table(table: pa.Table, spec: TableSpec) -> pa.Table:
    """Return a table with its declared column order and types.

    Raises
    ------
    ValueError
        If a column is missing, undeclared, of another type, or empty where it must not be, or if
        two rows share a key.
    """
    declared, held = set(spec.names), set(table.column_names)
    further = [name for name in table.column_names if name not in declared]
    missing = [name for name in spec.names if name not in held]
    if missing:
        raise ValueError(f"table {spec.name} lacks the column {missing[0]!r}")
    for column in spec.columns:
        if not column.nullable and table[column.name].null_count:
            raise ValueError(f"table {spec.name} has empty values in column {column.name!r}")
    schema = spec.schema(further)
    try:
        table = table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ValueError(f"table {spec.name} does not match its declaration: {error}") from error
    if spec.key and table.group_by(list(spec.key)).aggregate([]).num_rows != table.num_rows:
        raise ValueError(f"table {spec.name} has two rows with the same {', '.join(spec.key)}")
    return table.replace_schema_metadata(None)


def write_table(table: pa.Table, path: str | Path, spec: TableSpec) -> None:
    """Check a table and write it, as CSV or Parquet by the ending of `path`, in one step."""
    table = check_table(table, spec)
    with atomic_path(path) as temporary:
        if Path(path).suffix == ".csv":
            from pyarrow import csv

            csv.write_csv(escape_columns(table), temporary, csv_options())
        else:
            further = set(table.column_names) - set(spec.names) if "*" in spec.continuous else set()
            options = parquet_options(table.schema, further.union(spec.continuous))
            with checked_writer(temporary, table.schema, **options) as writer:
                writer.write_table(table)


def csv_options() -> Any:
    """Return the writer's options for CSV."""
    from pyarrow import csv

    return csv.WriteOptions(quoting_style="needed")


def parquet_options(schema: pa.Schema, continuous: Collection[str] = ()) -> dict[str, Any]:
    """Return the writer's options for a table, given which of its columns are continuous."""
    continuous = set(continuous)  # a list of some thousand names would be searched for each column
    paths = {
        entry.name: f"{entry.name}.list.element" if pa.types.is_list(entry.type) else entry.name
        for entry in schema
    }
    split = [path for name, path in paths.items() if name in continuous]
    if not split:
        return dict(PARQUET_OPTIONS)
    repeating = [path for name, path in paths.items() if name not in continuous]
    return {**PARQUET_OPTIONS, "use_dictionary": repeating, "use_byte_stream_split": split}


def read_table(path: str | Path, spec: TableSpec, columns: list[str] | None = None) -> pa.Table:
    """Read a table that `write_table` wrote and check it.

    Parameters
    ----------
    columns
        Undeclared columns to read besides the declared ones; None reads all. Parquet only.

    Raises
    ------
    UserError
        If the file does not match its declaration, for example because it was edited.
    """
    try:
        if Path(path).suffix == ".csv":
            table = _read_csv(path, spec)
        else:
            names = None if columns is None else [*spec.names, *columns]
            table = read_parquet(path, names)
        return check_table(table, spec)
    except (ValueError, pa.ArrowException) as error:
        raise _unusable(path, spec, error) from error


def read_in_pieces(path: str | Path, spec: TableSpec) -> Iterator[pa.Table]:
    """Read a CSV file that `write_table` or `stream_csv` wrote piece by piece, and check each.

    Raises
    ------
    UserError
        If the file does not match its declaration.
    """
    from pyarrow import csv

    try:
        with csv.open_csv(path, **_csv_reading(spec, PIECE_BYTES)) as reader:
            for batch in reader:
                yield check_table(unescape_columns(pa.Table.from_batches([batch])), spec)
    except (ValueError, pa.ArrowException) as error:
        raise _unusable(path, spec, error) from error


def _unusable(path: str | Path, spec: TableSpec, error: Exception) -> UserError:
    """Say that a file does not match its declaration."""
    return UserError(
        f"{path} cannot be used as a {spec.name} table ({error}); delete it and run again"
    )


def _read_csv(path: str | Path, spec: TableSpec) -> pa.Table:
    """Read CSV with the declared types."""
    from pyarrow import csv

    return unescape_columns(csv.read_csv(path, **_csv_reading(spec)))


def _csv_reading(spec: TableSpec, piece: int | None = None) -> dict[str, Any]:
    """Return the reader's options for CSV: declared types; empty fields are nulls, quoted or not.

    Parameters
    ----------
    piece
        Bytes that are read at a time; by default what the reader thinks best.
    """
    from pyarrow import csv

    return {
        "read_options": csv.ReadOptions(block_size=piece),
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": csv.ConvertOptions(
            column_types={column.name: column.type for column in spec.columns},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    }


@contextmanager
def stream_parquet(
    path: str | Path, schema: pa.Schema, continuous: Collection[str] = ()
) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file piece by piece; it appears if the body raises no error.

    Parameters
    ----------
    continuous
        Columns of numbers that hardly ever repeat (see `TableSpec`).
    """
    with (
        atomic_path(path) as temporary,
        checked_writer(temporary, schema, **parquet_options(schema, continuous)) as writer,
    ):
        yield writer


@contextmanager
def stream_csv(
    path: str | Path, spec: TableSpec, further: Sequence[str] = ()
) -> Iterator[Callable[[pa.Table], None]]:
    """Write a CSV file piece by piece; it appears if the body raises no error.

    The context gives a function that writes a piece. Each piece is checked by itself; the caller
    ensures that keys are unique across pieces.

    Parameters
    ----------
    further
        Undeclared columns that follow the declared ones.
    """
    from pyarrow import csv

    schema = spec.schema(tuple(further))
    with (
        atomic_path(path) as temporary,
        csv.CSVWriter(temporary, schema, write_options=csv_options()) as writer,
    ):
        yield lambda piece: writer.write_table(escape_columns(check_table(piece, spec)))
