"""The first screen of the report: the verdict and key figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confaug.config.roles import RECOMMENDED, needs_conformers
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.leakage_findings import LeakageFindings
from confaug.evaluation.protocol_failures import ProtocolFailure, failed_protocols
from confaug.evaluation.verdict import NOT_ASKED, NOT_SHOWN, TOO_FEW
from confaug.report.outcome import Outcome
from confaug.report.recommended import ModelToUse, RecommendedView, model_to_use
from confaug.report.results import Results
from confaug.report.sections.usability import UsabilityBox, UsabilityView, usability_box
from confaug.report.wording import tiles
from confaug.report.wording.bars import BARS, one_value
from confaug.report.wording.first_paragraphs import leads, reservations
from confaug.report.wording.full_verdict import verdict_words
from confaug.report.wording.headline import AND_AUGMENTATION, WHICH_MODEL, headline
from confaug.report.wording.notices import label_notices, protocol_notices
from confaug.report.wording.tiles import Tile

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
class Summary:
    """Everything on the first screen.

    `question` is what the study asks; `use` is the model to use; `leads` answer the questions of
    the study, the first one first; `reservations` stand beside the verdict wherever
    it is told; `notices` are what one has to know besides.
    """

    question: str
    use: ModelToUse
    usability: UsabilityBox | None
    verdict: str
    sign: str
    headline: str
    leads: tuple[str, ...]
    reservations: tuple[str, ...]
    notices: tuple[str, ...]
    bars: tuple[Bar, ...]
    tiles: tuple[Tile, ...]
    details: tuple[str, ...]


@dataclass(frozen=True)
class SummaryView:
    """What the first screen is made from.

    Attributes
    ----------
    recommended
        What is said about the model to use is made from this.
    usability
        Whether it is good enough is said by this.
    outcome
        What the comparison found.
    labels
        The document on the labels.
    parts
        Parts of the molecules in the first split.
    leakage
        What the leakage check found, if there was one.
    failed, protocols
        The protocols that failed for most molecules, and all that were asked for.
    """

    recommended: RecommendedView
    usability: UsabilityView
    outcome: Outcome
    labels: Mapping[str, Any]
    parts: Sequence[str]
    leakage: LeakageFindings | None
    failed: Sequence[ProtocolFailure]
    protocols: Sequence[str]

    @property
    def conformers_asked(self) -> bool:
        """Whether any variant of the study reads conformers."""
        return any(map(needs_conformers, self.recommended.variants.values()))

    @classmethod
    def of(
        cls,
        results: Results,
        config: Mapping[str, Any],
        configfiles: Sequence[str] | None = (),
    ) -> "SummaryView":
        """Select what the first screen needs; for `configfiles` see `RecommendedView`."""
        embedding = config["embedding"]
        return cls(
            recommended=RecommendedView.of(results, config, configfiles),
            usability=UsabilityView.of(results),
            outcome=results.outcome,
            labels=results.document("labels"),
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
    asked, use = view.conformers_asked, model_to_use(view.recommended)
    words = verdict_words(outcome.verdict, outcome.variants, outcome.to_come, asked)
    named = "" if asked else f"{use.heading}: {use.key}"
    return Summary(
        question=AND_AUGMENTATION if asked else WHICH_MODEL,
        use=use,
        usability=usability_box(view.usability),
        verdict=answer,
        sign=SIGNS[answer],
        headline=headline(
            outcome.verdict, view.failed, len(view.protocols), outcome.to_come, named
        ),
        leads=tuple(leads(outcome, asked)),
        reservations=tuple(reservations(outcome)),
        notices=tuple(notices(view)),
        bars=tuple(_bars(outcome)),
        tiles=tuple(_tiles(view)),
        details=(words.headline, *words.sentences, words.scope),
    )


def conclusion(summary: Summary) -> list[str]:
    """Return the lines that say the same in short, for the console."""
    use = summary.use
    named = f": {use.model} ({use.key})" if use.key else ""
    figures = [f"  {tile.figure} {tile.meaning}" for tile in use.tiles[:2]]
    box = summary.usability
    enough = [f"  {sentence}" for sentence in (box.advice, *box.outlook[:1])] if box else []
    how = [f"  {use.command}"] if use.command else []
    besides = [f"  {sentence}" for sentence in summary.reservations]
    return [f"{summary.headline}.", *besides, f"{use.heading}{named}", *figures, *enough, *how]


def notices(view: SummaryView) -> list[str]:
    """Return what belongs on the first screen, and on the console, besides the verdict."""
    return [*label_notices(view.labels), *protocol_notices(view.failed, view.protocols)]


def _bars(outcome: Outcome) -> list[Bar]:
    """Compare the variants that play a part, as lengths."""
    roles, size = outcome.verdict.roles, outcome.verdict.size
    parts = {
        "recommended": RECOMMENDED,
        "constant": roles.constant,
        "baseline": roles.baseline,
        "reference": roles.reference,
        "classical": outcome.verdict.best_classical,
        "primary": roles.primary,
    }
    shown = [(role, name) for role, name in parts.items() if name in outcome.variants and name]
    if len(shown) < 2:
        shown += [("", name) for name in list(outcome.variants)[:MOST_BARS] if name != RECOMMENDED]
    longest = max(outcome.variants[name].mae for _, name in shown) or 1.0
    return [
        Bar(
            role=BARS[role] + (one_value(name, size) if role == "baseline" else ""),
            variant=name,
            error=outcome.error(name),
            percent=100 * outcome.variants[name].mae / longest,
            kind=role if role in ("recommended", "reference", "primary") else "plain",
        )
        for role, name in shown
    ]


def _tiles(view: SummaryView) -> list[Tile]:
    """Return the key figures."""
    outcome = view.outcome
    return [
        *tiles.difference_tile(outcome),
        tiles.split_tile(view.parts, outcome.verdict.splits),
        *tiles.scatter_tile(view.labels, outcome.quantity),
        *tiles.leakage_tile(view.leakage),
    ]
