"""Build the page that draws monomers, their repeat units and what is modelled, to be checked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from confaug.infrastructure.text import one_line
from confaug.molecules.modelled import fell_back
from confaug.report.drawn_structures import draw_structures
from confaug.report.pictures import Picture
from confaug.report.prediction_table import name_of
from confaug.report.quantity import Quantity
from confaug.report.rendering import render
from confaug.report.results import Row
from confaug.report.tables import Field, Table, make_table, own_names
from confaug.report.wording import polymers as words
from confaug.report.wording.predictions import NOT_DRAWN

#: Molecules that are drawn, with three pictures each of so many letters at most, and rows of a
#: table: more make a page slow.
MOST_DRAWN, LARGEST_DRAWING, MOST_ROWS = 250, 40_000, 1000
LONGEST_NAME, LONGEST_NOTE, SIZE = 100, 300, (250, 130)


@dataclass(frozen=True)
class Conversion:
    """A molecule in words, with pictures of it, of its repeat unit and of what is modelled.

    A picture is None where it cannot be drawn.
    """

    name: str
    note: str
    unit: str
    pictures: tuple[tuple[str, Picture | None], ...]


@dataclass(frozen=True)
class Group:
    """The drawn molecules of one rule, and how many molecules the rule fits."""

    rule: str
    molecules: int
    conversions: tuple[Conversion, ...]


def build_page(
    molecules: pa.Table, ledger: pa.Table, cleaning: Mapping[str, Any], section: Mapping[str, Any]
) -> str:
    """Return the page as one HTML document that loads nothing.

    Parameters
    ----------
    molecules, ledger
        MOLECULES and LEDGER.
    cleaning, section
        The sections `cleaning` and `property` of the configuration.
    """
    notes = _notes(ledger)
    structures: dict[str, Row] = {}  # each once, under however many conditions it was measured
    for row in molecules.to_pylist():
        structures.setdefault(row["smiles"], row)
    polymers = [
        row
        for row in structures.values()
        if row["repeat_unit"] and not fell_back(notes.get(row["molecule"]))
    ]
    by_rule = _by_rule(polymers, notes)
    chosen = _choose(by_rule, MOST_DRAWN)
    without = [row for row in ledger.to_pylist() if fell_back(row["polymer_note"])]
    sentences = [
        words.modelled_sentence(cleaning["polymers"], cleaning["units"]),
        words.alternatives_sentence(sum(row["molecule"] in notes for row in polymers)),
        words.drawn_sentence(len(chosen), len(polymers)),
    ]
    return render(
        "polymers.html.j2",
        Quantity.from_config(section),
        headline=words.headline(len(polymers), len(structures)),
        sentences=[sentence for sentence in sentences if sentence],
        policy=words.POLICY,
        rules=_rules_table(by_rule),
        groups=list(_draw(by_rule, chosen, notes)),
        not_drawn=NOT_DRAWN,
        without=_without_table(without[:MOST_ROWS]),
        without_sentence=words.without_sentence(min(len(without), MOST_ROWS), len(without)),
    )


def _notes(ledger: pa.Table) -> dict[str, str]:
    """Return what the ledger notes of each molecule."""
    noted = ledger.filter(pc.is_valid(ledger["polymer_note"]))
    rows = zip(noted["molecule"].to_pylist(), noted["polymer_note"].to_pylist(), strict=True)
    return {molecule: note for molecule, note in rows if molecule is not None}


def _by_rule(polymers: Sequence[Row], notes: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return the molecules by rule, the most frequent rule first, those with a note first."""
    rules: dict[str, list[Row]] = {}
    for row in sorted(polymers, key=lambda row: (row["molecule"] not in notes, _name(row))):
        rules.setdefault(row["polymerisation_rule"], []).append(row)
    return dict(sorted(rules.items(), key=lambda item: (-len(item[1]), item[0])))


def _choose(by_rule: Mapping[str, Sequence[Row]], most: int) -> set[str]:
    """Choose molecules to draw, the same number of each rule as far as there are so many."""
    ranked = sorted(
        (place, number, row["molecule"])
        for number, rows in enumerate(by_rule.values())
        for place, row in enumerate(rows)
    )
    return {molecule for _, _, molecule in ranked[:most]}


def _draw(
    by_rule: Mapping[str, Sequence[Row]], chosen: set[str], notes: Mapping[str, str]
) -> Iterator[Group]:
    """Yield the groups with their drawings."""
    for rule, rows in by_rule.items():
        drawn = [row for row in rows if row["molecule"] in chosen]
        if drawn:
            yield Group(rule, len(rows), tuple(_conversions(drawn, notes)))


def _conversions(rows: Sequence[Row], notes: Mapping[str, str]) -> Iterator[Conversion]:
    """Yield the molecules of one rule with their pictures."""
    drawn = draw_structures(_structures(rows), SIZE, LARGEST_DRAWING)
    for row in rows:
        yield Conversion(
            _name(row),
            one_line(notes.get(row["molecule"], ""), LONGEST_NOTE),
            one_line(row["repeat_unit"], LONGEST_NOTE),
            tuple((role, next(drawn)) for role in words.ROLES.values()),
        )


def _structures(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the structures of each molecule, with names."""
    for row in rows:
        for column, role in words.ROLES.items():
            yield row[column], f"{_name(row)}, {role}"


def _name(row: Row) -> str:
    """Return what to call a molecule."""
    return one_line(name_of(row), LONGEST_NAME)


def _rules_table(by_rule: Mapping[str, Sequence[Row]]) -> Table | None:
    """Count the molecules of each rule."""
    rows = [{"rule": rule, "molecules": len(members)} for rule, members in by_rule.items()]
    fields = [
        Field("Rule", lambda row: row["rule"]),
        Field("Molecules", lambda row: row["molecules"], kind="number"),
    ]
    return make_table("polymerisation-rules", words.RULES_CAPTION, rows, fields)


def _without_table(rows: Sequence[Row]) -> Table | None:
    """Lay out the rows that are modelled as given."""
    fields = [
        Field("Row", lambda row: row["row"], kind="number"),
        *own_names(rows),
        Field("SMILES", lambda row: row["smiles"], kind="name"),
        Field("Reason", lambda row: row["polymer_note"], kind="text long"),
    ]
    return make_table("modelled-as-given", words.WITHOUT_CAPTION, rows, fields)
