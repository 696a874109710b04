"""Compare all variants on all replicates and say whether the augmentation paid."""

from dataclasses import asdict

from confaug.config.roles import needs_conformers
from confaug.config.settings.variants import Variant
from confaug.evaluation.errors import read_all_predictions, read_all_splits
from confaug.evaluation.rows import errors_by_variant
from confaug.evaluation.study_comparison import compare_variants
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.report.wording.full_verdict import verdict_words
from confaug.tables import evaluation as tables
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Write the tables of the comparison and the verdict."""
    settings, output = snakemake.params.settings, snakemake.output
    variants = {name: Variant(**entry) for name, entry in settings["variants"].items()}
    found = compare_variants(
        read_all_predictions(snakemake.input.predictions),
        read_all_splits(snakemake.input.splits),
        read_table(snakemake.input.molecules, MOLECULES),
        variants,
        unit=settings["property"]["unit"],
        transform=settings["property"]["transform"],
    )
    write_table(found.summary, output.summary, tables.VARIANT_SUMMARY)
    write_table(found.differences, output.differences, tables.PAIRED_DIFFERENCES)
    write_table(found.replicates, output.replicates, tables.REPLICATE_ERRORS)
    write_table(found.molecules, output.molecules, tables.MOLECULE_ERRORS)
    words = verdict_words(
        found.verdict,
        errors_by_variant(found.summary),
        settings["to_come"],
        any(map(needs_conformers, variants.values())),
    )
    write_json({**asdict(words), **found.verdict.document()}, output.verdict)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
