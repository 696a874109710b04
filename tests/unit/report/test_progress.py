import io
import threading

import pytest
from terminal import on_screen

from confaug.report.progress import PAUSE, LiveLine, SparingLine


@pytest.fixture
def terminal():
    return io.StringIO()


@pytest.fixture
def line(terminal):
    line = LiveLine(terminal)
    yield line
    line.close()


def test_the_line_is_replaced_in_place(line, terminal):
    line.show(lambda: "1 of 3")
    line.show(lambda: "2 of 3")
    assert on_screen(terminal.getvalue()) == ["2 of 3"]


def test_messages_stand_above_the_line(line, terminal):
    line.show(lambda: "1 of 3")
    for part in ("WARNING: odd", "\n"):  # as the handler of a log writes
        line.write(part)
    line.flush()
    assert on_screen(terminal.getvalue()) == ["WARNING: odd", "1 of 3"]


def test_a_long_line_does_not_wrap(line, terminal):
    line.show(lambda: "x" * 500)
    assert len(on_screen(terminal.getvalue())[-1]) == 79


def test_nothing_remains_of_the_line_in_the_end(line, terminal):
    line.show(lambda: "1 of 3")
    line.close()
    line.write("The report is here\n")
    line.flush()
    assert on_screen(terminal.getvalue()) == ["The report is here", ""]


def test_messages_of_several_threads_stay_whole(line, terminal):
    line.show(lambda: "progress")

    def write(name):
        for number in range(200):
            line.write(f"{name}{number}\n")
            line.flush()

    threads = [threading.Thread(target=write, args=[name]) for name in "abc"]
    for thread in threads:
        thread.start()
    for number in range(200):
        line.show(lambda number=number: f"progress {number}")
    for thread in threads:
        thread.join()
    *lines, last = on_screen(terminal.getvalue())
    assert last.startswith("progress")
    assert sorted(lines) == sorted(f"{name}{n}" for name in "abc" for n in range(200))


def test_without_a_terminal_the_line_is_said_every_tenth():
    said = []
    line = SparingLine(said.append, lambda: 0.0)
    for done in range(1, 1001):
        line.show(lambda done=done: str(done), done, 1000)
    assert said == [str(100 * tenth) for tenth in range(1, 11)]


def test_a_slow_run_says_the_line_after_a_while():
    said, now = [], [0.0]
    line = SparingLine(said.append, lambda: now[0])
    for done in range(1, 10):
        now[0] += 0.3 * PAUSE
        line.show(lambda done=done: str(done), done, 1000)
    assert said == ["4", "8"]


def test_a_total_that_grows_starts_again():
    said = []
    line = SparingLine(said.append, lambda: 0.0)
    for done, total in ((1, 2), (2, 100), (3, 100), (10, 100), (11, 100)):
        line.show(lambda done=done, total=total: f"{done} of {total}", done, total)
    assert said == ["1 of 2", "10 of 100"]
