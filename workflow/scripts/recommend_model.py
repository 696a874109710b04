"""Recommend one model, by the out-of-fold errors of all replicates."""

from confaug.evaluation.errors import groups_of, read_all_predictions
from confaug.evaluation.recommendation import chosen_in, standings_table
from confaug.evaluation.recommended_model import recommend_model
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import STANDINGS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Write what is recommended, and how all candidates compare."""
    settings, output = snakemake.params.settings, snakemake.output
    model, found = recommend_model(
        read_all_predictions(snakemake.input.predictions),
        settings["needs_conformers"],
        settings["families"],
        settings["consensuses"],
        settings["evaluation"]["consensus_of"],
        [chosen_in(read_table(path, STANDINGS)) for path in snakemake.input.standings],
        groups_of(read_table(snakemake.input.molecules, MOLECULES)),
    )
    write_json(model.document(), output.recommendation)
    write_table(standings_table(found), output.standings, STANDINGS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
