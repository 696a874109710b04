import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from confaug.infrastructure.library import own_library_first

SCRIPTS = Path(__file__).parents[3] / "workflow" / "scripts"
JOB = (
    "from confaug.infrastructure.job import job_log\nwith job_log('rule.log'):\n    print('ran')\n"
)


def a_copy(folder: Path) -> Path:
    """Copy the library, and put a script beside it."""
    shutil.copytree(SCRIPTS / "confaug", folder / "confaug")
    (folder / "script.py").write_text(JOB)
    return folder


def test_the_librarys_folder_comes_before_all_others():
    found = own_library_first(SCRIPTS, {"PYTHONPATH": os.pathsep.join(["/one", "", "/two"])})
    assert found["PYTHONPATH"].split(os.pathsep) == [str(SCRIPTS), "/one", "/two"]
    assert own_library_first(SCRIPTS, found) == found  # jobs of a cluster read the rules again
    assert own_library_first(SCRIPTS, {})["PYTHONPATH"] == str(SCRIPTS)


@pytest.mark.parametrize("alien", ["confaug.py", "confaug/__init__.py", "confaug/job.py"])
def test_a_new_python_imports_nothing_else(tmp_path, alien):
    for folder in ("path", "working"):
        (tmp_path / folder / alien).parent.mkdir(parents=True)
        (tmp_path / folder / alien).write_text("raise SystemExit('an alien library')\n")
    variables = own_library_first(SCRIPTS, {"PYTHONPATH": str(tmp_path / "path")})
    code = "import confaug.infrastructure.job; print(confaug.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "working",
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(SCRIPTS / "confaug" / "__init__.py")


def test_a_job_with_the_library_of_another_copy_ends_in_a_sentence(tmp_path):
    mine, other = a_copy(tmp_path / "mine"), a_copy(tmp_path / "other")

    def run(library: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, mine / "script.py"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(library), "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(mine).stdout == "ran\n"
    done = run(other)
    assert (done.returncode, done.stdout) == (1, "")
    log = (tmp_path / "rule.log").read_text()
    assert str(other / "confaug") in log
    assert str(mine / "confaug") in log
    assert "Traceback" not in log + done.stderr
