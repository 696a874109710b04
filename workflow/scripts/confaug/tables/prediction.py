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
