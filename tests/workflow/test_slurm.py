"""A study on a real Slurm cluster: same bytes, whatever is cancelled, killed or too large.

The cluster of `slurm_cluster` runs on this machine. One study goes through a cancelled job and one
that takes more memory than it asked for; another one's main process is killed twice.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from slurm_cluster import (
    PACKAGES,
    PARTITION,
    Cluster,
    missing_programs,
    running_cluster,
    wait_until,
)
from study import ROOT, Study, digests

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.skipif(
        bool(missing_programs()) and "CI" not in os.environ,
        reason=f"Slurm is not installed: sudo apt-get install {' '.join(PACKAGES)}",
    ),
]

#: Minutes of the longest wait for the cluster; a machine with busy neighbours takes its time.
PATIENCE = 15
#: Taken by a job that asks for less; the first attempt waits until the sampling of Slurm sees it.
HOG = """
import time
from pathlib import Path
hog = b"x" * 1_200_000_000
attempted = Path("attempted")
if not attempted.exists():
    attempted.touch()
    time.sleep(120)
del hog
"""


#: Makes a job last until the test has seen what it waits for.
DELAY = """
import time
time.sleep(5)
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    assert not missing_programs(), f"not installed: {missing_programs()}"
    with (
        tempfile.TemporaryDirectory(prefix="slurm-", dir="/tmp") as folder,
        running_cluster(Path(folder)) as running,
    ):
        yield running


@dataclass
class ClusterStudy(Study):
    """A study that runs on the cluster."""

    cluster: Cluster

    @classmethod
    def like(cls, study: Study, cluster: Cluster) -> "ClusterStudy":
        """Edit the profile as a user does: the partition, and no account, for there are none."""
        path = study.folder / "profiles" / "slurm" / "config.yaml"
        profile = path.read_text()
        edited = profile.replace(
            '# slurm_partition: "my_partition"', f'slurm_partition: "{PARTITION}"'
        )
        assert edited != profile
        path.write_text(edited)
        return cls(study.folder, cluster)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Snakemake with the profile, in a process group of its own."""
        command = [
            *(sys.executable, "-m", "snakemake", "--workflow-profile", "profiles/slurm"),
            *("--slurm-init-seconds-before-status-checks", "2", *arguments),
            *("--configfile", "config/quick.yaml"),
        ]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.cluster.environment,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Run Snakemake to its end and return what it printed."""
        return finish(self.start(*arguments))

    def kill(self, main: subprocess.Popen[str]) -> None:
        """Kill the main process as a crash of its node would; its jobs do not notice."""
        os.killpg(main.pid, signal.SIGKILL)
        main.wait()

    def begin_script(self, name: str, code: str) -> None:
        """Make a script do something else first."""
        path = self.folder / "workflow" / "scripts" / f"{name}.py"
        text = path.read_text()
        assert "\ndef main(" in text
        path.write_text(text.replace("\ndef main(", f"{code}\n\ndef main("))

    def active(self, group: str = "") -> list[dict[str, str]]:
        """Return the jobs that run, of one group or of all."""
        return [job for job in self.cluster.jobs("RUNNING") if f"rule_{group}" in job["what"]]


def finish(main: subprocess.Popen[str]) -> str:
    """Wait for the end of a run that has to succeed."""
    try:
        output, _ = main.communicate(timeout=60 * PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(main.pid, signal.SIGKILL)
        output, _ = main.communicate()
        raise AssertionError(f"snakemake did not end:\n{output[-6000:]}") from None
    if main.returncode:
        raise AssertionError(f"snakemake failed:\n{output[-6000:]}")
    return output


def command_from_docs(word: str) -> str:
    """Return the one line of shell in the cluster's documentation that holds a word."""
    text = (ROOT / "docs" / "cluster.md").read_text()
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    (line,) = {line for block in blocks for line in block.splitlines() if word in line}
    return line


@dataclass
class Disturbed:
    """A study that went through a cancelled job and one over its memory."""

    study: ClusterStudy
    log: str
    jobs: list[dict[str, str]]
    cancelled: str


@pytest.fixture(scope="module")
def disturbed(cluster, tmp_path_factory) -> Disturbed:
    study = ClusterStudy.like(Study.fresh(tmp_path_factory.mktemp("slurm") / "study"), cluster)
    study.begin_script("clean_molecules", HOG)
    main = study.start()
    try:
        wait_until(lambda: study.active("shapes"), "the first conformers", 60 * PATIENCE)
        cancelled = study.active("shapes")[0]["id"]
        cluster.call("scancel", cancelled)
        finish(main)
    finally:
        if main.poll() is None:
            study.kill(main)
    (log,) = (study.folder / ".snakemake" / "log").glob("*.log")
    return Disturbed(study, log.read_text(), cluster.jobs(), cancelled)


def test_the_cluster_gives_the_same_bytes(finished, disturbed):
    assert digests(disturbed.study.results) == digests(finished.results)


def test_a_cancelled_job_is_submitted_again(disturbed):
    states = {job["id"]: job["state"] for job in disturbed.jobs}
    assert states[disturbed.cancelled] == "CANCELLED"
    (what,) = (job["what"] for job in disturbed.jobs if job["id"] == disturbed.cancelled)
    again = [job["state"] for job in disturbed.jobs if job["what"] == what]
    assert again == ["CANCELLED", "COMPLETED"]


def test_a_job_over_its_memory_is_submitted_again_with_more(disturbed):
    attempts = [job for job in disturbed.jobs if "clean_molecules" in job["what"]]
    *killed, last = (job["state"] for job in attempts)
    assert killed
    assert last == "COMPLETED"
    assert not {"COMPLETED", "CANCELLED"} & set(killed), killed
    first, *more = (int(job["memory"].removesuffix("M")) for job in attempts)
    assert more == [first * (n + 2) for n in range(len(more))]
    assert first < 1200 < more[-1]


def test_groups_save_two_of_three_submissions(disturbed):
    n_jobs = len(disturbed.study.logs())
    submissions = re.findall(r"has been submitted with SLURM jobid (\d+)", disturbed.log)
    names = {job["name"] for job in disturbed.jobs if job["id"] in submissions}
    assert len(names) == 1
    assert names.pop().startswith("confaug_")
    assert 3 * len(submissions) <= n_jobs, f"{len(submissions)} submissions of {n_jobs} jobs"


def test_after_a_kill_only_the_rest_is_computed(finished, cluster, tmp_path):
    study = ClusterStudy.like(finished.copy(tmp_path / "study"), cluster)
    study.begin_script("describe_3d", DELAY)
    folders = {name: study.results / name / "dg_uff" for name in ("conformers", "descriptors_3d")}
    for path in [p for folder in folders.values() for p in folder.rglob("shard-*")]:
        path.unlink()
    wanted = [
        f"results/quick/descriptors_3d/dg_uff/repeat-{repeat}/shard-{shard}.parquet"
        for repeat in (1, 2)
        for shard in (0, 1)
    ]

    def done() -> dict[Path, int]:
        found = folders["descriptors_3d"].rglob("shard-*.parquet")
        return {path: path.stat().st_mtime_ns for path in found}

    first = study.start(*wanted)
    wait_until(done, "the first shard", 60 * PATIENCE)
    study.kill(first)
    assert len(study.active()) == 1, "the job does not notice"

    # Without scancel: a second run submits again what the first one's job still works on.
    study.snakemake("--unlock")
    second = study.start(*wanted)
    wait_until(lambda: len(study.active()) == 2 or second.poll() is not None, "two writers", 300)
    study.kill(second)

    subprocess.run(command_from_docs("scancel"), shell=True, env=cluster.environment, check=True)
    wait_until(lambda: not cluster.jobs("PENDING,RUNNING,COMPLETING"), "all jobs to end", 120)
    before = done()
    study.snakemake("--unlock")
    study.run(*wanted)

    again = [path for path, stamp in before.items() if done()[path] != stamp]
    # One that the kill hit between writing and reporting.
    assert len(again) <= 1, again
    assert {str(p.relative_to(study.folder)) for p in done()} == set(wanted)
    assert digests(study.results) == digests(finished.results)
    assert not list(study.results.rglob("*.tmp"))

    # Of what ended without a main process nobody noted the settings, until this.
    study.run("--touch", *wanted)
    study.configure(embedding__conformers_per_repeat=4)
    made = ("embed_conformers", "minimise_conformers", "describe_3d")
    assert study.planned(*wanted) == dict.fromkeys(made, 4)
