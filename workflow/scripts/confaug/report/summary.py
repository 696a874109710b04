"""The first screen of the report: the verdict and key figures, in words generated from results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confaug.evaluation.advice import NOT_SHOWN
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.decades import half_width
from confaug.evaluation.leakage import shared_blocks
from confaug.evaluation.protocol_failures import ProtocolFailure, failed_protocols
from confaug.evaluation.verdict import TOO_FEW
from confaug.infrastructure.quantity import percent
from confaug.infrastructure.text import one_line
from confaug.molecules.splitting import Draws
from confaug.report.results import Results, Row
from confaug.report.wording.decades import error_in_decades, factor

#: Letters of a molecule's name in a sentence.
LONGEST_CALLED = 60

HEADLINES = {
    HELPED: "Conformer augmentation helped",
    NO_DIFFERENCE: "Conformer augmentation made no difference that can be shown",
    HURT: "Conformer augmentation made predictions worse",
    "not_asked": "Whether conformer augmentation helps was not asked",
    TOO_FEW: "Nothing can be concluded from so few molecules",
    NOT_SHOWN: "Nothing shows that these models predict better than a constant",
}
#: A sign for each verdict that does not rest on colour.
SIGNS = {HELPED: "✓", NO_DIFFERENCE: "=", HURT: "✕", "not_asked": "?", TOO_FEW: "?", NOT_SHOWN: "✕"}


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
        The complete configuration, for the learners of the variants.
    """
    document = results.document("verdict")
    verdict = _first_answer(results)
    draws = _draws(results)
    failed = protocols_without_shapes(results, config)
    return Summary(
        verdict=verdict,
        sign=SIGNS[verdict],
        headline=HEADLINES[verdict]
        + (f", on {_splits(draws)}" if draws.one and verdict != TOO_FEW else "")
        + _scope_of_protocols(failed, config),
        leads=tuple(_leads(results)),
        advice=_advice(results, draws),
        notices=tuple(notices(results, config)),
        bars=tuple(_bars(results)),
        tiles=tuple(_tiles(results)),
        details=(document["headline"], *document["sentences"], document["scope"]),
    )


def _first_answer(results: Results) -> str:
    """Return the key of the headline: the first question that has to be answered."""
    document = results.document("verdict")
    if document["verdict"] == TOO_FEW:
        return TOO_FEW
    unable = document["predictive"]["verdict"] == NOT_SHOWN
    return NOT_SHOWN if unable else str(document["verdict"])


def notices(results: Results, config: Mapping[str, Any]) -> list[str]:
    """Return what belongs on the first screen, and on the console, besides the verdict."""
    failed = protocols_without_shapes(results, config)
    return [*_label_notices(results), *_protocol_notices(failed, config)]


def _label_notices(results: Results) -> list[str]:
    """Name labels that look wrong by themselves, and molecules left out for theirs."""
    facts, found = results.document("labels"), []
    doubtful, gross = facts.get("doubtful", []), facts.get("gross_conflicts", 0)
    if doubtful:
        first, more = doubtful[0], len(doubtful) - 1
        called = one_line(first["name"] or first["id"] or f"row {first['row']}", LONGEST_CALLED)
        others = f"; {more} more in ledger.csv" if more else ""
        found.append(
            f"Labels that are probably wrong, and were not removed: {called}, {first['reason']}"
            f"{others}. Every figure here may be spoilt by them."
        )
    if gross:
        found.append(
            f"Molecules left out because their labels differ so much that one is probably a typing "
            f"error: {gross}, see ledger.csv."
        )
    return found


def protocols_without_shapes(results: Results, config: Mapping[str, Any]) -> list[ProtocolFailure]:
    """Return the protocols that failed for most molecules of the study."""
    embedding = config["embedding"]
    return failed_protocols(
        results["failures"],
        len(results["molecules"]),
        embedding["protocols"],
        embedding["repeats"],
    )


def _scope_of_protocols(failed: list[ProtocolFailure], config: Mapping[str, Any]) -> str:
    """Limit the headline to the protocols that made shapes at all."""
    out, n = sum(one.throughout for one in failed), len(config["embedding"]["protocols"])
    if not out:
        return ""
    return f", with {n - out} of {n} protocols" if out < n else ", without a single conformer"


def _protocol_notices(failed: list[ProtocolFailure], config: Mapping[str, Any]) -> list[str]:
    """Name the protocols that failed for all or most molecules, and what is left."""
    if not failed:
        return []
    named = ", ".join(f"{one.protocol} ({one.failed} of {one.molecules})" for one in failed)
    out = [one.protocol for one in failed if one.throughout]
    left = [name for name in config["embedding"]["protocols"] if name not in out]
    rest = (
        f"all shapes are those of {', '.join(left)}"
        if left
        else "there are no shapes at all, and nothing on this page is about conformers"
    )
    return [
        f"Protocols that made no shape of most molecules: {named}. So {rest}; the reasons are in "
        "failures.csv."
    ]


def _draws(results: Results) -> Draws:
    """Return what the replicates of the study are."""
    return Draws(**results.document("verdict")["splits"])


def _leads(results: Results) -> list[str]:
    """Answer in turn whether there is anything to predict with, and whether augmentation paid."""
    document = results.document("verdict")
    if document["verdict"] == TOO_FEW:
        return [document["headline"]]
    predictive, row = _predictive(results), document["comparisons"].get("reference")
    if row is None:
        best = results["variants"][0]
        return [
            *predictive,
            "The variant with the lowest mean error on molecules it had not seen is "
            f"{best['variant']}, with {results.quantity.text(best['mae'])}.",
            *_decades(results, [best["variant"]]),
        ]
    errors = [results.variant(row[key]) for key in ("variant", "reference")]
    with_augmentation, without = (results.quantity.text(e["mae"] if e else None) for e in errors)
    return [
        *predictive,
        f"On molecules the models had not seen, the mean error is {with_augmentation} with "
        f"augmentation and {without} without, for the same learner, tuned alike: "
        f"{_difference(results, row)}.",
        *_decades(results, [row["variant"], row["reference"]]),
    ]


def _decades(results: Results, variants: list[str]) -> list[str]:
    """Give errors on the scale that is learned, if that is of logarithms."""
    known = [(name, results.decades(name, "held_out")) for name in variants]
    words = [
        f"{name} is off by {error_in_decades(error)}" for name, error in known if error is not None
    ]
    if not words:
        return []
    return [
        f"These errors are dominated by the largest labels. On the logarithmic scale, on which the "
        f"models learn, every molecule counts alike: there {' and '.join(words)} on average."
    ]


def _predictive(results: Results) -> list[str]:
    """Compare what can be had with always giving the same value, if that was asked."""
    row = results.document("verdict")["predictive"]["comparison"]
    if row is None:
        return []
    words = {
        HELPED: "There is something to predict with:",
        NO_DIFFERENCE: "Nothing shows that there is anything to predict with:",
        HURT: "There is nothing to predict with:",
    }[row["verdict"]]
    errors = [results.variant(row[key]) for key in ("variant", "reference")]
    of_model, of_constant = (results.quantity.text(e["mae"] if e else None) for e in errors)
    return [
        f"{words} on molecules not seen before, {row['variant']} has a mean error of {of_model}, "
        f"and one value for all has {of_constant}: {_difference(results, row)}."
    ]


def _difference(results: Results, row: Row) -> str:
    """Write a difference of errors with its interval."""
    quantity, confidence = results.quantity, results.document("verdict")["confidence"]
    return (
        f"a difference of {quantity.text(row['difference'], signed=True)} ({confidence:.0%} "
        f"interval {quantity.between(row['low'], row['high'], signed=True)})"
    )


def _advice(results: Results, draws: Draws) -> str:
    """Say what follows in practice."""
    answer = _first_answer(results)
    if answer == TOO_FEW:
        return "Measure more molecules first; until then, rely on no figure of this page."
    if answer == NOT_SHOWN:
        return (
            "Use none of these models: the mean of your labels does as well, as far as can be "
            "shown. More molecules, better labels or other descriptors might change that."
        )
    advice = {
        HELPED: _advice_if_helped,
        NO_DIFFERENCE: _advice_without,
        HURT: _advice_without,
        "not_asked": _advice_without,
    }[answer](results)
    if answer == "not_asked":
        advice += (
            " Configure LightGBM on 2D descriptors and on an augmented representation to have the "
            "question of augmentation answered."
        )
    more = (
        "run random ones as well, without input.split_column,"
        if draws.fixed
        else "run several replicates"
    )
    caution = f" One split is little: {more} before relying on it."
    return advice.strip() + (caution if draws.one else "")


def _advice_if_helped(results: Results) -> str:
    """Weigh a benefit against plain models and against the noise controls."""
    document = results.document("verdict")
    advised, classical = document["advice"], document["comparisons"].get("classical")
    noise = (
        " Rows with mere noise in place of conformers do as well, so the same benefit can be had "
        "without computing any."
        if document["cause"] == "jitter"
        else ""
    )
    if advised["kind"] == "augmented":
        return noise.strip() or "Use the augmented model for molecules like these."
    hurt = classical is not None and classical["verdict"] == HURT
    as_good = "better still" if hurt else "as good as far as can be shown"
    return (
        f"Augmentation mends LightGBM on data this small, but {advised['variant']}, which "
        f"needs no conformers, is {as_good}: use that.{noise}"
    )


def _advice_without(results: Results) -> str:
    """Name what to use where the augmentation has shown no benefit."""
    document = results.document("verdict")
    advised, name = document["advice"], document["advice"]["variant"]
    if name is None:
        return ""
    if advised["kind"] == "augmented":
        return f"Use {name}: nothing simpler here has been shown to be as good."
    reason = " and ".join(_reasons(results, name, advised["beats"]))
    plain = results.role("best_classical"), results.role("reference")
    equal = [other for other in plain if other and other not in (name, *advised["beats"])]
    reason += f"; {equal[0]} is as good, as far as can be shown" if equal else ""
    conformers = {
        NO_DIFFERENCE: " Conformers cost computing time and have shown no benefit here.",
        HURT: " Leave the conformers out: with them, predictions are worse.",
    }.get(document["verdict"], "")
    return f"Use {name}, which needs no conformers: {reason}.{conformers}"


def _reasons(results: Results, name: str, beats: list[str]) -> list[str]:
    """Say why a variant without conformers is advised: by its training molecules, by the others."""
    text, reasons = results.quantity.text, []
    without = [*map(results.role, ("best_classical", "reference", "baseline"))]
    rows = [row for other in without if (row := results.variant(other))]
    errors = {row["variant"]: row["mae_cross_validation"] for row in rows}
    known = {variant: error for variant, error in errors.items() if error is not None}
    if known and min(known, key=lambda variant: known[variant]) == name:
        reasons.append("it has the lowest error by cross-validation of those without")
    beaten = [f"{other} ({text(row['mae'])})" for other in beats if (row := results.variant(other))]
    own = results.variant(name)
    if beaten and own:
        reasons.append(
            f"on held-out molecules its error, {text(own['mae'])}, is demonstrably lower than that "
            f"of {' and '.join(beaten)}"
        )
    return reasons or ["of those without, it alone is demonstrably better than a constant"]


def _bars(results: Results) -> list[Bar]:
    """Compare the variants that play a part, as lengths."""
    size = results.document("verdict")["size"] or {"one_value": {}}
    baseline, plain = results.role("baseline"), "LightGBM as it comes, without conformers"
    if baseline in size["one_value"]:
        plain += " (finds no split: the same value for all)"
    parts = (
        ("Always the same value", results.role("constant"), "plain"),
        (plain, baseline, "plain"),
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
    judged = results.document("verdict")["verdict"] != TOO_FEW
    if judged and row is not None and row["relative_difference"] is not None:
        meaning = "error compared with the same learner without conformers"
        meaning += ", which may be chance" if row["verdict"] == NO_DIFFERENCE else ""
        tiles.append(Tile(percent(row["relative_difference"], signed=True), meaning))
    tiles += _interval_tile(results)
    parts = [row["part"] for row in results["split"]]
    tiles.append(
        Tile(
            f"{parts.count('train')} + {parts.count('test')}",
            f"molecules to learn from and to be tested on, in {_splits(_draws(results))}",
        )
    )
    return tiles + _leak_tile(results)


def _error_tile(results: Results, row: Row) -> Tile:
    """Return the error of the main variant."""
    quantity, confidence = results.quantity, results.document("verdict")["confidence"]
    meaning = f"mean error of {results.main} on new molecules"
    if row["low"] is not None:
        low = max(row["low"], 0.0)  # an error cannot be less, whatever the formula says
        meaning += f" ({confidence:.0%} interval {quantity.between(low, row['high'])})"
    decades = results.decades(results.main, "held_out")
    if decades is not None:
        meaning += (
            f"; dominated by the largest labels, while the mean error of the logarithm is "
            f"{error_in_decades(decades)}"
        )
    replicates = results.document("labels").get("replicates", {})
    if replicates.get("scatter") is not None:
        meaning += (
            f"; measurements of one and the same molecule scatter by "
            f"{quantity.text(replicates['scatter'])} (standard deviation, "
            f"{replicates['molecules']} repeated)"
        )
    return Tile(quantity.text(row["mae"]), meaning)


def _interval_tile(results: Results) -> list[Tile]:
    """Return how wide prediction intervals are, if there are any."""
    rows = [row for row in results["coverage"] if row["variant"] == results.main]
    if not rows:
        return []
    reached = sum(row["coverage"] for row in rows) / len(rows)
    share = (
        f"the true value for {reached:.0%} of new molecules (asked for: {rows[0]['target']:.0%})"
    )
    decades = half_width(results.arrow("intervals")) if results.quantity.logarithmic else None
    if decades is not None:
        meaning = (
            f"from a prediction, divided by it or times it, reaches an interval that holds {share}"
        )
        return [Tile(f"factor of {factor(decades)}", meaning)]
    width = sum(row["median_width"] for row in rows) / len(rows)
    return [Tile(f"± {results.quantity.text(width / 2)}", f"around a prediction holds {share}")]


def _leak_tile(results: Results) -> list[Tile]:
    """Say what was shown to be on one side of every split, and what was not."""
    leakage = results.document("leakage")
    if not leakage.get("leak_free"):
        return []
    shared = shared_blocks(leakage)
    if not shared:
        return [Tile("No leak", "no structure is on both sides of any split, and it is proven")]
    return [
        Tile(
            f"{shared} × shared",
            "a connectivity block, such as that of two stereoisomers, is in two parts or folds "
            "of a split, so errors may look too small; only whole structures were kept apart "
            "(splits: group_by is molecule), and that is proven",
        )
    ]


def _splits(draws: Draws) -> str:
    """Count splits in words, and say whether they were drawn."""
    if not draws.one:
        return f"each of {draws.different} random splits"
    if draws.fixed == 0:
        return "one random split"
    return "one fixed split" if draws.fixed == draws.molecules else "one partly fixed split"
