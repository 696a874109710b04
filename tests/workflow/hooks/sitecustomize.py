"""Python runs this at its start in every job of a test that puts this folder on PYTHONPATH.

CONFAUG_RENAMES names a file that gets a line for every file that is given its final name.
CONFAUG_KILL_BEFORE is how the name of a file ends before which everything is killed.
"""

import os
import signal
import sys
from pathlib import Path


def on_rename(event: str, arguments: tuple[object, ...]) -> None:
    """Note a rename, or end the process group in its place."""
    if event != "os.rename":
        return
    name = os.path.abspath(os.fspath(arguments[1]))  # type: ignore[call-overload]  # noqa: PTH100
    fatal = os.environ.get("CONFAUG_KILL_BEFORE")
    if fatal and name.endswith(fatal):
        os.killpg(0, signal.SIGKILL)
    if "CONFAUG_RENAMES" in os.environ:
        with Path(os.environ["CONFAUG_RENAMES"]).open("a") as file:
            file.write(f"{name}\t{os.environ.get('OPENBLAS_CORETYPE')}\n")


sys.addaudithook(on_rename)
