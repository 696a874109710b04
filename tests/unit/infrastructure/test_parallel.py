"""Work is spread over processes without changing its order, and ends with its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from project_imports import ROOT

from confaug.errors import UserError
from confaug.infrastructure.parallel import PIECES_PER_PROCESS, ordered_map


def wait_and_return(number):
    time.sleep(0.05 * (number % 3))
    return number, os.getpid()


def end(number):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(number):
    raise KeyError(number)


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_order(processes):
    results = list(ordered_map(wait_and_return, range(12), processes))
    assert [number for number, _ in results] == list(range(12))
    workers = {process for _, process in results}
    assert (workers == {os.getpid()}) == (processes == 1)
    assert len(workers) <= processes


def test_arguments_are_taken_when_there_is_a_process_for_them():
    taken = []

    def arguments():
        for number in range(100):
            taken.append(number)
            yield number

    results = ordered_map(wait_and_return, arguments(), 2)
    next(results)
    results.close()
    assert len(taken) <= 2 * PIECES_PER_PROCESS


def test_an_error_reaches_the_caller():
    with pytest.raises(KeyError):
        list(ordered_map(fail, [1], 2))


def test_a_process_that_is_killed_is_a_sentence():
    with pytest.raises(UserError, match="use fewer processes"):
        list(ordered_map(end, range(3), 2))


def processes_with(word):
    """Return the numbers of the processes whose command has a word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_no_process_outlives_its_parent(number, tmp_path):
    word = f"ordered-map-{os.getpid()}-{number}"
    code = (
        "import sys, time, pathlib\n"
        "from confaug.infrastructure.bounded import bounded_map\n"
        "from confaug.infrastructure.parallel import ordered_map\n"
        "def sleep(n):\n"
        "    pathlib.Path(sys.argv[2], str(n)).touch()\n"
        "    time.sleep(60)\n"
        "def work(n):\n"
        "    return list(bounded_map(sleep, [n], 60))\n"
        "list(ordered_map(work, range(9), 2))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, word, str(tmp_path)],
        cwd=ROOT / "workflow" / "scripts",
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: len(list(tmp_path.iterdir())) >= 2)
    assert len(processes_with(word)) == 5  # each of the two has a process with limits
    parent.send_signal(number)
    parent.wait(20)
    wait_until(lambda: not processes_with(word))


def wait_until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
