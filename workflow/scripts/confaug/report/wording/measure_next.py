"""What to measure next, and why, in words."""

from collections.abc import Sequence

import pyarrow as pa

from confaug.report.number_format import count, number, percent, whole_percent
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.wording.domain import FLAG_WORDS

TITLE = "What to measure next"
CAPTION = "Candidates that are worth measuring next, the first one first"
#: Flags that say that a candidate is far from the training molecules.
FAR = ("far_in_descriptors", "unlike_training")
#: An interval or a deviation that is this many times the median is a reason.
WIDE = 1.5
#: A chance of being in the wanted range that is a reason.
LIKELY = 0.1
#: What candidates are ranked by.
CRITERIA = {
    "coverage": "coverage: how much more similar it makes all candidates to a measured molecule",
    "novelty": "novelty: how unlike the training molecules it is",
    "deviation": "deviation: how much its prediction varies",
    "range": "the probability that its value is in the range that you look for",
}
_HINDSIGHT = (
    "This was tried in hindsight on the bundled example, glass transition temperatures, not on "
    "your data. With ten molecules chosen at a time from 30 to 90, a choice of this kind"
)
_NOT_SHOWN = "so it is not shown to be better than choosing at random."
#: What `tests/benchmarks/benchmark_measure_next.py` found on the bundled data.
EVIDENCE = {
    "coverage": f"{_HINDSIGHT} made the error of the model 1.6 K smaller on average than random "
    f"choice, of 26.4 K. The 95% interval is from 3.9 K smaller to 0.8 K larger, {_NOT_SHOWN}",
    "novelty": f"{_HINDSIGHT} made the error of the model 1.2 K smaller on average than random "
    f"choice, of 26.4 K. The 95% interval is from 4.3 K smaller to 1.9 K larger, {_NOT_SHOWN}",
    "deviation": f"{_HINDSIGHT} made the error of the model 0.8 K smaller on average than random "
    f"choice, of 26.4 K. The 95% interval is from 3.4 K smaller to 1.7 K larger, {_NOT_SHOWN}",
    "range": f"{_HINDSIGHT} found 95% of the molecules with the highest tenth of values within "
    "three batches; random choice found 40%. The model is not shown to become better by it.",
}


def with_reasons(ranking: pa.Table) -> pa.Table:
    """Write the reason of every rank in words.

    Parameters
    ----------
    ranking
        MEASURE_NEXT, whose column `reason` is replaced.
    """
    reasons = pa.array([_reason(row) for row in ranking.to_pylist()], pa.string())
    return ranking.set_column(ranking.schema.get_field_index("reason"), "reason", reasons)


def _reason(row: Row) -> str:
    """Say why a candidate is worth measuring: what its score is about first."""
    reasons = [_stands_for(row)] if row["criterion"] == "coverage" else []
    reasons += [FLAG_WORDS[flag] for flag in FAR if row[flag]]
    wide, varied = row["interval_ratio"], row["deviation_ratio"]
    if wide is not None and wide >= WIDE:
        reasons.append(f"wide interval ({number(wide, digits=1)} times the median)")
    elif varied is not None and varied >= WIDE:
        reasons.append(
            f"uncertain prediction (deviation {number(varied, digits=1)} times the median)"
        )
    chance = row["probability_in_range"]
    if chance is not None and chance >= LIKELY:
        near = f"near the requirement ({whole_percent(chance)} chance of being in the range)"
        reasons = [near, *reasons] if row["criterion"] == "range" else [*reasons, near]
    return "; ".join(reasons) or _nothing_special(row)


def _stands_for(row: Row) -> str:
    """Say how much a candidate does for the similarity of all candidates to what is measured."""
    gain = percent(row["gain"])
    return f"closes {gain} of the gap in similarity between candidates and measured molecules"


def _nothing_special(row: Row) -> str:
    """Say what the criterion sees in a candidate without a striking reason."""
    if row["criterion"] == "novelty":
        similarity = number(row["similarity"], digits=2)
        return f"similarity {similarity} to the most similar training molecule"
    if row["criterion"] == "range":
        return f"{whole_percent(row['probability_in_range'])} chance of being in the range"
    return f"deviation {number(row['deviation_ratio'], digits=1)} times the median"


def sentences(ranking: pa.Table, quantity: Quantity, wanted: Sequence[float] | None) -> list[str]:
    """Say how candidates were ranked, and what that is worth."""
    if not ranking.num_rows:
        return [_none(quantity, wanted)]
    criterion = ranking["criterion"][0].as_py()
    among = f", {quantity.between(wanted[0], wanted[1])}" if criterion == "range" and wanted else ""
    listed = count(ranking.num_rows, "candidate is", "candidates are")
    return [
        f"{listed} listed, each ranked by {CRITERIA[criterion]}{among}. A candidate that is like "
        "one ranked before it counts for less, so that the first ten are not variations of one "
        "structure. The rank says nothing about how easy a candidate is to make.",
        EVIDENCE[criterion],
    ]


def _none(quantity: Quantity, wanted: Sequence[float] | None) -> str:
    """Say why no candidate is ranked."""
    if wanted is None:
        return "No candidate has a structure that the model does not know yet."
    return (
        "No new structure has a prediction from which the errors of the model lead to "
        f"{quantity.between(wanted[0], wanted[1])}."
    )
