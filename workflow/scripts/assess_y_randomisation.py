"""Compare the error under the true labels with the errors under randomised ones."""

import logging

from confaug.evaluation.y_randomisation import y_randomisation_summary, y_randomisation_table
from confaug.infrastructure.job import job_log
from confaug.learning.predictions import error_metrics, read_predictions
from confaug.tables.engine import read_table, write_json, write_table
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS
from confaug.tables.learning import PREDICTIONS


def out_of_fold_mae(path: str) -> float:
    """Return the MAE of the out-of-fold predictions in a file, pooled per molecule."""
    part = read_predictions(read_table(path, PREDICTIONS), "cross_validation")
    return float(error_metrics(part.labels, part.predictions)["mae"] or 0.0)


def main(snakemake) -> None:
    """Write the errors and what they say about chance."""
    table = y_randomisation_table(
        out_of_fold_mae(snakemake.input.observed),
        [out_of_fold_mae(path) for path in snakemake.input.randomised],
    )
    summary = y_randomisation_summary(table, snakemake.params.settings["property"]["unit"])
    write_table(table, snakemake.output.table, Y_RANDOMISATION_ERRORS)
    write_json(summary, snakemake.output.summary)
    logging.getLogger("confaug").info(summary["sentence"])


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
