"""Put the predictions of all shards in the order of the user's table."""

import json
import logging
from pathlib import Path

from confaug.job import job_log
from confaug.prediction import collect_predictions
from confaug.tables import LEDGER, read_table


def main(snakemake):
    """Write one row for every row of the table, predicted or with the reason why not."""
    inputs = snakemake.input
    document = json.loads(Path(inputs.bundle).read_text(encoding="utf-8"))
    counts = collect_predictions(
        read_table(inputs.ledger, LEDGER),
        list(inputs.predictions),
        document["property"]["unit"],
        snakemake.output.table,
    )
    logging.getLogger("confaug").info(
        "%d rows predicted, %d failed", counts["predicted"], counts["failed"]
    )


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
