"""What a run says on the console about itself: its study, and at its end why it failed."""

import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from confaug.config.check import Config
from confaug.infrastructure.job import NO_MEMORY, job_name, read_cost
from confaug.infrastructure.study import is_example, property_in_words

#: Causes that are repeated at the end of a run, at most.
MAX_CAUSES = 10
_ERROR = re.compile(r"^\S+ \S+ ERROR (?:ERROR: )?(.+)$", re.MULTILINE)


def study_line(config: Config, *, named: bool) -> str:
    """Say which study a run works on, and where its results go.

    Parameters
    ----------
    config
        The complete configuration.
    named
        Whether the user named a configuration file.

    Examples
    --------
    >>> config = {"input": {"table": "mine.csv"}, "property": {"name": "Density", "unit": "g/mL"},
    ...           "pathvars": {"results": "results/mine"}}
    >>> study_line(config, named=True)
    'Study: Density (g/mL), mine.csv → results/mine/'
    """
    about = f"Study: {property_in_words(config['property'])}, {config['input']['table']}"
    if is_example(config):
        about += ", the bundled example" + ("" if named else "; yours needs --configfile")
    return f"{about} → {config['pathvars']['results']}/"


def prediction_line(config: Config, document: Config | None, main: str, results: str) -> str:
    """Say which model of which study predicts which table.

    Parameters
    ----------
    config
        The complete configuration of the study at hand.
    document
        Description of the given bundle; None for the study's own model.
    main
        The variant whose model predicts, if it is the study's own.
    results
        Folder of the predictions.
    """
    section = config["prediction"]
    if document is None:
        model = f"{main}, replicate 1, of the study above"
    else:
        model = f"{section['bundle']}, a model of {property_in_words(document['property'])}"
    return f"Prediction: {section['table']} by {model} → {results}/"


class FailedJobs(logging.Handler):
    """Collects the logs of jobs that failed, as Snakemake reports them."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Note the logs of a job or of the jobs of a group."""
        event = getattr(getattr(record, "event", None), "value", None)
        if event == "job_error":
            self._note(record.__dict__)
        elif event == "group_error":
            for info in record.__dict__["job_error_info"]:
                self._note(info)

    def _note(self, job: dict[str, Any]) -> None:
        self.logs.update(dict.fromkeys(map(str, job["log"] or ())))


def causes(logs: Iterable[str]) -> list[str]:
    """Say why jobs failed, each cause once, by their logs.

    Parameters
    ----------
    logs
        Log files of jobs that failed; one that has ended well since is passed over.
    """
    jobs: dict[str, list[str]] = {}
    for log in logs:
        for cause in _causes_of(Path(log)):
            jobs.setdefault(cause, []).append(job_name(Path(log)))
    lines = [f"[{_first_of(names)}] {cause}" for cause, names in jobs.items()]
    if len(lines) > MAX_CAUSES:
        lines[MAX_CAUSES:] = [f"and {len(lines) - MAX_CAUSES} more, see the logs of the jobs"]
    return lines


def _causes_of(log: Path) -> list[str]:
    """Return the errors that a log tells of."""
    if not log.is_file():
        return [f"the job ended before it could write {log}; its messages are above"]
    if read_cost(log) is not None:
        return []
    text = log.read_text(encoding="utf-8", errors="replace")
    found: list[str] = _ERROR.findall(text)
    if not found:
        return [f"the job was ended from outside (log: {log}), as systems do when {NO_MEMORY}"]
    if found[-1] == "The job failed":  # a traceback follows, whose last line is the cause
        found[-1] = f"{text.rstrip().splitlines()[-1]} (details in {log})"
    return found


def _first_of(names: Sequence[str]) -> str:
    """Name the first job, and tell how many more there are."""
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
