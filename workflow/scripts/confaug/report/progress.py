"""One line that says how far a run is: redrawn on a terminal, repeated sparingly elsewhere."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

#: Takes a terminal to the beginning of the line and clears it.
ERASE = "\r\x1b[K"
#: Seconds between two redraws, so that the remaining time goes down.
REDRAW = 1.0
#: Where nothing is redrawn: percent of the jobs, and seconds, after which the line is repeated.
STEP, PAUSE = 10, 300.0


class LiveLine:
    """A terminal with a last line that stays below everything that is written.

    It takes the place of the stream of a logging handler. Several threads may write.

    Parameters
    ----------
    stream
        The terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.RLock()
        self._text: Callable[[], str] | None = None
        self._drawn = False
        self._ended = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write above the line, which comes back with the next `flush`."""
        with self._lock:
            self._erase()
            return self._stream.write(text)

    def flush(self) -> None:
        """Draw the line below what has been written."""
        with self._lock:
            self._draw()
            self._stream.flush()

    def show(self, text: Callable[[], str]) -> None:
        """Replace the line; `text` is called whenever it is drawn."""
        with self._lock:
            started, self._text = self._text is not None, text
            self.flush()
        if not started:
            threading.Thread(target=self._redraw, daemon=True).start()

    def close(self) -> None:
        """Remove the line."""
        with self._lock:
            self._ended.set()
            self._erase()
            self._text = None
            self._stream.flush()

    def _redraw(self) -> None:
        while not self._ended.wait(REDRAW):
            try:
                self.flush()
            except (OSError, ValueError):  # the terminal is gone, or closed
                return

    def _draw(self) -> None:
        if self._text is not None:
            self._stream.write(ERASE + self._text()[: _columns(self._stream) - 1])
            self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(ERASE)
            self._drawn = False


class SparingLine:
    """Says how far a run is only when much has changed.

    Parameters
    ----------
    say
        Writes a line.
    clock
        Returns the current time (s).
    """

    def __init__(
        self, say: Callable[[str], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._clock = clock
        self._step = 0
        self._said = clock()

    def show(self, text: Callable[[], str], done: int, total: int) -> None:
        """Say the line if the last one is long ago, or if many jobs have been done since."""
        step = 100 * done // max(total, 1) // STEP
        if step > self._step or done == total or self._clock() - self._said >= PAUSE:
            self._say(text())
            self._said = self._clock()
        self._step = step


def _columns(stream: TextIO) -> int:
    """Return the width of a terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
