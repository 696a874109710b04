"""Compare all variants on all replicates and say whether the augmentation paid."""

from dataclasses import asdict

from confaug.config.roles import assign_roles
from confaug.config.settings.variants import Variant
from confaug.evaluation.advice import study_size
from confaug.evaluation.comparison import (
    molecule_errors,
    paired_differences,
    replicate_errors,
    variant_summary,
)
from confaug.evaluation.decades import mean_errors
from confaug.evaluation.errors import collect_errors, read_all_predictions, read_all_splits
from confaug.evaluation.rows import errors_by_variant
from confaug.evaluation.verdict import give_verdict
from confaug.infrastructure.job import Job, job_log
from confaug.molecules.replicates import describe_draws
from confaug.report.wording.verdict import verdict_words
from confaug.tables.engine import read_table, write_json, write_table
from confaug.tables.evaluation import (
    MOLECULE_ERRORS,
    PAIRED_DIFFERENCES,
    REPLICATE_ERRORS,
    VARIANT_SUMMARY,
)
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Write the tables of the comparison and the verdict."""
    settings, output = snakemake.params.settings, snakemake.output
    predictions = read_all_predictions(snakemake.input.predictions)
    splits = read_all_splits(snakemake.input.splits)
    molecules = read_table(snakemake.input.molecules, MOLECULES)
    study = collect_errors(predictions, splits)
    variants = {name: Variant(**entry) for name, entry in settings["variants"].items()}
    roles = assign_roles(variants).present(study.test)
    summary = variant_summary(study)
    differences = paired_differences(study, roles.references)
    by_replicate = replicate_errors(study, roles.reference)
    by_molecule = molecule_errors(study, roles.reference)
    write_table(summary, output.summary, VARIANT_SUMMARY)
    write_table(differences, output.differences, PAIRED_DIFFERENCES)
    write_table(by_replicate, output.replicates, REPLICATE_ERRORS)
    write_table(by_molecule, output.molecules, MOLECULE_ERRORS)
    size = study_size(study, predictions)
    unit, transform = settings["property"]["unit"], settings["property"]["transform"]
    draws = describe_draws(splits, molecules)
    decades = mean_errors(predictions) if transform == "log10" else None
    verdict = give_verdict(summary, differences, roles, unit, draws, size=size, decades=decades)
    words = verdict_words(verdict, errors_by_variant(summary))
    write_json({**asdict(words), **verdict.document()}, output.verdict)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
