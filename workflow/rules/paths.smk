"""Where every file of a study lies that more than one rule or place names."""

# Molecules
LEDGER = "<results>/molecules/ledger.csv"
MOLECULES = "<results>/molecules/molecules.csv"
LABELS = "<results>/molecules/labels.json"
POLYMERS = "<results>/molecules/polymers.html"
OWN_COLUMNS = "<results>/molecules/own_columns.parquet"
DECLARED_COLUMNS = "<results>/molecules/own_columns.json"
SPLIT = "<results>/splits/replicate-{replicate}.csv"
SHARD = "<results>/shards/shard-{shard}.csv"
MANIFEST = "<results>/shards/manifest.json"

# Conformers, descriptors and tables
OF_SHARD = "{protocol}/repeat-{repeat}/shard-{shard}"
CONFORMERS = f"<results>/conformers/{OF_SHARD}.parquet"
CONFORMER_FAILURES = f"<results>/conformers/{OF_SHARD}.failures.csv"
DESCRIPTORS_3D = f"<results>/descriptors_3d/{OF_SHARD}.parquet"
FAILURES_3D = f"<results>/descriptors_3d/{OF_SHARD}.failures.csv"
DESCRIPTORS_2D = "<results>/descriptors_2d/{kind}/shard-{shard}.parquet"
FAILURES_2D = "<results>/descriptors_2d/{kind}/shard-{shard}.failures.csv"
AUGMENTED = "<results>/augmented.parquet"
DISTRIBUTION = "<results>/distribution.parquet"
FAILURES = "<results>/failures.csv"

# Models
MODEL = "<results>/models/{variant}/replicate-{replicate}"
HISTORY = f"{MODEL}/tuning_history.csv"
TUNED_PARAMETERS = f"{MODEL}/tuned.json"
GRID_PARAMETERS = f"{MODEL}/grid.json"
FITS = f"{MODEL}/fits.csv"
CROSS_VALIDATION = f"{MODEL}/cross_validation.csv"
MODEL_TEXT = f"{MODEL}/bundle/model.txt"
BUNDLE = f"{MODEL}/bundle/bundle.json"
PREDICTIONS = f"{MODEL}/predictions.csv"
METRICS = f"{MODEL}/metrics.csv"
MEMBERS = f"{MODEL}/members.csv"
STANDINGS = "<results>/models/recommended/replicate-{replicate}/standings.csv"
PARITY = f"{MODEL}/parity.{{format}}"
RANDOMISED_ERRORS = "<results>/y_randomisation/errors.csv"
LEARNING_CURVES = "<results>/learning_curves/replicate-{replicate}.csv"

# The model that the study fits on all of its labelled molecules
FINAL_SPLIT = "<results>/final_model/split.csv"
UNLABELLED_TO_MEASURE = "<results>/final_model/measure_next.csv"
FINAL_MODEL = {
    "bundle": "<results>/final_model/bundle/bundle.json",
    "card": "<results>/final_model/bundle/README.md",
    "text": "<results>/final_model/bundle/model.txt",
    "numbers": "<results>/final_model/bundle/model.npy",
    "training_2d": "<results>/final_model/bundle/training_2d.npy",
    "predictions": "<results>/final_model/predictions.csv",
    "metrics": "<results>/final_model/metrics.csv",
}

# What is made from all models or from the main one, by the names that figures and report use
COMPARISON = {
    "variants": "<results>/comparison/variants.csv",
    "differences": "<results>/comparison/differences.csv",
    "replicate_errors": "<results>/comparison/replicate_errors.csv",
    "molecule_errors": "<results>/comparison/molecule_errors.csv",
    "verdict": "<results>/comparison/verdict.json",
    "recommendation": "<results>/comparison/recommendation.json",
    "leakage": "<results>/comparison/leakage.json",
    "learning_curves": "<results>/comparison/learning_curves.csv",
}
USABILITY = {
    "training_sizes": "<results>/comparison/training_sizes.csv",
    "learning_laws": "<results>/comparison/learning_laws.csv",
    "usability": "<results>/comparison/usability.json",
}
TRUST = {
    "intervals": "<results>/trust/intervals.csv",
    "coverage": "<results>/trust/coverage.csv",
    "conformer_deviation": "<results>/trust/conformer_deviation.json",
    "domain": "<results>/trust/domain.csv",
    "neighbours": "<results>/trust/neighbours.csv",
    "label_outliers": "<results>/trust/label_outliers.csv",
}
RECOMMENDATION_STANDINGS = "<results>/comparison/recommendation.csv"
IMPORTANCE = {
    "importance": "<results>/importance/descriptors.csv",
    "groups": "<results>/importance/groups.csv",
    "health": "<results>/importance/health.csv",
}
ROW_SPLITS = "<results>/comparison/row_splits.csv"
Y_RANDOMISATION = "<results>/comparison/y_randomisation.csv"
EXTRAPOLATION = {
    "extrapolation": "<results>/comparison/extrapolation.json",
    "extrapolation_errors": "<results>/comparison/extrapolation.csv",
    "extrapolation_predictions": "<results>/comparison/extrapolation_predictions.csv",
}

# The report, and predictions of new molecules
FIGURE = "<results>/report/figures/{name}.svg"
REPORT = "<results>/report/index.html"
REPORT_PDF = "<results>/report/report.pdf"
REPORT_SUMMARY = "<results>/report/summary.txt"
PLAIN_FIGURE = "<results>/plain/figures/{name}.svg"
PLAIN_REPORT = "<results>/plain/report.html"
PLAIN_SUMMARY = "<results>/plain/summary.txt"
SHARD_PREDICTIONS = "<results>/shard_predictions/shard-{shard}.parquet"
NEW_PREDICTIONS = "<results>/predictions.csv"
MEASURE_NEXT = "<results>/measure_next.csv"


def at(path, **values):
    """Return a path with some of its wildcards filled in."""
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


def below(folder, paths):
    """Return where the same results lie below another folder than that of the results."""
    return {
        name: path.replace("<results>/", f"{folder}/") for name, path in paths.items()
    }


def in_plain(paths):
    """Return where the same results lie that are made of the variants without conformers alone."""
    return below("<results>/plain", paths)
