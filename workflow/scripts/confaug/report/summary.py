"""The first screen of the report: the verdict and key figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confaug.evaluation.advice import NOT_ASKED, NOT_SHOWN
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.decades import half_width
from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.protocol_failures import ProtocolFailure, failed_protocols
from confaug.evaluation.verdict import TOO_FEW
from confaug.report.outcome import Outcome
from confaug.report.results import Results
from confaug.report.wording import tiles
from confaug.report.wording.advice import advice
from confaug.report.wording.bars import BARS, one_value
from confaug.report.wording.first_paragraphs import leads
from confaug.report.wording.full_verdict import verdict_words
from confaug.report.wording.headline import headline
from confaug.report.wording.notices import label_notices, protocol_notices
from confaug.trust.coverage import CoverageSummary, coverage_summary

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


@dataclass(frozen=True)
class SummaryView:
    """What the first screen is made from.

    Attributes
    ----------
    outcome
        What the comparison found.
    labels
        The document on the labels.
    coverage
        Coverage of the main variant's intervals; None without any.
    half_width
        Half the width of an interval in decades, if logarithms are learned.
    parts
        Parts of the molecules in the first split.
    leakage
        What the leakage check found, if there was one.
    failed, protocols
        The protocols that failed for most molecules, and all that were asked for.
    """

    outcome: Outcome
    labels: Mapping[str, Any]
    coverage: CoverageSummary | None
    half_width: float | None
    parts: Sequence[str]
    leakage: LeakageFindings | None
    failed: Sequence[ProtocolFailure]
    protocols: Sequence[str]

    @classmethod
    def of(cls, results: Results, config: Mapping[str, Any]) -> "SummaryView":
        """Select what the first screen needs."""
        logarithmic, embedding = results.quantity.logarithmic, config["embedding"]
        return cls(
            outcome=results.outcome,
            labels=results.document("labels"),
            coverage=coverage_summary(results.arrow("coverage"), results.main),
            half_width=half_width(results.arrow("intervals")) if logarithmic else None,
            parts=[row["part"] for row in results["split"]],
            leakage=results.leakage,
            failed=failed_protocols(
                results["failures"],
                len(results["molecules"]),
                embedding["protocols"],
                embedding["repeats"],
            ),
            protocols=embedding["protocols"],
        )


def summarise(view: SummaryView) -> Summary:
    """Put together the first screen."""
    outcome = view.outcome
    answer = outcome.verdict.first_answer
    words = verdict_words(outcome.verdict, outcome.variants)
    return Summary(
        verdict=answer,
        sign=SIGNS[answer],
        headline=headline(outcome.verdict, view.failed, len(view.protocols)),
        leads=tuple(leads(outcome)),
        advice=advice(outcome),
        notices=tuple(notices(view)),
        bars=tuple(_bars(outcome)),
        tiles=tuple(_tiles(view)),
        details=(words.headline, *words.sentences, words.scope),
    )


def notices(view: SummaryView) -> list[str]:
    """Return what belongs on the first screen, and on the console, besides the verdict."""
    return [*label_notices(view.labels), *protocol_notices(view.failed, view.protocols)]


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


def _tiles(view: SummaryView) -> list[Tile]:
    """Return the key figures."""
    outcome = view.outcome
    main = outcome.variants.get(outcome.main)
    figures = [
        *([tiles.error_tile(outcome, main, view.labels)] if main else []),
        *tiles.difference_tile(outcome),
        *tiles.interval_tile(view.coverage, view.half_width, outcome.quantity),
        tiles.split_tile(view.parts, outcome.verdict.splits),
        *tiles.leakage_tile(view.leakage),
    ]
    return [Tile(*figure) for figure in figures]
