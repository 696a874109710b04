"""Tune the learner of one variant on the training molecules of one replicate."""

from pathlib import Path

from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import Variant
from confaug.infrastructure.files import canonical_json, write_text
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import fits_table, predictions_table
from confaug.learning.tuning.results import history_table, tuned_model
from confaug.learning.tuning.study import tune
from confaug.tables.engine import write_table
from confaug.tables.learning import FITS, PREDICTIONS


def main(snakemake: Job) -> None:
    """Tune and write the trials, the best parameters and their out-of-fold predictions."""
    settings, output = snakemake.params.settings, snakemake.output
    data = read_replicate(snakemake.input, Variant(**settings["variant"]), settings)
    rows = data.rows("train")
    beside = Path(output.history).with_name("tuning_history.partial.jsonl")
    study = tune(
        rows,
        data.labels_of(rows.molecules),
        data.folds_of(rows.molecules),
        TuningSettings(**settings["tuning"]),
        transform=LabelTransform(settings["property"]["transform"]),
        workfile=beside,
        fingerprint=settings["code"],
        threads=snakemake.threads,
    )
    write_table(predictions_table([study.cross_validation]), output.cross_validation, PREDICTIONS)
    write_table(fits_table(study.fits), output.fits, FITS)
    table, spec = history_table(study)
    write_table(table, output.history, spec)
    write_text(canonical_json(tuned_model(study).model_dump()), output.tuned)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
