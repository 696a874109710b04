"""What a run says about itself: its study first, the causes of a failure last, and each once."""

import logging

from confaug.checks import check_folder, check_writable
from confaug.console import FailedJobs, causes, study_line
from confaug.inputs import require_past
from confaug.running import (
    lock_sentence,
    other_runs,
    stop_when_nobody_listens,
    unlock_refusal,
)
from confaug.study import require_same_study, write_study
from snakemake.logging import logger

NAMED = bool(workflow.config_settings.configfiles)
FAILED = FailedJobs()


def said_better(record):
    """Let through what the user needs: jobs say themselves why they fail, and locks mislead."""
    message = str(record.msg)
    if message.startswith("LockException:"):
        record.msg = lock_sentence(Path.cwd(), other_runs(Path.cwd()))
    return not message.endswith("returned non-zero exit status 1.")


if workflow.is_main_process:
    if "--unlock" in sys.argv and other_runs(Path.cwd()):
        sys.exit(unlock_refusal(Path.cwd(), other_runs(Path.cwd())))
    stop_when_nobody_listens()
    logger.addHandler(FAILED)
    logger.addFilter(said_better)
    logger.info(study_line(config, named=NAMED))

    try:
        check_folder(RESULTS)
        require_same_study(config)
        if Path(input_table()).exists():  # a bundle predicts without it
            require_past(input_table())
    except UserError as error:
        sys.exit(f"Error: {error}")


onstart:
    try:
        check_writable(RESULTS)
        write_study(config)
    except UserError as error:
        sys.exit(f"Error: {error}")


onerror:
    for line in causes(FAILED.logs):
        logger.error(line)
