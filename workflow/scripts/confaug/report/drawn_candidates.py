"""Structures of the best and of the doubtful candidates, with their predictions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from confaug.infrastructure.bounded import bounded_map
from confaug.infrastructure.text import one_line
from confaug.report.candidates import DRAWN, Places, Ranking
from confaug.report.figures.structures import structure_svg
from confaug.report.pictures import Picture, picture
from confaug.report.prediction_table import name_of
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.wording import predictions as words
from confaug.report.wording.figures import structure_alt

#: A drawing takes milliseconds; one that takes so much processor time, or has so many letters, is
#: left out.
SECONDS_PER_DRAWING, LARGEST_DRAWING = 10.0, 200_000
LONGEST_NAME, SIZE = 60, (210, 150)


@dataclass(frozen=True)
class Candidate:
    """A predicted row in words, and its structure; None if that cannot be drawn."""

    name: str
    prediction: str
    neighbour: str
    flags: str
    picture: Picture | None


@dataclass(frozen=True)
class Group:
    """Candidates under one heading."""

    title: str
    words: str
    candidates: tuple[Candidate, ...]


def candidate_groups(predicted: pa.Table, ranking: Ranking, quantity: Quantity) -> list[Group]:
    """Draw the highest, the lowest and the most doubtful predictions.

    Parameters
    ----------
    predicted
        The predicted rows of NEW_PREDICTIONS.
    ranking
        Their ranking. Where there are few rows without a flag, they form one group.
    """
    plain = ranking.by_prediction
    if ranking.is_short:
        about = words.ALL_PLAIN if len(plain) else words.NONE_PLAIN
        chosen = [(words.PLAIN, about, plain)]
    else:
        chosen = [
            (words.HIGHEST, words.NOT_DOUBTED, plain[:DRAWN]),
            (words.LOWEST, "", plain[::-1][:DRAWN]),
        ]
    doubted = words.DOUBTED if len(ranking.doubtful) else words.NONE_DOUBTED
    chosen.append((words.DOUBTFUL, doubted, ranking.doubtful[:DRAWN]))
    return [
        Group(title, about, _candidates(predicted, places, quantity))
        for title, about, places in chosen
    ]


def _candidates(predicted: pa.Table, places: Places, quantity: Quantity) -> tuple[Candidate, ...]:
    """Return the candidates in some places."""
    rows: Sequence[Row] = predicted.take(places).to_pylist()
    structures = ((row["smiles"], one_line(name_of(row), LONGEST_NAME)) for row in rows)
    drawings = bounded_map(_draw, structures, SECONDS_PER_DRAWING)
    return tuple(
        Candidate(
            name=one_line(name_of(row), LONGEST_NAME),
            prediction=words.with_interval(row, quantity),
            neighbour=words.neighbour_words(row, quantity),
            flags=row["flags"] or "",
            picture=drawing if isinstance(drawing, Picture) else None,
        )
        for row, drawing in zip(rows, drawings, strict=True)
    )


def _draw(structure: tuple[str, str]) -> Picture | None:
    """Draw a SMILES under a name; None if the drawing is too large for a page."""
    smiles, name = structure
    svg = structure_svg(smiles, name, SIZE)
    return picture("", name, "", svg, structure_alt(name)) if len(svg) < LARGEST_DRAWING else None
