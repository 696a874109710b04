"""The child process: order, the bounds on processor time and memory, crashes and errors."""

import faulthandler
import os
import resource
import signal
import time

import pytest

from confaug.infrastructure.bounded import GaveUp, bounded_map


def burn_when_negative(number):
    if number < 0:
        while True:  # only the operating system can end this
            pass
    return number * 2


def test_results_come_in_order():
    assert list(bounded_map(lambda x: x + 1, [3, 1, 2], seconds=60)) == [4, 2, 3]


def test_one_child_serves_many_arguments():
    assert len(set(bounded_map(lambda _: os.getpid(), range(5), seconds=60))) == 1
    assert os.getpid() not in bounded_map(lambda _: os.getpid(), [0], seconds=60)


def test_endless_work_is_ended_and_the_rest_goes_on():
    first, endless, last = bounded_map(burn_when_negative, [1, -1, 2], seconds=1)
    assert (first, last) == (2, 4)
    assert endless == GaveUp("given up after 1 s of processor time")


def test_what_needs_too_much_memory_is_given_up_alone():
    def hold(mebibytes):
        return len(bytearray(mebibytes * 2**20)) // 2**20

    outcomes = bounded_map(hold, [1, 5000, 100], seconds=60, memory=2**31)
    assert list(outcomes) == [1, GaveUp("given up at 2 GiB of memory"), 100]


def test_the_limit_of_memory_is_that_of_the_child_alone():
    list(bounded_map(abs, [-1], seconds=60, memory=2**31))
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY


def test_want_of_memory_without_a_limit_is_an_error():
    def fail(_):
        raise MemoryError

    with pytest.raises(RuntimeError, match="MemoryError"):
        list(bounded_map(fail, [0], seconds=60))


def test_waiting_uses_no_processor_time():
    def doze(seconds):
        time.sleep(seconds)
        return "awake"

    assert list(bounded_map(doze, [2.5], seconds=1)) == ["awake"]


def test_every_argument_has_the_budget_to_itself():
    def burn(seconds):
        start = time.process_time()
        while time.process_time() - start < seconds:
            pass
        return "done"

    assert list(bounded_map(burn, [0.8] * 4, seconds=2)) == ["done"] * 4


def test_a_crash_of_compiled_code_is_an_outcome():
    def crash(number):
        if number == 1:
            faulthandler.disable()  # pytest would print a traceback
            os.kill(os.getpid(), signal.SIGSEGV)
        return number

    good, crashed, after = bounded_map(crash, [0, 1, 2], seconds=60)
    assert (good, after) == (0, 2)
    assert crashed == GaveUp("the library crashed with SIGSEGV")


def test_a_kill_from_outside_is_an_error():
    with pytest.raises(RuntimeError, match="ended from outside"):
        list(bounded_map(lambda _: os.kill(os.getpid(), signal.SIGKILL), [0], seconds=60))


def test_an_exception_is_passed_on_with_its_traceback():
    def fail(number):
        return 1 // number

    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(bounded_map(fail, [0], seconds=60))


def test_the_child_ends_with_the_iteration():
    outcomes = bounded_map(lambda _: os.getpid(), range(3), seconds=60)
    child = next(outcomes)
    outcomes.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
