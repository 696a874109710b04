"""Tables of predictions, their errors, and what every fit was given."""

from confaug.tables.columns import MOLECULE
from confaug.tables.engine import FLOAT, INT, TEXT, Column, TableSpec

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
            "standard_deviation",
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
