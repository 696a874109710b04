"""Results that were copied, renamed or exchanged are current for their own settings alone."""

import json
import shutil
from collections import Counter

import pytest

from study import Study

EMBEDDING = {"embed_conformers", "minimise_conformers", "describe_3d", "describe_2d"}


@pytest.fixture
def moved(study) -> Study:
    """A finished study under another name, without anything that Snakemake has noted."""
    study.results.rename(study.folder / "results" / "moved")
    shutil.rmtree(study.folder / ".snakemake")
    study.configure(pathvars__results="results/moved")
    return study


def test_moved_results_of_the_same_settings_are_current(moved):
    assert moved.planned() == Counter()
    moved.configure(pathvars__results=str(moved.folder / "results" / "moved"))
    assert moved.planned() == Counter()


def test_moved_results_of_other_settings_are_made_again(moved):
    moved.configure(splits__train=18)
    planned = moved.planned()
    assert {"split_molecules", "tune_model", "write_report"} <= set(planned)
    assert not set(planned) & (EMBEDDING | {"clean_molecules", "merge_augmented"})


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"property__unit": "°C"}, {"draw_figures", "write_report"}),
        ({"property__transform": "log10"}, {"clean_molecules", "tune_model"}),
        ({"embedding__max_steps": 100}, {"minimise_conformers", "describe_3d"}),
        ({"embedding__max_attempts": 100}, EMBEDDING - {"describe_2d"}),
    ],
)
def test_other_settings_are_noticed_without_snakemakes_notes(study, change, again):
    shutil.rmtree(study.folder / ".snakemake")
    study.configure(**change)
    assert again <= set(study.planned())


def test_exchanged_results_are_noticed(study):
    records = study.results / "records"
    path = records / "splits" / "replicate-1.csv.json"
    kept = json.loads(path.read_text())
    assert "'train': 20" in kept["params"][0]
    others = kept["params"][0].replace("'train': 20", "'train': 18")
    path.write_text(json.dumps({**kept, "params": [others]}))
    assert study.planned()["split_molecules"] == 1


def test_a_file_of_which_nothing_is_known_is_made_again_or_taken_when_asked(study):
    shutil.rmtree(study.folder / ".snakemake")
    parity = "models/extra_trees_2d/replicate-1/parity.svg"
    (study.results / "records" / f"{parity}.json").unlink()
    assert set(study.planned()) == {"plot_parity", "write_report"}
    said = study.snakemake("--dry-run").stdout
    assert f"results/quick/{parity}" in said
    assert "--touch" in said
    study.snakemake("--touch")
    assert study.planned() == Counter()
    assert (study.results / "records" / f"{parity}.json").exists()


def test_without_any_record_everything_is_made_again(study):
    shutil.rmtree(study.folder / ".snakemake")
    shutil.rmtree(study.results / "records")
    assert {"clean_molecules", "shard_molecules", "split_molecules"} <= set(study.planned())
