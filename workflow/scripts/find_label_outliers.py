"""List the molecules whose label may be wrong."""

import json
from pathlib import Path

from confaug.infrastructure.job import job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER
from confaug.tables.trust import LABEL_OUTLIERS, NEIGHBOURS
from confaug.trust.label_outliers import find_label_outliers


def main(snakemake):
    """Write one row for every label that its neighbours, its rows or all others contradict."""
    inputs, unit = snakemake.input, snakemake.params.settings["property"]["unit"]
    outliers = find_label_outliers(
        read_table(inputs.predictions, PREDICTIONS),
        read_table(inputs.neighbours, NEIGHBOURS),
        read_table(inputs.ledger, LEDGER),
        unit,
        json.loads(Path(inputs.labels).read_text(encoding="utf-8"))["doubtful"],
    )
    write_table(outliers, snakemake.output.label_outliers, LABEL_OUTLIERS)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
