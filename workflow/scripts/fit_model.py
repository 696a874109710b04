"""Fit the final model of one variant on all training molecules of one replicate."""

import json
from pathlib import Path

from confaug.config.settings.variants import Variant
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import read_predictions
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned
from confaug.prediction.bundle import write_bundle
from confaug.prediction.describe_model import describe_model, training_descriptors
from confaug.tables.engine import read_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Fit and write the model bundle."""
    settings, output = snakemake.params.settings, snakemake.output
    data = read_replicate(snakemake.input, Variant(**settings["variant"]), settings["protocols"])
    rows = data.rows("train")
    tuned = Tuned(**json.loads(Path(snakemake.input.tuned).read_bytes()))
    table = read_table(snakemake.input.cross_validation, PREDICTIONS)
    cross_validation = read_predictions(table, "cross_validation")
    transform = LabelTransform(settings["property"]["transform"])
    labels = data.labels_of(rows.molecules)
    booster, features, fitted_on, transform = refit(
        rows, labels, tuned, transform, snakemake.threads
    )
    offered = len(rows.feature_names)
    molecules = read_table(snakemake.input.molecules, MOLECULES).to_pylist()
    names = {row["molecule"]: row for row in molecules}
    document = describe_model(
        data, features, offered, tuned, fitted_on, transform, cross_validation, settings, names
    )
    described = training_descriptors(snakemake.input.descriptors_2d, fitted_on.tolist())
    write_bundle(booster, document, described, Path(output.bundle).parent)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
