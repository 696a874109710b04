"""Which rows a page shows, on tables whose order is known."""

import numpy as np
import pyarrow as pa
import pytest

from confaug.report.candidates import rank, shown_rows
from confaug.report.wording.domain import FLAG_WORDS
from confaug.tables.prediction import NEW_PREDICTIONS

FLAGS = tuple(FLAG_WORDS)


def make_table(lines):
    """Make predicted rows of (molecule, prediction, flags, distance, training label)."""
    rows = [
        {
            "row": i,
            "status": "predicted",
            "molecule": molecule,
            "prediction": prediction,
            **{flag: flag in flags for flag in FLAGS},
            "flags": "; ".join(flags) or None,
            "distance": distance,
            "training_label": label,
        }
        for i, (molecule, prediction, flags, distance, label) in enumerate(lines)
    ]
    return pa.Table.from_pylist(rows, schema=NEW_PREDICTIONS.schema())


def test_candidates_are_ranked_once_each_without_known_ones():
    found = rank(
        make_table(
            [
                ("a", 3.0, (), 0.1, None),
                ("b", 9.0, FLAGS[:1], 0.2, None),
                ("c", 5.0, (), 0.1, None),
                ("a", 3.0, (), 0.1, None),
                ("d", 8.0, (), 0.1, 8.5),
                ("e", 1.0, FLAGS[:2], 0.3, None),
                ("f", 2.0, FLAGS[:1], 0.9, None),
                ("g", 5.0, (), None, None),
            ]
        )
    )
    assert found.by_prediction.tolist() == [2, 7, 0]
    assert found.doubtful.tolist() == [5, 6, 1]
    assert found.is_short


def test_no_row_at_all():
    found = rank(make_table([]))
    assert len(found.by_prediction) == len(found.doubtful) == 0
    assert shown_rows(found, 0)[0].tolist() == []


@pytest.mark.parametrize("flagged", [0, 7, 400, 3000])
@pytest.mark.parametrize("copies", [1, 30])
def test_a_selection_has_the_best_the_doubtful_and_the_first(flagged, copies):
    rng = np.random.default_rng(flagged)
    values = rng.permutation(3000 // copies).astype(float)
    flags = set(rng.permutation(3000)[:flagged].tolist())
    names = [i % len(values) for i in range(3000)]
    lines = [
        (f"m{k}", values[k], FLAGS[:1] if i in flags and copies == 1 else (), 1.0, None)
        for i, k in enumerate(names)
    ]
    ranking = rank(make_table(lines))
    places, counts = shown_rows(ranking, 3000, 1000)
    assert len(places) == len(set(places.tolist())) == sum(counts.values()) == 1000
    assert places.tolist() == sorted(places.tolist())
    shown = set(places.tolist())
    for most in (ranking.by_prediction[:250], ranking.by_prediction[-250:], ranking.doubtful[:250]):
        assert set(most.tolist()) <= shown
    rest = [i for i in range(3000) if i not in shown]
    others = shown - {*ranking.by_prediction.tolist()[:250], *ranking.doubtful.tolist()[:250]}
    others -= set(ranking.by_prediction.tolist()[-250:])
    assert max(others) < min(rest), "the others are the first"


def test_a_short_table_is_shown_whole():
    ranking = rank(make_table([(f"m{i}", float(i), (), 1.0, None) for i in range(20)]))
    places, counts = shown_rows(ranking, 20, 20)
    assert places.tolist() == list(range(20))
    assert counts == {}
    assert not ranking.is_short
