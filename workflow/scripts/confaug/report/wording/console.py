"""What a run says on the console about itself: its study, and at its end why it failed."""

from collections.abc import Sequence
from pathlib import Path

from confaug.config.check import Config
from confaug.config.roles import RECOMMENDED
from confaug.infrastructure.job import NO_MEMORY
from confaug.infrastructure.study import is_example, property_in_words
from confaug.infrastructure.text import counted
from confaug.prediction.description import Description


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


def prediction_line(config: Config, description: Description | None, results: str) -> str:
    """Say which model of which study predicts which table.

    Parameters
    ----------
    config
        The complete configuration of the study at hand.
    description
        Description of the given bundle; None for the study's own model.
    results
        Folder of the predictions.
    """
    section = config["prediction"]
    if description is None:
        asked = section["model"]
        which = "the recommended model" if asked == RECOMMENDED else asked
        model = f"{which}, fitted on all molecules of the study above"
    else:
        about = property_in_words(description.property.model_dump())
        model = f"{section['bundle']}, a model of {about}"
    return f"Prediction: {section['table']} by {model} → {results}/"


def cause_line(jobs: Sequence[str], cause: str) -> str:
    """Say why jobs failed; the first is named."""
    others = f" and {len(jobs) - 1} more" if len(jobs) > 1 else ""
    return f"[{jobs[0]}{others}] {cause}"


def error_line(job: str, cause: str) -> str:
    """Say why a job failed, at once."""
    return f"[{job}] ERROR: {cause}"


def further_warnings(rule: str, number: int) -> str:
    """Say how many warnings of the jobs of a rule are not shown."""
    return f"[{rule}] {counted(number, 'more warning')}, see the logs of the jobs"


def progress_line(done: int, total: int | None, seconds: float | None) -> str:
    """Say how many jobs are done, and how long the others are going to take.

    Parameters
    ----------
    done, total
        Numbers of jobs; the total is None as long as it depends on a job.
    seconds
        Remaining time; None if it cannot be told.

    Examples
    --------
    >>> progress_line(57, 124, 700.0)
    '57 of 124 jobs done (45%), about 12 min left'
    >>> progress_line(3, None, None)
    '3 jobs done'
    """
    if total is None:
        return f"{counted(done, 'job')} done"
    line = f"{done} of {counted(total, 'job')} done ({100 * done // max(total, 1)}%)"
    return line if seconds is None else f"{line}, {_rough(seconds)} left"


def _rough(seconds: float) -> str:
    """Return a time as exactly as it can be foreseen."""
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 20:
        return f"about {round(minutes)} min"
    if minutes < 120:
        return f"about {5 * round(minutes / 5)} min"
    return f"about {round(minutes / 60)} h"


def report_line(path: str) -> str:
    """Say where the report is."""
    return f"Report: {path}"


def predictions_line(path: str) -> str:
    """Say where the predictions are."""
    return f"Predictions: {path}"


def further_causes(number: int) -> str:
    """Say how many causes are not repeated."""
    return f"and {number} more, see the logs of the jobs"


def no_log(log: Path) -> str:
    """Say that a job ended before it could say anything."""
    return f"the job ended before it could write {log}; its messages are above"


def ended_from_outside(log: Path) -> str:
    """Say that something else ended a job."""
    return f"the job was ended from outside (log: {log}), as systems do when {NO_MEMORY}"


def unexpected(error: str, log: Path) -> str:
    """Say what went wrong in a job that did not expect it."""
    return f"{error} (details in {log})"
