"""A planted wrong label is suspected, a merely hard molecule is not."""

import numpy as np
import pyarrow as pa
import pytest

from confaug.molecules.label_checks import robust_scale
from confaug.tables.engine import check_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import LEDGER
from confaug.tables.trust import LABEL_OUTLIERS, NEIGHBOURS
from confaug.trust.label_outliers import (
    count_unjudged,
    find_label_outliers,
    label_outliers_table,
)


def make_tables(neighbour_labels, similarity=0.8, label=200.0):
    """Give 40 molecules with residuals of scale 10, and one 100 above its prediction of 100."""
    labels = [label, *(100 + np.random.default_rng(1).normal(0, 10, 40)).tolist()]
    names = ["odd", *(f"m{i}" for i in range(40))]
    common = {
        "part": "cross_validation",
        "prediction": 100.0,
        "standard_deviation": 0.0,
        "n_rows": 1,
    }
    predictions = [
        {"molecule": name, "label": value, **common}
        for name, value in zip(names, labels, strict=True)
    ]
    common = {"molecule": "odd", "similarity": similarity}
    neighbours = [
        {"rank": i + 1, "neighbour": f"m{i}", "neighbour_label": value, **common}
        for i, value in enumerate(neighbour_labels)
    ]
    return (
        pa.Table.from_pylist(predictions, schema=PREDICTIONS.schema()),
        pa.Table.from_pylist(neighbours, schema=NEIGHBOURS.schema()),
    )


def make_ledger(rows):
    columns = {field.name: pa.nulls(len(rows), field.type) for field in LEDGER.schema()}
    columns["row"] = pa.array(range(1, len(rows) + 1), pa.int64())
    for i, name in enumerate(["status", "molecule", "label"]):
        columns[name] = pa.array([row[i] for row in rows], LEDGER.schema().field(name).type)
    return pa.table(columns)


def test_a_planted_wrong_label_is_suspected():
    outliers = find_label_outliers(*make_tables([95, 105, 100]), make_ledger([]))
    table = label_outliers_table(outliers, ["because"])
    (row,) = check_table(table, LABEL_OUTLIERS).to_pylist()
    assert (row["molecule"], row["kind"], row["expected"]) == ("odd", "unlike_neighbours", 100.0)
    assert row["score"] == pytest.approx(10, rel=0.4)
    assert row["reason"] == "because"
    assert outliers[0].neighbour_labels == (95, 100, 105)


@pytest.mark.parametrize(
    "tables",
    [
        make_tables([95, 150, 205]),  # neighbours disagree
        make_tables([195, 198, 205]),  # neighbours side with the label
        make_tables([95, 100, 105], similarity=0.2),  # no neighbours worth the name
        make_tables([100]),  # too few of them
        make_tables([95, 100, 105], label=110.0),  # no large residual
    ],
)
def test_a_hard_molecule_is_not_suspected(tables):
    assert len(find_label_outliers(*tables, make_ledger([]))) == 0


def test_contradictory_rows_are_suspected():
    ledger = make_ledger(
        [
            ("conflict", "a", 216.0),
            ("accepted", "b", 1.0),
            ("conflict", "a", 308.0),
            ("conflict", "a", None),
        ]
    )
    (found,) = find_label_outliers(*make_tables([], label=100.0), ledger)
    assert (found.molecule, found.kind, found.label) == ("a", "contradictory_rows", 262.0)
    assert found.rows == ((1, 216.0), (3, 308.0))


def test_labels_that_looked_wrong_at_cleaning_are_suspected_once():
    entry = {"molecule": "a", "label": -999.0, "reason": "the label -999 is far away", "row": 3}
    entries = [entry, {**entry, "row": 4}]
    (found,) = find_label_outliers(*make_tables([]), make_ledger([]), entries)
    assert (found.molecule, found.kind, found.label) == ("a", "unlike_all_labels", -999.0)
    assert found.remark == entry["reason"]


def test_a_gross_error_does_not_hide_behind_the_errors_it_makes():
    """Models that have seen the label 1e30 predict nonsense for all; its neighbours still tell."""
    predictions, neighbours = make_tables([95, 100, 105], label=1e30)
    spoilt = np.random.default_rng(1).normal(0, 1e30, len(predictions))
    spoilt[0] = 100.0
    place = predictions.column_names.index("prediction")
    predictions = predictions.set_column(place, "prediction", pa.array(spoilt))
    (found,) = find_label_outliers(predictions, neighbours, make_ledger([]))
    assert found.molecule == "odd"


@pytest.mark.parametrize(("near", "unjudged"), [([95, 100], 40), ([95], 41), ([], 41)])
def test_molecules_without_neighbours_are_counted_as_not_judged(near, unjudged):
    assert count_unjudged(*make_tables(near)) == (unjudged, 41)


def test_robust_scale_ignores_outliers():
    values = np.random.default_rng(2).normal(5, 2, 20001)
    values[:1000] = 1e6
    assert robust_scale(values) == pytest.approx(2, rel=0.1)
