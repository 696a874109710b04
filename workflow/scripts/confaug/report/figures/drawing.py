"""Draw a figure by its name."""

from collections.abc import Callable

from confaug.report.figures import (
    comparison,
    extrapolation,
    learning,
    model_explanation,
    parity,
    structures,
    trust,
)
from confaug.report.figures.catalog import FIGURES
from confaug.report.figures.style import Drawing, describe_svg, style, svg_text
from confaug.report.results import Results
from confaug.report.wording.figures import worst_molecules_alt
from confaug.report.worst_molecules import worst_molecules

DRAW: dict[str, Callable[[Results], Drawing]] = {
    "variants": comparison.draw_variants,
    "differences": comparison.draw_differences,
    "row_splits": comparison.draw_row_splits,
    "y_randomisation": comparison.draw_y_randomisation,
    "enough_conformers": learning.draw_enough_conformers,
    "enough_protocols": learning.draw_enough_protocols,
    "enough_molecules": learning.draw_enough_molecules,
    "training_sizes": learning.draw_training_sizes,
    "labels": learning.draw_labels,
    "tuning": learning.draw_tuning,
    "parity": parity.draw_parity,
    "coverage": trust.draw_coverage,
    "conformer_deviation": trust.draw_conformer_deviation,
    "domain": trust.draw_domain,
    "extrapolation": extrapolation.draw_extrapolation,
    "importance": model_explanation.draw_importance,
    "groups": model_explanation.draw_groups,
    "health": model_explanation.draw_health,
}


def draw_figure(name: str, results: Results) -> str:
    """Draw a figure of a study.

    Parameters
    ----------
    name
        A key of `FIGURES`.

    Returns
    -------
    str
        An SVG document with a title and a description; equal results give equal bytes.
    """
    title = FIGURES[name].title
    if name == "worst_molecules" and (worst := worst_molecules(results)):
        svg = structures.draw_worst_molecules(worst, results.quantity)
        return describe_svg(svg, title, worst_molecules_alt(worst, results.quantity))
    with style():
        return svg_text(DRAW.get(name, structures.no_molecule)(results), title)
