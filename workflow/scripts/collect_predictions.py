"""Put the predictions of all shards in the order of the user's table."""

import logging
from pathlib import Path

from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.prediction.bundle_files import read_description
from confaug.prediction.collection import collect_predictions
from confaug.prediction.origin import origin_of
from confaug.tables.engine import read_table
from confaug.tables.molecules import LEDGER


def main(snakemake: Job) -> None:
    """Write one row for every row of the table, predicted or with the reason why not."""
    inputs = snakemake.input
    bundle, output = Path(inputs.bundle).parent, snakemake.output
    description = read_description(bundle)
    counts = collect_predictions(
        read_table(inputs.ledger, LEDGER),
        list(inputs.predictions),
        description.property.unit,
        output.table,
    )
    write_json(origin_of(bundle, description.digest, Path(output.model).parent), output.model)
    logging.getLogger("confaug").info(
        "%d rows predicted, %d failed", counts["predicted"], counts["failed"]
    )


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
