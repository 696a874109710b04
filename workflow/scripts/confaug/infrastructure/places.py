"""What may lie where: results need a folder of their own, and tables a place that no result takes.

Snakemake deletes the outputs of a rule before it runs: a table at such a place would be lost.
"""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure import records, study

#: What lies in a folder of results without being an output of a rule of every run.
FURTHER = {records.FOLDER, study.FILE, "predictions"}


def require_own_folder(results: str | Path, workflow: str | Path) -> None:
    """Check that the folder of results is not one that holds other things.

    Parameters
    ----------
    results
        The folder as configured.
    workflow
        The folder of the workflow.

    Raises
    ------
    UserError
        If the folder is, or holds, the working folder, the home folder or the workflow.
    """
    others = {
        "the folder in which you are": Path.cwd(),
        "your home folder": Path("~").expanduser() if "HOME" in os.environ else None,
        "the workflow": Path(workflow),
        "the code of the workflow": Path(workflow, "workflow"),
    }
    for name, other in others.items():
        if other is not None and _resolved(other).is_relative_to(_resolved(results)):
            raise UserError(
                f"config key 'pathvars.results' names {results}, which is or holds {name}, "
                f"{other}; give the results a folder of their own, such as results/my_study"
            )


def names_written(results: str, outputs: Iterable[str]) -> set[str]:
    """Return the names of files and folders that the program writes directly below the results.

    Parameters
    ----------
    results
        The folder of results, as it begins the paths of the outputs.
    outputs
        Paths of outputs and logs of all rules, patterns or not.
    """
    inside = (os.path.relpath(path, results) for path in outputs)
    return FURTHER | {Path(name).parts[0] for name in inside if not name.startswith(os.pardir)}


def require_outside(table: str | Path, results: str | Path, names: Collection[str]) -> None:
    """Check that the study's table lies where none of its results goes.

    Parameters
    ----------
    table
        The table of the study.
    results
        The folder of results.
    names
        What the program writes in it, see `names_written`.

    Raises
    ------
    UserError
        If the table, or the file that it is a link to, lies at such a place.
    """
    taken = [name for name in sorted(names) if _lies_in(table, Path(results, name))]
    if taken:
        raise UserError(
            f"config key 'input.table' names {table}, but {Path(results, taken[0])} is where the "
            "results of this study go, which would replace it; copy the table to another folder, "
            "or give the results another one with `pathvars: {results: results/another}`"
        )


def require_not_itself(table: str | Path, folder: str | Path) -> None:
    """Check that a table of new molecules does not lie where its own predictions go.

    Raises
    ------
    UserError
        If the table, or the file that it is a link to, lies in that folder.
    """
    if _lies_in(table, folder):
        raise UserError(
            f"config key 'prediction.table' names {table}, but its own predictions go to {folder} "
            "and would replace it; give them another folder with "
            f"`prediction: {{name: {Path(folder).name}_again}}`"
        )


def _lies_in(path: str | Path, place: str | Path) -> bool:
    """Tell whether a path, as it is written or after all links, is a place or lies below it."""
    return any(
        one.is_relative_to(_resolved(place))
        for one in (_resolved(path), _resolved(Path(path).parent) / Path(path).name)
    )


def _resolved(path: str | Path) -> Path:
    """Return a path without links, whether or not anything is there."""
    return Path(os.path.realpath(path))
