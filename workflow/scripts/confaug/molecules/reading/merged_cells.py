"""Merged cells of a worksheet, of which only the first has the value."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

#: Limit of the ranges that are kept, which bounds memory.
MAX_RANGES = 100_000
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


class Range(NamedTuple):
    """Merged cells; columns count from 0, and the ends belong to the range."""

    row: int
    last_row: int
    column: int
    last_column: int

    def __str__(self) -> str:
        return f"{cell_name(self.row, self.column)}:{cell_name(self.last_row, self.last_column)}"


class MergedCells:
    """The merged ranges of a sheet."""

    def __init__(self) -> None:
        self._ranges: list[Range] = []
        self._by_column: dict[int, list[Range]] = {}

    def add(self, reference: str) -> None:
        """Add a range such as C2:C4; other texts are ignored."""
        from openpyxl.utils import column_index_from_string as number

        if (found := _RANGE.fullmatch(reference)) and len(self._ranges) < MAX_RANGES:
            left, top, right, bottom = found.groups()
            columns = number(left) - 1, number(right) - 1
            self._ranges.append(Range(int(top), int(bottom), *columns))

    def first(self, places: Sequence[int]) -> Range | None:
        """Return the uppermost range of several rows in the first of some columns that has one."""
        several = [found for found in self._ranges if found.row < found.last_row]

        def order(found: Range) -> tuple[int, Range]:
            covered = (found.column <= place <= found.last_column for place in places)
            return next((i for i, inside in enumerate(covered) if inside), len(places)), found

        return min(several, key=order, default=None)

    def problem(self, row: int, place: int) -> str | None:
        """Say why a cell is empty that is merged into another one; None if it is not."""
        found = self._at(row, place)
        if found is None or (row, place) == (found.row, found.column):
            return None
        return (
            f"cell {cell_name(row, place)} is empty, because it is merged into {found}, which has "
            f"its value in {cell_name(found.row, found.column)} alone; unmerge the cells and write "
            "the value into each of them"
        )

    def _at(self, row: int, place: int) -> Range | None:
        """Return the range that has a cell."""
        if place not in self._by_column:
            self._by_column[place] = sorted(
                found for found in self._ranges if found.column <= place <= found.last_column
            )
        ranges = self._by_column[place]
        before = bisect_right(ranges, row, key=lambda found: found.row) - 1
        return ranges[before] if before >= 0 and row <= ranges[before].last_row else None


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell.

    >>> cell_name(4, 2)
    'C4'
    """
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column + 1)}{row}"
