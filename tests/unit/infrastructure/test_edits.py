import hashlib
import json
from pathlib import Path

import pytest

from confaug.infrastructure.edits import LARGEST, digest_of, edited_outputs

FOLDER = "records"


@pytest.fixture
def results(tmp_path) -> Path:
    """Three outputs with their records."""
    for name in ("molecules/molecules.csv", "models/a.b/bundle.json", "failures.csv"):
        keep(tmp_path, name)
    return tmp_path


def keep(results: Path, name: str) -> None:
    for path in (results / name, results / FOLDER / f"{name}.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
    (results / name).write_text("351.4\n")
    record = {"rule": "x", "digest": digest_of(results / name)}
    (results / FOLDER / f"{name}.json").write_text(json.dumps(record))


def test_the_digest_is_that_of_small_text_files(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"1\n")
    assert digest_of(tmp_path / "a.csv") == hashlib.sha256(b"1\n").hexdigest()
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "a.parquet").write_bytes(b"1\n")
    for name in ("a.csv", "a.parquet", "b.csv"):
        assert digest_of(tmp_path / name) is None


def test_outputs_as_they_were_written_are_not_named(results):
    assert edited_outputs(results, FOLDER) == []
    (results / "failures.csv").touch()
    (results / "molecules" / "molecules.csv").unlink()
    (results / "molecules" / "mine.csv").write_text("no record\n")
    assert edited_outputs(results.rename(results.parent / "moved"), FOLDER) == []
    assert edited_outputs(results.parent / "nothing", FOLDER) == []


def test_edited_outputs_are_named_in_one_line(results):
    (results / "molecules" / "molecules.csv").write_text("999.0\n")
    (line,) = edited_outputs(results, FOLDER)
    assert line.startswith(f"{results}/molecules/molecules.csv has changed")
    (results / "models/a.b/bundle.json").write_text("{}")
    (line,) = edited_outputs(results, FOLDER)
    assert line.startswith(f"{results}/models/a.b/bundle.json has changed")
    assert "1 more" in line


@pytest.mark.parametrize("record", ["", "[]", '{"rule": "x"}', '{"digest": null}'])
def test_outputs_of_which_no_digest_is_known_are_not_named(results, record):
    (results / FOLDER / "failures.csv.json").write_text(record)
    (results / "failures.csv").write_text("edited\n")
    assert edited_outputs(results, FOLDER) == []
