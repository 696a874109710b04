import errno
import re
from pathlib import Path

import pytest
from new_python import run_python

from confaug.errors import UserError
from confaug.infrastructure import job
from confaug.infrastructure.job import QUIET_JOBS, job_log, logger


def run(path, error=None):
    with job_log(path):
        logger.info("3 of 7 done")
        if error:
            raise error


def test_progress_goes_to_the_log_and_to_the_console(tmp_path, capsys):
    run(tmp_path / "logs" / "rule" / "shard-1.log")
    assert "3 of 7 done" in (tmp_path / "logs" / "rule" / "shard-1.log").read_text()
    assert "[rule/shard-1] 3 of 7 done" in capsys.readouterr().err


def test_a_finished_job_says_what_it_used(tmp_path):
    log = tmp_path / "rule.log"
    code = (
        "from confaug.infrastructure.job import job_log\n"
        "import sys\n"
        "with job_log(sys.argv[1]):\n"
        "    kept = bytearray(200_000_000)\n"
    )
    held = bytearray(600_000_000)  # the memory of the process that starts a job is not the job's
    run_python(code, str(log))
    del held
    found = re.search(r"processor (\d+\.\d) s, peak memory (\d+) MB", log.read_text())
    assert found, log.read_text()
    assert 200 <= int(found[2]) < 500


def test_a_user_error_ends_in_its_sentence_alone(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "rule.log", UserError("row 3 of table.csv has no label; give one"))
    assert end.value.code == 1
    for text in ((tmp_path / "rule.log").read_text(), capsys.readouterr().err):
        assert "row 3 of table.csv has no label; give one" in text
        assert "Traceback" not in text


def test_an_unexpected_error_leaves_its_traceback_in_the_log_only(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "rule.log", KeyError("lost"))
    assert end.value.code == 1
    assert "Traceback" in (tmp_path / "rule.log").read_text()
    console = capsys.readouterr().err
    assert "Traceback" not in console
    assert "KeyError: 'lost' (details in" in console


def test_too_little_memory_ends_in_what_to_do(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "rule.log", MemoryError())
    assert end.value.code == 1
    for text in ((tmp_path / "rule.log").read_text(), capsys.readouterr().err):
        assert "fewer --cores" in text
        assert "Traceback" not in text


def test_an_interruption_ends_in_a_word(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "rule.log", KeyboardInterrupt())
    assert end.value.code == 130
    for text in ((tmp_path / "rule.log").read_text(), capsys.readouterr().err):
        assert "interrupted" in text
        assert "Traceback" not in text


def test_a_full_disk_costs_the_log_its_messages_but_not_the_job(tmp_path, capsys):
    with job_log(tmp_path / "rule.log"):
        logger.info("before")
        (tmp_path / "rule.log").unlink()
        (tmp_path / "rule.log").symlink_to("/dev/full")
        logger.info("after")
    console = capsys.readouterr().err
    assert console.count("rule.log can no longer be written: No space left on device") == 1
    assert "[rule] after" in console
    assert "[rule] finished" in console
    assert "Traceback" not in console


def test_a_full_disk_does_not_cost_a_quiet_job_what_it_says_last(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(QUIET_JOBS, "1")

    def write():
        with job_log(tmp_path / "rule.log"):
            (tmp_path / "rule.log").unlink()
            (tmp_path / "rule.log").symlink_to("/dev/full")
            raise UserError("results.csv cannot be written: the disk is full")

    with pytest.raises(SystemExit):
        write()
    console = capsys.readouterr().err
    assert "[rule] ERROR: results.csv cannot be written" in console
    assert "rule.log can no longer be written" in console


def test_a_disk_that_is_full_from_the_start_ends_the_job_in_one_sentence(
    tmp_path, capsys, monkeypatch
):
    def full(*_, **__):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SystemExit):
        run(tmp_path / "rule.log")
    console = capsys.readouterr().err
    assert "rule.log cannot be written: the disk quota is used up; free space" in console
    assert "Traceback" not in console


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc")
def test_the_peak_of_a_system_that_does_not_name_it_is_the_reported_one(monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: "Name:\tpython\nVmRSS:\t12 kB\n")
    assert job._own_peak(4321) == 4321
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: "VmHWM:\t   77 kB\n")
    assert job._own_peak(4321) == 77


def test_arrow_does_without_pandas_where_it_is_spared():
    code = (
        "import sys, pyarrow as pa\n"
        "from confaug.infrastructure.job import spare_pandas\n"
        "spare_pandas()\n"
        "table = pa.table({'molecule': pa.array(['a', 'b', 'a']), 'n': pa.array([1, 2, 3])})\n"
        "print(table.group_by('molecule').aggregate([('n', 'sum')]).to_pylist())\n"
        "print([name for name in sys.modules if name.startswith('pandas')])\n"
    )
    rows, loaded = run_python(code).splitlines()
    assert rows == "[{'molecule': 'a', 'n_sum': 4}, {'molecule': 'b', 'n_sum': 2}]"
    assert loaded == "[]"
