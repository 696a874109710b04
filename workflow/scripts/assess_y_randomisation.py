"""Compare the error under the true labels with the errors under randomised ones."""

import logging
from dataclasses import asdict

from confaug.evaluation.y_randomisation import summarise_y_randomisation
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.report.wording.y_randomisation import y_randomisation_sentence
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import Y_RANDOMISATION_ERRORS


def main(snakemake: Job) -> None:
    """Write what the errors say about chance."""
    table = read_table(snakemake.input.errors, Y_RANDOMISATION_ERRORS)
    summary = summarise_y_randomisation(table)
    sentence = y_randomisation_sentence(summary, snakemake.params.settings["property"]["unit"])
    facts = {**asdict(summary), "conclusion": summary.conclusion}
    write_table(table, snakemake.output.table, Y_RANDOMISATION_ERRORS)
    write_json({**facts, "sentence": sentence}, snakemake.output.summary)
    logging.getLogger("confaug").info(sentence)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
