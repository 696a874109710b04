"""Make jobs import the library whose code is hashed, and no other copy of it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from confaug.errors import UserError

LIBRARY = Path(__file__).resolve().parents[1]


def own_library_first(scripts: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables under which a new Python imports from `scripts` first.

    A script that Snakemake runs has its own folder last on its search path: behind PYTHONPATH, the
    packages that are installed, and the folder in which Snakemake puts its copy of the script.
    `python -m snakemake`, with which a cluster's jobs begin, has the working directory first.

    Parameters
    ----------
    scripts
        The folder of the scripts, which holds the library.
    environment
        The variables as they are now; what PYTHONPATH names stays behind `scripts`.

    Examples
    --------
    >>> own_library_first(Path("/study/scripts"), {"PYTHONPATH": "/mine"})["PYTHONPATH"]
    '/study/scripts:/mine'
    """
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    others = [path for path in given if path not in ("", str(scripts))]
    path = os.pathsep.join([str(scripts), *others])
    return {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def check_library() -> None:
    """Check that the running script uses the library beside it, whose code Snakemake has hashed.

    A program without a library in its folder, such as a test, may use any copy.

    Raises
    ------
    UserError
        If this library lies somewhere else.
    """
    script = getattr(sys.modules["__main__"], "__file__", None)
    beside = Path(script).resolve().parent / LIBRARY.name if script else LIBRARY
    if beside.is_dir() and beside != LIBRARY:
        raise UserError(
            f"this job has loaded another copy of the library, {LIBRARY}, instead of {beside}, "
            "whose code its records name; remove that copy from PYTHONPATH and from the installed "
            "packages"
        )
