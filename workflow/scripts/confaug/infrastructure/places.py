"""Check where things lie: results need a folder of their own, and tables one that no result takes.

Snakemake deletes the outputs of a rule before it runs, so a table in their place would be lost.
"""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure import records, study

#: Endings of names that only files of results have.
FILES = (".csv", ".html", ".json", ".log", ".parquet", ".pdf", ".png", ".sdf", ".svg", ".tsv")
#: Names in a folder of results that are not outputs of rules in every run.
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
        "the working folder": Path.cwd(),
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
    """Return the names of the files and folders directly in the folder of results.

    Parameters
    ----------
    results
        The folder of results, as it begins the paths of the outputs.
    outputs
        Paths of outputs and logs of all rules, patterns or not.
    """
    inside = (os.path.relpath(path, results) for path in outputs)
    return FURTHER | {Path(name).parts[0] for name in inside if not name.startswith(os.pardir)}


def check_folder(folder: str | Path, names: Iterable[str]) -> None:
    """Check that nothing in a folder of results is a folder or a file where the other belongs.

    Parameters
    ----------
    folder
        The folder of results.
    names
        What the program writes in it (see `names_written`); nothing else is looked at.

    Raises
    ------
    UserError
        If a file stands in the way, or a folder has the name of a table, a figure or a log.
    """
    folder = Path(folder)
    blocking = [path for path in (folder, *folder.parents) if path.exists() and not path.is_dir()]
    dangling = [path for path in (folder, *folder.parents) if _is_dangling(path)]
    if dangling:
        raise UserError(
            f"{dangling[0]}, where results go, is a link to {dangling[0].readlink()}, which does "
            "not exist; create that folder, or correct the link"
        )
    if blocking:
        raise UserError(f"{blocking[0]} is a file, but results need a folder of that name; move it")
    for name in sorted(names):
        for path in sorted([folder / name, *(folder / name).rglob("*.*")]):
            if path.suffix in FILES and path.is_dir():
                raise UserError(
                    f"{path} is a folder, but results need a file of that name; move it"
                )


def check_writable(folder: str | Path) -> None:
    """Check that results can be written into a folder, which need not be there yet.

    Raises
    ------
    UserError
        If this user may not write there.
    """
    there = next(path for path in Path(folder).absolute().joinpath("_").parents if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise UserError(
            f"{folder} cannot be written, because you have no write permission in {there}; change "
            "the permissions, or name another folder with the config key 'pathvars.results'"
        )


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
            f"config key 'input.table' names {table}, but the results of this study go to "
            f"{Path(results, taken[0])} and would replace it; copy the table to another folder, or "
            "give the results another one with `pathvars: {results: results/another}`"
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
    """Tell whether a path, as written or with links resolved, is a place or lies below it."""
    return any(
        one.is_relative_to(_resolved(place))
        for one in (_resolved(path), _resolved(Path(path).parent) / Path(path).name)
    )


def _resolved(path: str | Path) -> Path:
    """Return a path with links resolved, whether or not it exists."""
    return Path(os.path.realpath(path))


def _is_dangling(path: Path) -> bool:
    """Tell whether a path is a link to nothing."""
    return path.is_symlink() and not path.exists()
