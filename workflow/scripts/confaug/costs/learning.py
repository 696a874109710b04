"""What fitting and judging models costs, in processor seconds beyond the start of a job.

The figures are measured on studies of 20 to 230 molecules, see `tests/data/costs`. The number of
boosting rounds is not known before; what studies took is fitted to the settings that bound it.
"""

import math
from collections.abc import Mapping
from typing import Any

from confaug.costs.facts import StudyFacts

#: Seconds for one boosting round: of any table, for each column, and for each cell.
ROUND, ROUND_COLUMN, ROUND_CELL = 5e-5, 3.5e-7, 1.6e-10
#: The mean share of columns of each tree for which this was measured.
MEASURED_SHARE = 0.12
#: Rounds of a trial times the learning rate, as measured.
PROGRESS = 17
#: Share of those rounds that trials take under each rule that ends hopeless ones early.
TAKEN = {"never": 1.3, "linear": 1.0, "geometric": 0.5}
#: Rounds of the best trial take longer than others: it has more of them and larger trees.
BEST = 2.5
#: Seconds for each row that a fitted model predicts.
PREDICTED_ROW = 6e-5
#: Share of a tuning that one y-randomisation takes, which is pruned by what the true labels gave.
RANDOMISED = 0.22
#: Seconds of choosing and fitting a plain model: for each training molecule, and in addition for
#: each of them and each column.
PLAIN_MOLECULE = {"constant": 0.001, "lightgbm_default": 0.002}
TREES_CELL = 9e-5


def tuning_seconds(facts: StudyFacts, variant: str) -> float:
    """Return the seconds of tuning a variant of LightGBM on one split."""
    tuning = facts.config["tuning"]
    limit = tuning["rows_per_molecule"] or math.inf
    few, every = min(facts.rows_of(variant), limit), facts.rows_of(variant)
    folds = facts.config["splits"]["folds"]
    trials = tuning["initial_points"] + tuning["iterations"]
    trial = rounds(facts) * round_seconds(facts, variant, few)
    last = BEST * tuning["seeds"] * rounds(facts) * round_seconds(facts, variant, every)
    return float(folds * (trials * trial + last))


def fitting_seconds(facts: StudyFacts, variant: str, share: float = 1) -> float:
    """Return the seconds of fitting a tuned variant on a share of its training rows."""
    seeds = facts.config["tuning"]["seeds"]
    each = round_seconds(facts, variant, share * facts.rows_of(variant))
    return float(BEST * seeds * rounds(facts) * each)


def predicting_seconds(facts: StudyFacts, variant: str) -> float:
    """Return the seconds of predicting the held-out molecules by a variant."""
    return facts.held_out * facts.rows_of(variant) * PREDICTED_ROW


def rounds(facts: StudyFacts) -> float:
    """Return about how many boosting rounds a trial takes."""
    tuning = facts.config["tuning"]
    rate = _mean_of(tuning, "learning_rate", 0.1)
    patient = PROGRESS / rate + int(tuning["early_stopping_rounds"])
    return TAKEN[tuning["pruning"]] * min(0.45 * int(tuning["max_rounds"]), patient)


def round_seconds(facts: StudyFacts, variant: str, rows_per_molecule: float) -> float:
    """Return the seconds of one round on so many rows of each training molecule."""
    columns = facts.columns_of(variant)
    rows = facts.training * rows_per_molecule
    share = _mean_of(facts.config["tuning"], "feature_fraction", 1) / MEASURED_SHARE
    return ROUND + share * (ROUND_COLUMN * columns + ROUND_CELL * rows * columns)


def plain_seconds(facts: StudyFacts, variant: str) -> float:
    """Return the seconds of choosing, fitting and judging a variant that is not tuned."""
    learner, n = facts.variants[variant].learner, facts.training
    if learner == "extra_trees":
        return n * (0.02 + TREES_CELL * facts.columns_of(variant))
    if "gaussian_process" in learner:
        return n * 0.006 + 4e-8 * n**3
    return n * PLAIN_MOLECULE.get(learner, 0.004)


def _mean_of(tuning: Mapping[str, Any], name: str, default: float) -> float:
    """Return the usual value of one of LightGBM's parameters, tuned or fixed."""
    tuned = tuning["space"].get(name)
    if not tuned:
        return float(tuning["fixed"].get(name, default))
    low, high = tuned.get("low"), tuned.get("high")
    if low is None or high is None:
        return default
    return math.sqrt(low * high) if tuned["type"] == "log" else (low + high) / 2
