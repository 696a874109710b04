"""Python in a new process that finds the library."""

import os
import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "workflow" / "scripts"


def run_python(code: str, *arguments: str, cwd: Path | None = None, **environment: str) -> str:
    """Run code that has to succeed, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(LIBRARY), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
