"""Measure how models without conformers predict what lies beyond their training molecules."""

import json
from collections.abc import Sequence
from pathlib import Path

from confaug.config.roles import learner_family
from confaug.config.settings.variants import Variant
from confaug.evaluation.extrapolation import Floats, Mask, Predict
from confaug.evaluation.extrapolation_facts import choose_subject, choose_variants
from confaug.evaluation.extrapolation_study import measure_extrapolation
from confaug.evaluation.recommended_model import RecommendedModel
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.learning.given_parameters import Chosen, predict_held_out
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.tuning.tuned import Tuned
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import EXTRAPOLATION_ERRORS, EXTRAPOLATION_PREDICTIONS, STANDINGS
from confaug.tables.molecules import MOLECULES, SPLIT


def main(snakemake: Job) -> None:
    """Choose the models, fit them without what is held out, and write what they predict."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    variants = {name: Variant(**entry) for name, entry in settings["variants"].items()}
    families = {name: learner_family(variant) for name, variant in variants.items()}
    standings = read_table(inputs.standings, STANDINGS).to_pylist()
    recommended = json.loads(Path(inputs.recommendation).read_bytes())
    model = RecommendedModel.from_document(recommended)
    subject = choose_subject(model, standings, list(variants))
    parameters = chosen_parameters(snakemake)
    found = measure_extrapolation(
        read_table(inputs.molecules, MOLECULES),
        {row["molecule"]: row["fold"] for row in read_table(inputs.split, SPLIT).to_pylist()},
        {name: families[name] for name in choose_variants(subject, standings, families)},
        subject,
        lambda name, some: predictor(snakemake, variants[name], parameters[name], some),
        **settings["evaluation"]["extrapolation"],
    )
    write_table(found.predictions, output.extrapolation_predictions, EXTRAPOLATION_PREDICTIONS)
    write_table(found.errors, output.extrapolation_errors, EXTRAPOLATION_ERRORS)
    write_json(found.facts.document(), output.extrapolation)


def chosen_parameters(snakemake: Job) -> dict[str, Chosen]:
    """Return what the first split chose for every variant."""
    documents = {
        Path(path).parts[-3]: json.loads(Path(path).read_bytes())
        for path in (*snakemake.input.tuned, *snakemake.input.grids)
    }
    return {
        name: Tuned(**found) if "rounds" in found else found["parameters"]
        for name, found in documents.items()
    }


def predictor(
    snakemake: Job, variant: Variant, chosen: Chosen, molecules: Sequence[str]
) -> Predict:
    """Return the function that fits a variant without some molecules and predicts those."""
    settings = snakemake.params.settings
    data = read_replicate(snakemake.input, variant, settings)
    rows = data.rows("train").of_molecules(molecules)
    labels = data.labels_of(rows.molecules)
    transform = LabelTransform(settings["property"]["transform"])

    def predict(held_out: Mask) -> Floats:
        return predict_held_out(
            variant.learner,
            chosen,
            rows,
            labels,
            held_out,
            transform=transform,
            seed=settings["tuning"]["seed"],
            threads=snakemake.threads,
        )

    return predict


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
