import json
from pathlib import Path

import pytest

from confaug.errors import UserError
from confaug.infrastructure.study import FIRST_RESULTS, require_same_study, study_of, write_study


def config(folder: Path, bundle: str | None = None, **changes: str) -> dict:
    given = {"table": "data/polymers.csv", "smiles_column": "smiles", "label_column": "tg"}
    measured = {"name": "Glass transition temperature", "unit": "K"}
    for key, value in changes.items():
        (given if key in given else measured)[key] = value
    return {
        "pathvars": {"results": str(folder)},
        "input": given,
        "property": measured,
        "prediction": {"bundle": bundle},
    }


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with the first result of a study."""
    (tmp_path / FIRST_RESULTS[0]).mkdir(parents=True)
    write_study(config(tmp_path))
    return tmp_path


def test_a_folder_of_results_names_its_study(folder):
    assert json.loads((folder / "study.json").read_text()) == study_of(config(folder))


def test_a_folder_without_results_is_anybodys(tmp_path):
    write_study(config(tmp_path, label_column="misspelt"))
    require_same_study(config(tmp_path))


def test_a_folder_in_which_a_study_was_only_checked_is_free(tmp_path):
    write_study(config(tmp_path, label_column="density"))
    (tmp_path / "molecules").mkdir()
    (tmp_path / "molecules" / "ledger.csv").touch()
    require_same_study(config(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        {"table": "data/solvents.csv"},
        {"smiles_column": "solute"},
        {"label_column": "density"},
        {"name": "Density"},
    ],
)
def test_another_study_is_refused_with_the_ways_out(folder, change):
    with pytest.raises(UserError) as refused:
        require_same_study(config(folder, **change))
    told = str(refused.value)
    for part in (*change.values(), "polymers.csv", "pathvars", str(folder / "study.json")):
        assert part in told
    (folder / "study.json").unlink()  # one of the ways
    require_same_study(config(folder, **change))


@pytest.mark.parametrize("change", [{}, {"unit": "°C"}, {"table": "/moved/to/polymers.csv"}])
def test_the_same_study_goes_on(folder, change):
    require_same_study(config(folder, **change))


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_results_that_name_no_study_are_taken(folder, content):
    (folder / "study.json").unlink()
    if content is not None:
        (folder / "study.json").write_text(content)
    require_same_study(config(folder, label_column="density"))


def test_a_bundle_needs_no_study_and_leaves_that_of_the_folder(folder):
    before = (folder / "study.json").read_bytes()
    other = config(folder, bundle="given", label_column="density")
    require_same_study(other)
    write_study(other)
    assert (folder / "study.json").read_bytes() == before
