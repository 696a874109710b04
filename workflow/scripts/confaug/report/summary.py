"""The first screen of the report: the verdict and key figures, in words generated from results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.results import Results, Row

HEADLINES = {
    HELPED: "Conformer augmentation helped",
    NO_DIFFERENCE: "Conformer augmentation made no difference that can be shown",
    HURT: "Conformer augmentation made predictions worse",
    "not_asked": "Whether conformer augmentation helps was not asked",
}
#: A sign for each verdict that does not rest on colour.
SIGNS = {HELPED: "✓", NO_DIFFERENCE: "=", HURT: "✕", "not_asked": "?"}


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
    """Everything on the first screen."""

    verdict: str
    sign: str
    headline: str
    lead: str
    advice: str
    bars: tuple[Bar, ...]
    tiles: tuple[Tile, ...]
    details: tuple[str, ...]


def summarise(results: Results, config: Mapping[str, Any]) -> Summary:
    """Put together the first screen.

    Parameters
    ----------
    config
        The complete configuration, for the learners of the variants.
    """
    document = results.document("verdict")
    verdict = document["verdict"]
    one_split = _replicates(results) == 1
    return Summary(
        verdict=verdict,
        sign=SIGNS[verdict],
        headline=HEADLINES[verdict] + (", on one random split" if one_split else ""),
        lead=_lead(results),
        advice=_advice(results, one_split),
        bars=tuple(_bars(results, config)),
        tiles=tuple(_tiles(results)),
        details=(document["headline"], *document["sentences"], document["scope"]),
    )


def _replicates(results: Results) -> int:
    """Return the number of random splits."""
    return max((row["replicates"] for row in results["variants"]), default=0)


def _lead(results: Results) -> str:
    """State the two errors that the verdict compares."""
    quantity = results.quantity
    row = results.document("verdict")["comparisons"].get("reference")
    if row is None:
        best = results["variants"][0]
        return (
            f"The variant with the lowest mean error on molecules it had not seen is "
            f"{best['variant']}, with {quantity.text(best['mae'])}."
        )
    errors = [results.variant(row[key]) for key in ("variant", "reference")]
    with_augmentation, without = (quantity.text(e["mae"] if e else None) for e in errors)
    return (
        f"On molecules the models had not seen, the mean error is {with_augmentation} with "
        f"augmentation and {without} without, for the same learner, tuned alike: a difference of "
        f"{quantity.text(row['difference'], signed=True)} "
        f"({results.document('verdict')['confidence']:.0%} interval "
        f"{quantity.between(row['low'], row['high'], signed=True)})."
    )


def _advice(results: Results, one_split: bool) -> str:
    """Say what follows in practice."""
    document = results.document("verdict")
    advice = {
        HELPED: _advice_if_helped(results),
        NO_DIFFERENCE: (
            "Conformers cost computing time and have not shown a benefit on these molecules: the "
            "model without them is the sensible choice until more data say otherwise."
        ),
        HURT: "Leave the conformers out: on these molecules the model without them is better.",
        "not_asked": (
            "Configure LightGBM on 2D descriptors and on an augmented representation to have the "
            "question answered."
        ),
    }[document["verdict"]]
    caution = " One split is little: run several replicates before relying on it."
    return advice + (caution if one_split else "")


def _advice_if_helped(results: Results) -> str:
    """Weigh a benefit against plain models and against the noise controls."""
    document = results.document("verdict")
    classical = document["comparisons"].get("classical")
    noise = (
        " Rows with mere noise in place of conformers do as well, so the same benefit can be had "
        "without computing any."
        if document["cause"] == "jitter"
        else ""
    )
    if classical is None or classical["verdict"] == HELPED:
        return noise.strip() or "Use the augmented model for molecules like these."
    as_good = "better still" if classical["verdict"] == HURT else "as good as far as can be shown"
    return (
        f"Augmentation mends LightGBM on data this small, but {classical['reference']}, which "
        f"needs no conformers, is {as_good}: use that.{noise}"
    )


def _bars(results: Results, config: Mapping[str, Any]) -> list[Bar]:
    """Compare the variants that play a part, as lengths."""
    learners = {name: variant["learner"] for name, variant in config["variants"].items()}
    constant = next((name for name, learner in learners.items() if learner == "constant"), None)
    parts = (
        ("Always the same value", constant, "plain"),
        ("LightGBM as it comes, without conformers", results.role("baseline"), "plain"),
        ("LightGBM tuned, without conformers", results.role("reference"), "reference"),
        ("Best plain model, without conformers", results.role("best_classical"), "plain"),
        ("LightGBM tuned, with conformers", results.role("primary"), "primary"),
    )
    rows = [(role, row, kind) for role, name, kind in parts if (row := results.variant(name))]
    if not rows:
        rows = [("", row, "plain") for row in results["variants"][:5]]
    longest = max(row["mae"] for _, row, _ in rows) or 1.0
    text = results.quantity.text
    return [
        Bar(role, row["variant"], text(row["mae"]), 100 * row["mae"] / longest, kind)
        for role, row, kind in rows
    ]


def _tiles(results: Results) -> list[Tile]:
    """Return the key figures."""
    main = results.variant(results.main)
    tiles = [_error_tile(results, main)] if main else []
    row = results.document("verdict")["comparisons"].get("reference")
    if row is not None and row["relative_difference"] is not None:
        percent = f"{row['relative_difference']:+.1%}".replace("-", "−")
        meaning = "error compared with the same learner without conformers"
        meaning += ", which may be chance" if row["verdict"] == NO_DIFFERENCE else ""
        tiles.append(Tile(percent, meaning))
    tiles += _interval_tile(results)
    parts = [row["part"] for row in results["split"]]
    tiles.append(
        Tile(
            f"{parts.count('train')} + {parts.count('test')}",
            f"molecules to learn from and to be tested on, in {_splits(_replicates(results))}",
        )
    )
    certificate = results.document("certificate")
    if certificate.get("leak_free"):
        tiles.append(
            Tile("No leak", "no structure is on both sides of any split, and it is proven")
        )
    return tiles


def _error_tile(results: Results, row: Row) -> Tile:
    """Return the error of the main variant."""
    quantity, confidence = results.quantity, results.document("verdict")["confidence"]
    meaning = f"mean error of {results.main} on new molecules"
    if row["low"] is not None:
        low = max(row["low"], 0.0)  # an error cannot be less, whatever the formula says
        meaning += f" ({confidence:.0%} interval {quantity.between(low, row['high'])})"
    return Tile(quantity.text(row["mae"]), meaning)


def _interval_tile(results: Results) -> list[Tile]:
    """Return how wide prediction intervals are, if there are any."""
    rows = [row for row in results["coverage"] if row["variant"] == results.main]
    if not rows:
        return []
    width = sum(row["median_width"] for row in rows) / len(rows)
    reached = sum(row["coverage"] for row in rows) / len(rows)
    return [
        Tile(
            f"± {results.quantity.text(width / 2)}",
            f"around a prediction holds the true value for {reached:.0%} of new molecules "
            f"(asked for: {rows[0]['target']:.0%})",
        )
    ]


def _splits(count: int) -> str:
    """Count random splits in words."""
    return "one random split" if count == 1 else f"each of {count} random splits"
