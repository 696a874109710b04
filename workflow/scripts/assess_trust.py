"""How far can the predictions be trusted? Intervals, domain, spread and suspect labels."""

import json
from pathlib import Path

import pyarrow as pa

from confaug import comparison, conformal, domain, suspects, tables
from confaug.decades import half_width
from confaug.job import job_log


def main(snakemake):
    """Write the tables of trust: of the main variant on the first replicate, coverage of all."""
    settings, inputs, output = snakemake.params.settings, snakemake.input, snakemake.output
    variant, unit = settings["main"], settings["property"]["unit"]
    asked = (settings["evaluation"]["coverage"], settings["property"]["transform"])
    molecules = tables.read_table(inputs.molecules, tables.MOLECULES)
    ledger = tables.read_table(inputs.ledger, tables.LEDGER)
    described = pa.concat_tables(
        tables.read_table(path, tables.DESCRIPTORS_2D) for path in inputs.descriptors_2d
    )
    predictions = comparison.read_all_predictions(inputs.predictions)
    coverage = conformal.coverage_study(predictions, *asked)
    shown = predictions[variant][1]
    calibration = conformal.calibrate_on(shown, *asked)
    trust = domain.judge_study(molecules, described, shown, unit)
    doubtful = json.loads(Path(inputs.labels).read_text(encoding="utf-8"))["doubtful"]
    suspected = suspects.label_suspects(shown, trust.neighbours, ledger, unit, doubtful)
    intervals = conformal.intervals(shown, calibration)
    decades = half_width(intervals) if settings["property"]["transform"] == "log10" else None
    summary = {
        "variant": variant,
        "replicate": 1,
        "calibration": calibration.to_dict(),
        "coverage": conformal.coverage_summary(coverage, variant, unit, decades),
        "domain": trust.summary,
    }
    tables.write_table(intervals, output.intervals, tables.INTERVALS)
    tables.write_table(coverage, output.coverage, tables.COVERAGE)
    tables.write_table(trust.table, output.domain, tables.DOMAIN)
    tables.write_table(trust.neighbours, output.neighbours, tables.NEIGHBOURS)
    tables.write_table(suspected, output.suspects, tables.SUSPECTS)
    tables.write_json(summary, output.trust)
    tables.write_json(conformal.spread_study(shown), output.spread)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
