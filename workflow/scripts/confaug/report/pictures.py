"""Figures and structures as pictures of a page."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from confaug.report.figures.catalog import FIGURES, caption
from confaug.report.figures.structures import structure_svg
from confaug.report.results import Results
from confaug.report.wording.figures import structure_alt, variant_on_page_alt
from confaug.report.worst_molecules import Neighbour, WorstMolecule, worst_molecules


@dataclass(frozen=True)
class Picture:
    """An SVG document ready for an `img` element.

    `points` is what its marks say when a reader points at them (see `confaug.report.live`), as a
    JSON document for the script of the page; empty for a picture that says nothing.
    """

    name: str
    title: str
    caption: str
    alt: str
    source: str
    width: int
    height: int
    points: str = ""


@dataclass(frozen=True)
class PicturedMolecule:
    """A molecule with a large error, its picture, and its neighbours with theirs."""

    molecule: WorstMolecule
    picture: Picture
    neighbours: tuple[tuple[Neighbour, Picture], ...]


def picture(name: str, title: str, words: str, svg: str, alt: str = "") -> Picture:
    """Prepare an SVG document; what it shows in words is taken from its description."""
    found = re.search(r"<desc>(.*?)</desc>", svg, re.DOTALL)
    box = re.search(r"viewBox=['\"]\S+ \S+ (\S+) (\S+)['\"]", svg)
    width, height = (round(float(size)) for size in box.groups()) if box else (400, 300)
    start = svg.index("<svg")
    source = "data:image/svg+xml;base64," + base64.b64encode(svg[start:].encode()).decode()
    shown = alt or (unescape(found.group(1)) if found else title)
    return Picture(name, title, words, shown, source, width, height)


def figure_pictures(figures: Mapping[str, str], results: Results) -> dict[str, Picture]:
    """Prepare the figures that are there; a curve that was not measured shows nothing."""
    measured = {f"enough_{row['axis']}" for row in results["learning_curves"]}
    return {
        name: picture(name, entry.title, caption(name), figures[name])
        for name, entry in FIGURES.items()
        if name in figures and (name in measured or not name.startswith("enough_"))
    }


def parity_pictures(results: Results, parity: Mapping[str, str]) -> list[Picture]:
    """Prepare the parity plots, in the order of the variants' errors."""
    order = [row["variant"] for row in results["variants"]]
    names = sorted(parity, key=lambda name: (order.index(name) if name in order else 999, name))
    pictures = []
    for name in names:
        row = results.variant(name)
        alt = variant_on_page_alt(results.quantity, name, row["mae"] if row else None)
        pictures.append(picture(f"parity-{name}", name, "", parity[name], alt))
    return pictures


def worst_pictures(results: Results) -> list[PicturedMolecule]:
    """Return the molecules with the largest errors, with pictures of them and their neighbours."""
    return [
        PicturedMolecule(one, _structure(one), tuple((n, _structure(n)) for n in one.neighbours))
        for one in worst_molecules(results)
    ]


def _structure(shown: WorstMolecule | Neighbour) -> Picture:
    """Draw one molecule."""
    svg = structure_svg(shown.smiles, shown.name)
    return picture(shown.molecule, shown.name, "", svg, structure_alt(shown.name))
