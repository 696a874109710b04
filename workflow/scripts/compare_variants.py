"""Compare all variants on all replicates and say whether the augmentation paid."""

from confaug import comparison, tables
from confaug.advice import study_size
from confaug.decades import mean_errors
from confaug.job import job_log
from confaug.roles import assign_roles
from confaug.splitting import describe_draws
from confaug.verdict import give_verdict


def main(snakemake):
    """Write the tables of the comparison and the verdict."""
    settings, output = snakemake.params.settings, snakemake.output
    predictions = comparison.read_all_predictions(snakemake.input.predictions)
    splits = comparison.read_all_splits(snakemake.input.splits)
    molecules = tables.read_table(snakemake.input.molecules, tables.MOLECULES)
    study = comparison.collect_errors(predictions, splits)
    roles = assign_roles(settings["variants"]).present(study.test)
    summary = comparison.variant_summary(study)
    differences = comparison.paired_differences(study, roles.references)
    by_replicate = comparison.replicate_errors(study, roles.reference)
    by_molecule = comparison.molecule_errors(study, roles.reference)
    tables.write_table(summary, output.summary, tables.VARIANT_SUMMARY)
    tables.write_table(differences, output.differences, tables.PAIRED_DIFFERENCES)
    tables.write_table(by_replicate, output.replicates, tables.REPLICATE_ERRORS)
    tables.write_table(by_molecule, output.molecules, tables.MOLECULE_ERRORS)
    size = study_size(study, predictions)
    unit, transform = settings["property"]["unit"], settings["property"]["transform"]
    draws = describe_draws(splits, molecules)
    decades = mean_errors(predictions) if transform == "log10" else None
    verdict = give_verdict(summary, differences, roles, unit, draws, size=size, decades=decades)
    tables.write_json(verdict, output.verdict)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
