"""Predictions of a few rows by a tiny model, as their page shows them."""

import pyarrow as pa
from prediction_study import NEW, TRAINING, make_bundle, make_shard

from confaug.prediction.collection import collect_predictions
from confaug.prediction.predictor import load_predictor
from confaug.prediction.shards import predict_shard
from confaug.report.wording.domain import with_flags
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import LEDGER
from confaug.tables.prediction import MOLECULE_PREDICTIONS, NEW_PREDICTIONS


def make_predictions(folder):
    """Return predictions of five rows, one of them rejected, and what made them."""
    bundle = make_bundle(
        folder / "model", make_shard(folder / "training", tuple(TRAINING)), "mordred_2d"
    )
    predictor = load_predictor(bundle, 0.9)
    shard = make_shard(folder / "new", NEW)
    table = with_flags(predict_shard(predictor, shard.shard, shard.columns, []))
    write_table(table, folder / "shard-0.parquet", MOLECULE_PREDICTIONS)
    molecules = shard.shard.to_pylist()
    lines = [
        {"row": 1 + i, "name": f"<i>{i}</i>", "status": "accepted", **molecule}
        for i, molecule in enumerate([*molecules, molecules[0]])
    ]
    lines.append({"row": 5, "input_smiles": "<script>", "status": "rejected", "reason": "no & not"})
    ledger = pa.Table.from_pylist(lines, schema=LEDGER.schema())
    collect_predictions(ledger, [folder / "shard-0.parquet"], "K", folder / "predictions.csv")
    return read_table(folder / "predictions.csv", NEW_PREDICTIONS), predictor
