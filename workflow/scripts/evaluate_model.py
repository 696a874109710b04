"""Judge the model of one variant on the held-out molecules of one replicate."""

from pathlib import Path

from confaug.config.settings.variants import Variant
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.predictions import (
    evaluate_model,
    metrics_table,
    predictions_table,
    read_predictions,
)
from confaug.prediction.bundle import load_bundle
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import METRICS, PREDICTIONS


def main(snakemake: Job) -> None:
    """Predict, pool and measure; write predictions and metrics of all parts."""
    settings = snakemake.params.settings
    model = load_bundle(Path(snakemake.input.bundle).parent).only_member
    table = read_table(snakemake.input.cross_validation, PREDICTIONS)
    row_metrics = model.facts.tuned.row_metrics if model.facts.tuned else None
    cross_validation = read_predictions(table, "cross_validation", row_metrics)
    parts = evaluate_model(
        lambda rows: model.predict_rows(rows.X, rows.feature_names),
        read_replicate(snakemake.input, Variant(**settings["variant"]), settings),
        cross_validation,
    )
    write_table(predictions_table(parts), snakemake.output.predictions, PREDICTIONS)
    write_table(metrics_table(parts), snakemake.output.metrics, METRICS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
