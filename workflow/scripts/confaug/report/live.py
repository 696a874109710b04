"""Figures that say which molecule a mark is when a reader points at it or moves to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from confaug.infrastructure.text import displayable, one_line
from confaug.report.drawn_structures import draw_compact
from confaug.report.figures.parity import parity_groups
from confaug.report.figures.predictions import ranking_groups
from confaug.report.figures.style import mark_positions
from confaug.report.pictures import Picture
from confaug.report.prediction_table import name_of
from confaug.report.quantity import Quantity
from confaug.report.results import Results, Row
from confaug.report.wording import live as words
from confaug.report.wording.predictions import neighbour_name

SIZE = (200, 140)
#: More structures than these, or larger ones, would make a page slow; their words remain.
MOST_DRAWN, LARGEST_DRAWING = 500, 12_000
LONGEST_NAME = 80


@dataclass(frozen=True)
class LiveMolecule:
    """What is said of one mark: the structure, the name, and lines of words."""

    smiles: str
    name: str
    lines: tuple[str, ...]


def live_picture(
    image: Picture, svg: str, groups: Sequence[Sequence[str]], known: Mapping[str, LiveMolecule]
) -> Picture:
    """Give a picture what its marks say; without scripts, it stays as it is.

    Parameters
    ----------
    image
        The picture.
    svg
        Its SVG document.
    groups
        For each group of marks, in their order, which molecule each mark is.
    known
        What is said of each molecule.
    """
    marks = []
    for place, group in enumerate(groups):
        positions = mark_positions(svg, place)
        if len(positions) != len(group):  # the figure is one of other rows
            return image
        marks += [(x, y, known[one]) for (x, y), one in zip(positions, group, strict=True)]
    marks.sort(key=lambda mark: mark[:2])
    drawings = draw_compact(
        (molecule.smiles for _, _, molecule in marks[:MOST_DRAWN]), SIZE, LARGEST_DRAWING
    )
    drawn = [*drawings, *[""] * (len(marks) - MOST_DRAWN)]
    points = [
        {
            "x": round(100 * x, 2),
            "y": round(100 * y, 2),
            "name": displayable(one_line(molecule.name, LONGEST_NAME)),
            "lines": [displayable(line) for line in molecule.lines],
            "drawing": drawing,
        }
        for (x, y, molecule), drawing in zip(marks, drawn, strict=True)
    ]
    return replace(image, points=json.dumps(points, ensure_ascii=False, separators=(",", ":")))


def live_parity(image: Picture, svg: str, results: Results) -> Picture:
    """Let the parity plot of a study say which molecules its marks are."""
    groups = parity_groups(results)
    molecules = results.by_molecule("molecules")
    nearest = {row["molecule"]: row for row in results["neighbours"] if row["rank"] == 1}
    flags = results.by_molecule("domain")
    known = {
        row["molecule"]: LiveMolecule(
            smiles=molecules[row["molecule"]]["smiles"],
            name=results.name_of(row["molecule"]),
            lines=_lines(results, row, nearest.get(row["molecule"]), flags.get(row["molecule"])),
        )
        for row in results["intervals"]
    }
    return live_picture(image, svg, [group.molecules for group in groups], known)


def _lines(results: Results, row: Row, near: Row | None, domain: Row | None) -> tuple[str, ...]:
    """Return what is said of one held-out molecule."""
    quantity = results.quantity
    lines = [words.measured(row["label"], quantity), words.predicted(row, quantity)]
    if near:
        name = one_line(results.name_of(near["neighbour"]), LONGEST_NAME)
        lines.append(words.nearest(name, near["neighbour_label"], near["similarity"], quantity))
    if domain and domain["flags"]:
        lines.append(words.flagged(domain["flags"]))
    return tuple(lines)


def live_ranking(image: Picture, svg: str, rows: Sequence[Row], quantity: Quantity) -> Picture:
    """Let the figure of single predictions say which molecules its marks are.

    Parameters
    ----------
    rows
        The predicted rows of NEW_PREDICTIONS that it shows.
    """
    known = {
        str(place): LiveMolecule(row["smiles"], name_of(row), _prediction_lines(row, quantity))
        for place, row in enumerate(rows)
    }
    groups = [[str(place) for place in group] for group in ranking_groups(rows)]
    return live_picture(image, svg, groups, known)


def _prediction_lines(row: Row, quantity: Quantity) -> tuple[str, ...]:
    """Return what is said of one new molecule."""
    lines = [words.predicted(row, quantity)]
    if row["training_label"] is not None:
        lines.insert(0, words.measured(row["training_label"], quantity))
    if row["neighbour_1_label"] is not None:
        name = one_line(neighbour_name(row), LONGEST_NAME)
        near = (row["neighbour_1_label"], row["neighbour_1_similarity"])
        lines.append(words.nearest(name, *near, quantity))
    if row["flags"]:
        lines.append(words.flagged(row["flags"]))
    return tuple(lines)
