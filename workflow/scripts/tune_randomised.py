"""Tune the learner of the main variant on randomised labels, as often as it takes."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import Variant
from confaug.evaluation.y_randomisation import (
    out_of_fold_mae,
    randomise_labels,
    randomise_until_clear,
    y_randomisation_table,
)
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import predictions_table
from confaug.learning.tuning.study import Tuner
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS
from confaug.tables.learning import PREDICTIONS

logger = logging.getLogger("confaug")


def main(snakemake: Job) -> None:
    """Write the error under the true labels and those under randomised ones."""
    observed = out_of_fold_mae(read_table(snakemake.input.observed, PREDICTIONS))
    randomised = randomise_until_clear(observed, randomised_errors(snakemake))
    table = y_randomisation_table(observed, randomised)
    write_table(table, snakemake.output.errors, Y_RANDOMISATION_ERRORS)


def randomised_errors(snakemake: Job) -> Iterator[float]:
    """Yield the error of each study on randomised labels, as soon as it is tuned."""
    settings = snakemake.params.settings
    data = read_replicate(snakemake.input, Variant(**settings["variant"]), settings)
    rows = data.rows("train")
    labels = {name: data.labels[name] for name in data.molecules("train")}
    tuner = Tuner(
        rows,
        data.folds_of(rows.molecules),
        TuningSettings(**settings["tuning"]),
        transform=LabelTransform(settings["property"]["transform"]),
        fingerprint=settings["code"],
        threads=snakemake.threads,
    )
    beside = Path(snakemake.output.errors)
    planned = settings["evaluation"]["y_randomisations"]
    for number in range(1, planned + 1):
        dealt = randomise_labels(labels, settings["splits"]["seed"], number)
        study = tuner.tune(
            np.array([dealt[name] for name in rows.molecules.tolist()]),
            beside.with_name(f"randomisation-{number}.partial.jsonl"),
        )
        error = out_of_fold_mae(predictions_table([study.cross_validation]))
        logger.info("randomisation %d of at most %d: MAE %.4g", number, planned, error)
        yield error


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
