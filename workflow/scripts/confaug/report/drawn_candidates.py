"""Structures of the best and of the doubtful candidates, with their predictions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from confaug.infrastructure.text import one_line
from confaug.report.candidates import DRAWN, Places, Ranking
from confaug.report.drawn_structures import draw_structures
from confaug.report.pictures import Picture
from confaug.report.prediction_table import name_of
from confaug.report.quantity import Quantity
from confaug.report.results import Row
from confaug.report.wording import predictions as words

LONGEST_NAME, SIZE = 60, (210, 150)
#: A drawing with so many letters is left out.
LARGEST_DRAWING = 200_000


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
    drawings = draw_structures(structures, SIZE, LARGEST_DRAWING)
    return tuple(
        Candidate(
            name=one_line(name_of(row), LONGEST_NAME),
            prediction=words.with_interval(row, quantity),
            neighbour=words.neighbour_words(row, quantity),
            flags=row["flags"] or "",
            picture=drawing,
        )
        for row, drawing in zip(rows, drawings, strict=True)
    )
