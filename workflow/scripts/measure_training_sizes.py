"""Measure how the error of the recommended model falls with training molecules, and fit a law."""

import json
from pathlib import Path

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.variants import Variant
from confaug.evaluation.errors import groups_of, read_all_splits
from confaug.evaluation.learning_curves import Part
from confaug.evaluation.learning_law import bootstrap_laws, laws_table
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.evaluation.training_sizes import Member, measure_training_sizes
from confaug.infrastructure.job import Job, job_log
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.refitting import Refitting, read_chosen
from confaug.learning.representations import build_rows
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import LEARNING_LAWS, TRAINING_SIZES
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Refit the recommended model on growing parts of the training molecules."""
    inputs, output = snakemake.input, snakemake.output
    molecules = read_table(inputs.molecules, MOLECULES)
    document = json.loads(Path(inputs.recommendation).read_bytes())
    members = [
        make_member(snakemake, name) for name in RecommendedModel.from_document(document).members
    ]
    parts = {
        replicate: Part.of(split, molecules)
        for replicate, split in read_all_splits(inputs.splits).items()
    }
    orders = snakemake.params.settings["evaluation"]["training_orders"]
    errors = measure_training_sizes(members, parts, orders)
    write_table(errors.table(), output.sizes, TRAINING_SIZES)
    laws = bootstrap_laws(errors, groups_of(molecules))
    write_table(laws_table(laws), output.laws, LEARNING_LAWS)


def make_member(snakemake: Job, name: str) -> Member:
    """Return what fits a member of the recommended model on some molecules and predicts others."""
    settings, inputs = snakemake.params.settings, snakemake.input
    variant = Variant(**settings["variants"][name])
    molecules = read_table(inputs.molecules, MOLECULES)
    labels = dict(
        zip(molecules["molecule"].to_pylist(), molecules["label"].to_pylist(), strict=True)
    )
    rows = build_rows(
        variant,
        DescriptorFiles.of(inputs, variant),
        sorted(labels),
        protocols=settings["protocols"],
        rows_per_molecule=variant.rows_per_molecule,
        descriptors=DescriptorSettings(**settings["descriptors"]),
    )
    refitting = Refitting(
        variant.learner,
        rows,
        labels,
        read_chosen([*inputs.tuned, *inputs.grids], name),
        LabelTransform(settings["property"]["transform"]),
        settings["tuning"]["seed"],
        snakemake.threads,
    )
    return refitting.predict


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
