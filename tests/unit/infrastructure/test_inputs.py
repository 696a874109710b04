import os
import time

import pytest

from confaug.errors import UserError
from confaug.infrastructure.inputs import find_table, require_past

KEY = "input.table"


def test_a_table_is_found_in_the_working_directory_first(tmp_path, monkeypatch):
    for folder in ("working", "workflow"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "table.csv").write_text("smiles,tg\n")
    monkeypatch.chdir(tmp_path / "working")
    assert find_table(KEY, "table.csv", tmp_path / "workflow") == "table.csv"
    (tmp_path / "working" / "table.csv").unlink()
    found = find_table(KEY, "table.csv", tmp_path / "workflow")
    assert found == str(tmp_path / "workflow" / "table.csv")


def make(kind, path):
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to("nowhere.csv")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("nothing", "no such file"),
        ("folder", "is a folder"),
        ("pipe", "is a pipe"),
        ("dangling link", "nowhere.csv"),
    ],
)
def test_what_is_no_file_is_named_with_its_key(tmp_path, kind, told):
    path = tmp_path / "table.csv"
    make(kind, path)
    with pytest.raises(UserError) as refused:
        find_table(KEY, path)
    assert all(part in str(refused.value) for part in (KEY, str(path), told))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_table_that_may_not_be_read_is_named(tmp_path):
    (tmp_path / "table.csv").write_text("smiles,tg\n")
    (tmp_path / "table.csv").chmod(0)
    with pytest.raises(UserError, match="permissions"):
        find_table(KEY, tmp_path / "table.csv")


def test_a_link_to_a_table_is_a_table(tmp_path):
    (tmp_path / "table.csv").write_text("smiles,tg\n")
    (tmp_path / "link.csv").symlink_to("table.csv")
    assert find_table(KEY, tmp_path / "link.csv") == str(tmp_path / "link.csv")


def test_a_time_stamp_in_the_future_is_named_with_the_command_that_mends_it(tmp_path):
    path = tmp_path / "my table.csv"
    path.write_text("smiles,tg\n")
    require_past(path)
    os.utime(path, (time.time() + 30,) * 2)
    require_past(path)  # clocks differ
    os.utime(path, (time.time() + 3600,) * 2)
    with pytest.raises(UserError, match=f"touch '{path}'"):
        require_past(path)
