"""Tables of predictions of new molecules."""

from confaug.tables.columns import CONDITIONS, HIGH, LOW, MOLECULE
from confaug.tables.engine import BOOL, FLOAT, INT, TEXT, Column, TableSpec

N_SHOWN_NEIGHBOURS = 3


def _neighbour_columns(rank: int) -> tuple[Column, ...]:
    """Return the columns about one of the nearest training molecules."""
    which = f"neighbour_{rank}"
    return (
        Column(f"{which}_name", TEXT, "name given by the user", nullable=True),
        Column(f"{which}_label", FLOAT, "measured property", "as configured", nullable=True),
        Column(f"{which}_conditions", TEXT, "conditions of its measurement", nullable=True),
        Column(f"{which}_similarity", FLOAT, "Tanimoto similarity", nullable=True),
        Column(f"{which}_id", TEXT, "identifier given by the user", nullable=True),
        Column(f"{which}_smiles", TEXT, "canonical SMILES", nullable=True),
    )


#: What is asked first about a new molecule, and what is behind it; empty for a row of the input
#: without a prediction.
ANSWER = (
    Column(
        "prediction",
        FLOAT,
        "mean over conformers and over the members of the model",
        "as configured",
        nullable=True,
    ),
    LOW,
    HIGH,
    Column("flags", TEXT, "why the prediction is doubtful, empty inside the domain", nullable=True),
    *_neighbour_columns(1),
)
BACKGROUND = (
    Column(
        "standard_deviation",
        FLOAT,
        "standard deviation over the conformers, or between members",
        "as configured",
        True,
    ),
    Column(
        "conformers",
        INT,
        "conformers behind the prediction; 0 where the model needs none",
        "",
        True,
    ),
    Column("training_label", FLOAT, "label, if the model was trained on it", "as configured", True),
    Column("distance", FLOAT, "mean distance to the nearest training molecules", nullable=True),
    Column("similarity", FLOAT, "similarity to the most similar training molecule", nullable=True),
    Column("far_in_descriptors", BOOL, "distance above its limit", nullable=True),
    Column("unlike_training", BOOL, "similarity below its limit", nullable=True),
    Column("edge_of_labels", BOOL, "prediction at or beyond the edge of training labels", "", True),
    *(column for rank in range(2, N_SHOWN_NEIGHBOURS + 1) for column in _neighbour_columns(rank)),
)
MOLECULE_PREDICTIONS = TableSpec(
    "predictions by molecule",
    (
        MOLECULE,
        Column("reason", TEXT, "why there is no prediction", nullable=True),
        Column("remark", TEXT, "what is unusual about the prediction", nullable=True),
        *ANSWER,
        *BACKGROUND,
    ),
    key=("molecule",),
    files=("predictions/{name}/shard_predictions/shard-{shard}.parquet",),
)
NEW_PREDICTIONS = TableSpec(
    "predictions of new molecules",
    (
        Column("name", TEXT, "name given by the user", nullable=True),
        *ANSWER,
        CONDITIONS,
        Column("status", TEXT, "predicted or failed"),
        Column("reason", TEXT, "why it failed, and what to do", nullable=True),
        Column("remark", TEXT, "what is unusual about the row", nullable=True),
        Column("row", INT, "row of the table of new molecules, numbered as in its ledger"),
        Column("id", TEXT, "identifier given by the user", nullable=True),
        Column("input_smiles", TEXT, "SMILES as given", nullable=True),
        Column("smiles", TEXT, "canonical SMILES", nullable=True),
        Column("molecule", TEXT, "identifier of the structure", nullable=True),
        Column("unit", TEXT, "unit of predictions and labels", nullable=True),
        *BACKGROUND,
    ),
    key=("row",),
    files=("predictions/{name}/predictions.csv",),
)
MEASURE_NEXT = TableSpec(
    "what to measure next",
    (
        Column("rank", INT, "1 is to be measured first"),
        Column("name", TEXT, "name given by the user", nullable=True),
        Column("prediction", FLOAT, "prediction of the model", "as configured"),
        LOW,
        HIGH,
        Column("reason", TEXT, "why it is worth measuring, in words", nullable=True),
        Column("criterion", TEXT, "coverage, novelty, deviation or range"),
        Column("gain", FLOAT, "what it is worth after those of lower ranks; decides the rank"),
        Column("score", FLOAT, "what it would be worth as the first, from 0 to 1"),
        Column("similarity_above", FLOAT, "similarity to the most similar one of a lower rank"),
        Column("similarity", FLOAT, "similarity to the most similar training molecule"),
        Column("distance", FLOAT, "mean distance to the nearest training molecules"),
        Column("far_in_descriptors", BOOL, "distance above its limit"),
        Column("unlike_training", BOOL, "similarity below its limit"),
        Column("standard_deviation", FLOAT, "as in the predictions", "as configured"),
        Column(
            "interval_ratio",
            FLOAT,
            "width of the interval over the median of the candidates, on the scale of the model",
            nullable=True,
        ),
        Column(
            "deviation_ratio",
            FLOAT,
            "standard deviation over the median of the candidates, on the scale of the model",
            nullable=True,
        ),
        Column(
            "probability_in_range",
            FLOAT,
            "share of out-of-fold residuals that lead from the prediction into requirements.range",
            nullable=True,
        ),
        Column("row", INT, "first row of the table with the molecule"),
        Column("id", TEXT, "identifier given by the user", nullable=True),
        Column("smiles", TEXT, "canonical SMILES"),
        Column("molecule", TEXT, "identifier of the structure"),
        Column("unit", TEXT, "unit of predictions", nullable=True),
    ),
    key=("rank",),
    files=("predictions/{name}/measure_next.csv", "final_model/measure_next.csv"),
)
