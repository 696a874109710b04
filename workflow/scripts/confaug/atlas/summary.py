"""What all studies of the atlas say together: effects, and a report card of the instrument."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from confaug.atlas.gains import BEST_WAY, RULE, WAYS
from confaug.atlas.meta_analysis import summarise
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
        ``ways``, by way: ``verdicts`` counts studies, ``effect`` is a `Summary` of the gains in per
        cent, or None below two studies. ``report_card``: ``coverage`` of prediction intervals,
        ``false_verdicts`` where nothing is better or worse, and by how many per cent the errors of
        the ``rules`` of choice exceed the lowest one of each study. That was chosen by the held-out
        errors themselves, and is therefore a little too low.
    """
    rows, facts = gains.to_pylist(), studies.to_pylist()
    by_way = {way: [row for row in rows if row["way"] == way] for way in (*WAYS, BEST_WAY, RULE)}
    return {
        "studies": len(facts),
        "molecules": sum(one["molecules"] for one in facts),
        "ways": {way: _effect(found) for way, found in by_way.items() if found},
        "report_card": {
            "coverage": _coverage(facts, target),
            "false_verdicts": _false_verdicts(facts),
            "rules": _rules(by_way, facts),
        },
    }


def _effect(rows: Sequence[Row]) -> dict[str, Any]:
    """Summarise the gains of one way; studies without any scatter of errors tell nothing of it."""
    verdicts = Counter(row["verdict"] for row in rows)
    known = [row for row in rows if row["standard_error"]]
    effects = [row["gain"] for row in known], [row["standard_error"] for row in known]
    return {
        "verdicts": {verdict: verdicts[verdict] for verdict in (HELPED, NO_DIFFERENCE, HURT)},
        "effect": asdict(summarise(*effects)) if len(known) > 1 else None,
    }


def _coverage(facts: Sequence[Row], target: float) -> dict[str, Any]:
    """Return the coverage of prediction intervals: of every study, and of all on average."""
    shares = {one["study"]: one["covered"] / one["intervals"] for one in facts if one["intervals"]}
    mean = sum(shares.values()) / len(shares) if shares else None
    return {"target": target, "mean": mean, "studies": shares}


def _false_verdicts(facts: Sequence[Row]) -> dict[str, float]:
    """Return the shares of verdicts on differences with random signs that find one."""
    made = sum(one["null_verdicts"] for one in facts)
    return {
        verdict: sum(one[f"null_{verdict}"] for one in facts) / made for verdict in (HELPED, HURT)
    }


def _rules(by_way: Mapping[str, Sequence[Row]], facts: Sequence[Row]) -> dict[str, Any]:
    """Return by how much the error of what a rule takes exceeds the lowest, in per cent."""
    best = {one["study"]: one["best_mae"] for one in facts}
    taken = {way: {row["study"]: row["mae"] for row in by_way[way]} for way in (BEST_WAY, "rows")}
    taken["plain"] = {one["study"]: one["plain_mae"] for one in facts}
    taken[RULE] = {one["study"]: one["recommended_mae"] for one in facts}
    return {
        rule: {"mean": sum(excess) / len(excess), "largest": max(excess)}
        for rule, maes in sorted(taken.items())
        if (excess := [100 * (mae / best[study] - 1) for study, mae in maes.items()])
    }
