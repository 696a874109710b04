import pytest

from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_messages import describe
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import Record

SETTINGS = {
    "property": {"transform": "none"},
    "cleaning": {
        "fragments": "keep",
        "duplicates": "median",
        "tolerance": 0,
        "repeat_units": "reject",
        "unlabelled": "keep",
        "gross_conflict": None,
    },
    "splits": {"group_by": "connectivity"},
}


def remarks(rows):
    """Clean rows of (SMILES, label, identifier), numbered from 2; return the remarks."""
    records = [Record(n, smiles, label, id=name) for n, (smiles, label, name) in enumerate(rows, 2)]
    cleaned = clean_molecules(records, CleaningRules.of(SETTINGS))
    lines = describe(cleaned)
    assert lines[-1] == cleaned.summary
    return [line for line in lines[:-1] if not line.startswith("row ")]


def chain(n):
    return "C" * n


def test_an_ordinary_table_has_no_remarks():
    assert remarks([(chain(n), str(n), f"A{n}") for n in range(1, 13)] + [("", None, None)]) == []
    assert remarks([(chain(n), str(n), None) for n in range(1, 13)]) == []


def test_repeated_and_missing_identifiers_are_one_line_each():
    names = ["A", "B", "B", "C", "A", "A", None, None]
    rows = [(chain(n), str(n), name) for n, name in enumerate(names, 1)]
    rows += [("", None, None)]
    assert remarks(rows)[-2:] == [
        "2 identifiers (id_column) in more than one row; the first is 'A', in rows 2, 6, 7",
        "2 rows without an identifier (id_column); the first is row 8",
    ]


@pytest.mark.parametrize(
    ("n", "values", "told"), [(12, "01", True), (9, "01", False), (12, "012", False)]
)
def test_two_values_look_like_classes(n, values, told):
    rows = [(chain(i), values[i % len(values)], None) for i in range(1, n + 1)]
    found = remarks(rows)
    assert bool(found) == told
    assert not told or found[0].startswith("WARNING: all labels are 0 or 1; ")


@pytest.mark.parametrize(
    ("n", "values", "told"),
    [
        (15, ["0", "1", "2"], "0, 1 or 2"),
        (14, ["0", "1", "2"], None),
        (15, ["0", "1", "2.5"], None),
        (50, [str(i) for i in range(1, 11)], "1, 2, 3, 4, 5, 6, 7, 8, 9 or 10"),
        (60, [str(i) for i in range(12)], None),
    ],
)
def test_few_whole_numbers_look_like_classes(n, values, told):
    rows = [(chain(i), values[i % len(values)], None) for i in range(1, n + 1)]
    found = [line for line in remarks(rows) if "classes" in line]
    listed = [line.partition("all labels are ")[2].partition(";")[0] for line in found]
    assert listed == ([told] if told else [])


def test_several_components_are_one_line():
    rows = [
        ("CCO", "1", None),
        ("[Na+].[Cl-]", "2", None),
        ("CC.CO", "3", None),
        ("bad.x", "4", None),
    ]
    share, line = remarks(rows)
    assert "rejected" in share
    assert line.startswith("2 molecules of several components")
    assert "the first is in row 3;" in line


def test_all_spellings_of_no_value_are_kept_alike():
    texts = [None, "n/a", "nan", "NA", "-", "?", "#N/A"]
    records = [Record(n, chain(n), text) for n, text in enumerate(texts, 1)]
    for policy, status in (("keep", "accepted"), ("reject", "rejected")):
        cleaning = {**SETTINGS["cleaning"], "unlabelled": policy}
        cleaned = clean_molecules(records, CleaningRules.of({**SETTINGS, "cleaning": cleaning}))
        assert set(cleaned.ledger["status"].to_pylist()) == {status}
        assert cleaned.ledger["label"].null_count == len(texts)
