"""Run a function in a child process with limits of processor time and memory: the last resort.

Some molecules keep RDKit or mordred busy for hours inside one compiled call, which no Python signal
or thread can interrupt. The work is therefore done by one forked child that takes the arguments in
order. When an argument uses up its processor time, the operating system ends the child, the loss is
reported, and a new child takes the next argument. The child starts with everything that the parent
has imported, so that forking costs milliseconds, and only once.

Processor time is limited, not wall time, so that a busy machine gives the same results. Memory can
be limited in the same way: what a child asks for beyond it is refused, whatever the machine has.
"""

import logging
import math
import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

logger = logging.getLogger("confaug")

A = TypeVar("A")
R = TypeVar("R")

#: A child hangs if it neither answers nor uses up its processor time within this many times of it.
CLOCK_FACTOR = 20
#: Signals by which compiled code ends its own process when it fails.
CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
#: Pause between two progress messages, in seconds.
PROGRESS_INTERVAL = 10.0


@dataclass(frozen=True)
class GaveUp:
    """The outcome of an argument that needed too much or crashed the child, with the reason."""

    reason: str


def bounded_map(
    function: Callable[[A], R],
    arguments: Iterable[A],
    seconds: float,
    memory: int | None = None,
) -> Iterator[R | GaveUp]:
    """Yield `function(argument)` of every argument in order, or `GaveUp` where it needed too much.

    Parameters
    ----------
    function
        Any function; it is inherited by fork, so closures and partials are fine. Arguments and
        results are pickled.
    arguments
        Taken one at a time.
    seconds
        Processor time, of all threads together, that one argument may use; counted in whole
        seconds, rounded up.
    memory
        Bytes of data that the child may hold, with what it has inherited; None for as many as there
        are. Linux keeps to it, other systems may not.

    Raises
    ------
    RuntimeError
        If the function raises, or if the child is ended from outside (for want of memory, say).
        Both mean that the job as a whole cannot go on.

    Examples
    --------
    >>> list(bounded_map(abs, [-1, 2], seconds=60))
    [1, 2]
    """
    worker: _Worker[A, R] | None = None
    try:
        for argument in arguments:
            worker = worker or _Worker(function, seconds, memory)
            outcome = worker.run(argument)
            if isinstance(outcome, GaveUp):
                worker.close()
                worker = None
            yield outcome
    finally:
        if worker is not None:
            worker.close()


def with_progress(outcomes: Iterable[R], total: int) -> Iterator[R]:
    """Pass on the outcomes of molecules, and log their number from time to time."""
    last = time.monotonic()
    for number, outcome in enumerate(outcomes, start=1):
        if time.monotonic() - last > PROGRESS_INTERVAL:
            logger.info("molecule %d of %d", number, total)
            last = time.monotonic()
        yield outcome


class _Worker(Generic[A, R]):
    """The parent's handle on one child process."""

    def __init__(self, function: Callable[[A], R], seconds: float, memory: int | None) -> None:
        context = multiprocessing.get_context("fork")
        self._seconds = seconds
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(far_end, self._pipe, function, seconds, memory), daemon=True
        )
        self._process.start()
        far_end.close()

    def run(self, argument: A) -> R | GaveUp:
        """Hand one argument to the child and wait for the outcome."""
        self._pipe.send(argument)
        try:
            if not self._pipe.poll(CLOCK_FACTOR * self._seconds):
                return GaveUp(f"no answer within {CLOCK_FACTOR * self._seconds:g} s")
            received: tuple[bool, R | GaveUp] = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            return self._ended()
        succeeded, answer = received
        if not succeeded:
            raise RuntimeError(f"a worker process failed:\n{answer}")
        return answer

    def _ended(self) -> GaveUp:
        """Say why the child has ended."""
        self._process.join()
        code = self._process.exitcode or 0
        if code == -signal.SIGXCPU:
            return GaveUp(f"given up after {self._seconds:g} s of processor time")
        if -code in CRASHES:
            return GaveUp(f"the library crashed with {signal.Signals(-code).name}")
        raise RuntimeError(
            f"a worker process was ended from outside (exit code {code}); "
            "if memory was short, give the job more and run again"
        )

    def close(self) -> None:
        """End the child."""
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _serve(
    pipe: Connection,
    parents_end: Connection,
    function: Callable[[A], R],
    seconds: float,
    memory: int | None,
) -> None:
    """Answer arguments until the parent closes the pipe. The child process runs this."""
    parents_end.close()  # otherwise the child would never see that the parent has gone
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    while True:
        try:
            argument = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(function, argument, seconds, memory))


def _answer(
    function: Callable[[A], R], argument: A, seconds: float, memory: int | None
) -> tuple[bool, R | GaveUp | str]:
    """Return whether the function came to an end within the limits, and its result or the error."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(usage.ru_utime + usage.ru_stime + seconds))
    _limit(resource.RLIMIT_DATA, memory)
    try:
        return True, function(argument)
    except Exception as error:
        if memory is not None and isinstance(error, MemoryError):
            return True, GaveUp(f"given up at {memory / 2**30:g} GiB of memory")
        return False, traceback.format_exc()
    finally:
        _limit(resource.RLIMIT_DATA, None)  # so that the answer can be sent


def _limit(kind: int, amount: int | None) -> None:
    """Set a limit of this process as far as its hard limit allows, or lift it."""
    hard = resource.getrlimit(kind)[1]
    if amount is None or (hard != resource.RLIM_INFINITY and amount > hard):
        amount = hard
    resource.setrlimit(kind, (amount, hard))
