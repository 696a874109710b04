import pytest

from confaug.molecules.reading.merged_cells import MergedCells


def merged(*references):
    cells = MergedCells()
    for reference in references:
        cells.add(reference)
    return cells


@pytest.mark.parametrize(
    ("places", "expected"),
    [((2, 1), "C2:C4"), ((1, 2), "B2:B4"), ((7,), "B2:B4"), ((), "B2:B4")],
)
def test_the_first_is_the_uppermost_in_the_most_important_column(places, expected):
    cells = merged("A1:D1", "C5:C6", "C2:C4", "B2:B4")
    assert str(cells.first(places)) == expected


def test_every_cell_but_the_first_has_a_problem():
    cells = merged("C5:C6", "B2:C4", "AA9:AB9")
    empty = [
        (row, place) for row in range(1, 12) for place in range(30) if cells.problem(row, place)
    ]
    assert empty == [(2, 2), (3, 1), (3, 2), (4, 1), (4, 2), (6, 2), (9, 27)]
    problem = cells.problem(3, 2)
    assert "cell C3 is empty" in problem
    assert "B2:C4" in problem
    assert "in B2 alone" in problem


@pytest.mark.parametrize("reference", ["", "C2", "C2:", "$C$2:C3", "c2:c3", "ÄA1:B2", "A1:B2:C3"])
def test_what_is_no_range_is_left_out(reference):
    cells = merged(reference)
    assert cells.first((0, 1, 2)) is None
    assert cells.problem(2, 2) is None


def test_columns_beyond_a_worksheet_and_many_ranges_do_no_harm(monkeypatch):
    monkeypatch.setattr("confaug.molecules.reading.merged_cells.MAX_RANGES", 3)
    cells = merged("B1:ZZZ9999999", *(f"A{n}:A{n + 1}" for n in range(1, 100, 2)))
    assert str(cells.first((1,))) == "B1:ZZZ9999999"
    assert [row for row in range(1, 101) if cells.problem(row, 0)] == [2, 4]
