"""Which jobs of a study start first, and which get more than one core.

A study takes no less time than its longest chain of jobs: conformers, tables, one long tuning and
what examines its model. Jobs of this chain therefore go first, and where there are more cores than
long tunings, these train several folds at the same time.
"""

import math
from collections.abc import Mapping, Sequence

from confaug.costs.facts import StudyFacts
from confaug.costs.seconds import expected_seconds
from confaug.infrastructure.snakemake_jobs import PlannedJob
from confaug.infrastructure.sums import sum_in_order

Wildcards = Mapping[str, str]
TUNING, RANDOMISING = "tune_model", "tune_randomised"
#: Long jobs that wait for the tuned model of the main variant.
EXAMINING = (RANDOMISING, "measure_learning_curves")


def seconds_to_end(rule: str, wildcards: Wildcards, facts: StudyFacts) -> float:
    """Return about how long a study takes from the start of a job on, however many cores it has.

    Parameters
    ----------
    rule, wildcards, facts
        As for `seconds.expected_seconds`.
    """
    own = expected_seconds(rule, wildcards, facts)
    if rule != TUNING or wildcards["variant"] != facts.main:
        return own
    randomised = facts.config["evaluation"]["y_randomisations"]
    follow = EXAMINING if randomised else EXAMINING[1:]
    return own + max(expected_seconds(name, {}, facts) for name in follow)


def folds_at_once(
    rule: str, wildcards: Wildcards, facts: StudyFacts, tuned: Sequence[str], cores: int | None
) -> int:
    """Return how many folds a job that tunes trains at the same time.

    Its share of the cores is that of its work in the work of all jobs that tune.

    Parameters
    ----------
    rule, wildcards, facts
        As for `seconds.expected_seconds`.
    tuned
        The variants that are tuned.
    cores
        Cores of the run; None where every job has a machine of its own.
    """
    if cores is None:
        return 1
    replicates = int(facts.config["splits"]["replicates"])
    each = [expected_seconds(TUNING, {"variant": name}, facts) for name in tuned]
    whole = replicates * float(sum_in_order(each))
    if facts.main is not None and facts.config["evaluation"]["y_randomisations"]:
        whole += expected_seconds(RANDOMISING, {}, facts)
    share = expected_seconds(rule, wildcards, facts) / whole
    folds = int(facts.config["splits"]["folds"])
    given = max(1, min(folds, round(cores * share)))
    return math.ceil(
        folds / math.ceil(folds / given)
    )  # four for five folds are no faster than three


def seconds_by_the_clock(
    jobs: Sequence[PlannedJob], seconds: Sequence[float], facts: StudyFacts
) -> list[float]:
    """Return what jobs take by the clock: those that tune train folds at the same time.

    Parameters
    ----------
    jobs, facts
        A plan, and what its costs depend on.
    seconds
        Processor seconds of each job.
    """
    folds = int(facts.config["splits"]["folds"])
    return [
        each / speed_up(folds, job.threads) if job.rule in (TUNING, RANDOMISING) else each
        for job, each in zip(jobs, seconds, strict=True)
    ]


def speed_up(folds: int, threads: int) -> float:
    """Return how many times as fast folds are trained: they wait for the slowest thread."""
    return folds / math.ceil(folds / threads)
