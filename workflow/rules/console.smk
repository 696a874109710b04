"""What a run says about itself: its study first, and each cause of a failure once."""

import logging

from confaug.config.files import named_from_here, snakefile_from_here
from confaug.config.relations import check_study
from confaug.infrastructure.places import check_writable
from confaug.molecules.feasibility import require_workable
from confaug.report.check import CheckedStudy, check_lines
from confaug.report.console import FailedJobs, causes, guard_run
from confaug.report.quiet_console import START_UP, QuietConsole
from confaug.report.wording.console import predictions_line, report_line, study_line
from confaug.costs.seconds import expected_seconds
from confaug.infrastructure.job import QUIET_JOBS
from confaug.infrastructure.remaining import Left
from confaug.infrastructure.edits import edited_outputs
from confaug.infrastructure.inputs import require_past
from confaug.infrastructure.records import FOLDER
from confaug.infrastructure.snakemake_jobs import plan_jobs
from confaug.infrastructure.study import require_same_study, write_study
from snakemake.logging import logger

NAMED = IS_MODULE or bool(workflow.config_settings.configfiles)
FAILED = FailedJobs()
# A plan is printed in full, and so is everything if the user asks for it.
IS_QUIET = IS_GUARDED and not (
    workflow.output_settings.dryrun or workflow.output_settings.verbose
)
if IS_QUIET:
    os.environ[QUIET_JOBS] = "1"
elif not IS_MODULE:  # on the node of a cluster, too, where nobody relays
    os.environ.pop(QUIET_JOBS, None)
# What the molecules have to suffice for.
REQUIREMENTS = {
    "ledger": placed(LEDGER),
    "splits": config["splits"],
    "published_row_splits": config["evaluation"]["published_row_splits"],
    "variants": config["variants"],
    "own_columns": placed(OWN_COLUMNS) if HAS_OWN_COLUMNS else None,
}


def rule_names(jobs):
    """Return the names of the rules of some jobs."""
    return {job.rule.name for job in jobs}


def configfiles_of_study():
    """Return the configuration files as a command names them; None if another workflow runs."""
    if IS_MODULE:
        return None
    return [named_from_here(path) for path in workflow.config_settings.configfiles]


def report_settings(**further):
    """Return what the page of a report depends on besides its files."""
    return settings(
        "write_report",
        templates=content_hash(report_sources()),
        config=dict(config),
        logs=f"{RESULTS}/logs",
        configfiles=configfiles_of_study(),
        **further,
    )


def conclusion():
    """Return what the report says in short, and where the results are that were asked for."""
    asked = rule_names(workflow.dag.jobs)
    if "check" in asked:
        return checked_study()
    if "plain" in asked and EMBEDDED:
        summary, page = PLAIN_SUMMARY, PLAIN_REPORT
    else:
        summary, page = REPORT_SUMMARY, REPORT
    lines = []
    if asked & {"all", "plain"}:
        lines += Path(placed(summary)).read_text(encoding="utf-8").splitlines()
        lines.append(report_line(placed(page)))
    if "pdf" in asked:
        lines.append(report_line(placed(REPORT_PDF)))
    if PLAN and "predict" in asked:
        lines.append(predictions_line(f"{RESULTS}/{PLAN.folder}/index.html"))
    return lines


def checked_study():
    """Return what is to be known before the study is run."""
    study = CheckedStudy(
        config=config,
        **{name: Path(placed(path)) for name, path in CLEANED.items()},
        manifest=Path(placed(MANIFEST)),
        own_columns=Path(placed(OWN_COLUMNS)),
        configfiles=configfiles_of_study() or [],
        snakefile=snakefile_from_here(ROOT),
    )
    with exit_with_sentence():
        return check_lines(study, plan_jobs(workflow, "all"), workflow.cores)


def jobs_left():
    """Return the jobs of this run that are not finished, and what they are expected to take."""
    facts = facts_of_study()
    return [
        Left(
            job.jobid,
            job.rule.name,
            START_UP + expected_seconds(job.rule.name, job.wildcards_dict, facts),
            job.rule.is_checkpoint,
        )
        for job in workflow.dag.needrun_jobs()
    ]


CONSOLE = QuietConsole(
    logger, jobs_left, conclusion, keep_errors=workflow.output_settings.show_failed_logs
)

with exit_with_sentence():
    check_study(config)

if IS_GUARDED:
    with exit_with_sentence():
        guard_run(logger, FAILED)
        if IS_QUIET:
            CONSOLE.install()
        logger.info(study_line(config, named=NAMED))
        for line in edited_outputs(RESULTS, FOLDER):
            logger.warning(line)
        require_same_study(config)
        if Path(input_table()).exists():  # a bundle predicts without it
            require_past(input_table())


onstart:
    with exit_with_sentence():
        check_writable(RESULTS)
        write_study(config)
        # Molecules that stay as they are; others are checked once they are cleaned.
        if "clean_molecules" in rule_names(workflow.dag.jobs) - rule_names(
            workflow.dag.needrun_jobs()
        ):
            require_workable(placed(MOLECULES), REQUIREMENTS)


onerror:
    CONSOLE.end(causes(FAILED.logs, CONSOLE.just_said), logging.ERROR)
