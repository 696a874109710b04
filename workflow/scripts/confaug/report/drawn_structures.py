"""Drawings of structures from outside, within limits of time and size."""

from collections.abc import Iterable, Iterator

from confaug.infrastructure.bounded import bounded_map
from confaug.report.figures.structures import compact_structure, structure_svg
from confaug.report.pictures import Picture, picture
from confaug.report.wording.figures import structure_alt

#: A drawing takes milliseconds; one that takes so much processor time is left out.
SECONDS_PER_DRAWING = 10.0


def draw_structures(
    structures: Iterable[tuple[str, str]], size: tuple[int, int], largest: int
) -> Iterator[Picture | None]:
    """Yield a picture of each structure; None where it cannot be drawn or is too large for a page.

    Parameters
    ----------
    structures
        SMILES and names, the latter on one line.
    size
        Width and height, pixels.
    largest
        Letters of a drawing that still fits.
    """

    def draw(structure: tuple[str, str]) -> Picture | None:
        smiles, name = structure
        svg = structure_svg(smiles, name, size)
        fits = len(svg) < largest
        return picture("", name, "", svg, structure_alt(name)) if fits else None

    for drawing in bounded_map(draw, structures, SECONDS_PER_DRAWING):
        yield drawing if isinstance(drawing, Picture) else None


def draw_compact(structures: Iterable[str], size: tuple[int, int], largest: int) -> Iterator[str]:
    """Yield a small SVG document of each SMILES; an empty one where there is none, see above."""

    def draw(smiles: str) -> str:
        svg = compact_structure(smiles, size)
        return svg if len(svg) < largest else ""

    for drawing in bounded_map(draw, structures, SECONDS_PER_DRAWING):
        yield drawing if isinstance(drawing, str) else ""
