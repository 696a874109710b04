"""What is wrong with the user's tables as files ends a run in one sentence."""

import os
import time


def test_a_folder_is_no_table(fresh):
    fresh.configure(input__table="resources")
    assert "'input.table' names resources, which is a folder" in fresh.refused("--dry-run")


def test_a_pipe_is_no_table_of_new_molecules(fresh):
    os.mkfifo(fresh.folder / "new.csv")
    told = fresh.refused("predict", "--dry-run", "--config", "prediction={table: new.csv}")
    assert "'prediction.table' names new.csv, which is a pipe" in told


def test_a_time_stamp_in_the_future_is_told_before_anything_runs(fresh):
    table = fresh.table
    os.utime(table, (time.time() + 86400,) * 2)
    assert "touch 'resources/quick.csv'" in fresh.refused("--dry-run")
    table.touch()
    assert fresh.planned()


def test_results_may_lie_behind_a_link_but_not_behind_a_broken_one(fresh):
    (fresh.folder / "results").symlink_to("elsewhere")
    assert "elsewhere" in fresh.refused("--dry-run")
    (fresh.folder / "elsewhere").mkdir()
    assert fresh.planned()
    assert not any((fresh.folder / "elsewhere").iterdir())
