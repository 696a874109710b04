"""Tables of intervals, applicability domain, importance and label outliers."""

from confaug.tables.columns import HIGH, LABEL, LOW, MOLECULE, REPLICATE, VARIANT
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column, TableSpec

INTERVALS = TableSpec(
    "prediction intervals",
    (
        MOLECULE,
        LABEL,
        Column("prediction", FLOAT, "prediction pooled over the molecule", "as configured"),
        LOW,
        HIGH,
        Column("covered", BOOL, "the label is in the interval; empty without one", nullable=True),
    ),
    key=("molecule",),
    files=("trust/intervals.csv",),
)
COVERAGE = TableSpec(
    "coverage of prediction intervals",
    (
        VARIANT,
        REPLICATE,
        Column("target", FLOAT, "intended coverage"),
        Column(
            "calibration_molecules",
            INT,
            "out-of-fold residuals, one for each structure",
        ),
        Column("test_molecules", INT, "held-out molecules"),
        Column("covered", INT, "held-out molecules whose label is in their interval"),
        Column("coverage", FLOAT, "covered / test_molecules"),
        Column("expected_low", FLOAT, "2.5 % quantile of the coverage if theory holds"),
        Column("expected_high", FLOAT, "97.5 % quantile of the coverage if theory holds"),
        Column("median_width", FLOAT, "median width of the intervals", "as configured"),
        Column("scaled", BOOL, "widths follow the standard deviation over a molecule's rows"),
    ),
    key=("variant", "replicate"),
    files=("trust/coverage.csv",),
)
DOMAIN = TableSpec(
    "applicability domain",
    (
        MOLECULE,
        Column("prediction", FLOAT, "prediction", "as configured", nullable=True),
        Column("distance", FLOAT, "mean distance to the nearest training molecules"),
        Column("distance_limit", FLOAT, "95 % of training molecules are nearer to the others"),
        Column("similarity", FLOAT, "Tanimoto similarity to the most similar training molecule"),
        Column("similarity_limit", FLOAT, "as for 95 % of training molecules, and not below 0.35"),
        Column("far_in_descriptors", BOOL, "distance above its limit"),
        Column("unlike_training", BOOL, "similarity below its limit"),
        Column("edge_of_labels", BOOL, "prediction at or beyond the edge of training labels"),
        Column("flags", TEXT, "the flags in words, empty inside the domain", nullable=True),
    ),
    key=("molecule",),
    files=("trust/domain.csv",),
)
NEIGHBOURS = TableSpec(
    "nearest training molecules",
    (
        MOLECULE,
        Column("rank", INT, "1 is the most similar"),
        Column("neighbour", TEXT, "a training molecule of another structure, equal conditions"),
        Column("similarity", FLOAT, "Tanimoto similarity of Morgan fingerprints"),
        Column("neighbour_label", FLOAT, "its label", "as configured"),
    ),
    key=("molecule", "rank"),
    files=("trust/neighbours.csv",),
)
IMPORTANCE = TableSpec(
    "importance of descriptors",
    (
        Column("descriptor", TEXT, "descriptor"),
        Column("dimension", TEXT, "2D, 3D, or own for a column of the user's table"),
        Column("family", TEXT, "family of descriptors"),
        Column("importance", FLOAT, "mean |SHAP value|, molecules weigh the same", "as configured"),
        Column("share", FLOAT, "share of the sum over descriptors"),
    ),
    key=("descriptor",),
    files=("importance/descriptors.csv",),
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
    files=("importance/groups.csv",),
)
DESCRIPTOR_HEALTH = TableSpec(
    "health of descriptors",
    (
        Column("descriptor", TEXT, "descriptor"),
        Column("dimension", TEXT, "2D, 3D, or own for a column of the user's table"),
        Column("family", TEXT, "family of descriptors"),
        Column("molecules", INT, "molecules with at least one value"),
        Column("missing", FLOAT, "share of rows without a value"),
        Column("constant", BOOL, "no variation between rows, or no value at all"),
        Column("between", FLOAT, "variance component between molecules", "squared", nullable=True),
        Column("within", FLOAT, "variance component within molecules", "squared", nullable=True),
        Column("within_share", FLOAT, "within / (between + within)", nullable=True),
    ),
    key=("descriptor",),
    files=("importance/health.csv",),
)
LABEL_OUTLIERS = TableSpec(
    "possibly mislabelled molecules",
    (
        MOLECULE,
        Column("kind", TEXT, "unlike_neighbours, unlike_all_labels or contradictory_rows"),
        LABEL,
        Column("expected", FLOAT, "out-of-fold prediction", "as configured", nullable=True),
        Column("score", FLOAT, "|residual| / robust standard deviation", nullable=True),
        Column("reason", TEXT, "why the label may be wrong, in words"),
    ),
    key=("molecule", "kind"),
    files=("trust/label_outliers.csv",),
)
