"""The first screen of the report: the verdict and key figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.evaluation.advice import NOT_ASKED, NOT_SHOWN
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.decades import half_width
from confaug.evaluation.verdict import TOO_FEW
from confaug.report.notices import notices, protocols_without_conformers
from confaug.report.outcome import Outcome
from confaug.report.results import Results
from confaug.report.wording import tiles
from confaug.report.wording.advice import advice
from confaug.report.wording.bars import BARS, one_value
from confaug.report.wording.headline import headline
from confaug.report.wording.leads import leads
from confaug.report.wording.verdict import verdict_words

#: A sign for each verdict that does not rest on colour.
SIGNS = {HELPED: "✓", NO_DIFFERENCE: "=", HURT: "✕", NOT_ASKED: "?", TOO_FEW: "?", NOT_SHOWN: "✕"}
#: Variants in the overview of a study in which none plays a part.
MOST_BARS = 5


@dataclass(frozen=True)
class Bar:
    """One bar of the overview: who, how large the error is, and in which role."""

    role: str
    variant: str
    error: str
    percent: float
    kind: str


@dataclass(frozen=True)
class Tile:
    """One key figure with what it means."""

    figure: str
    meaning: str


@dataclass(frozen=True)
class Summary:
    """Everything on the first screen.

    `leads` answer the questions of the study, the first one first; `notices` are what one has to
    know besides.
    """

    verdict: str
    sign: str
    headline: str
    leads: tuple[str, ...]
    advice: str
    notices: tuple[str, ...]
    bars: tuple[Bar, ...]
    tiles: tuple[Tile, ...]
    details: tuple[str, ...]


def summarise(results: Results, config: Mapping[str, Any]) -> Summary:
    """Put together the first screen.

    Parameters
    ----------
    config
        The complete configuration, for its protocols.
    """
    outcome = results.outcome
    answer = outcome.verdict.first_answer
    failed = protocols_without_conformers(results, config)
    words = verdict_words(outcome.verdict, outcome.variants)
    return Summary(
        verdict=answer,
        sign=SIGNS[answer],
        headline=headline(outcome.verdict, failed, len(config["embedding"]["protocols"])),
        leads=tuple(leads(outcome)),
        advice=advice(outcome),
        notices=tuple(notices(results, config)),
        bars=tuple(_bars(outcome)),
        tiles=tuple(_tiles(results)),
        details=(words.headline, *words.sentences, words.scope),
    )


def _bars(outcome: Outcome) -> list[Bar]:
    """Compare the variants that play a part, as lengths."""
    roles, size = outcome.verdict.roles, outcome.verdict.size
    parts = {
        "constant": roles.constant,
        "baseline": roles.baseline,
        "reference": roles.reference,
        "classical": outcome.verdict.best_classical,
        "primary": roles.primary,
    }
    shown = [(role, name) for role, name in parts.items() if name in outcome.variants and name]
    if not shown:
        shown = [("", name) for name in list(outcome.variants)[:MOST_BARS]]
    longest = max(outcome.variants[name].mae for _, name in shown) or 1.0
    return [
        Bar(
            role=BARS[role] + (one_value(name, size) if role == "baseline" else ""),
            variant=name,
            error=outcome.error(name),
            percent=100 * outcome.variants[name].mae / longest,
            kind=role if role in ("reference", "primary") else "plain",
        )
        for role, name in shown
    ]


def _tiles(results: Results) -> list[Tile]:
    """Return the key figures."""
    outcome, quantity = results.outcome, results.quantity
    main = outcome.variants.get(results.main)
    labels = results.document("labels")
    coverage = [row for row in results["coverage"] if row["variant"] == results.main]
    decades = half_width(results.arrow("intervals")) if quantity.logarithmic else None
    parts = [row["part"] for row in results["split"]]
    figures = [
        *([tiles.error_tile(outcome, main, labels)] if main else []),
        *tiles.difference_tile(outcome),
        *tiles.interval_tile(coverage, decades, quantity),
        tiles.split_tile(parts, outcome.verdict.draws),
        *tiles.leakage_tile(results.leakage),
    ]
    return [Tile(*figure) for figure in figures]
