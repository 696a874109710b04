"""Write the report of a study as one HTML page."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confaug.config.roles import molecule_kinds, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.infrastructure.files import write_text
from confaug.infrastructure.job import Job, job_log
from confaug.report import accounting
from confaug.report.page import ReportInputs, build_report
from confaug.report.results import Results, read_results
from confaug.report.sections.cost import Description
from confaug.report.summary import conclusion

logger = logging.getLogger("confaug")


def main(snakemake: Job) -> None:
    """Collect results, figures and provenance, and build the page."""
    settings, files = snakemake.params.settings, dict(snakemake.input.items())
    config = settings["config"]
    results = read_results(
        files, config["property"], settings.get("main"), settings.get("to_come", [])
    )
    inputs = ReportInputs(
        results=results,
        config=config,
        figures={Path(path).stem: read(path) for path in files["figures"]},
        parity={Path(path).parts[-3]: read(path) for path in files.get("parity", [])},
        versions=accounting.software_versions(),
        code=accounting.script_hashes(),
        costs=accounting.read_costs(settings["logs"]),
        described=described(results, config, settings["logs"]),
        table_hash=accounting.file_hash(files["table"]),
        configfiles=settings["configfiles"],
    )
    write_text(build_report(inputs), snakemake.output.html)
    write_text("\n".join(conclusion(inputs.summary)) + "\n", snakemake.output.summary)
    for notice in inputs.summary.notices:
        logger.warning("WARNING: %s", notice)


def described(results: Results, config: Mapping[str, Any], logs: str) -> Description:
    """Find what describing molecules for the recommended model took."""
    members = results.outcome.recommendation.members
    variants = [Variant(**config["variants"][name]) for name in members]
    kinds, needed = molecule_kinds(variants), any(map(needs_conformers, variants))
    return Description(
        molecules=len(results["molecules"]),
        seconds=accounting.description_seconds(logs, kinds, needed),
        required=config["requirements"]["molecules_per_hour"],
    )


def read(path: str) -> str:
    """Return the text of a file."""
    return Path(path).read_text(encoding="utf-8")


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
