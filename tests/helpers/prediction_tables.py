"""Small tables of splits and predictions, whose errors are known."""

import pyarrow as pa

from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import SPLIT


def make_split(test, n=6):
    names = [f"m{i}" for i in range(n)]
    return pa.table(
        {
            "molecule": names,
            "group": names,
            "part": ["test" if name in test else "train" for name in names],
            "fold": [None if name in test else 0 for name in names],
        },
        schema=SPLIT.schema(),
    )


def make_predictions(split, offset):
    rows = []
    for row in split.to_pylist():
        label = 100.0 + 10 * int(row["molecule"][1:])
        parts = ["test"] if row["part"] == "test" else ["train", "cross_validation"]
        for part in parts:
            error = offset * (0.5 if part == "train" else 1.0)
            rows.append({"molecule": row["molecule"], "part": part, "label": label,
                         "prediction": label + error, "standard_deviation": 0.0,
                         "n_rows": 1})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())
