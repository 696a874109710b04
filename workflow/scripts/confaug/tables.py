"""Every table of the project: its columns, types and units, declared once.

Tables are written and read through `write_table` and `read_table`, which check them against their
declaration. Parquet and CSV are chosen by the file's ending. Writers are deterministic: the same
rows give the same bytes. Files appear under their final name only when they are complete.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from confaug.errors import UserError

TEXT, INT, FLOAT, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
#: Fixed so that equal rows give equal bytes, whatever the defaults of a pyarrow release.
PARQUET_OPTIONS = {"compression": "zstd", "compression_level": 3, "version": "2.6"}


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
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())
    further: pa.DataType | None = None

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


MOLECULE = Column("molecule", TEXT, "identifier of a unique structure, a hash of its SMILES")
LABEL = Column("label", FLOAT, "measured property", "as configured", nullable=True)
PROTOCOL = Column("protocol", TEXT, "embedding method and force field")
SEED = Column("seed", INT, "number of the repeat job, from 1")
CONFORMER = Column("conformer", INT, "index of the conformer within molecule, protocol and seed")
ENERGY = Column("energy", FLOAT, "force-field energy; empty without one", "kcal/mol", nullable=True)

LEDGER = TableSpec(
    "ledger",
    (
        Column(
            "row", INT, "record number in the input table, the first record after the header is 1"
        ),
        Column("id", TEXT, "identifier given by the user", nullable=True),
        Column("name", TEXT, "name given by the user", nullable=True),
        Column("input_smiles", TEXT, "SMILES as given", nullable=True),
        Column("input_label", TEXT, "label as given", nullable=True),
        Column("status", TEXT, "accepted, merged, conflict or rejected"),
        Column(
            "reason", TEXT, "why the row was not plainly accepted, and what to do", nullable=True
        ),
        Column("warning", TEXT, "what is unusual about an accepted row", nullable=True),
        Column("molecule", TEXT, "the molecule the row belongs to", nullable=True),
        Column("smiles", TEXT, "canonical SMILES of the row", nullable=True),
        Column("label", FLOAT, "label as a number", "as configured", nullable=True),
    ),
    key=("row",),
)

MOLECULES = TableSpec(
    "molecules",
    (
        MOLECULE,
        Column("smiles", TEXT, "canonical SMILES"),
        Column("inchikey", TEXT, "standard InChIKey; empty where InChI has none", nullable=True),
        Column("group", TEXT, "molecules of one group stay on one side of every split"),
        Column("id", TEXT, "identifier of the first input row of the molecule", nullable=True),
        Column("name", TEXT, "name of the first input row of the molecule", nullable=True),
        LABEL,
        Column("n_rows", INT, "input rows merged into the molecule"),
        Column("n_heavy_atoms", INT, "heavy atoms"),
        Column("n_components", INT, "disconnected components"),
        Column("fixed_part", TEXT, "train or test where the user fixed the split", nullable=True),
    ),
    key=("molecule",),
)

SPLIT = TableSpec(
    "split",
    (
        MOLECULE,
        Column("group", TEXT, "group that stays together"),
        Column("part", TEXT, "train or test"),
        Column("fold", INT, "cross-validation fold of a training molecule, from 0", nullable=True),
    ),
    key=("molecule",),
)

SHARD = TableSpec(
    "shard",
    (MOLECULE, Column("smiles", TEXT, "canonical SMILES")),
    key=("molecule",),
)

FAILURES = TableSpec(
    "failures",
    (
        Column("stage", TEXT, "rule in which it happened"),
        MOLECULE,
        Column("protocol", TEXT, "protocol, where one was at work", nullable=True),
        Column("seed", INT, "seed, where one was at work", nullable=True),
        Column(
            "conformer", INT, "conformer; empty where all of the molecule are meant", nullable=True
        ),
        Column("reason", TEXT, "what could not be had, and why"),
    ),
)

CONFORMERS = TableSpec(
    "conformers",
    (
        MOLECULE,
        Column(
            "smiles",
            TEXT,
            "canonical SMILES; with hydrogens added in RDKit's order, it gives the atoms",
        ),
        Column("atomic_numbers", pa.list_(pa.uint8()), "elements in the order of the coordinates"),
        Column("conformer", pa.list_(pa.int64()), "index of each conformer"),
        Column("energy", pa.list_(pa.float64()), "force-field energy; NaN without one", "kcal/mol"),
        Column("converged", pa.list_(pa.bool_()), "minimisation converged, or none was asked for"),
        Column("steps", pa.list_(pa.int64()), "limit of minimisation steps that was granted"),
        Column(
            "method",
            pa.list_(pa.string()),
            "how the conformer was embedded: as asked, or which fall-back",
        ),
        Column(
            "coordinates",
            pa.list_(pa.float64()),
            "x, y, z of every atom of every conformer, flat",
            "Å",
        ),
    ),
    key=("molecule",),
)

DESCRIPTORS_2D = TableSpec("2D descriptors", (MOLECULE,), key=("molecule",), further=FLOAT)

DESCRIPTORS_3D = TableSpec(
    "3D descriptors",
    (MOLECULE, PROTOCOL, SEED, CONFORMER, ENERGY),
    key=("molecule", "protocol", "seed", "conformer"),
    further=FLOAT,
)

AUGMENTED = TableSpec(
    "augmented table",
    (
        MOLECULE,
        Column(
            "protocol",
            TEXT,
            "protocol; empty in the one row of a molecule without conformers",
            nullable=True,
        ),
        Column("seed", INT, "number of the repeat job", nullable=True),
        Column("conformer", INT, "index within molecule, protocol and seed", nullable=True),
        LABEL,
        ENERGY,
    ),
    key=("molecule", "protocol", "seed", "conformer"),
    further=FLOAT,
)

DISTRIBUTION = TableSpec("distribution table", (MOLECULE, LABEL), key=("molecule",), further=FLOAT)

PREDICTIONS = TableSpec(
    "predictions",
    (
        MOLECULE,
        Column("part", TEXT, "train (seen), cross_validation (out of fold) or test (held out)"),
        Column("label", FLOAT, "measured property", "as configured", nullable=True),
        Column("prediction", FLOAT, "prediction pooled over the molecule's rows", "as configured"),
        Column(
            "spread",
            FLOAT,
            "standard deviation over the molecule's rows; 0 for one row",
            "as configured",
        ),
        Column("n_rows", INT, "rows that were pooled"),
    ),
    key=("molecule", "part"),
)

METRICS = TableSpec(
    "metrics",
    (
        Column("part", TEXT, "train, cross_validation or test"),
        Column("level", TEXT, "molecule (pooled) or row"),
        Column("n", INT, "molecules or rows"),
        Column("mae", FLOAT, "mean absolute error", "as configured"),
        Column("rmse", FLOAT, "root mean square error", "as configured"),
        Column(
            "r2",
            FLOAT,
            "coefficient of determination; empty when labels are all equal",
            nullable=True,
        ),
        Column(
            "relative_error",
            FLOAT,
            "mean of |error / label|; empty when a label is 0",
            nullable=True,
        ),
    ),
    key=("part", "level"),
)


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Give a temporary name beside `path`, renamed to it when the body ends without an error.

    A reader therefore never sees a half-written file under its final name.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def check_table(table: pa.Table, spec: TableSpec) -> pa.Table:
    """Bring a table to its declared column order and types.

    Raises
    ------
    ValueError
        If a column is missing or undeclared, has values of another type or is empty where it must
        not be, or if two rows share a key.
    """
    further = [name for name in table.column_names if name not in set(spec.names)]
    missing = [name for name in spec.names if name not in table.column_names]
    if missing:
        raise ValueError(f"table {spec.name} lacks the column {missing[0]!r}")
    schema = spec.schema(further)
    try:
        table = table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ValueError(f"table {spec.name} does not match its declaration: {error}") from error
    for column in spec.columns:
        if not column.nullable and table[column.name].null_count:
            raise ValueError(f"table {spec.name} has empty values in column {column.name!r}")
    if spec.key and table.group_by(list(spec.key)).aggregate([]).num_rows != table.num_rows:
        raise ValueError(f"table {spec.name} has two rows with the same {', '.join(spec.key)}")
    return table.replace_schema_metadata(None)


def write_table(table: pa.Table, path: str | Path, spec: TableSpec) -> None:
    """Check a table and write it, as CSV or Parquet by the ending of `path`, in one step."""
    table = check_table(table, spec)
    with atomic_path(path) as temporary:
        if Path(path).suffix == ".csv":
            from pyarrow import csv

            csv.write_csv(table, temporary, csv.WriteOptions(quoting_style="needed"))
        else:
            pq.write_table(table, temporary, **PARQUET_OPTIONS)


def read_table(path: str | Path, spec: TableSpec, columns: list[str] | None = None) -> pa.Table:
    """Read a table that `write_table` wrote and check it.

    Parameters
    ----------
    columns
        Undeclared columns to read besides the declared ones; None reads all. Parquet only.

    Raises
    ------
    UserError
        If the file is not what its declaration says, for example because it was edited.
    """
    try:
        if Path(path).suffix == ".csv":
            table = _read_csv(path, spec)
        else:
            names = None if columns is None else [*spec.names, *columns]
            table = pq.read_table(path, columns=names, partitioning=None)
        return check_table(table, spec)
    except (ValueError, pa.ArrowException) as error:
        raise UserError(
            f"{path} cannot be used as a {spec.name} table ({error}); delete it and run again"
        ) from error


def _read_csv(path: str | Path, spec: TableSpec) -> pa.Table:
    """Read CSV with the declared types; empty fields are nulls, quoted or not."""
    from pyarrow import csv

    return csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={column.name: column.type for column in spec.columns},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


@contextmanager
def stream_parquet(path: str | Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file piece by piece; it appears when the body ends without an error."""
    with (
        atomic_path(path) as temporary,
        pq.ParquetWriter(temporary, schema, **PARQUET_OPTIONS) as writer,
    ):
        yield writer
