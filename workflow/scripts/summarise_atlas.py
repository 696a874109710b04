"""Put the studies of the atlas together and summarise them."""

import pyarrow as pa

from confaug.atlas.costs import count_costs
from confaug.atlas.summary import summarise_atlas
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.tables.atlas import COSTS, GAINS, STUDIES
from confaug.tables.engine import read_table, write_table


def main(snakemake: Job) -> None:
    """Write the tables of all studies, their summary and what they cost."""
    inputs, output, settings = snakemake.input, snakemake.output, snakemake.params.settings
    gains = pa.concat_tables([read_table(path, GAINS) for path in inputs.gains])
    studies = pa.concat_tables([read_table(path, STUDIES) for path in inputs.studies])
    write_table(gains, output.gains, GAINS)
    write_table(studies, output.studies, STUDIES)
    write_json(summarise_atlas(gains, studies, settings["coverage"]), output.summary)
    write_table(count_costs(settings["logs"], settings["conformers"]), output.costs, COSTS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
