"""Structures of the molecules with the largest errors and of their nearest training molecules."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from rdkit import Chem, rdBase
from rdkit.Chem.Draw import rdMolDraw2D

from confaug.infrastructure.text import shorten
from confaug.report.figures.style import FONTS, Drawing, describe_svg, sentence_only
from confaug.report.quantity import Quantity
from confaug.report.results import Results
from confaug.report.wording.figures import NO_HELD_OUT_LABELS
from confaug.report.worst_molecules import Neighbour, WorstMolecule

PANEL = (230, 190)
XML = '<?xml version="1.0" encoding="utf-8"?>'
#: Of the figure with all of them, legend included.
CELL = (300, 250)


def structure_svg(smiles: str, title: str, size: tuple[int, int] = PANEL) -> str:
    """Draw one structure as SVG on a transparent ground; open ends (`*`) are wavy lines."""
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(smiles)
    drawer = rdMolDraw2D.MolDraw2DSVG(*size)
    options: Any = drawer.drawOptions()
    options.clearBackground = False
    options.dummiesAreAttachments = True
    options.padding = 0.06
    options.fixedBondLength = 28
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, mol)
    drawer.FinishDrawing()
    svg = drawer.GetDrawingText()
    return describe_svg(svg[svg.index("<svg") :], title, f"Structure {smiles}")


def compact_structure(smiles: str, size: tuple[int, int]) -> str:
    """Draw one structure as an SVG document of a few hundred letters, for pages with many of them.

    Lines that look alike are one path, and nothing but what is seen is kept.
    """
    svg = structure_svg(smiles, "", size)
    paths: dict[str, list[str]] = {}
    for path in re.findall(r"<path [^>]*>", svg):
        paths.setdefault(_look(path), []).append(_short(path))
    drawn = "".join(f"<path {look} d='{''.join(lines)}'/>" for look, lines in paths.items())
    frame = "width='{0}' height='{1}' viewBox='0 0 {0} {1}'".format(*size)
    return f"<svg xmlns='http://www.w3.org/2000/svg' {frame}>{drawn}</svg>"


def _look(path: str) -> str:
    """Return how a path looks, as attributes, from how RDKit writes it."""
    given = dict(re.findall(r"\b([\w-]+)(?::|=')\s*([^;']+)", path.replace("style='", "")))
    kept = {"stroke": given.get("stroke", "none"), "fill": given.get("fill", "#000000")}
    if kept["stroke"] != "none":
        names = ("stroke-width", "stroke-dasharray")
        kept |= {name: given[name].removesuffix("px") for name in names if name in given}
    return " ".join(f"{name}='{value}'" for name, value in kept.items())


def _short(path: str) -> str:
    """Return where a path goes, with as few letters as possible."""
    (line,) = re.findall(r"\bd='([^']*)'", path)
    numbers = re.sub(r"\.0\b", "", line).replace(",", " ")
    return re.sub(r" ?([A-Z]) ?", r"\1", " ".join(numbers.split()))


def no_molecule(results: Results) -> Drawing:
    """Say that there is no molecule to draw."""
    return sentence_only(NO_HELD_OUT_LABELS)


def draw_worst_molecules(worst: Sequence[WorstMolecule], quantity: Quantity) -> str:
    """Draw the molecules with the largest errors, each with its nearest training molecules.

    RDKit draws the structures; the legends are set as text of the document, because RDKit knows
    neither letters beyond ASCII nor names that look like its markup.

    Returns
    -------
    str
        An SVG document.
    """
    columns = 1 + max(len(one.neighbours) for one in worst)
    width, height = CELL
    mols: list[Chem.Mol | None] = []
    legends = []
    for i, molecule in enumerate(worst):
        shown: list[WorstMolecule | Neighbour] = [molecule, *molecule.neighbours]
        mols += [Chem.MolFromSmiles(one.smiles) for one in shown]
        mols += [None] * (columns - len(shown))
        legends += [
            _legend_element(_legend(quantity, one), width * k + width // 2, height * (i + 1) - 8)
            for k, one in enumerate(shown)
        ]
    drawer = rdMolDraw2D.MolDraw2DSVG(width * columns, height * len(worst), width, height)
    options: Any = drawer.drawOptions()
    options.padding = 0.18
    options.fixedBondLength = 36
    with rdBase.BlockLogs():
        drawer.DrawMolecules(mols)
    drawer.FinishDrawing()
    svg: str = drawer.GetDrawingText()
    svg = svg[svg.index("<svg") :]  # RDKit's first line declares an encoding that is not ours
    return f"{XML}\n{svg.replace('</svg>', ''.join(legends) + '</svg>')}"


def _legend_element(lines: tuple[str, str], x: int, y: int) -> str:
    """Return two lines of text, centred, the second at a height, as an SVG element."""
    look = f"font-size:14px;font-family:{FONTS}"
    spans = "".join(
        f'<tspan x="{x}" y="{y - 18 * (1 - i)}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    return f'<text text-anchor="middle" style="{look}">{spans}</text>\n'


def _legend(quantity: Quantity, shown: WorstMolecule | Neighbour) -> tuple[str, str]:
    """Return the two lines below a structure."""
    text = quantity.text
    name = shorten(shown.name, 34)
    if isinstance(shown, WorstMolecule):
        return name, f"{text(shown.label)}, predicted {text(shown.prediction)}"
    return name, f"in training: {text(shown.label)}"
