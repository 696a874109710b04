import io
import logging
import time

import pytest
from snakemake.logging import LogEvent
from terminal import on_screen

from confaug.errors import UserError
from confaug.infrastructure.job import job_log
from confaug.infrastructure.remaining import Left
from confaug.report.quiet_console import MAX_WARNINGS, QuietConsole


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Run:
    """Snakemake's logger with a console and a log file, and what a run tells it."""

    def __init__(self, folder, stream=None, **options):
        self.folder = folder
        self.stream = stream or io.StringIO()
        self.file = io.StringIO()
        self.logger = logging.Logger("snakemake", logging.INFO)
        for name, where in (("DefaultStreamHandler", self.stream), ("file", self.file)):
            handler = logging.StreamHandler(where)
            handler.name = name
            self.logger.addHandler(handler)
        self.left = []
        self.console = QuietConsole(self.logger, lambda: self.left, lambda: ["The end"], **options)
        self.console.install()

    @property
    def shown(self):
        return self.stream.getvalue().splitlines()

    def tell(self, event, message=None, level=logging.INFO, **about):
        self.logger.log(level, message, extra={"event": event, **about})

    def start(self):
        self.tell(LogEvent.WORKFLOW_STARTED, "Workflow has started!")
        self.logger.info("Building DAG of jobs...")
        return self

    def begin(self, number, rule):
        log = self.folder / "logs" / rule / f"{number}.log"
        self.tell(LogEvent.JOB_INFO, "Rule", jobid=number, rule_name=rule, log=[str(log)])
        return log

    def job(self, number, rule, *messages, done=None, total=None, error=None):
        log = self.begin(number, rule)
        try:
            with job_log(log):
                for level, message in messages:
                    logging.getLogger("confaug").log(level, message)
                if error:
                    raise error
        except SystemExit:
            about = {"jobid": number, "log": [str(log)], "indent": False}
            self.tell(LogEvent.JOB_ERROR, "Error in rule", logging.ERROR, **about)
            return
        self.tell(LogEvent.JOB_FINISHED, f"Finished jobid: {number}", job_id=number)
        if done:
            self.tell(LogEvent.PROGRESS, None, done=done, total=total)


@pytest.fixture(autouse=True)
def quiet_jobs(monkeypatch):
    monkeypatch.setenv("CONFAUG_QUIET_JOBS", "1")


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path)
    yield run
    run.console.close()


def test_before_a_run_starts_everything_is_shown(run):
    run.logger.info("Congratulations, your workflow is in a good condition!")
    run.logger.info("Assuming unrestricted shared filesystem usage.")
    assert run.shown == ["Congratulations, your workflow is in a good condition!"]


def test_a_job_that_ends_well_says_nothing_but_the_log_file_has_all(run):
    run.start().job(1, "fit_model", (logging.INFO, "trial 1 of 16"))
    run.logger.info("Select jobs to execute...")
    assert run.shown == []
    for message in ("Workflow has started!", "Building DAG", "Finished jobid: 1", "Select jobs"):
        assert message in run.file.getvalue()


def test_what_became_of_the_rows_is_shown(run):
    said = ((logging.INFO, "row 7 rejected: odd"), (logging.INFO, "read 9 rows: 8 accepted"))
    run.start().job(1, "clean_molecules", *said)
    run.job(2, "new_clean_unlabelled", (logging.INFO, "WARNING: doubtful"))
    assert run.shown == ["row 7 rejected: odd", "read 9 rows: 8 accepted", "WARNING: doubtful"]


def test_warnings_name_their_job_and_many_of_one_rule_are_counted(run):
    run.start()
    for number in range(MAX_WARNINGS + 2):
        run.job(number, "embed", (logging.WARNING, f"odd {number}"), (logging.INFO, "fine"))
    run.console.end(["The best model"])
    assert run.shown == [
        *(f"[embed/{number}] odd {number}" for number in range(MAX_WARNINGS)),
        "[embed] 2 more warnings, see the logs of the jobs",
        "The best model",
    ]


def test_warnings_and_errors_of_snakemake_are_shown(run):
    run.start()
    run.logger.warning("a warning")
    run.tell(LogEvent.ERROR, "an error", logging.ERROR)
    run.tell(LogEvent.SHELLCMD, "a command that was asked for")
    run.logger.info("Complete log(s): here")
    assert len(run.shown) == 4


def test_a_failed_job_says_why_in_place_of_its_inputs_and_outputs(run):
    run.start().job(1, "split", error=UserError("too few molecules"))
    assert run.shown == ["[split/1] ERROR: too few molecules"]
    run.job(2, "fit", error=ValueError("odd"))
    assert "[fit/2] ERROR: ValueError: odd (details in" in run.shown[-1]
    assert "Traceback" not in run.stream.getvalue()
    assert run.file.getvalue().count("Error in rule") == 2


def test_a_cause_counts_as_just_said_until_something_else_is_said(run):
    run.start().job(1, "split", error=UserError("too few molecules"))
    run.job(2, "split", error=UserError("too few molecules"))
    assert run.shown == ["[split/1] ERROR: too few molecules"]
    assert run.console.just_said == {"too few molecules"}
    run.job(3, "embed", (logging.WARNING, "odd"))
    assert run.console.just_said == set()


def test_the_last_words_of_snakemake_on_a_failed_run_are_hidden(run):
    run.start()
    run.logger.error("WorkflowError:\nAt least one job did not complete successfully.")
    run.logger.error("WorkflowError:\nsomething else")
    assert run.shown == ["WorkflowError:", "something else"]


def test_a_job_that_was_killed_is_reported_by_snakemake(run):
    run.start()
    log = run.begin(1, "embed")
    log.parent.mkdir(parents=True)
    log.write_text("2026-01-01 00:00:00,000 INFO molecule 3 of 9\n")
    about = {"jobid": 1, "log": [str(log)], "indent": False}
    run.tell(LogEvent.JOB_ERROR, "Error in rule embed", logging.ERROR, **about)
    assert run.shown == ["Error in rule embed"]


def test_the_log_of_an_earlier_run_is_not_taken_for_the_cause(run):
    run.start().job(1, "split", error=UserError("too few molecules"))
    log = run.begin(1, "split")
    about = {"jobid": 1, "log": [str(log)], "indent": False}
    run.tell(LogEvent.JOB_ERROR, "Error in rule split", logging.ERROR, **about)
    assert run.shown[1:] == ["Error in rule split"]


@pytest.mark.parametrize("explained", [True, False])
def test_a_group_is_reported_unless_one_of_its_jobs_says_why(run, explained):
    run.start()
    logs = [run.begin(number, "fit") for number in (1, 2)]
    if explained:
        with pytest.raises(SystemExit), job_log(logs[0]):
            raise UserError("no disk")
    jobs = [{"jobid": number, "log": [str(log)]} for number, log in enumerate(logs, 1)]
    run.tell(LogEvent.GROUP_ERROR, "Error in group", logging.ERROR, job_error_info=jobs)
    for job in jobs:
        run.tell(LogEvent.JOB_ERROR, "Error in rule", logging.ERROR, indent=True, **job)
    assert run.shown == (["[fit/1] ERROR: no disk"] if explained else ["Error in group"])


def test_reports_of_failed_jobs_are_kept_if_they_are_asked_for(tmp_path):
    run = Run(tmp_path, keep_errors=True).start()
    run.job(1, "split", error=UserError("too few molecules"))
    assert run.shown == ["Error in rule", "[split/1] ERROR: too few molecules"]


def test_progress_is_silent_while_the_number_of_jobs_depends_on_one(run):
    run.left = [Left(9, "shard_molecules", 1.0, True)]
    run.start().job(1, "clean", done=1, total=2)
    assert run.shown == []
    run.left = [Left(8, "embed_conformers", 1.0)]
    run.job(9, "shard_molecules", done=2, total=10)
    assert run.shown[0].startswith("2 of 10 jobs done (20%)")


def test_a_run_with_nothing_to_do_says_how_the_last_one_ended(run):
    run.start().logger.info("Nothing to be done (all requested files are present).")
    assert [line[:10] for line in run.shown] == ["Nothing to", "The end"]


def test_a_terminal_has_one_line_of_progress_below_the_warnings(tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    run = Run(tmp_path, Terminal())
    run.start().job(1, "fit", done=1, total=2)
    run.job(2, "fit", (logging.WARNING, "odd"), done=2, total=2)
    run.console.end(["The end"])
    text = run.stream.getvalue()
    assert "1 of 2 jobs done (50%)" in text
    assert "2 of 2 jobs done (100%)" in text
    assert on_screen(text) == ["[fit/2] odd", "The end", ""]
    run.console.close()


def test_the_remaining_time_goes_down_and_never_below_nothing(run, monkeypatch):
    said = []
    monkeypatch.setattr(
        run.console, "_sparing", type("", (), {"show": lambda _, *a: said.append(a)})()
    )
    run.left = [Left(1, "fit", 1.0), Left(2, "fit", 1.0)]
    run.start().job(1, "fit", done=1, total=2)
    ((text, *_),) = said
    assert text().endswith("less than a minute left")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 10_000)
    assert text().endswith("less than a minute left")
