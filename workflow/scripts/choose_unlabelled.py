"""Rank the molecules of the study without a label that are worth measuring next."""

import logging
from pathlib import Path

from confaug.infrastructure.job import Job, job_log
from confaug.prediction.measure_next import Background, choose_criterion, rank_to_measure
from confaug.prediction.predictor import load_predictor
from confaug.prediction.unlabelled import unlabelled_candidates
from confaug.report.wording.measure_next import with_reasons
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER, MOLECULES
from confaug.tables.prediction import MEASURE_NEXT


def main(snakemake: Job) -> None:
    """Assess the unlabelled molecules with the final model, and write the ranking."""
    settings, inputs = snakemake.params.settings, snakemake.input
    predictor = load_predictor(
        Path(inputs.bundle).parent, settings["evaluation"]["interval_coverage"]
    )
    molecules = read_table(inputs.molecules, MOLECULES)
    candidates = unlabelled_candidates(
        predictor,
        molecules,
        read_table(inputs.ledger, LEDGER),
        read_table(inputs.predictions, PREDICTIONS),
        [read_table(path, DESCRIPTORS_2D) for path in inputs.descriptors_2d],
    )
    names = molecules["molecule"].to_pylist()
    ranking = rank_to_measure(
        [candidates],
        dict(zip(names, molecules["modelled_smiles"].to_pylist(), strict=True)),
        Background.of(predictor.bundle.description),
        choose_criterion(settings["prediction"]["measure_next"], settings["wanted"]),
        settings["wanted"],
    )
    write_table(with_reasons(ranking), snakemake.output.ranking, MEASURE_NEXT)
    logging.getLogger("confaug").info("%d molecules ranked", ranking.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
