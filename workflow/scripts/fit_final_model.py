"""Fit the recommended model on all labelled molecules, and write its bundle."""

import json
from pathlib import Path

from confaug.config.kinds import OWN_KIND
from confaug.config.roles import assign_roles
from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import Variant
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.fitting import fit_variant
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import metrics_table, predictions_table
from confaug.molecules.own_columns.declaration import read_declaration
from confaug.prediction.bundle import write_bundle
from confaug.prediction.describe_model import describe_model, training_descriptors
from confaug.prediction.final_model import (
    FittedMember,
    evaluate_bundle,
    mean_out_of_fold,
    measured_error,
)
from confaug.report.wording.model_card import model_card
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import PAIRED_DIFFERENCES, VARIANT_SUMMARY
from confaug.tables.learning import METRICS, PREDICTIONS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Fit the members, write the bundle, and predict the study's molecules with it."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    document = json.loads(Path(inputs.recommendation).read_bytes())
    name, names = RecommendedModel.from_document(document).to_fit(settings["prediction"]["model"])
    variants = {name: Variant(**entry) for name, entry in settings["variants"].items()}
    members = {member: fit_member(snakemake, member) for member in names}
    molecules = read_table(inputs.molecules, MOLECULES).to_pylist()
    description = describe_model(
        name,
        {member: fitted.model for member, fitted in members.items()},
        {member: fitted.data.variant for member, fitted in members.items()},
        mean_out_of_fold(members),
        members[names[0]].data,
        settings,
        {row["molecule"]: row for row in molecules},
        measured_error(
            read_table(inputs.variants, VARIANT_SUMMARY),
            read_table(inputs.differences, PAIRED_DIFFERENCES),
            settings["prediction"]["model"],
            assign_roles(variants).constant,
        ),
        own_columns=read_declaration(getattr(inputs, "declared_columns", None)),
        own_values=getattr(inputs, OWN_KIND, None),
    )
    training = [one.molecule for one in description.training_molecules]
    bundle = write_bundle(
        [fitted.model for fitted in members.values()],
        description,
        training_descriptors(inputs.training_2d, training),
        Path(output.bundle).parent,
        model_card(description),
    )
    parts = evaluate_bundle(bundle, members)
    write_table(predictions_table(parts), output.predictions, PREDICTIONS)
    write_table(metrics_table(parts), output.metrics, METRICS)


def fit_member(snakemake: Job, member: str) -> FittedMember:
    """Fit one member on all labelled molecules; its trials are kept beside the predictions."""
    settings = snakemake.params.settings
    variant = Variant(**settings["variants"][member])
    data = read_replicate(snakemake.input, variant, settings)
    beside = Path(snakemake.output.predictions)
    model = fit_variant(
        data,
        TuningSettings(**settings["tuning"]),
        transform=LabelTransform(settings["property"]["transform"]),
        workfile=beside.with_name(f"tuning_history_{member}.partial.jsonl"),
        fingerprint=settings["code"],
        threads=snakemake.threads,
    )
    return FittedMember(data, model)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
