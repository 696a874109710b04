import os
import signal
import subprocess
import sys
import time

import pytest

from confaug.errors import UserError
from confaug.infrastructure.running import lock_sentence, other_runs, require_no_other_run
from study import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"


@pytest.fixture
def processes(tmp_path):
    """What the system would tell about some processes; the folder they may work in is `here`."""
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()

    def add(number, command, folder="here"):
        process = tmp_path / "proc" / str(number)
        process.mkdir(parents=True)
        (process / "cmdline").write_text("\0".join(command.split()) + "\0")
        (process / "cwd").symlink_to(tmp_path / folder)

    return add


@pytest.mark.parametrize(
    ("command", "is_run"),
    [
        ("/v/bin/python /v/bin/snakemake --cores 2", True),
        ("/v/bin/python -m snakemake --cores 2", True),
        ("snakemake -n", True),
        ("/v/bin/python -m snakemake --cores 1 --mode remote", False),
        ("/v/bin/python /here/.snakemake/scripts/tmp1.tune_model.py", False),
        ("tail -f .snakemake/log/x.snakemake.log", False),
    ],
)
def test_runs_are_told_from_their_jobs(processes, tmp_path, command, is_run):
    processes(4711, command)
    found = other_runs(tmp_path / "here", tmp_path / "proc")
    assert found == ({4711: command} if is_run else {})


def test_runs_of_other_folders_ended_ones_and_this_one_are_left_out(processes, tmp_path):
    processes(1, "snakemake", folder="there")
    processes(os.getpid(), "snakemake")
    (tmp_path / "proc" / "2").mkdir()
    assert other_runs(tmp_path / "here", tmp_path / "proc") == {}


def test_a_real_process_is_found(tmp_path):
    program = tmp_path / "snakemake"
    program.write_text("import time\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, program], cwd=tmp_path)
    try:
        deadline = time.monotonic() + 30
        while not (found := other_runs(tmp_path)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert list(found) == [process.pid]


def test_a_lock_leads_to_unlocking_only_if_nobody_works():
    assert "run the same command with --unlock" in lock_sentence("/here", {})
    busy = lock_sentence("/here", {4711: "snakemake --cores 2"})
    assert "4711 (snakemake --cores 2)" in busy
    assert "Do not use --unlock" in busy


def test_a_folder_in_which_a_run_works_is_not_unlocked(processes, tmp_path):
    processes(4711, "snakemake --cores 2")
    with pytest.raises(UserError, match="4711"):
        require_no_other_run(tmp_path / "here", tmp_path / "proc")
    require_no_other_run(tmp_path / "there", tmp_path / "proc")


#: As in Snakemake, one thread waits and another one speaks.
WAITING = """
import sys, threading
from confaug.infrastructure.running import stop_when_nobody_listens
stop_when_nobody_listens()
def speak():
{speak}
speaker = threading.Thread(target=speak, daemon=True)
ended = threading.Semaphore(0)  # Snakemake waits so for the end of a job
try:
    speaker.start()
    ended.acquire()
    sys.exit(0)
except KeyboardInterrupt:
    print("said to nobody", flush=True)  # must not raise again
    sys.exit(130)
"""
SPEAK = """
    import os
    while True:
        try:
            os.write(1, b"line\\n")  # without a lock that the end of the process would wait for
        except BrokenPipeError:
            break  # Snakemake loses the end of a job here
"""
OTHER_PIPE = """
    import os
    ends = os.pipe()
    os.close(ends[0])
    try:
        os.write(ends[1], b"x")
    except BrokenPipeError:
        ended.release()
"""


@pytest.mark.parametrize(("speak", "status"), [(SPEAK, 130), (OTHER_PIPE, 0)])
def test_only_a_console_that_nobody_reads_ends_a_run(speak, status):
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING.format(speak=speak)],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL),
    )
    if speak == SPEAK:
        process.stdout.readline()
        process.stdout.close()
    assert process.wait(60) == status


#: The first interruption is lost, as in code that ignores whatever is raised.
DEAF = """
import os, signal, sys, time
from confaug.infrastructure import running
running.REPEATED_AFTER = 0.2
try:
    running.stop_when_nobody_listens()
    time.sleep(60)
except KeyboardInterrupt:
    print("lost", file=sys.stderr)
try:
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_an_interruption_that_is_lost_is_repeated():
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    _, said = process.communicate(timeout=50)
    assert "lost" in said
    assert process.returncode == 130, said
