import pytest

from study import Study


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Study:
    """The quick preset, run once with two cores; tests must not change it."""
    study = Study.fresh(tmp_path_factory.mktemp("finished") / "study")
    study.snakemake()
    return study


@pytest.fixture
def study(finished, tmp_path) -> Study:
    """A copy of the finished study that a test may change."""
    return finished.copy(tmp_path / "study")
