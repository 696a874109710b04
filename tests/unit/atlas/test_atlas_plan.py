"""Which studies the atlas has, and which of them a process reads."""

import pytest

from confaug.atlas.plan import compared, is_asked, studies_of, study_configs, variants_of
from confaug.errors import UserError

COMMON = """
splits: {replicates: 5, folds: 5}
variants:
  plain: {representation: rdkit_2d, learner: ridge}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "atlas").mkdir()
    (tmp_path / "atlas.yaml").write_text(COMMON)
    (tmp_path / "atlas" / "b.yaml").write_text("splits: {train: 70}\nproperty: {name: B}\n")
    (tmp_path / "atlas" / "a.yaml").write_text("splits: {folds: 3}\npathvars: {results: x}\n")
    return tmp_path


def test_a_study_is_what_all_have_in_common_and_its_own(folder):
    configs = study_configs(folder, "results/atlas")
    assert list(configs) == ["a", "b"]
    assert configs["b"]["splits"] == {"replicates": 5, "folds": 5, "train": 70}
    assert configs["a"]["splits"] == {"replicates": 5, "folds": 3}
    assert configs["a"]["pathvars"] == {"results": "results/atlas/a"}
    every = {**configs["a"], "evaluation": {"consensus_of": 3}}
    assert compared(every) == ["plain", "consensus", "recommended"]
    assert variants_of(configs["a"])["plain"].learner == "ridge"


def test_a_mistake_in_a_file_is_named(folder, tmp_path):
    (folder / "atlas" / "b.yaml").write_text("splits: {folds: 5}\nsplits: {folds: 3}\n")
    with pytest.raises(UserError, match=r"b\.yaml.*splits"):
        study_configs(folder, "results/atlas")
    (folder / "atlas" / "b.yaml").rename(folder / "atlas" / "b-2.yaml")
    with pytest.raises(UserError, match=r"b-2\.yaml.*letters"):
        study_configs(folder, "results/atlas")
    with pytest.raises(UserError, match="no study"):
        study_configs(tmp_path / "none", "results/atlas")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--cores", "2", "atlas"], True),
        (["results/atlas/gains.csv", "-n"], True),
        (["results/atlas/a/splits/replicate-1.csv"], True),
        (["--target-jobs", "measure_gains:study=a", "--allowed-rules", "measure_gains"], True),
        (["--target-jobs", "atlas_a_split_molecules:replicate=1"], True),
        (["--cores", "2", "--configfile", "config/atlas.yaml", "config/atlas/a.yaml"], False),
        (["--target-jobs", "tune_model:variant=atlas,replicate=1"], False),
        (["results/atlas.csv"], False),
        (["--directory", "atlas", "--cores", "2"], False),
        (["--configfile", "a.yaml", "atlas_mine.yaml", "--cores", "2", "all"], False),
        (["--config", "atlas_x=1"], False),
        (["--config", "a=1", "--cores", "2", "atlas"], True),
        (["--directory", "somewhere", "-n", "atlas"], True),
        (["atlas_of_mine.csv"], False),
        ([], False),
    ],
)
def test_the_atlas_is_made_if_it_or_a_file_of_it_is_asked_for(words, asked):
    assert is_asked(words, "results/atlas") is asked


def test_a_process_reads_the_studies_of_its_jobs_alone():
    studies = ["gas", "gas_phase"]
    assert studies_of(["--target-jobs", "atlas_gas_split_molecules:replicate=1"], studies) == [
        "gas"
    ]
    found = studies_of(["--target-jobs", "atlas_gas_phase_tune_model:variant=v"], studies)
    assert "gas_phase" in found
    assert studies_of(["--target-jobs", "draw_atlas:"], studies) == []
    assert studies_of(["atlas", "--dry-run"], studies) == studies
