"""Tables of fitted models: predictions, errors, fits, trials and consensus members."""

from confaug.tables.columns import MOLECULE
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column, TableSpec

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
    files=(
        "models/{variant}/replicate-{replicate}/predictions.csv",
        "models/{variant}/replicate-{replicate}/cross_validation.csv",
        "final_model/predictions.csv",
    ),
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
    files=("models/{variant}/replicate-{replicate}/metrics.csv", "final_model/metrics.csv"),
)
FITS = TableSpec(
    "fits",
    (
        Column("fit", TEXT, "`final`, or `fold N` for the fit without fold N"),
        Column("molecule", TEXT, "a molecule of which the fit was given rows"),
        Column("rows", INT, "rows of the molecule that the fit was given"),
        Column(
            "seen",
            INT,
            "rows that filters, scalers or bins of the fit counted; empty if it has none",
            nullable=True,
        ),
    ),
    key=("fit", "molecule"),
    files=("models/{variant}/replicate-{replicate}/fits.csv",),
)
#: The columns of every tuning history; one column for each tuned parameter follows.
TRIALS = TableSpec(
    "tuning history",
    (
        Column("trial", INT, "number of the trial, from 1"),
        Column("kind", TEXT, "initial or suggested by the optimiser"),
        Column("error", FLOAT, "cross-validation error of the trial", "as configured"),
        Column("best_error", FLOAT, "lowest error so far", "as configured"),
        Column("rounds", INT, "boosting rounds with the lowest error"),
        Column("pruned", BOOL, "ended early because it could not become the best"),
    ),
    key=("trial",),
    further=TEXT,
    files=("models/{variant}/replicate-{replicate}/tuning_history.csv",),
)
CONSENSUS = TableSpec(
    "consensus members",
    (
        Column("variant", TEXT, "candidate, the best by cross-validation first"),
        Column("mae_cross_validation", FLOAT, "its out-of-fold MAE", "as configured"),
        Column("member", BOOL, "whether it is one of those that are averaged"),
    ),
    key=("variant",),
    files=("models/{variant}/replicate-{replicate}/members.csv",),
)
