from pathlib import Path

import pytest
from filelock import FileLock

from study import Study


@pytest.hookimpl(tryfirst=True)  # before those with the marker are deselected
def pytest_collection_modifyitems(items):
    """Mark all tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("workflow")


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id) -> Study:
    """The quick preset, run once with two cores for all processes; tests must not change it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # each process has a folder of its own in the shared one
        shared = shared.parent
    done = shared / "finished" / "done"
    with FileLock(shared / "finished.lock"):
        if not done.exists():
            said = Study.fresh(shared / "finished" / "study").snakemake().stdout
            done.write_text(said)
    return Study(shared / "finished" / "study")


@pytest.fixture
def console(finished) -> list[str]:
    """The lines that the run of the quick preset has shown."""
    return (finished.folder.parent / "done").read_text().splitlines()


@pytest.fixture
def fresh(tmp_path) -> Study:
    """The workflow as it is handed out, without results."""
    return Study.fresh(tmp_path / "study")


@pytest.fixture
def study(finished, tmp_path) -> Study:
    """A copy of the finished study that a test may change."""
    return finished.copy(tmp_path / "study")
