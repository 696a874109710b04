"""What was finished stays finished, whatever ends a run."""

import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from interruption import Run, interrupt, kill_everything, kill_main, resume, run_again

from study import HOOKS, Study, digests

#: What is at work when the end comes, and which end it is.
ENDS = [
    ("Embedding", kill_everything),
    ("Minimising", kill_everything),
    ("Computing the 3D", kill_main),
    ("Merging the augmented", kill_everything),
    ("Tuning lightgbm_augmented", interrupt),
    ("Fitting", kill_main),
]


def test_a_run_that_is_killed_again_and_again_loses_nothing_that_was_finished(finished, tmp_path):
    study = Study.fresh(tmp_path / "study")
    runs = [Run.start(study)]
    moments = random.Random(1)
    for work, end in ENDS:
        runs[-1].wait_for(work)
        time.sleep(moments.random())
        runs[-1].end(end)
        runs.append(resume(study))
    assert runs[-1].wait() == 0, runs[-1].log[-3000:]
    for run in runs:
        run.outlast_jobs()
    assert run_again(runs) == []
    assert digests(study.results) == digests(finished.results)
    assert not study.leftovers()
    assert study.planned().total() == 0


TUNED = "models/lightgbm_augmented_2d_3d/replicate-1/tuned.json"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("molecules/ledger.csv", "molecules/molecules.csv"),
        (
            "descriptors_3d/dg_uff/repeat-1/shard-0.parquet",
            "descriptors_3d/dg_uff/repeat-1/shard-0.failures.csv",
        ),
        ("models/constant/replicate-1/parity.svg", "models/constant/replicate-1/parity.png"),
    ],
    ids=["clean_molecules", "describe_3d", "plot_parity"],
)
def test_a_kill_between_two_outputs_of_a_job_is_repaired(study, finished, first, second):
    outputs = [study.results / name for name in (first, second)]
    for output in outputs:
        output.unlink()
    asked = f"results/quick/{second}"
    run = Run.start(study, asked, PYTHONPATH=str(HOOKS), CONFAUG_KILL_BEFORE=second)
    assert run.wait() == -9, run.console
    assert [output.exists() for output in outputs] == [True, False]
    left = study.leftovers()
    assert len(left) == 1
    again = resume(study, asked)
    assert again.wait() == 0, again.console
    assert len(again.started) == 1, "both outputs are those of one job"
    for name in (first, second):
        assert (study.results / name).read_bytes() == (finished.results / name).read_bytes()
    assert not left[0].exists()


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Callable[[int], None]]:
    """Mount a disk of its own with so many KiB on a folder; gives a function that changes that."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root; the unit tests write to /dev/full")
    folder.mkdir(parents=True)
    size = f"size={room}k"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"root may not mount here, as in many containers: {done.stderr.strip()}")

    def leave(room: int) -> None:
        state = os.statvfs(folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize // 1024
        size = f"remount,size={used + room}k"
        subprocess.run(["mount", "-o", size, str(folder)], check=True)

    try:
        yield leave
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


BOTH_TABLES = ("augmented.parquet", "distribution.parquet")
#: Room on the disk in KiB, what is asked for, and a part of the name of a file that lacks room.
DISKS: list[tuple[int, tuple[str, ...], str | None]] = [
    (150, BOTH_TABLES, "/shard-"),  # which jobs of shards lack it depends on their order
    (600, BOTH_TABLES, "/shard-"),
    (50_000, ("failures.csv",), None),
    (300, BOTH_TABLES, "augmented.parquet"),
    (50_000, (*BOTH_TABLES, "splits/replicate-1.csv"), None),
    (0, (TUNED,), "tun"),
    (50_000, (TUNED,), None),
]


def test_a_full_disk_is_named_and_costs_nothing_that_was_finished(finished, tmp_path):
    study = Study.fresh(tmp_path / "study")
    runs = []
    with small_disk(study.folder / "results", room=150) as leave:
        for room, targets, lacking in DISKS:
            leave(room)
            runs.append(Run.start(study, *(f"results/quick/{name}" for name in targets)))
            status, console = runs[-1].wait(), runs[-1].console
            assert "Traceback" not in console
            if lacking is None:
                assert status == 0, console
            else:
                named = re.findall(r"ERROR: (\S+) cannot be written: the disk is full", console)
                assert status == 1, console
                assert any(lacking in name for name in named), console
        assert run_again(runs) == []
        mine, theirs = digests(study.results), digests(finished.results)
        assert TUNED in mine
        assert mine == {name: theirs[name] for name in mine}
        assert not study.leftovers()
