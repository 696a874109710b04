"""Fit the final model of one variant on all training molecules of one replicate."""

import json
from pathlib import Path

from confaug.config.kinds import OWN_KIND
from confaug.config.settings.variants import Variant
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.fitted_model import fit_as_tuned
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import read_predictions
from confaug.learning.tuning.tuned import Tuned
from confaug.molecules.own_columns.declaration import read_declaration
from confaug.prediction.bundle import write_bundle
from confaug.prediction.describe_model import describe_model, training_descriptors
from confaug.tables.engine import read_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Fit and write the model bundle."""
    settings, inputs = snakemake.params.settings, snakemake.input
    name, variant = snakemake.wildcards.variant, Variant(**settings["variant"])
    data = read_replicate(inputs, variant, settings)
    rows = data.rows("train")
    model = fit_as_tuned(
        rows,
        data.labels_of(rows.molecules),
        Tuned(**json.loads(Path(inputs.tuned).read_bytes())),
        read_predictions(read_table(inputs.cross_validation, PREDICTIONS), "cross_validation"),
        transform=LabelTransform(settings["property"]["transform"]),
        threads=snakemake.threads,
    )
    molecules = read_table(inputs.molecules, MOLECULES).to_pylist()
    identities = {row["molecule"]: row for row in molecules}
    members, cross_validation = {name: model}, model.cross_validation
    description = describe_model(
        name,
        members,
        {name: variant},
        cross_validation,
        data,
        settings,
        identities,
        own_columns=read_declaration(getattr(inputs, "declared_columns", None)),
        own_values=getattr(inputs, OWN_KIND, None),
    )
    described = training_descriptors(inputs.training_2d, rows.molecules.tolist())
    write_bundle([model], description, described, Path(snakemake.output.bundle).parent)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
