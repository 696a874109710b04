"""What jobs ask a cluster for."""

import json

import pytest

from confaug.infrastructure.resources import SNAKEMAKE_MEMORY, Requests


class Wildcards(dict):
    """The part of a job's wildcards that requests use."""


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"molecules": {"0": 10, "1": 30}, "work": {"0": 4.0, "1": 60.0}}))
    return path


def requests(manifest) -> Requests:
    return Requests(
        manifest=manifest,
        read_molecules=lambda path: json.loads(path.read_text())["molecules"],
        read_work=lambda path: json.loads(path.read_text())["work"],
        conformers=20,
        rows=120,
        learned_rows={"plain": 1, "wide": 2.5, None: 30}.__getitem__,
    )


def test_a_request_grows_with_the_molecules_of_the_shard_or_of_the_study(manifest):
    ask = requests(manifest).memory(100, molecule=0.5)
    assert ask(Wildcards(shard="0"), 1) == SNAKEMAKE_MEMORY + 105
    assert ask(Wildcards(), 1) == SNAKEMAKE_MEMORY + 120


@pytest.mark.parametrize(
    ("unit", "number"), [("conformer", 20), ("table_row", 120), ("learned_row", 30)]
)
def test_a_request_grows_with_what_a_molecule_has(manifest, unit, number):
    ask = requests(manifest).minutes(2, **{unit: 6})
    assert ask(Wildcards(shard="1"), 1) == 2 + 30 * number * 6 / 60


def test_work_counts_once_for_every_conformer(manifest):
    assert requests(manifest).minutes(1, work=3)(Wildcards(shard="1"), 1) == 1 + 60 * 20 * 3 / 60


def test_rows_are_those_of_the_variant_or_of_any(manifest):
    ask = requests(manifest).memory(0, learned_row=1)
    assert ask(Wildcards(variant="plain"), 1) == SNAKEMAKE_MEMORY + 40
    assert ask(Wildcards(variant="wide"), 1) == SNAKEMAKE_MEMORY + 40 * 2.5
    assert ask(Wildcards(), 1) == SNAKEMAKE_MEMORY + 40 * 30


def test_every_attempt_asks_for_as_much_again(manifest):
    ask = requests(manifest).minutes(1, molecule=1)
    assert [ask(Wildcards(shard="0"), attempt) for attempt in (1, 2, 3)] == [2, 4, 6]


def test_without_shards_only_the_base_is_asked_for(tmp_path):
    ask = requests(tmp_path / "missing.json").memory(100, molecule=5, work=5)
    assert ask(Wildcards(shard="0"), 1) == SNAKEMAKE_MEMORY + 100


def test_a_unit_that_does_not_exist_is_an_error(manifest):
    with pytest.raises(TypeError, match="conformers"):
        requests(manifest).memory(100, conformers=5)
