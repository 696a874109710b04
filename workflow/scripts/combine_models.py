"""Average the predictions of the variants that are best by cross-validation, on one replicate."""

from confaug.infrastructure.job import Job, job_log
from confaug.learning.consensus import combine_best, consensus_table
from confaug.learning.predictions import all_parts, metrics_table, predictions_table
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import CONSENSUS, METRICS, PREDICTIONS


def main(snakemake: Job) -> None:
    """Choose the members, average and measure."""
    settings, output = snakemake.params.settings, snakemake.output
    tables = [read_table(path, PREDICTIONS) for path in snakemake.input.predictions]
    candidates = dict(zip(settings["candidates"], map(all_parts, tables), strict=True))
    consensus = combine_best(
        candidates, settings["evaluation"]["consensus_of"], settings.get("families")
    )
    write_table(predictions_table(consensus.parts[:1]), output.cross_validation, PREDICTIONS)
    write_table(predictions_table(consensus.parts), output.predictions, PREDICTIONS)
    write_table(metrics_table(consensus.parts), output.metrics, METRICS)
    write_table(consensus_table(consensus), output.members, CONSENSUS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
