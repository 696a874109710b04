"""What a run says about itself: its study first, the causes of a failure last, and each once."""

import logging

from confaug.config.files import named_from_here
from confaug.config.relations import check_study
from confaug.infrastructure.places import check_writable
from confaug.molecules.feasibility import require_workable
from confaug.report.console import FailedJobs, causes
from confaug.report.wording.console import study_line
from confaug.infrastructure.edits import edited_outputs
from confaug.infrastructure.inputs import require_past
from confaug.infrastructure.records import FOLDER
from confaug.infrastructure.running import (
    lock_sentence,
    other_runs,
    require_no_other_run,
    stop_when_nobody_listens,
)
from confaug.infrastructure.study import require_same_study, write_study
from snakemake.logging import logger

NAMED = IS_MODULE or bool(workflow.config_settings.configfiles)
FAILED = FailedJobs()
# What the molecules have to suffice for.
REQUIREMENTS = {
    "ledger": placed(LEDGER),
    "splits": config["splits"],
    "published_row_splits": config["evaluation"]["published_row_splits"],
    "variants": config["variants"],
    "own_columns": placed(OWN_COLUMNS) if HAS_OWN_COLUMNS else None,
}


def said_better(record):
    """Let through what the user needs: jobs say themselves why they fail, and locks mislead."""
    message = str(record.msg)
    if message.startswith("LockException:"):
        record.msg = lock_sentence(Path.cwd(), other_runs(Path.cwd()))
    return not message.endswith("returned non-zero exit status 1.")


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
    """Return what the report says in short, at the end of a run that has come to the report."""
    asked = rule_names(workflow.dag.jobs)
    summaries = {
        "all": REPORT_SUMMARY,
        "plain": PLAIN_SUMMARY if EMBEDDED else REPORT_SUMMARY,
    }
    summary = next((path for rule, path in summaries.items() if rule in asked), None)
    if summary is None:
        return []
    return Path(placed(summary)).read_text(encoding="utf-8").splitlines()


with exit_with_sentence():
    check_study(config)

if IS_GUARDED:
    with exit_with_sentence():
        if "--unlock" in sys.argv:
            require_no_other_run(Path.cwd())
        stop_when_nobody_listens()
        logger.addHandler(FAILED)
        logger.addFilter(said_better)
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
    for line in causes(FAILED.logs):
        logger.error(line)
