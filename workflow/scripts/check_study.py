"""Stop a study that cannot work before its molecules are embedded."""

import logging

from confaug.checks import check_study
from confaug.errors import UserError
from confaug.job import job_log
from confaug.splitting import source_rows
from confaug.tables import LEDGER, MOLECULES, read_table, write_json


def main(snakemake):
    """Check molecules against settings; the output is there once nothing stands in the way."""
    settings = snakemake.params.settings
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    n_rows = len(source_rows(read_table(snakemake.input.ledger, LEDGER)))
    published = settings["published_row_splits"]
    mistakes = check_study(molecules, n_rows, settings["splits"], published)
    for mistake in mistakes[:-1]:
        logging.getLogger("confaug").error("ERROR: %s", mistake)
    if mistakes:
        raise UserError(mistakes[-1])
    write_json({"molecules": molecules.num_rows, "labelled_rows": n_rows}, snakemake.output.checked)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
