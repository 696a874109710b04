"""Tables of the comparison of variants, and of what accompanies it."""

from confaug.tables.columns import HIGH, LOW, MOLECULE, REPLICATE, VARIANT
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column, TableSpec

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
    files=("comparison/variants.csv",),
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
        Column(
            "degrees_of_freedom",
            FLOAT,
            "those of the standard error (Welch and Satterthwaite)",
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
    files=("comparison/differences.csv",),
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
    files=("comparison/replicate_errors.csv",),
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
    files=("comparison/molecule_errors.csv",),
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
    files=("comparison/row_splits.csv",),
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
    files=(
        "comparison/learning_curves.csv",
        "learning_curves/replicate-{replicate}.csv",
    ),
)
Y_RANDOMISATION_ERRORS = TableSpec(
    "errors under randomised labels",
    (
        Column("randomisation", INT, "number of the randomisation; 0 is the true labels"),
        Column("mae", FLOAT, "mean absolute error", "as configured"),
    ),
    key=("randomisation",),
    files=("comparison/y_randomisation.csv", "y_randomisation/errors.csv"),
)
STANDINGS = TableSpec(
    "standings of the recommendation",
    (
        Column("variant", TEXT, "candidate, the lowest out-of-fold error first"),
        Column("mae_cross_validation", FLOAT, "its out-of-fold MAE", "as configured"),
        Column("difference", FLOAT, "mean difference to the lowest error", "as configured"),
        Column("standard_error", FLOAT, "standard error of that difference", "as configured"),
        Column("within", BOOL, "whether the difference is at most its standard error"),
        Column("recommended", BOOL, "whether the rule takes this candidate"),
    ),
    key=("variant",),
    files=(
        "models/recommended/replicate-{replicate}/standings.csv",
        "comparison/recommendation.csv",
    ),
)
EXTRAPOLATION_PREDICTIONS = TableSpec(
    "predictions of what was held out to see how models extrapolate",
    (
        Column("variant", TEXT, "variant, or the consensus of some"),
        Column("held_out", TEXT, "folds, clusters, or the highest or lowest labels"),
        MOLECULE,
        Column("label", FLOAT, "measured property", "as configured"),
        Column("prediction", FLOAT, "by a model of the molecules not held out", "as configured"),
        Column("training_low", FLOAT, "lowest label of those", "as configured"),
        Column("training_high", FLOAT, "highest label of those", "as configured"),
        Column(
            "region",
            TEXT,
            "inside (label within the quartiles of training), edge (within its range) or outside",
        ),
        Column("similarity", FLOAT, "Tanimoto similarity to the most similar training molecule"),
    ),
    key=("variant", "held_out", "molecule"),
    files=("comparison/extrapolation_predictions.csv",),
)
EXTRAPOLATION_ERRORS = TableSpec(
    "errors by distance to the training molecules",
    (
        Column("variant", TEXT, "variant, or the consensus of some"),
        Column("held_out", TEXT, "folds, clusters, or the highest or lowest labels"),
        Column("by", TEXT, "label (place among training labels) or similarity (to the nearest)"),
        Column("place", TEXT, "all, inside, edge or outside; or a range of similarities"),
        Column("molecules", INT, "held-out molecules of that place"),
        Column("mae", FLOAT, "mean absolute error", "as configured"),
        LOW,
        HIGH,
        Column("bias", FLOAT, "mean of prediction minus label", "as configured"),
        Column("bias_low", FLOAT, "lower end of its interval", "as configured", nullable=True),
        Column("bias_high", FLOAT, "upper end of its interval", "as configured", nullable=True),
        Column("beyond", INT, "predictions beyond the range of training labels"),
    ),
    key=("variant", "held_out", "by", "place"),
    files=("comparison/extrapolation.csv",),
)
TRAINING_SIZES = TableSpec(
    "errors by training size",
    (
        REPLICATE,
        Column("draw", INT, "number of the random order in which molecules are added, from 1"),
        Column("train_molecules", INT, "training molecules"),
        Column("test_molecules", INT, "held-out molecules that the error is of"),
        Column("mae", FLOAT, "test MAE of the recommended model", "as configured"),
    ),
    key=("replicate", "draw", "train_molecules"),
    files=("comparison/training_sizes.csv",),
)
LEARNING_LAWS = TableSpec(
    "laws of the error by training size",
    (
        Column("sample", INT, "number of the bootstrap sample; 0 is the study itself"),
        Column("floor", FLOAT, "error that no number of molecules goes below", "as configured"),
        Column("scale", FLOAT, "what one molecule adds to it", "as configured"),
        Column("exponent", FLOAT, "error = floor + scale / molecules ^ exponent"),
    ),
    key=("sample",),
    files=("comparison/learning_laws.csv",),
)
