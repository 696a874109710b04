"""Find out whether the recommended model is usable, and whether it is good enough."""

import json
from dataclasses import replace
from pathlib import Path

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.errors import collect_errors, read_all_predictions, read_all_splits
from confaug.evaluation.learning_law import Laws
from confaug.evaluation.outlook import foresee
from confaug.evaluation.range_decisions import decide_range
from confaug.evaluation.usability import assess_usability
from confaug.evaluation.verdict import Verdict
from confaug.evaluation.y_randomisation import summarise_y_randomisation
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table
from confaug.tables.evaluation import LEARNING_LAWS, TRAINING_SIZES, Y_RANDOMISATION_ERRORS
from confaug.tables.molecules import MOLECULES
from confaug.trust.conformal import calibrate_on, intervals


def main(snakemake: Job) -> None:
    """Write the facts, those about the requirements included."""
    settings, inputs = snakemake.params.settings, snakemake.input
    required, transform = settings["requirements"], settings["property"]["transform"]
    predictions = read_all_predictions(inputs.predictions)
    labels = read_table(inputs.molecules, MOLECULES)["label"].drop_null().to_numpy()
    chance = getattr(inputs, "y_randomisation", None)
    facts = assess_usability(
        collect_errors(predictions, read_all_splits(inputs.splits)),
        Verdict.from_document(json.loads(Path(inputs.verdict).read_bytes())),
        labels,
        logarithmic=transform == "log10",
        y_randomisation=chance
        and summarise_y_randomisation(read_table(chance, Y_RANDOMISATION_ERRORS)),
    )
    outlook = foresee(
        Laws.from_table(read_table(inputs.laws, LEARNING_LAWS)),
        read_table(inputs.sizes, TRAINING_SIZES)["train_molecules"].to_pylist(),
        len(labels),
        required["mae"],
    )
    decisions = None
    if asked := required["range"]:
        coverage = settings["evaluation"]["interval_coverage"]
        judged = predictions[RECOMMENDED].values()
        tables = [intervals(one, calibrate_on(one, coverage, transform)) for one in judged]
        decisions = decide_range(tables, *asked)
    facts = replace(facts, required=required["mae"], range=decisions, outlook=outlook)
    write_json(facts.document(), snakemake.output.usability)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
