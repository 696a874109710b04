"""Tables of the atlas."""

from confaug.tables.engine import FLOAT, INT, TEXT, Column, TableSpec

STUDY = Column("study", TEXT, "name of the study, that of its configuration file")
GAINS = TableSpec(
    "gains by conformers",
    (
        STUDY,
        Column("way", TEXT, "how conformers are used, or what is compared in place of that"),
        Column("against", TEXT, "plain: the best without conformers; or same_learners"),
        Column("variant", TEXT, "variant that was chosen most often"),
        Column("reference", TEXT, "variant without conformers that was chosen most often"),
        Column("mae", FLOAT, "mean absolute error on held-out molecules", "as configured"),
        Column("reference_mae", FLOAT, "that of the reference", "as configured"),
        Column("gain", FLOAT, "how much lower the error is than that of the reference", "%"),
        Column("low", FLOAT, "lower end of the interval of the gain", "%", nullable=True),
        Column("high", FLOAT, "upper end of the interval of the gain", "%", nullable=True),
        Column("standard_error", FLOAT, "standard error of the gain", "%", nullable=True),
        Column("verdict", TEXT, "helped, no_difference or hurt"),
    ),
    key=("study", "way", "against"),
    files=("gains.csv",),
)
STUDIES = TableSpec(
    "studies of the atlas",
    (
        STUDY,
        Column("property", TEXT, "name of the property"),
        Column("unit", TEXT, "its unit", nullable=True),
        Column("molecules", INT, "molecules with a label"),
        Column("training", INT, "training molecules of a split"),
        Column("replicates", INT, "different splits"),
        Column("rotatable_bonds", FLOAT, "median number of rotatable bonds"),
        Column("label_sd", FLOAT, "standard deviation of the labels", "as configured"),
        Column(
            "label_scatter",
            FLOAT,
            "standard deviation of repeated measurements; empty without any",
            "as configured",
            nullable=True,
        ),
        Column(
            "constant_mae",
            FLOAT,
            "error of always giving one value",
            "as configured",
            nullable=True,
        ),
        Column("plain", TEXT, "variant without conformers that was chosen most often"),
        Column("plain_mae", FLOAT, "error of what was chosen of them", "as configured"),
        Column("recommended", TEXT, "variant that the rule recommended most often", nullable=True),
        Column("recommended_mae", FLOAT, "error of what it recommended", "as configured"),
        Column(
            "consensus_2d_mae",
            FLOAT,
            "error of the mean of models without conformers",
            "as configured",
            nullable=True,
        ),
        Column("best", TEXT, "variant or mean of several with the lowest held-out error"),
        Column(
            "best_mae",
            FLOAT,
            "its error, which is too low, as it was chosen by it",
            "as configured",
        ),
        Column("covered", INT, "held-out labels in their prediction intervals"),
        Column("intervals", INT, "held-out labels with a prediction interval"),
        Column("null_verdicts", INT, "comparisons of differences with random signs"),
        Column("null_helped", INT, "those of them with the verdict helped"),
        Column("null_hurt", INT, "those of them with the verdict hurt"),
    ),
    key=("study",),
    files=("study.csv", "studies.csv"),
)
COSTS = TableSpec(
    "processor time of the atlas",
    (
        STUDY,
        Column("plain", FLOAT, "all jobs that need no conformers", "s"),
        Column("conformers", FLOAT, "embedding, minimising and describing conformers", "s"),
        Column("learning", FLOAT, "learning from conformers", "s"),
    ),
    key=("study",),
    files=("costs.csv",),
)
