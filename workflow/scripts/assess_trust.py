"""How far can the predictions be trusted? Intervals, domain, conformer deviation, outliers."""

import json
from pathlib import Path

import pyarrow as pa

from confaug.evaluation.decades import half_width
from confaug.evaluation.errors import read_all_predictions
from confaug.infrastructure.job import job_log
from confaug.tables.descriptors import DESCRIPTORS_2D
from confaug.tables.engine import read_table, write_json, write_table
from confaug.tables.molecules import LEDGER, MOLECULES
from confaug.tables.trust import COVERAGE, DOMAIN, INTERVALS, LABEL_OUTLIERS, NEIGHBOURS
from confaug.trust.conformal import calibrate_on, intervals
from confaug.trust.conformer_deviation import deviation_study
from confaug.trust.coverage import coverage_study, coverage_summary
from confaug.trust.domain_summary import judge_study
from confaug.trust.label_outliers import find_label_outliers


def main(snakemake):
    """Write the tables of trust: of the main variant on the first replicate, coverage of all."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    variant, unit = settings["main"], settings["property"]["unit"]
    asked = (settings["evaluation"]["interval_coverage"], settings["property"]["transform"])
    molecules = read_table(inputs.molecules, MOLECULES)
    ledger = read_table(inputs.ledger, LEDGER)
    described = pa.concat_tables(read_table(path, DESCRIPTORS_2D) for path in inputs.descriptors_2d)
    predictions = read_all_predictions(inputs.predictions)
    coverage = coverage_study(predictions, *asked)
    shown = predictions[variant][1]
    calibration = calibrate_on(shown, *asked)
    trust = judge_study(molecules, described, shown, unit)
    doubtful = json.loads(Path(inputs.labels).read_text(encoding="utf-8"))["doubtful"]
    outliers = find_label_outliers(shown, trust.neighbours, ledger, unit, doubtful)
    found = intervals(shown, calibration)
    decades = half_width(found) if settings["property"]["transform"] == "log10" else None
    summary = {
        "variant": variant,
        "replicate": 1,
        "calibration": calibration.to_dict(),
        "coverage": coverage_summary(coverage, variant, unit, decades),
        "domain": trust.summary,
    }
    write_table(found, output.intervals, INTERVALS)
    write_table(coverage, output.coverage, COVERAGE)
    write_table(trust.table, output.domain, DOMAIN)
    write_table(trust.neighbours, output.neighbours, NEIGHBOURS)
    write_table(outliers, output.label_outliers, LABEL_OUTLIERS)
    write_json(summary, output.trust)
    write_json(deviation_study(shown), output.conformer_deviation)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
