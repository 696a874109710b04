"""What a run of the atlas says of itself."""

import json
from types import SimpleNamespace

import pytest

from confaug.atlas.gains import BEST_WAY
from confaug.atlas.run import AtlasRun
from confaug.config.check import complete_config, read_schema
from confaug.costs.seconds import expected_seconds
from study import ROOT


def job(number, name, checkpoint=False, **wildcards):
    rule = SimpleNamespace(name=name, is_checkpoint=checkpoint)
    return SimpleNamespace(jobid=number, rule=rule, wildcards_dict=wildcards)


@pytest.fixture
def run(tmp_path):
    schema = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    config = complete_config(
        {
            "input": {"table": "a.csv", "smiles_column": "smiles", "label_column": "y"},
            "property": {"name": "Length"},
            "splits": {"train": 50},
        },
        schema,
    )
    jobs = [
        job(1, "atlas_one_tune_model", variant="lightgbm_augmented", replicate="1"),
        job(2, "atlas_one_shard_molecules", checkpoint=True),
        job(3, "draw_atlas"),
    ]
    workflow = SimpleNamespace(dag=SimpleNamespace(needrun_jobs=lambda: jobs))
    return AtlasRun(workflow, {"one": config}, str(tmp_path))


def test_jobs_of_studies_are_expected_to_take_what_they_take_in_a_study(run):
    tuning, dividing, drawing = run.jobs_left()
    assert [one.number for one in (tuning, dividing, drawing)] == [1, 2, 3]
    assert tuning.expected > 2 * drawing.expected
    assert dividing.is_checkpoint
    assert not tuning.is_checkpoint
    facts = run._facts["one", False]
    wildcards = {"variant": "lightgbm_augmented", "replicate": "1"}
    more = expected_seconds("tune_model", wildcards, facts)
    assert tuning.expected - drawing.expected == pytest.approx(more)


def test_a_run_ends_with_what_the_atlas_found(run, tmp_path):
    assert run.conclusion() == []
    effect = {"mean": 12.3, "low": -1.0, "high": 25.0}
    verdicts = {"helped": 2, "no_difference": 3, "hurt": 1}
    summary = {
        "studies": 6,
        "molecules": 700,
        "ways": {BEST_WAY: {"verdicts": verdicts, "effect": effect}},
    }
    (tmp_path / "atlas.json").write_text(json.dumps(summary))
    first, second, third, last = run.conclusion()
    assert first.startswith("6 studies with 700 labels")
    assert "helped in 2, made no difference in 3 and hurt in 1" in second
    assert "12 % (-1 to 25 %)" in third
    assert str(tmp_path / "gains.svg") in last
