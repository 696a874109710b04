import pytest

from confaug.molecules.conflicts import describe_odd, name_rows, odd_rows


def apart(pair):
    return max(pair) - min(pair) > 5


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([7], "row 7"),
        ([9, 4], "rows 4, 9"),
        (range(2, 12), "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"),
        (range(2, 32), "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 20 more"),
    ],
)
def test_rows_are_listed_and_the_others_counted(rows, expected):
    assert name_rows(rows) == expected


@pytest.mark.parametrize(
    ("labels", "odd"),
    [
        ([10, 100], []),
        ([10, 100, 11], [3]),
        ([10, 100, 11, 101], []),
        ([1, 2, 3, 4, 50, -50], [6, 7]),
        ([1, 2, 3], []),
    ],
)
def test_odd_rows_are_few_and_far_from_the_median(labels, odd):
    assert odd_rows(dict(enumerate(labels, 2)), apart) == odd


def test_odd_rows_are_told_with_their_labels():
    labels = {2: 10.0, 3: 100.0, 4: 90.0, 5: 90.0}
    assert describe_odd(labels, [3, 4]) == "rows 3, 4 with 90 to 100"
    assert describe_odd(labels, [4, 5]) == "rows 4, 5 with 90"
    assert describe_odd(labels, [3]) == "row 3 with 100"
