"""What was finished stays finished, whatever ends a run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_determinism import digests

from study import Study


def start(study: Study) -> subprocess.Popen[bytes]:
    """Start the quick preset in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", "config/quick.yaml"],
        cwd=study.folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(folder: Path, pattern: str, count: int) -> None:
    """Wait until so many files are there."""
    deadline = time.monotonic() + 300
    while len(list(folder.glob(pattern))) < count:
        assert time.monotonic() < deadline, f"no {count} files {pattern} within 300 s"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("end", "pattern", "count"),
    [
        (signal.SIGKILL, "conformers/*/*/shard-*.parquet", 3),
        (signal.SIGINT, "models/lightgbm_augmented_2d_3d/replicate-1/*.partial.jsonl", 1),
    ],
    ids=["killed while embedding", "interrupted while tuning"],
)
def test_a_killed_run_continues_and_ends_the_same(finished, tmp_path, end, pattern, count):
    study = Study.fresh(tmp_path / "study")
    process = start(study)
    wait_for(study.results, pattern, count)
    os.killpg(process.pid, end)
    process.wait()
    done = {p: p.stat().st_mtime_ns for p in study.results.rglob("shard-*.parquet")}
    study.snakemake("--unlock")
    study.snakemake()
    again = [p.name for p, stamp in done.items() if p.stat().st_mtime_ns != stamp]
    # Of the two jobs that ran when the end came, each may have been between writing and reporting.
    assert len(again) <= 2, again
    assert digests(study.results) == digests(finished.results)
    assert not list(study.results.rglob("*.tmp"))
