"""Apply the rule of the recommendation inside one replicate, to out-of-fold errors alone."""

from confaug.evaluation.errors import groups_of, read_all, read_all_predictions
from confaug.evaluation.recommendation import recommend, standings_table
from confaug.evaluation.recommended_model import make_candidates, out_of_fold_errors
from confaug.infrastructure.job import Job, job_log
from confaug.learning.consensus import members_in
from confaug.tables.engine import read_table, write_table
from confaug.tables.evaluation import STANDINGS
from confaug.tables.learning import CONSENSUS, METRICS, PREDICTIONS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Write the predictions of the variant that the rule takes, as if it were one of its own."""
    inputs, output = snakemake.input, snakemake.output
    predictions = read_all_predictions(inputs.predictions)
    settings = snakemake.params.settings
    consensuses = {
        name: members_in(read_table(path, CONSENSUS))
        for name, path in zip(settings["consensuses"], inputs.members, strict=True)
    }
    candidates = make_candidates(
        out_of_fold_errors(predictions),
        settings["needs_conformers"],
        consensuses,
        groups_of(read_table(inputs.molecules, MOLECULES)),
    )
    found = recommend(candidates)
    (taken,) = predictions[found.name].values()
    (metrics,) = read_all(inputs.metrics, METRICS)[found.name].values()
    write_table(taken, output.predictions, PREDICTIONS)
    write_table(metrics, output.metrics, METRICS)
    write_table(standings_table(found), output.standings, STANDINGS)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
