"""List the molecules whose label may be wrong."""

import json
from pathlib import Path

from confaug.infrastructure.job import Job, job_log
from confaug.report.quantity import Quantity
from confaug.report.wording.label_outliers import outlier_reason
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER
from confaug.tables.trust import LABEL_OUTLIERS, NEIGHBOURS
from confaug.trust.label_outliers import find_label_outliers, label_outliers_table


def main(snakemake: Job) -> None:
    """Write one row for every label that its neighbours, its rows or all others contradict."""
    inputs = snakemake.input
    quantity = Quantity.from_config(snakemake.params.settings["property"])
    outliers = find_label_outliers(
        read_table(inputs.predictions, PREDICTIONS),
        read_table(inputs.neighbours, NEIGHBOURS),
        read_table(inputs.ledger, LEDGER),
        json.loads(Path(inputs.labels).read_text(encoding="utf-8"))["doubtful"],
    )
    table = label_outliers_table(outliers, [outlier_reason(one, quantity) for one in outliers])
    write_table(table, snakemake.output.label_outliers, LABEL_OUTLIERS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
