"""The figures, what each needs and its title; imports little, because the rules use it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

#: Captions for Snakemake's report; the HTML report shows the same texts.
CAPTIONS = Path(__file__).parents[4] / "report"
TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True)
class Entry:
    """One figure of a study.

    Attributes
    ----------
    title
        What the figure is, in a few words.
    category
        Heading under which Snakemake's report lists it.
    needs
        Inputs, named as in `confaug.report.results`, without which there is nothing to draw.
    """

    title: str
    category: str
    needs: tuple[str, ...]


COMPARISON, TRUST = "1 Does augmentation help?", "2 Trust in predictions"
UNDERSTANDING, DATA = "3 What the model uses", "4 Data and tuning"
FIGURES: dict[str, Entry] = {
    "variants": Entry("Errors of all variants", COMPARISON, ("variants",)),
    "differences": Entry("Differences to the reference", COMPARISON, ("differences", "verdict")),
    "enough_conformers": Entry(
        "Error against the number of conformers", COMPARISON, ("learning_curves",)
    ),
    "enough_protocols": Entry("Error by protocol", COMPARISON, ("learning_curves",)),
    "enough_molecules": Entry(
        "Error against the number of training molecules", COMPARISON, ("learning_curves",)
    ),
    "training_sizes": Entry(
        "Error to expect with more molecules", COMPARISON, ("training_sizes", "learning_laws")
    ),
    "row_splits": Entry(
        "Apparent error under a row-wise (leaky) split", COMPARISON, ("row_splits",)
    ),
    "y_randomisation": Entry("Errors under y-randomisation", COMPARISON, ("y_randomisation",)),
    "parity": Entry("Predicted against measured", TRUST, ("intervals",)),
    "coverage": Entry("Coverage of the prediction intervals", TRUST, ("coverage",)),
    "conformer_deviation": Entry(
        "Error against conformer standard deviation", TRUST, ("main_predictions",)
    ),
    "domain": Entry(
        "Error against distance to the training molecules", TRUST, ("domain", "predictions")
    ),
    "extrapolation": Entry(
        "Shortfall at the ends of the labels", TRUST, ("extrapolation", "extrapolation_errors")
    ),
    "worst_molecules": Entry(
        "Molecules with the largest errors", TRUST, ("predictions", "molecules")
    ),
    "importance": Entry("Most important descriptors", UNDERSTANDING, ("importance",)),
    "groups": Entry("Importance of descriptor families", UNDERSTANDING, ("groups",)),
    "health": Entry("Variance within molecules", UNDERSTANDING, ("health",)),
    "labels": Entry("Labels", DATA, ("molecules", "split")),
    "tuning": Entry("Convergence of tuning", DATA, ("history",)),
}


def drawable(inputs: Collection[str]) -> list[str]:
    """Return the names of the figures that can be drawn from some inputs, in their order.

    >>> drawable(["variants", "history"])
    ['variants', 'tuning']
    """
    return [name for name, entry in FIGURES.items() if set(entry.needs) <= set(inputs)]


def caption(name: str) -> str:
    """Return the caption of a figure as plain text."""
    return " ".join((CAPTIONS / f"{name}.rst").read_text(encoding="utf-8").split())


def report_sources() -> list[str]:
    """Return the files, besides Python modules, that the report is built from."""
    captions = [CAPTIONS / f"{name}.rst" for name in FIGURES]
    parts = [TEMPLATES / "usability.html.j2"]
    return [*page_sources("report"), *map(str, [*parts, *captions])]


def page_sources(template: str) -> list[str]:
    """Return the files, besides Python modules, that a page is built from: its template and more.

    Examples
    --------
    >>> [Path(file).name for file in page_sources("polymers")]
    ['parts.html.j2', 'polymers.html.j2', 'report.css', 'report.js']
    """
    names = {f"{template}.html.j2", "parts.html.j2", "report.css", "report.js"}
    return [str(TEMPLATES / name) for name in sorted(names)]
