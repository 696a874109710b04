"""Measure how the error falls with conformers, protocols and training molecules."""

import json
from pathlib import Path

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.variants import Variant
from confaug.evaluation.learning_curves import Part, measure_learning_curves, present_protocols
from confaug.infrastructure.job import Job, job_log
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.representations import build_rows
from confaug.learning.tuning.tuned import Tuned
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import LEARNING_CURVES
from confaug.tables.molecules import MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Refit the tuned model on subsets of the table and judge each on the held-out molecules."""
    settings, source = snakemake.params.settings, snakemake.input
    variant = Variant(**settings["variant"])
    files = DescriptorFiles.of(source, variant)
    split = read_table(source.split, SPLIT)
    molecules = sorted(split["molecule"].to_pylist())
    table = measure_learning_curves(
        lambda protocols: build_rows(
            variant,
            files,
            molecules,
            protocols=settings["protocols"],
            only_protocols=protocols,
            rows_per_molecule=variant.rows_per_molecule,
            descriptors=DescriptorSettings(**settings.get("descriptors", {})),
        ),
        Part.of(split, read_table(source.molecules, MOLECULES)),
        Tuned(**json.loads(Path(source.tuned).read_bytes())),
        LabelTransform(settings["property"]["transform"]),
        replicate=int(snakemake.wildcards.replicate),
        protocols=present_protocols(files.augmented, settings["protocols"])
        if files.augmented
        else [],
        **settings["evaluation"]["learning_curves"],
        threads=snakemake.threads,
    )
    write_table(table, snakemake.output.table, LEARNING_CURVES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
