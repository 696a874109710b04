"""Fit and judge a learner that needs no long tuning, on one replicate."""

from confaug.config.settings.variants import Variant
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.learners import evaluate_baseline
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import fits_table, metrics_table, predictions_table
from confaug.tables.engine import write_table
from confaug.tables.learning import FITS, METRICS, PREDICTIONS


def main(snakemake: Job) -> None:
    """Search the learner's grid, fit, predict and measure."""
    settings, output = snakemake.params.settings, snakemake.output
    data = read_replicate(snakemake.input, Variant(**settings["variant"]), settings)
    train = data.rows("train")
    test = data.rows("test") if data.molecules("test") else None
    found = evaluate_baseline(
        settings["variant"]["learner"],
        train,
        data.labels_of(train.molecules),
        data.folds_of(train.molecules),
        test,
        None if test is None else data.labels_of(test.molecules),
        transform=LabelTransform(settings["property"]["transform"]),
        metric=settings["tuning"]["metric"],
        seed=settings["tuning"]["seed"],
    )
    write_json({"parameters": found.parameters}, output.grid)
    write_table(fits_table(found.fits), output.fits, FITS)
    write_table(predictions_table(found.parts[:1]), output.cross_validation, PREDICTIONS)
    write_table(predictions_table(found.parts), output.predictions, PREDICTIONS)
    write_table(metrics_table(found.parts), output.metrics, METRICS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
