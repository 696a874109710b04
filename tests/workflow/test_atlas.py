"""Many studies in one run: made, resumed, changed one by one, and run alone."""

import json
import re

import pytest
import yaml

from study import Study, digests

COMMON = {
    "splits": {"replicates": 2, "folds": 3},
    "embedding": {"protocols": ["etkdg_mmff"], "conformers_per_repeat": 2},
    "shards": {"count": 1},
    "variants": {
        "constant": {"representation": "rdkit_2d", "learner": "constant"},
        "ridge": {"representation": "rdkit_2d", "learner": "ridge"},
        "trees_mean": {"representation": ["rdkit_2d", "mean_3d"], "learner": "extra_trees"},
        "lightgbm": {"representation": "rdkit_2d", "learner": "lightgbm"},
    },
    "tuning": {"initial_points": 2, "iterations": 1, "max_rounds": 20, "seeds": 1},
    "evaluation": {"y_randomisations": 0, "consensus_of": 0},
}
STUDIES = {
    "boiling": {
        "input": {
            "table": "resources/atlas/alkane_boiling_points.csv",
            "smiles_column": "smiles",
            "label_column": "boiling_point",
        },
        "property": {"name": "Boiling point", "unit": "K"},
        "splits": {"train": 24},
    },
    "glass": {
        "pathvars": {"results": "results/atlas/glass"},
        "input": {"table": "resources/quick.csv", "smiles_column": "smiles", "label_column": "tg"},
        "property": {"name": "Glass transition", "unit": "K"},
        "splits": {"train": 20},
    },
}


def run(study, *arguments, **options):
    return study.snakemake(*arguments, configs=(), **options).stdout


def write(study, name, config):
    (study.folder / "config" / "atlas" / f"{name}.yaml").write_text(yaml.safe_dump(config))


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    """A small atlas, and what its run said."""
    study = Study.fresh(tmp_path_factory.mktemp("atlas") / "study")
    for file in (study.folder / "config" / "atlas").glob("*.yaml"):
        file.unlink()
    (study.folder / "config" / "atlas.yaml").write_text(yaml.safe_dump(COMMON))
    for name, config in STUDIES.items():
        write(study, name, config)
    first = run(study, "results/atlas/glass/study.csv")
    return study, first, run(study, "atlas")


def test_the_atlas_has_every_study_and_says_what_it_found(atlas):
    study, first, said = atlas
    folder = study.folder / "results" / "atlas"
    assert not re.search(r"boiling|Traceback", first)
    assert "Atlas: 2 studies; results in results/atlas/" in said
    summary = json.loads((folder / "atlas.json").read_text())
    assert summary["studies"] == 2
    assert summary["ways"]["mean"]["effect"]["studies"] == 2
    assert re.search(r"2 studies with \d+ labels", said)
    assert "jobs done (100%)" in said
    gains = (folder / "gains.csv").read_text().splitlines()
    assert {line.split(",")[0] for line in gains[1:]} == {'"boiling"', '"glass"'}
    assert (folder / "gains.svg").read_text().startswith("<?xml")
    assert (folder / "gains.png").stat().st_size > 10_000
    assert not (study.folder / "results" / "study.json").exists()


def test_nothing_is_made_twice_and_a_study_that_changes_is_made_alone(atlas, tmp_path):
    study = atlas[0].copy(tmp_path / "study")
    assert "Nothing to be done" in run(study, "atlas")
    said = run(study, "atlas", "--config", "splits={train: 25}")
    assert "Nothing to be done" in said
    assert "config/atlas.yaml" in said
    write(study, "boiling", {**STUDIES["boiling"], "splits": {"train": 26}})
    plan = run(study, "atlas", "--dry-run")
    assert "atlas_boiling_split_molecules" in plan
    assert "atlas_boiling_embed_conformers" not in plan
    assert "atlas_glass_" not in plan


def test_a_study_of_the_atlas_can_be_run_alone_and_goes_on_from_there(atlas, tmp_path):
    study = atlas[0].copy(tmp_path / "study")
    before = digests(study.folder / "results" / "atlas" / "glass")
    configs = ("config/atlas.yaml", "config/atlas/glass.yaml")
    done = study.snakemake("results/atlas/glass/comparison/verdict.json", configs=configs).stdout
    assert "[embed_conformers]" not in done
    after = digests(study.folder / "results" / "atlas" / "glass")
    assert before.items() <= after.items()


def test_a_mistake_in_one_study_is_named_before_anything_is_made(atlas, tmp_path):
    study = atlas[0].copy(tmp_path / "study")
    write(study, "boiling", {**STUDIES["boiling"], "splits": {"training": 26}})
    done = study.snakemake("atlas", configs=(), check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert "training" in done.stdout
