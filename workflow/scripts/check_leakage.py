"""Check that nothing leaks between training and test parts or between folds."""

from confaug.evaluation.errors import (
    read_all,
    read_all_documents,
    read_all_predictions,
    read_all_splits,
)
from confaug.evaluation.leakage import check_leakage
from confaug.infrastructure.files import write_json
from confaug.infrastructure.job import Job, job_log
from confaug.report.wording.leakage import CHECKS
from confaug.tables.engine import read_table
from confaug.tables.learning import FITS
from confaug.tables.molecules import MOLECULES


def main(snakemake: Job) -> None:
    """Write what was checked; a leak ends the job."""
    inputs = snakemake.input
    findings = check_leakage(
        read_table(inputs.molecules, MOLECULES),
        read_all_splits(inputs.splits),
        read_all_predictions(inputs.predictions),
        read_all(inputs.fits, FITS),
        read_all_documents(inputs.bundles),
        snakemake.params.settings["splits"]["group_by"],
    )
    document = findings.document()
    for check in document["checks"]:
        check["check"] = CHECKS[check["kind"]]
    write_json(document, snakemake.output.leakage)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
