"""Spread independent pieces of work over processes, with results in the order of the pieces."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from confaug.errors import UserError

A = TypeVar("A")
R = TypeVar("R")

#: Pieces of each process that are at work or wait to be taken, which bounds memory.
PIECES_PER_PROCESS = 2


def ordered_map(
    function: Callable[[A], R], arguments: Iterable[A], processes: int = 1
) -> Generator[R, None, None]:
    """Yield `function(argument)` of every argument, in order.

    Parameters
    ----------
    function
        Any function that can be pickled, such as one of a module, or a partial of it.
    arguments
        Taken when there is a process for them.
    processes
        With 1, this process does the work itself. Others may start processes of their own, and end
        with this one, however it ends.

    Raises
    ------
    UserError
        If a process was ended from outside.

    Examples
    --------
    >>> list(ordered_map(abs, [-1, 2]))
    [1, 2]
    """
    if processes == 1:
        yield from map(function, arguments)
        return
    context = multiprocessing.get_context("fork")  # children have what this process has imported
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(processes, context, initializer=_follow_parent)
    waiting: deque[Future[R]] = deque()
    try:
        for argument in arguments:
            waiting.append(executor.submit(function, argument))
            if len(waiting) == PIECES_PER_PROCESS * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException as error:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()  # a piece may take minutes, and nobody waits for it
        if isinstance(error, BrokenProcessPool):
            raise UserError(
                "a process was ended from outside; if memory was short, use fewer processes"
            ) from None
        raise
    executor.shutdown()


def _follow_parent() -> None:
    """Leave interrupts to the parent, and end when it says so, or when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: _end())
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    _end()


def _end() -> None:
    """End this process and those that it has started, which may be deep in compiled code."""
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(1)
