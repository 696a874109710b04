"""Turn the user's table into unique molecules and a ledger with a verdict on every row."""

from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_messages import log_cleaning, log_reading, require_learnable
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.own_columns.declaration import write_declaration
from confaug.molecules.reading.records import read_records
from confaug.tables.descriptors import OWN_COLUMNS
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake: Job) -> None:
    """Clean the table, say what happened, and write both tables."""
    settings = snakemake.params.settings
    table = read_records(snakemake.input.table, settings["input"])
    log_reading(table)
    cleaned = clean_molecules(table.records, CleaningRules.of(settings))
    log_cleaning(cleaned)
    require_learnable(cleaned)
    write_table(cleaned.ledger, snakemake.output.ledger, LEDGER)
    write_table(cleaned.molecules, snakemake.output.molecules, MOLECULES)
    write_json(cleaned.labels, snakemake.output.labels)
    if cleaned.columns:
        write_table(cleaned.own_columns, snakemake.output.own_columns, OWN_COLUMNS)
        write_declaration(cleaned.columns, snakemake.output.declared_columns)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
