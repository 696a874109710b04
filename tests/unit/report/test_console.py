import logging

import pytest

from confaug.config.settings.study import PropertySettings
from confaug.errors import UserError
from confaug.infrastructure.job import job_log
from confaug.infrastructure.study import EXAMPLE
from confaug.prediction.description import Description
from confaug.report.console import MAX_CAUSES, FailedJobs, causes
from confaug.report.wording.console import prediction_line, study_line


def config(table=EXAMPLE, bundle=None, model="recommended"):
    return {
        "input": {"table": table},
        "property": {"name": "Density", "unit": "g/mL"},
        "pathvars": {"results": "results/here"},
        "prediction": {"table": "new.csv", "bundle": bundle, "model": model},
    }


def fail(path, error):
    with pytest.raises(SystemExit), job_log(path):
        raise error
    return str(path)


def test_a_study_is_named_by_property_table_and_folder():
    line = study_line(config("mine.csv"), named=True)
    for part in ("Density (g/mL)", "mine.csv", "results/here/"):
        assert part in line
    assert "example" not in line


def test_the_bundled_example_is_called_so_and_how_to_name_another():
    assert "--configfile" in study_line(config(), named=False)
    assert "bundled example" in study_line(config(), named=True)
    assert "--configfile" not in study_line(config(), named=True)


def test_a_prediction_names_its_model_and_whose_it_is():
    line = prediction_line(config(model="recommended"), None, "out")
    for part in ("new.csv", "the recommended model", "all molecules", "study above", "out/"):
        assert part in line
    assert "ridge_2d" in prediction_line(config(model="ridge_2d"), None, "out")
    other = Description.model_construct(property=PropertySettings(name="Viscosity"))
    line = prediction_line(config(bundle="given"), other, "out")
    assert "given, a model of Viscosity →" in line


def test_failed_jobs_are_noted_with_those_of_groups():
    failed = FailedJobs()
    logger = logging.Logger("snakemake")
    logger.addHandler(failed)

    class Event:
        def __init__(self, value):
            self.value = value

    logger.error("", extra={"event": Event("job_error"), "log": ["a.log"]})
    jobs = [{"log": ["b.log"]}, {"log": []}]
    logger.error("", extra={"event": Event("group_error"), "job_error_info": jobs})
    logger.info("", extra={"event": Event("job_finished"), "log": ["c.log"]})
    logger.error("something else")
    assert list(failed.logs) == ["a.log", "b.log"]


def test_each_cause_is_told_once_with_its_jobs(tmp_path):
    logs = tmp_path / "logs"
    same = [fail(logs / f"split/{n}.log", UserError("too few molecules")) for n in (1, 2, 3)]
    crash = fail(logs / "fit.log", ValueError("odd"))
    assert causes([*same, crash]) == [
        "[split/1 and 2 more] too few molecules",
        f"[fit] ValueError: odd (details in {crash})",
    ]


def test_a_cause_that_has_been_told_is_left_out(tmp_path):
    logs = [fail(tmp_path / f"{n}.log", UserError(f"cause {n}")) for n in (1, 2)]
    assert causes(logs, said=["cause 1"]) == ["[2] cause 2"]


def test_a_job_that_was_killed_is_told_from_one_that_ended_well(tmp_path):
    killed, missing, done = (tmp_path / f"{name}.log" for name in ("killed", "missing", "done"))
    killed.write_text("2026-01-01 00:00:00,000 INFO merging\n")
    with job_log(done):
        logging.getLogger("confaug").warning("WARNING: odd")
    by_job = dict(line[1:].split("] ", 1) for line in causes(map(str, (killed, missing, done))))
    assert by_job.keys() == {"killed", "missing"}
    assert "--cores" in by_job["killed"]


def test_many_causes_are_not_all_repeated(tmp_path):
    logs = [fail(tmp_path / f"{n}.log", UserError(f"cause {n}")) for n in range(MAX_CAUSES + 3)]
    told = causes(logs)
    assert len(told) == MAX_CAUSES + 1
    assert told[-1].startswith("and 3 more")
