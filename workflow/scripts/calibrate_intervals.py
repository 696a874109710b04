"""Calibrate prediction intervals, and check how often they hold held-out labels."""

from confaug.config.roles import RECOMMENDED
from confaug.evaluation.errors import read_all_predictions
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.report.wording.conformer_deviation import deviation_sentence
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES
from confaug.tables.trust import COVERAGE, INTERVALS
from confaug.trust.conformal import calibrate_on, intervals
from confaug.trust.conformer_deviation import deviation_study
from confaug.trust.coverage import coverage_study


def main(snakemake: Job) -> None:
    """Write the intervals of what is recommended on the first replicate, and all coverage."""
    settings, output = snakemake.params.settings, snakemake.output
    asked = (settings["evaluation"]["interval_coverage"], settings["property"]["transform"])
    predictions = read_all_predictions(snakemake.input.predictions)
    molecules = read_table(snakemake.input.molecules, MOLECULES).to_pylist()
    structures = {row["molecule"]: row["smiles"] for row in molecules}
    shown = predictions[RECOMMENDED][1]
    calibration = calibrate_on(shown, *asked, structures)
    write_table(intervals(shown, calibration), output.intervals, INTERVALS)
    write_table(coverage_study(predictions, *asked, structures), output.coverage, COVERAGE)
    deviation = deviation_study(predictions[settings["main"]][1])
    document = {**deviation.to_dict(), "sentence": deviation_sentence(deviation)}
    write_json(document, output.conformer_deviation)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
