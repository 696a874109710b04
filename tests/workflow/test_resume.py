"""What was finished stays finished, whatever ends a run."""

import random
import time

from interruption import Run, interrupt, kill_everything, kill_main, resume, run_again

from study import Study, digests

#: What is at work when the end comes, and which end it is.
ENDS = [
    ("Embedding", kill_everything),
    ("Computing the 3D", kill_main),
    ("Merging the augmented", kill_everything),
    ("Tuning lightgbm_augmented", interrupt),
    ("Fitting", kill_main),
]


def test_a_run_that_is_killed_again_and_again_loses_nothing_that_was_finished(finished, tmp_path):
    study = Study.fresh(tmp_path / "study")
    runs = [Run.start(study)]
    for work, end in ENDS:
        runs[-1].wait_for(work)
        time.sleep(random.random())
        runs[-1].end(end)
        runs.append(resume(study))
    assert runs[-1].wait() == 0, runs[-1].log[-3000:]
    for run in runs:
        run.outlast_jobs()
    assert run_again(runs) == []
    assert digests(study.results) == digests(finished.results)
    assert not [path for path in study.results.rglob(".*") if path.is_file()]
    assert study.planned().total() == 0
