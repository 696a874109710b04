"""Runs of Snakemake as processes: who else works in a folder, and whether anybody listens."""

import os
import select
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from confaug.errors import UserError

#: Standard output and standard error.
OUTPUTS = (1, 2)


def other_runs(folder: str | Path, proc: str | Path = "/proc") -> dict[int, str]:
    """Return the commands of other runs of Snakemake that work in a folder, by process number.

    Jobs are left out: no lock is theirs. Only Linux tells about processes, and only about those of
    this machine.

    Parameters
    ----------
    folder
        Working directory.
    proc
        Where the system tells about its processes.
    """
    found = {}
    for process in Path(proc).glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_text(errors="replace").rstrip("\0").split("\0")
            here = (process / "cwd").samefile(folder)
        except OSError:  # it has ended meanwhile, or belongs to somebody else
            continue
        if here and _is_run(words) and int(process.name) != os.getpid():
            found[int(process.name)] = " ".join(words)
    return dict(sorted(found.items()))


def _is_run(words: Sequence[str]) -> bool:
    """Tell whether a command is Snakemake, but not one that Snakemake started for a job."""
    names = [Path(word).name for word in words[:3]]
    started = "snakemake" in names[:2] or names[1:] == ["-m", "snakemake"]
    return started and "--mode" not in words


def lock_sentence(folder: str | Path, runs: dict[int, str]) -> str:
    """Say what a lock means, and what to do about it.

    Parameters
    ----------
    folder
        Working directory.
    runs
        See `other_runs`.
    """
    if runs:
        return (
            f"Error: {_listed(runs)} works in {folder} on the same files; wait for its end, or end "
            "it with Ctrl-C. Leave --unlock alone: two runs would write the same files"
        )
    return (
        f"Error: {folder} is locked, and no run of this machine works there. If none on another "
        "machine does, and no job of a cluster, the last one was killed: give the same command "
        "with --unlock, then again without"
    )


def require_no_other_run(folder: str | Path, proc: str | Path = "/proc") -> None:
    """Check before a folder is unlocked that no other run works in it.

    Raises
    ------
    UserError
        If one does.
    """
    if runs := other_runs(folder, proc):
        raise UserError(
            f"{_listed(runs)} works in {folder}, and --unlock would let another run write the "
            "same files; wait for its end, or end it with Ctrl-C"
        )


def _listed(runs: dict[int, str]) -> str:
    return " and ".join(f"process {number} ({command})" for number, command in runs.items())


def stop_when_nobody_listens() -> None:
    """End the run as Ctrl-C does when its output is a pipe that was closed, as by ``| head``.

    Otherwise Snakemake fails wherever it says something next, and may wait for ever for a job whose
    end it could not report.
    """
    signal.signal(signal.SIGPIPE, _on_broken_pipe)


def _on_broken_pipe(number: int, frame: FrameType | None) -> None:
    """Send what is still said to nowhere; pipes other than the console's concern their writers."""
    closed = list(_closed_outputs())
    if not closed:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in closed:
        os.dup2(nowhere, output)
    os.close(nowhere)
    raise KeyboardInterrupt


def _closed_outputs() -> Iterator[int]:
    """Yield those of the console's outputs that nobody reads any more."""
    for output in OUTPUTS:
        poll = select.poll()
        poll.register(output, select.POLLOUT)
        if any(state & (select.POLLERR | select.POLLNVAL) for _, state in poll.poll(0)):
            yield output
