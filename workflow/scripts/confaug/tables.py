"""Every table of the project: its columns, types and units, declared once.

Tables are written and read through `write_table` and `read_table`, which check them against their
declaration. Parquet and CSV are chosen by the file's ending. Writers are deterministic: the same
rows give the same bytes. Files appear under their final name only when they are complete.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from confaug.errors import UserError
from confaug.files import atomic_path, write_text
from confaug.formulas import escape_columns, unescape_columns
from confaug.parquet import checked_writer, read_parquet

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
    continuous
        Columns of numbers that hardly ever repeat; "*" stands for the undeclared ones. Parquet
        stores them byte by byte (all first bytes, then all second bytes), which compresses a
        quarter better than a dictionary that does not pay.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())
    further: pa.DataType | None = None
    continuous: tuple[str, ...] = ()

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
            "row",
            INT,
            "row of the input table as a spreadsheet program numbers it; in a text file the line "
            "in which the record begins",
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
        Column(
            "occurrences",
            INT,
            "how often the row stood in the source of the table, if a column says so",
            nullable=True,
        ),
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
        Column("id", TEXT, "identifier of the row that stands for the molecule", nullable=True),
        Column("name", TEXT, "name of the row that stands for the molecule", nullable=True),
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
    continuous=("coordinates", "energy"),
)

DESCRIPTORS_2D = TableSpec("2D descriptors", (MOLECULE,), key=("molecule",), further=FLOAT)

DESCRIPTORS_3D = TableSpec(
    "3D descriptors",
    (MOLECULE, PROTOCOL, SEED, CONFORMER, ENERGY),
    key=("molecule", "protocol", "seed", "conformer"),
    further=FLOAT,
    continuous=("energy", "*"),
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
        Column(
            "part",
            TEXT,
            "train (seen), cross_validation (out of fold), test (held out) or unlabelled",
        ),
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

VARIANT = Column("variant", TEXT, "name of the variant in the configuration")
REPLICATE = Column("replicate", INT, "number of the random split, from 1")
LOW = Column("low", FLOAT, "lower end of the interval", "as configured", nullable=True)
HIGH = Column("high", FLOAT, "upper end of the interval", "as configured", nullable=True)

VARIANT_SUMMARY = TableSpec(
    "variant summary",
    (
        VARIANT,
        Column("replicates", INT, "different splits; replicates with the same parts are one"),
        Column("molecules", INT, "molecules that were held out at least once"),
        Column("mae", FLOAT, "mean over replicates of the test MAE", "as configured"),
        LOW,
        HIGH,
        Column(
            "replicate_sd",
            FLOAT,
            "standard deviation of the test MAE between replicates; empty with one replicate",
            "as configured",
            nullable=True,
        ),
        Column("rmse", FLOAT, "mean over replicates of the test RMSE", "as configured"),
        Column("r2", FLOAT, "mean over replicates of the test R2", nullable=True),
        Column("relative_error", FLOAT, "mean of |error / label|, test", nullable=True),
        Column(
            "mae_cross_validation",
            FLOAT,
            "mean over replicates of the out-of-fold MAE",
            "as configured",
            nullable=True,
        ),
        Column(
            "mae_train",
            FLOAT,
            "mean over replicates of the MAE on seen molecules",
            "as configured",
            nullable=True,
        ),
    ),
    key=("variant",),
)

PAIRED_DIFFERENCES = TableSpec(
    "paired differences",
    (
        VARIANT,
        Column("reference", TEXT, "variant that is compared against"),
        Column("difference", FLOAT, "MAE minus MAE of the reference, test", "as configured"),
        LOW,
        HIGH,
        Column(
            "standard_error",
            FLOAT,
            "standard error of the difference",
            "as configured",
            nullable=True,
        ),
        Column("p_value", FLOAT, "two-sided, no difference", nullable=True),
        Column(
            "low_resampled",
            FLOAT,
            "lower end by the corrected resampled t statistic",
            "as configured",
            nullable=True,
        ),
        Column(
            "high_resampled",
            FLOAT,
            "upper end by the corrected resampled t statistic",
            "as configured",
            nullable=True,
        ),
        Column("relative_difference", FLOAT, "difference / MAE of the reference", nullable=True),
        Column(
            "difference_cross_validation",
            FLOAT,
            "difference of the out-of-fold MAE",
            "as configured",
            nullable=True,
        ),
        Column("replicates", INT, "different splits; replicates with the same parts are one"),
        Column("replicates_better", INT, "splits in which the variant has the lower test MAE"),
        Column("molecules", INT, "molecules that were held out at least once"),
        Column("molecules_better", INT, "molecules with a lower mean |error| than the reference's"),
        Column("molecules_worse", INT, "molecules with a higher mean |error| than the reference's"),
        Column("verdict", TEXT, "helped, no_difference or hurt"),
    ),
    key=("variant", "reference"),
)

REPLICATE_ERRORS = TableSpec(
    "errors by replicate",
    (
        VARIANT,
        REPLICATE,
        Column("train_molecules", INT, "training molecules"),
        Column("test_molecules", INT, "held-out molecules"),
        Column("mae", FLOAT, "test MAE", "as configured"),
        Column(
            "difference",
            FLOAT,
            "test MAE minus that of the reference variant",
            "as configured",
            nullable=True,
        ),
    ),
    key=("variant", "replicate"),
)

MOLECULE_ERRORS = TableSpec(
    "errors by molecule",
    (
        VARIANT,
        MOLECULE,
        Column("tests", INT, "replicates in which the molecule was held out"),
        Column("label", FLOAT, "measured property", "as configured"),
        Column("mean_error", FLOAT, "mean of prediction minus label", "as configured"),
        Column("mean_absolute_error", FLOAT, "mean of |prediction - label|", "as configured"),
        Column(
            "difference",
            FLOAT,
            "mean |error| minus that of the reference variant",
            "as configured",
            nullable=True,
        ),
    ),
    key=("variant", "molecule"),
)

ROW_SPLIT_ERRORS = TableSpec(
    "row-wise against grouped splits",
    (
        Column("rows", TEXT, "what the rows are, and how many of them train"),
        Column("split_by", TEXT, "row (misleading) or molecule (honest)"),
        Column("draw", INT, "number of the random split, from 1"),
        Column("train_rows", INT, "rows in training"),
        Column("test_rows", INT, "rows in the test"),
        Column("train_molecules", INT, "molecules with a row in training"),
        Column("test_molecules", INT, "molecules with a row in the test"),
        Column("share_seen", FLOAT, "share of test rows whose molecule is also in training"),
        Column("mae", FLOAT, "mean absolute error over test rows", "as configured"),
        Column("relative_error", FLOAT, "mean of |error / label|, empty with a 0", nullable=True),
    ),
    key=("rows", "split_by", "draw"),
)

LEARNING_CURVES = TableSpec(
    "learning curves",
    (
        Column("axis", TEXT, "what is made smaller: conformers, protocols or molecules"),
        Column(
            "level",
            TEXT,
            "conformers per molecule, a protocol's name or all, or training molecules",
        ),
        Column("order", INT, "place of the level on its axis, from 0"),
        REPLICATE,
        Column("rows", INT, "training rows"),
        Column("train_molecules", INT, "training molecules"),
        Column("mae", FLOAT, "test MAE, pooled", "as configured"),
    ),
    key=("axis", "level", "replicate"),
)

PERMUTATION_ERRORS = TableSpec(
    "errors under permuted labels",
    (
        Column("permutation", INT, "number of the permutation; 0 is the true labels"),
        Column("mae", FLOAT, "mean absolute error", "as configured"),
    ),
    key=("permutation",),
)

INTERVALS = TableSpec(
    "prediction intervals",
    (
        MOLECULE,
        LABEL,
        Column("prediction", FLOAT, "prediction pooled over the molecule", "as configured"),
        LOW,
        HIGH,
        Column("covered", BOOL, "the label is in the interval; empty without", nullable=True),
    ),
    key=("molecule",),
)

COVERAGE = TableSpec(
    "coverage of prediction intervals",
    (
        VARIANT,
        REPLICATE,
        Column("target", FLOAT, "coverage that was asked for"),
        Column("calibration_molecules", INT, "out-of-fold residuals behind the intervals"),
        Column("test_molecules", INT, "held-out molecules"),
        Column("covered", INT, "held-out molecules whose label is in their interval"),
        Column("coverage", FLOAT, "covered / test_molecules"),
        Column("expected_low", FLOAT, "2.5 % quantile of the coverage if theory holds"),
        Column("expected_high", FLOAT, "97.5 % quantile of the coverage if theory holds"),
        Column("median_width", FLOAT, "median width of the intervals", "as configured"),
        Column("scaled", BOOL, "widths follow the spread over a molecule's rows"),
    ),
    key=("variant", "replicate"),
)

DOMAIN = TableSpec(
    "applicability domain",
    (
        MOLECULE,
        Column("prediction", FLOAT, "prediction", "as configured", nullable=True),
        Column("distance", FLOAT, "mean distance to the nearest training molecules"),
        Column("distance_limit", FLOAT, "95 % of training molecules are nearer to the others"),
        Column("similarity", FLOAT, "Tanimoto similarity to the most similar training molecule"),
        Column("similarity_limit", FLOAT, "95 % of training molecules are more similar"),
        Column("far_in_descriptors", BOOL, "distance above its limit"),
        Column("unlike_training", BOOL, "similarity below its limit"),
        Column("edge_of_labels", BOOL, "prediction at or beyond the edge of training labels"),
        Column("flags", TEXT, "the flags in words, empty inside the domain", nullable=True),
    ),
    key=("molecule",),
)

NEIGHBOURS = TableSpec(
    "nearest training molecules",
    (
        MOLECULE,
        Column("rank", INT, "1 is the most similar"),
        Column("neighbour", TEXT, "a training molecule"),
        Column("similarity", FLOAT, "Tanimoto similarity of Morgan fingerprints"),
        Column("neighbour_label", FLOAT, "its label", "as configured"),
    ),
    key=("molecule", "rank"),
)

IMPORTANCE = TableSpec(
    "importance of descriptors",
    (
        Column("descriptor", TEXT, "descriptor"),
        Column("dimension", TEXT, "2D or 3D"),
        Column("family", TEXT, "family of descriptors"),
        Column("importance", FLOAT, "mean |SHAP value|, molecules weigh the same", "as configured"),
        Column("share", FLOAT, "share of the sum over descriptors"),
    ),
    key=("descriptor",),
)

GROUP_IMPORTANCE = TableSpec(
    "importance of descriptor groups",
    (
        Column("grouping", TEXT, "family or dimension"),
        Column("name", TEXT, "family, or 2D or 3D"),
        Column("descriptors", INT, "descriptors in the group"),
        Column("summed", FLOAT, "sum of the descriptors' mean |SHAP value|", "as configured"),
        Column("share", FLOAT, "share of the sum over groups"),
        Column("joint", FLOAT, "mean |sum of SHAP values over the group|", "as configured"),
    ),
    key=("grouping", "name"),
)

DESCRIPTOR_HEALTH = TableSpec(
    "health of descriptors",
    (
        Column("descriptor", TEXT, "descriptor"),
        Column("dimension", TEXT, "2D or 3D"),
        Column("family", TEXT, "family of descriptors"),
        Column("molecules", INT, "molecules with at least one value"),
        Column("missing", FLOAT, "share of rows without a value"),
        Column("constant", BOOL, "no variation between rows, or no value at all"),
        Column("between", FLOAT, "variance component between molecules", "squared", nullable=True),
        Column("within", FLOAT, "variance component within molecules", "squared", nullable=True),
        Column("within_share", FLOAT, "within / (between + within)", nullable=True),
    ),
    key=("descriptor",),
)

FITS = TableSpec(
    "fits",
    (
        Column("fit", TEXT, "`final`, or `fold N` for the one that fold N was left out of"),
        Column("molecule", TEXT, "a molecule that the fit was given"),
        Column("rows", INT, "rows of the molecule that it was given"),
        Column(
            "seen",
            INT,
            "rows that filters, scalers or bins of the whole fit count; empty if it has none",
            nullable=True,
        ),
    ),
    key=("fit", "molecule"),
)

SUSPECTS = TableSpec(
    "suspects of wrong labels",
    (
        MOLECULE,
        Column("kind", TEXT, "unlike_neighbours, unlike_all_labels or contradictory_rows"),
        LABEL,
        Column("expected", FLOAT, "out-of-fold prediction", "as configured", nullable=True),
        Column("score", FLOAT, "|residual| / robust standard deviation", nullable=True),
        Column("reason", TEXT, "why the label is suspected, in words"),
    ),
    key=("molecule", "kind"),
)

N_SHOWN_NEIGHBOURS = 3


def _neighbour_columns(rank: int) -> tuple[Column, ...]:
    """Return the columns about one of the nearest training molecules."""
    which = f"neighbour_{rank}"
    return (
        Column(f"{which}_id", TEXT, "identifier given by the user", nullable=True),
        Column(f"{which}_name", TEXT, "name given by the user", nullable=True),
        Column(f"{which}_smiles", TEXT, "canonical SMILES", nullable=True),
        Column(f"{which}_similarity", FLOAT, "Tanimoto similarity", nullable=True),
        Column(f"{which}_label", FLOAT, "measured property", "as configured", nullable=True),
    )


#: What is known of a new molecule; a row of the input that has none has none of it either.
PREDICTED = (
    Column("prediction", FLOAT, "mean over the conformers", "as configured", nullable=True),
    LOW,
    HIGH,
    Column("spread", FLOAT, "standard deviation over the conformers", "as configured", True),
    Column(
        "conformers",
        INT,
        "conformers behind the prediction; 0 where the model needs none",
        "",
        True,
    ),
    Column("flags", TEXT, "why the prediction is doubtful, empty inside the domain", nullable=True),
    Column("training_label", FLOAT, "label, if the model was trained on it", "as configured", True),
    Column("distance", FLOAT, "mean distance to the nearest training molecules", nullable=True),
    Column("similarity", FLOAT, "similarity to the most similar training molecule", nullable=True),
    Column("far_in_descriptors", BOOL, "distance above its limit", nullable=True),
    Column("unlike_training", BOOL, "similarity below its limit", nullable=True),
    Column("edge_of_labels", BOOL, "prediction at or beyond the edge of training labels", "", True),
    *(column for rank in range(1, N_SHOWN_NEIGHBOURS + 1) for column in _neighbour_columns(rank)),
)

MOLECULE_PREDICTIONS = TableSpec(
    "predictions by molecule",
    (
        MOLECULE,
        Column("reason", TEXT, "why there is no prediction", nullable=True),
        Column("remark", TEXT, "what is unusual about the prediction", nullable=True),
        *PREDICTED,
    ),
    key=("molecule",),
)

NEW_PREDICTIONS = TableSpec(
    "predictions of new molecules",
    (
        Column("row", INT, "row of the table of new molecules, as in its ledger"),
        Column("id", TEXT, "identifier given by the user", nullable=True),
        Column("name", TEXT, "name given by the user", nullable=True),
        Column("input_smiles", TEXT, "SMILES as given", nullable=True),
        Column("status", TEXT, "predicted or failed"),
        Column("reason", TEXT, "why it failed, and what to do", nullable=True),
        Column("unit", TEXT, "unit of predictions and labels", nullable=True),
        *PREDICTED,
        Column("remark", TEXT, "what is unusual about the row", nullable=True),
        Column("molecule", TEXT, "identifier of the structure", nullable=True),
        Column("smiles", TEXT, "canonical SMILES", nullable=True),
    ),
    key=("row",),
)


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
    paths = {
        entry.name: f"{entry.name}.list.element" if pa.types.is_list(entry.type) else entry.name
        for entry in schema
    }
    split = [path for name, path in paths.items() if name in continuous]
    if not split:
        return dict(PARQUET_OPTIONS)
    repeating = [path for name, path in paths.items() if name not in continuous]
    return {**PARQUET_OPTIONS, "use_dictionary": repeating, "use_byte_stream_split": split}


def write_json(document: Mapping[str, Any], path: str | Path) -> None:
    """Write a JSON document in one step; NaN, which JSON does not have, is refused."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", path)


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
            table = read_parquet(path, names)
        return check_table(table, spec)
    except (ValueError, pa.ArrowException) as error:
        raise UserError(
            f"{path} cannot be used as a {spec.name} table ({error}); delete it and run again"
        ) from error


def _read_csv(path: str | Path, spec: TableSpec) -> pa.Table:
    """Read CSV with the declared types; empty fields are nulls, quoted or not."""
    from pyarrow import csv

    table = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={column.name: column.type for column in spec.columns},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
    return unescape_columns(table)


@contextmanager
def stream_parquet(
    path: str | Path, schema: pa.Schema, continuous: Collection[str] = ()
) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file piece by piece; it appears when the body ends without an error.

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
def stream_csv(path: str | Path, spec: TableSpec) -> Iterator[Callable[[pa.Table], None]]:
    """Write a CSV file piece by piece; it appears when the body ends without an error.

    The body calls what it is given with each piece, which is checked by itself: that keys are
    unique across pieces is for the caller to see to.
    """
    from pyarrow import csv

    with (
        atomic_path(path) as temporary,
        csv.CSVWriter(temporary, spec.schema(), write_options=csv_options()) as writer,
    ):
        yield lambda piece: writer.write_table(escape_columns(check_table(piece, spec)))
