"""What a run says on the console about itself: its study, and at its end why it failed."""

from collections.abc import Sequence
from pathlib import Path

from confaug.config.check import Config
from confaug.config.roles import RECOMMENDED
from confaug.infrastructure.job import NO_MEMORY
from confaug.infrastructure.study import is_example, property_in_words
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
