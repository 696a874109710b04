"""What is kept among the results; tests/workflow/test_moved.py shows what Snakemake makes of it."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar
from unittest.mock import Mock

import pytest
import snakemake.api  # before its parts, which import each other
import snakemake.workflow
from snakemake.io import IOFile
from snakemake.persistence import RECORD_FORMAT_VERSION, MetadataRecord, PersistenceBase
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence

from confaug.infrastructure.records import KEPT, UNKNOWN, ResultRecords, keep_records

KEY = "results/molecules/ledger.csv"
PLACES = {"<results>": "results", "<workflow>": "/the/workflow"}
NOTE = MetadataRecord(
    rule="clean_molecules",
    input=["/the/workflow/quick.csv", "new/table.csv", "results/shards/manifest.json"],
    log=["results/logs/clean_molecules.log"],
    params=["{'logs': 'results/logs', 'folder': 'results', 'train': 20}"],
    input_checksums={"results/shards/manifest.json": "sha256:0"},
    software_stack_hash="1",
    record_format_version=RECORD_FORMAT_VERSION,
    starttime=1.0,
    job_hash=7,
)


class Store(ResultRecords, FilePersistence):
    studies: ClassVar = [PLACES]


@pytest.fixture
def store(tmp_path, monkeypatch):
    return new_store(tmp_path, monkeypatch)


def new_store(folder: Path, monkeypatch, places=PLACES, main=True) -> Store:
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    settings = SimpleNamespace(max_checksum_file_size=1)
    made = Store(dag=SimpleNamespace(workflow=SimpleNamespace(dag_settings=settings)))
    made.dag.workflow.is_main_process = main
    monkeypatch.setattr(Store, "studies", [places])
    return made


def make(key: str) -> None:
    Path(key).parent.mkdir(parents=True, exist_ok=True)
    Path(key).write_text("an output\n")


def compared(record: MetadataRecord) -> dict:
    return {name: getattr(record, name) for name in KEPT}


@pytest.mark.parametrize("name", ["FilePersistence", "DbPersistence"])
def test_snakemake_takes_the_layer_over_either_of_its_stores(name, monkeypatch):
    plain = {"FilePersistence": FilePersistence, "DbPersistence": DbPersistence}[name]
    monkeypatch.setattr(snakemake.workflow, "FilePersistence", FilePersistence)
    monkeypatch.setattr(snakemake.workflow, "DbPersistence", DbPersistence)
    keep_records("results", "/the/workflow")
    first = getattr(snakemake.workflow, name)
    keep_records("results/predictions/new", "/the/workflow")  # as the rules of predictions do
    assert getattr(snakemake.workflow, name) is first
    assert issubclass(first, (plain, ResultRecords))
    assert [places["<results>"] for places in first.studies] == ["results"]
    keep_records("another/results", "/the/workflow")  # as a second module does
    assert [first.places_of(f"{folder}/a.csv") for folder in ("results", "another/results")] == (
        first.studies
    )
    assert first.places_of("elsewhere/a.csv") is None


def test_every_method_that_the_layer_replaces_is_one_of_snakemakes():
    own = {name for name in vars(ResultRecords) if not name.startswith("__")}
    added = {"_path_of", "_read_both", "_read_own", "_unknown", "_warned", "places_of"}
    assert own - added - {"_abc_impl"} == {
        "_clear_cache",
        "_delete_record",
        "_mark_incomplete",
        "_read_record",
        "_write_record",
        "has_metadata",
    }
    assert all(hasattr(PersistenceBase, name) for name in own - added)
    assert set(KEPT) <= set(MetadataRecord.model_fields)


def test_a_record_outlives_snakemakes_folder_and_moves_with_the_results(
    store, tmp_path, monkeypatch
):
    make(KEY)
    store._write_record(KEY, NOTE)
    assert compared(store._read_record(KEY)) == compared(NOTE)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    (tmp_path / "results").rename(moved / "other results")
    places = {"<results>": str(moved / "other results"), "<workflow>": "/another"}
    found = new_store(moved, monkeypatch, places)._read_record(
        str(moved / "other results" / "molecules" / "ledger.csv")
    )
    assert found.input == [
        "/another/quick.csv",
        f"{moved}/other results/shards/manifest.json",
        "new/table.csv",
    ]
    assert found.params == [
        f"{{'logs': '{moved}/other results/logs', 'folder': '{moved}/other results', 'train': 20}}"
    ]
    assert list(found.input_checksums) == [f"{moved}/other results/shards/manifest.json"]


def test_the_record_in_the_results_counts_before_snakemakes(store):
    make(KEY)
    store._write_record(KEY, NOTE)
    path = Path("results/records/molecules/ledger.csv.json")
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({**kept, "params": ["others"]}))
    store._clear_cache()
    found = store._read_record(KEY)
    assert found.params == ["others"]
    assert (found.starttime, found.job_hash) == (1.0, 7)  # as Snakemake has noted
    path.unlink()
    store._clear_cache()
    assert store._read_record(KEY).params == NOTE.params


@pytest.mark.parametrize("damage", ["missing", "cut", "older format"])
def test_an_output_without_a_usable_record_equals_nothing(store, damage, monkeypatch, tmp_path):
    make(KEY)
    version = RECORD_FORMAT_VERSION - (damage == "older format")
    store._write_record(KEY, NOTE.model_copy(update={"record_format_version": version}))
    path = Path("results/records/molecules/ledger.csv.json")
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:20])
    if damage != "older format":  # Snakemake takes such an output for current
        store._io_delete(store._metadata_path, KEY)
    store._clear_cache()
    found = store._read_record(KEY)
    assert found == UNKNOWN
    found.params = NOTE.params  # Snakemake makes the new record of it
    store._clear_cache()
    assert store._read_record(KEY).params == UNKNOWN.params != NOTE.params
    cluster = new_store(tmp_path, monkeypatch, main=False)  # it runs what it is told to
    assert cluster._read_record(KEY) is None


def test_an_output_that_is_not_there_is_no_reason_to_run(store):
    assert store._read_record(KEY) is None


def test_a_job_that_begins_takes_the_record_away(store):
    make(KEY)
    store._write_record(KEY, NOTE)
    store._mark_incomplete(KEY, None)
    assert not Path("results/records/molecules/ledger.csv.json").exists()


def test_an_output_of_this_run_is_not_called_unknown_before_its_record_is_written(store):
    store._mark_incomplete(KEY, None)
    make(KEY)
    assert store._read_record(KEY) is None
    assert not store._warned


def test_files_outside_the_results_are_left_to_snakemake(store):
    make("other/file.csv")
    assert store._read_record("other/file.csv") is None
    store._write_record("other/file.csv", NOTE)
    assert not Path("results").exists()
    assert store._delete_record("other/file.csv")


def test_one_output_that_is_gone_does_not_hide_what_is_known_of_the_others(store):
    make(KEY)
    outputs = [IOFile(name) for name in (KEY, "results/molecules/gone.csv")]
    job = Mock(output=outputs, non_derived_params=["new"])
    assert store.has_metadata(job)
    assert store.params_changed(job)
