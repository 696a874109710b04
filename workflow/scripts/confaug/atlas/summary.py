"""What all studies of the atlas say together: effects, and a report card of the instrument."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from confaug.atlas.gains import BEST_WAY, PLAIN, RULE, SAME_LEARNERS, WAYS
from confaug.atlas.meta_analysis import summarise
from confaug.config.roles import CONSENSUS_2D
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE

Row = Mapping[str, Any]


def summarise_atlas(gains: pa.Table, studies: pa.Table, target: float) -> dict[str, Any]:
    """Summarise the studies of the atlas.

    Parameters
    ----------
    gains, studies
        GAINS and STUDIES tables of all studies.
    target
        Intended coverage of prediction intervals.

    Returns
    -------
    dict
        ``ways``, by way: ``verdicts`` counts studies, ``mean`` is the plain mean of their gains in
        per cent, and ``effect`` a `Summary` of those with a standard error, or None below two.
        ``same_learners``: the same against the same learners without conformers. ``report_card``:
        ``coverage`` of prediction intervals, ``random_signs``, the shares of verdicts where nothing
        is better or worse, and by how many per cent the errors of the ``rules`` of choice exceed
        the lowest one of each study. That was chosen by the held-out errors themselves, and is
        therefore a little too low.
    """
    facts = studies.to_pylist()
    by_way, same = (_by_way(gains, against) for against in (PLAIN, SAME_LEARNERS))
    return {
        "studies": len(facts),
        "molecules": sum(one["molecules"] for one in facts),
        "ways": {way: _effect(found) for way, found in by_way.items()},
        "same_learners": {way: _effect(found) for way, found in same.items()},
        "report_card": {
            "coverage": _coverage(facts, target),
            "random_signs": _random_signs(facts),
            "rules": _rules(by_way, facts),
        },
    }


def _by_way(gains: pa.Table, against: str) -> dict[str, list[Row]]:
    """Return the gains against one kind of reference, by way."""
    rows = [row for row in gains.to_pylist() if row["against"] == against]
    by_way = {way: [row for row in rows if row["way"] == way] for way in (*WAYS, BEST_WAY, RULE)}
    return {way: found for way, found in by_way.items() if found}


def _effect(rows: Sequence[Row]) -> dict[str, Any]:
    """Summarise the gains of one way; one without a standard error, such as 0, has no weight."""
    verdicts = Counter(row["verdict"] for row in rows)
    gains = [row["gain"] for row in rows if math.isfinite(row["gain"])]
    known = [row for row in rows if row["standard_error"] and math.isfinite(row["standard_error"])]
    effects = [row["gain"] for row in known], [row["standard_error"] for row in known]
    return {
        "verdicts": {verdict: verdicts[verdict] for verdict in (HELPED, NO_DIFFERENCE, HURT)},
        "mean": sum(gains) / len(gains) if gains else None,
        "effect": asdict(summarise(*effects)) if len(known) > 1 else None,
    }


def _coverage(facts: Sequence[Row], target: float) -> dict[str, Any]:
    """Return the coverage of prediction intervals: of every study, and of all on average."""
    shares = {one["study"]: one["covered"] / one["intervals"] for one in facts if one["intervals"]}
    mean = sum(shares.values()) / len(shares) if shares else None
    return {"target": target, "mean": mean, "studies": shares}


def _random_signs(facts: Sequence[Row]) -> dict[str, float] | None:
    """Return the shares of verdicts on differences with random signs that find one."""
    made = sum(one["null_verdicts"] for one in facts)
    if not made:
        return None
    return {
        verdict: sum(one[f"null_{verdict}"] for one in facts) / made for verdict in (HELPED, HURT)
    }


def _rules(by_way: Mapping[str, Sequence[Row]], facts: Sequence[Row]) -> dict[str, Any]:
    """Return by how much the error of what a rule takes exceeds the lowest, in per cent."""
    best = {one["study"]: one["best_mae"] for one in facts if one["best_mae"]}
    taken = {
        way: {row["study"]: row["mae"] for row in by_way.get(way, ())} for way in (BEST_WAY, "rows")
    }
    for rule in (PLAIN, RULE, CONSENSUS_2D):
        taken[rule] = {one["study"]: one[f"{rule}_mae"] for one in facts}
    found = {}
    for rule, maes in sorted(taken.items()):
        excess = [
            100 * (mae / best[study] - 1)
            for study, mae in maes.items()
            if mae is not None and study in best
        ]
        if excess:
            found[rule] = {
                "studies": len(excess),
                "mean": sum(excess) / len(excess),
                "largest": max(excess),
            }
    return found
