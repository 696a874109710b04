"""Turn a table of SMILES without labels into unique molecules and a ledger of its rows."""

from pathlib import Path

from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_messages import log_cleaning, log_reading
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.reading.records import read_records
from confaug.prediction.bundle_files import read_description
from confaug.prediction.origin import source_of
from confaug.tables.descriptors import OWN_COLUMNS
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES


def main(snakemake: Job) -> None:
    """Clean the table as the study's was cleaned; it needs no labels, and may have none at all."""
    settings = snakemake.params.settings
    declared = declared_columns(snakemake)
    columns = {**settings["prediction"], "feature_columns": [one.name for one in declared]}
    of_study = settings["input"]
    usual = {"name": of_study["name_column"], "id": of_study["id_column"]}
    table = read_records(snakemake.input.table, columns, "prediction", where_present=usual)
    log_reading(table)
    cleaning = {**settings["cleaning"], "unlabelled": "keep"}
    rules = CleaningRules.of({**settings, "cleaning": cleaning})
    cleaned = clean_molecules(table.records, rules, declared)
    log_cleaning(cleaned)
    output = snakemake.output
    if hasattr(output, "own_columns"):
        write_table(cleaned.own_columns, output.own_columns, OWN_COLUMNS)
    write_table(cleaned.ledger, output.ledger, LEDGER)
    write_table(cleaned.molecules, output.molecules, MOLECULES)
    write_json(source_of(snakemake.input.table, Path(output.source).parent), output.source)


def declared_columns(snakemake: Job) -> tuple[OwnColumn, ...]:
    """Return the user's own columns that the model reads; most models read none."""
    bundle = getattr(snakemake.input, "bundle", None)
    return read_description(Path(bundle).parent).own_columns if bundle else ()


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
