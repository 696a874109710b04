"""Predict the molecules of one shard with a model bundle."""

import logging
from pathlib import Path

from confaug.infrastructure.job import Job, job_log
from confaug.prediction.plan import require_planned
from confaug.prediction.predictor import load_predictor
from confaug.prediction.recipe import check_recipe
from confaug.prediction.shards import predict_shard
from confaug.report.wording.domain import with_flags
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import SHARD
from confaug.tables.prediction import MOLECULE_PREDICTIONS


def main(snakemake: Job) -> None:
    """Load the model, make sure that the descriptors are those it knows, and predict."""
    settings, inputs = snakemake.params.settings, snakemake.input
    predictor = load_predictor(
        Path(inputs.bundle).parent, settings["evaluation"]["interval_coverage"]
    )
    check_recipe(predictor.bundle.description, settings)
    require_planned(predictor.bundle.description, inputs)
    kinds = predictor.bundle.description.molecule_kinds
    predictions = predict_shard(
        predictor,
        read_table(inputs.shard, SHARD),
        {kind: getattr(inputs, kind) for kind in kinds},
        list(inputs.descriptors_3d),
        list(inputs.failures),
    )
    write_table(with_flags(predictions), snakemake.output.predictions, MOLECULE_PREDICTIONS)
    logging.getLogger("confaug").info("%d molecules predicted", predictions.num_rows)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
