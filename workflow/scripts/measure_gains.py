"""Measure what conformers gained in one study of the atlas, by the way they were used."""

import json
from pathlib import Path

import pyarrow.compute as pc

from confaug.atlas.gains import describe_study, measure_gains
from confaug.config.roles import RECOMMENDED
from confaug.config.settings.variants import Variant
from confaug.evaluation.errors import collect_errors, read_all_predictions, read_all_splits
from confaug.infrastructure.job import Job, job_log
from confaug.tables.atlas import GAINS, STUDIES
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import STANDINGS
from confaug.tables.molecules import MOLECULES
from confaug.tables.trust import COVERAGE


def main(snakemake: Job) -> None:
    """Write the gains of a study and its facts."""
    inputs, settings = snakemake.input, snakemake.params.settings
    name = snakemake.wildcards.study
    variants = {name: Variant(**entry) for name, entry in settings["variants"].items()}
    study = collect_errors(read_all_predictions(inputs.predictions), read_all_splits(inputs.splits))
    chosen = [read_table(path, STANDINGS) for path in inputs.standings]
    coverage = read_table(inputs.coverage, COVERAGE)
    labels = json.loads(Path(inputs.labels).read_text("utf-8"))
    facts = describe_study(
        name,
        study,
        variants,
        read_table(inputs.molecules, MOLECULES),
        property_=settings["property"],
        label_scatter=labels["replicates"]["scatter"],
        recommended=[one.filter(one["recommended"])["variant"].to_pylist()[0] for one in chosen],
        coverage=coverage.filter(pc.equal(coverage["variant"], RECOMMENDED)),
    )
    write_table(measure_gains(name, study, variants), snakemake.output.gains, GAINS)
    write_table(facts, snakemake.output.study, STUDIES)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
