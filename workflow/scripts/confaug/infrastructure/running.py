"""Runs of Snakemake as processes: other runs in a folder, and pipes that were closed."""

import os
import select
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from confaug.errors import UserError

#: Standard output and standard error.
OUTPUTS = (1, 2)
#: Seconds after which an interruption is repeated; what ends properly has ended by then.
REPEATED_AFTER = 30.0


def other_runs(folder: str | Path, proc: str | Path = "/proc") -> dict[int, str]:
    """Return the commands of other runs of Snakemake that work in a folder, by process number.

    Jobs are left out, because they hold no lock. Only processes of this machine are found, and only
    on Linux.

    Parameters
    ----------
    folder
        Working directory.
    proc
        Where Linux lists its processes.
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
            f"Error: {_listed(runs)} works on the same files in {folder}; wait until it ends, or "
            "end it with Ctrl-C. Do not use --unlock: two runs would write the same files"
        )
    return (
        f"Error: {folder} is locked, but no run on this machine works there. If none on another "
        "machine does, and no cluster job, the last run was killed: run the same command with "
        "--unlock, then again without"
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
            "same files; wait until it ends, or end it with Ctrl-C"
        )


def _listed(runs: dict[int, str]) -> str:
    return " and ".join(f"process {number} ({command})" for number, command in runs.items())


def stop_when_nobody_listens() -> None:
    """End the run like Ctrl-C when its output is a pipe that was closed, as by ``| head``.

    Otherwise Snakemake fails at its next message, and may wait forever for a job whose end it could
    not report. The kernel signals a broken pipe to the thread that wrote, while Python handles
    signals in the main thread only, which may be waiting for that job; so another thread watches
    the outputs and wakes the main thread.
    """
    signal.signal(signal.SIGPIPE, _on_broken_pipe)
    threading.Thread(target=_watch_outputs, daemon=True).start()


#: Set when messages are discarded because nobody reads them.
_NOBODY_LISTENS = threading.Event()


def _on_broken_pipe(number: int, frame: FrameType | None) -> None:
    """Discard further messages, and end the run; pipes other than the console's are ignored."""
    closed = list(_closed_outputs())
    if closed:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for output in closed:
            os.dup2(nowhere, output)
        os.close(nowhere)
        _NOBODY_LISTENS.set()
    if _NOBODY_LISTENS.is_set():
        raise KeyboardInterrupt


def _watch_outputs() -> None:
    """Wait until nobody reads an output, then end the run.

    An interruption that comes while Snakemake ignores them is lost, so it is repeated.
    """
    watched = select.poll()
    for output in OUTPUTS:
        watched.register(output, 0)  # errors are reported although nothing is asked for
    left = set(OUTPUTS)
    while left:
        for output, state in watched.poll():
            if state & select.POLLERR:
                _interrupt_until_it_ends()
            watched.unregister(output)  # it was closed from the start, or is no pipe
            left.discard(output)


def _interrupt_until_it_ends() -> None:
    main = threading.main_thread().ident
    assert main is not None
    while True:
        signal.pthread_kill(main, signal.SIGPIPE)
        time.sleep(REPEATED_AFTER)


def _closed_outputs() -> Iterator[int]:
    """Yield the outputs to the console that are no longer read."""
    for output in OUTPUTS:
        poll = select.poll()
        poll.register(output, select.POLLOUT)
        if any(state & (select.POLLERR | select.POLLNVAL) for _, state in poll.poll(0)):
            yield output
