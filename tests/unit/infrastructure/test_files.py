"""Outputs appear complete or not at all, whatever happens to their writers."""

import json
import os
import platform
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest
from matplotlib.figure import Figure

from confaug.conformers.store import ConformerSet, pack_conformers, write_sdf
from confaug.errors import UserError
from confaug.infrastructure.files import ABANDONED_AFTER, atomic_path, write_json, write_text
from confaug.learning.tuning.history import History, Trial
from confaug.molecules.structures import molecule_id
from confaug.report.figures.style import Drawing, save_drawing
from confaug.tables.engine import stream_csv, stream_parquet, write_table
from confaug.tables.molecules import SHARD

TABLE = pa.Table.from_pylist(
    [{"molecule": f"m{s}", "smiles": s, "smiles_as_given": s} for s in ("C", "CC")],
    schema=SHARD.schema(),
)
PIPED = {"capture_output": True, "text": True, "check": True}


def temporary_of(path, host=None, process=None):
    """The name under which a process writes a file."""
    owner = f"{host or platform.node()}.{process or os.getpid()}"
    return path.with_name(f".{path.name}.{owner}.tmp")


def leave_behind(path, content="half"):
    path.write_text(content)
    return path


def test_a_file_that_is_not_finished_never_has_its_final_name(tmp_path):
    path = tmp_path / "deep" / "file.txt"

    def write_and_die() -> None:
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            assert not path.exists()
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        write_and_die()
    assert list(path.parent.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_a_living_one_keeps_its_file(tmp_path):
    path = tmp_path / "file.csv"
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], **PIPED)
    leave_behind(temporary_of(path, process=int(dead.stdout)))
    alive = leave_behind(temporary_of(path, process=os.getppid()))
    elsewhere = leave_behind(temporary_of(path, host="node7.cluster"))
    neighbour = leave_behind(temporary_of(tmp_path / "file.csv.gz", process=int(dead.stdout)))
    write_text("whole", path)
    assert sorted(tmp_path.iterdir()) == sorted([path, alive, elsewhere, neighbour])


def test_what_nobody_has_written_to_for_a_day_is_removed_whoever_it_belongs_to(tmp_path):
    path = tmp_path / "file.csv"
    for temporary in (temporary_of(path, host="node7"), temporary_of(path, process=1)):
        leave_behind(temporary)
        long_ago = time.time() - ABANDONED_AFTER - 60
        os.utime(temporary, (long_ago, long_ago))
    write_text("whole", path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_of_another_user_counts_as_alive(tmp_path, monkeypatch):
    def forbid(process, signal):
        raise PermissionError(process)

    monkeypatch.setattr(os, "kill", forbid)
    path = tmp_path / "file.csv"
    theirs = leave_behind(temporary_of(path, process=4242))
    write_text("whole", path)
    assert theirs.exists()


def test_a_second_writer_with_the_same_content_makes_nothing_look_changed(tmp_path):
    path = tmp_path / "file.txt"
    write_text("content", path)
    os.utime(path, (1e9, 1e9))
    write_text("content", path)
    assert path.stat().st_mtime == 1e9
    write_text("CONTENT", path)
    assert path.read_text() == "CONTENT"
    assert path.stat().st_mtime > 1e9
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_is_there_already_needs_no_room(tmp_path):
    path = tmp_path / "study.json"
    write_json({"property": "Tg"}, path)
    temporary_of(path).symlink_to("/dev/full")
    write_json({"property": "Tg"}, path)
    assert json.loads(path.read_text()) == {"property": "Tg"}
    with pytest.raises(UserError, match="the disk is full"):
        write_json({"property": "Tm"}, path)
    assert json.loads(path.read_text()) == {"property": "Tg"}


def as_stream(open_stream, *arguments):
    """A writer that streams the table three times."""

    def write(path):
        with open_stream(path, *arguments) as stream:
            for _ in range(3):
                getattr(stream, "write_table", stream)(TABLE)

    return write


def write_conformers(path):
    one = ConformerSet(
        molecule=molecule_id("C"),
        smiles="C",
        atomic_numbers=np.array([6, 1, 1, 1, 1], dtype=np.uint8),
        conformer=np.array([0]),
        isomer=np.array([0]),
        energy=np.array([1.0]),
        converged=np.array([True]),
        steps=np.array([0]),
        method=("as asked",),
        coordinates=np.arange(15.0).reshape(1, 5, 3),
    )
    write_sdf([("dg", 1, pack_conformers([one]))], path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("table.csv", lambda path: write_table(TABLE, path, SHARD)),
        ("table.parquet", lambda path: write_table(TABLE, path, SHARD)),
        ("stream.csv", as_stream(stream_csv, SHARD)),
        ("stream.parquet", as_stream(stream_parquet, TABLE.schema)),
        ("document.json", lambda path: write_json({"mae": 1.5}, path)),
        ("page.html", lambda path: write_text("<p>page</p>", path)),
        (
            "plot.svg",
            lambda path: save_drawing(Drawing(Figure(), ""), "", path, path.with_suffix(".png")),
        ),
        (
            "plot.png",
            lambda path: save_drawing(Drawing(Figure(), ""), "", path.with_suffix(".svg"), path),
        ),
        ("conformers.sdf", write_conformers),
        ("history.jsonl", lambda path: History(path, "f").read()),
    ],
)
def test_a_full_disk_ends_in_one_sentence_and_leaves_no_half_file(tmp_path, name, write):
    path = tmp_path / name
    temporary_of(path).symlink_to("/dev/full")
    with pytest.raises(UserError, match=f"{name} cannot be written: the disk is full; free space"):
        write(path)
    assert not path.exists()
    assert not temporary_of(path).is_symlink()
    write(path)  # there is room again
    assert path.stat().st_size > 0


def test_a_trial_that_cannot_be_kept_ends_in_one_sentence(tmp_path):
    path = tmp_path / "history.jsonl"
    path.symlink_to("/dev/full")
    with pytest.raises(UserError, match=r"history.jsonl cannot be written: the disk is full"):
        History(path, "f").append(Trial(0, {}, 1.5, 3))


def test_other_errors_of_the_disk_keep_their_own_words(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FileExistsError):
        write_text("text", tmp_path / "file" / "inside.txt")


def test_json_is_complete_and_strict(tmp_path):
    path = tmp_path / "new" / "document.json"
    write_json({"property": "Tg, °C", "mae": 1.5, "low": None}, path)
    assert json.loads(path.read_text(encoding="utf-8"))["property"] == "Tg, °C"
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"mae": float("nan")}, path)
    assert json.loads(path.read_text(encoding="utf-8"))["mae"] == 1.5
    assert [entry.name for entry in path.parent.iterdir()] == ["document.json"]
