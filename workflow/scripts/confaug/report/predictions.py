"""Build the page of predictions: one self-contained HTML document beside the CSV file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.evaluation.decades import half_width, mean_error
from confaug.prediction.description import Description
from confaug.prediction.predictor import Predictor
from confaug.prediction.recipe import version_differences
from confaug.report.candidates import MARKED, ROWS_SHOWN, Ranking, rank, shown_rows
from confaug.report.drawn_candidates import candidate_groups
from confaug.report.figures.predictions import draw_predictions, draw_ranking
from confaug.report.figures.style import style, svg_text
from confaug.report.live import live_ranking
from confaug.report.pictures import Picture, picture
from confaug.report.prediction_table import (
    MEASURE_NEXT_SHOWN,
    failures_table,
    measure_next_table,
    predictions_table,
)
from confaug.report.quantity import Quantity
from confaug.report.rendering import render
from confaug.report.results import Row
from confaug.report.wording import measure_next as next_words
from confaug.report.wording import predictions as words
from confaug.report.wording.decades import beside_label_units, factor
from confaug.report.wording.domain import FLAG_WORDS
from confaug.report.wording.models import representation_in_words, stays_within_labels
from confaug.report.wording.recommendation import NO_BETTER_THAN_CONSTANT, held_out_error


def build_page(
    predictions: pa.Table,
    predictor: Predictor,
    source: str,
    *,
    ranking: pa.Table | None = None,
    wanted: Sequence[float] | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    predictions
        NEW_PREDICTIONS.
    predictor
        The model that made them.
    source
        What the user's table is called.
    ranking
        MEASURE_NEXT; None leaves out what to measure next.
    wanted
        Lowest and highest value that the user looks for, if there are such.
    """
    description = predictor.bundle.description
    error = _expected_error(predictor)
    quantity = _quantity(description.property.model_dump(), error)
    good = predictions.filter(pc.equal(predictions["status"], "predicted"))
    bad = predictions.filter(pc.equal(predictions["status"], "failed"))
    by_prediction = rank(good)
    places, counts = shown_rows(by_prediction, good.num_rows)
    rows = good.take(places).to_pylist()
    return render(
        "predictions.html.j2",
        quantity,
        headline=words.headline(good.num_rows, predictions.num_rows),
        sentences=_sentences(good, predictor, quantity, source),
        tiles=_tiles(good, bad, predictor, quantity, error),
        figure=_figure(good, predictor, quantity),
        in_order=_in_order(good, by_prediction, quantity),
        flags=_flag_counts(good),
        groups=candidate_groups(good, by_prediction, quantity),
        measure_next=_measure_next(ranking, quantity, wanted),
        table=predictions_table(rows, quantity, _deviation(predictor)),
        selection=words.selection_sentence(counts, len(rows), good.num_rows),
        not_drawn=words.NOT_DRAWN,
        failures=failures_table(bad.slice(0, ROWS_SHOWN).to_pylist()),
        n_failed=bad.num_rows,
        facts=_facts(description, predictor),
    )


def _measure_next(
    ranking: pa.Table | None, quantity: Quantity, wanted: Sequence[float] | None
) -> dict[str, Any] | None:
    """Show the first candidates that are worth measuring, and say how they were ranked."""
    if ranking is None:
        return None
    first = ranking.slice(0, MEASURE_NEXT_SHOWN).to_pylist()
    return {
        "title": next_words.TITLE,
        "sentences": next_words.sentences(ranking, quantity, wanted),
        "table": measure_next_table(first, quantity),
    }


def _quantity(section: Mapping[str, Any], error: float) -> Quantity:
    """Return the property with decimals that suit the model's error."""
    return Quantity.from_config(section).with_digits_for(error)


def _sentences(good: pa.Table, predictor: Predictor, quantity: Quantity, source: str) -> list[str]:
    """Say what was predicted, from what, and what to mind."""
    labels, calibration = predictor.domain.labels, predictor.calibration
    low, high = float(labels.min()), float(labels.max())
    made = calibration.quantile is not None
    trained = good.num_rows - good["training_label"].null_count
    sentences = [
        words.source_sentence(source, labels.size, low, high, quantity),
        _warning(predictor),
        words.interval_sentence(
            calibration.coverage, calibration.molecules, made, calibration.scaled
        ),
        words.trained_sentence(trained),
    ]
    return [sentence for sentence in sentences if sentence]


def _warning(predictor: Predictor) -> str:
    """Warn of a model that has not been shown to be better than a constant value."""
    return NO_BETTER_THAN_CONSTANT if predictor.bundle.description.is_doubtful else ""


def _tiles(
    good: pa.Table, bad: pa.Table, predictor: Predictor, quantity: Quantity, error: float
) -> list[Row]:
    """Return the key figures."""
    flagged = good.num_rows - good["flags"].null_count
    tiles = [
        {"figure": f"{good.num_rows:,}", "meaning": words.PREDICTED},
        {"figure": f"{bad.num_rows:,}", "meaning": words.FAILED},
        {"figure": f"{flagged:,}", "meaning": words.FLAGGED},
        {"figure": quantity.text(error), "meaning": _meaning_of_error(predictor, quantity)},
    ]
    return [*tiles, *_width_tile(good, predictor.calibration.coverage, quantity)]


def _expected_error(predictor: Predictor) -> float:
    """Return the error to expect: on held-out molecules if it is known so, else out of fold."""
    card = predictor.bundle.description.card
    if card is not None:
        return card.expected_error
    return float(np.mean([abs(one.residual) for one in predictor.bundle.training_molecules]))


def _meaning_of_error(predictor: Predictor, quantity: Quantity) -> str:
    """Say what kind of error it is."""
    card = predictor.bundle.description.card
    if card is not None and card.held_out is not None:
        return held_out_error(card.held_out.low, card.held_out.high, quantity)
    decades = _error_in_decades(predictor) if quantity.logarithmic else None
    return words.ERROR + beside_label_units(decades)


def _error_in_decades(predictor: Predictor) -> float:
    """Return the out-of-fold error on the scale of logarithms."""
    training = predictor.bundle.training_molecules
    labels = np.array([one.label for one in training])
    return mean_error(labels, np.array([one.prediction for one in training]))


def _width_tile(good: pa.Table, coverage: float, quantity: Quantity) -> list[Row]:
    """Return how wide the intervals are, if there are any: a width, or a factor of logarithms."""
    widths = pc.subtract(good["high"], good["low"]).drop_null().to_numpy()
    if not len(widths):
        return []
    decades = half_width(good) if quantity.logarithmic else None
    if decades is not None:
        meaning = words.factor_meaning(coverage)
        return [{"figure": f"factor of {factor(decades)}", "meaning": meaning}]
    half = quantity.text(float(np.median(widths)) / 2)
    return [{"figure": f"± {half}", "meaning": words.width_meaning(coverage)}]


def _figure(good: pa.Table, predictor: Predictor, quantity: Quantity) -> Picture:
    """Draw the predictions beside the training labels."""
    with style():
        drawing = draw_predictions(
            quantity,
            predictor.domain.labels,
            good["prediction"].to_numpy(),
            good["flags"].is_valid().to_numpy(),
            predictor.domain.label_limits,
        )
        svg = svg_text(drawing, words.TITLE)
    bounded = stays_within_labels(one.variant for one in predictor.bundle.description.members)
    caption = words.caption(predictor.domain.label_limits, bounded, quantity)
    return picture("predictions", words.TITLE, caption, svg)


def _deviation(predictor: Predictor) -> str:
    """Say what the standard deviation of a prediction is of; nothing where there is one value."""
    if len(predictor.bundle.description.members) > 1:
        return words.MODEL_DEVIATION
    return words.CONFORMER_DEVIATION if predictor.conformers_asked > 1 else ""


def _flag_counts(good: pa.Table) -> list[tuple[str, int]]:
    """Count the rows under each flag."""
    return [(meaning, pc.sum(good[flag]).as_py() or 0) for flag, meaning in FLAG_WORDS.items()]


def _facts(description: Description, predictor: Predictor) -> dict[str, str]:
    """Return how the model's numbers were made."""
    embedding = description.config["embedding"]
    versions = {"confaug": description.confaug, **description.versions}
    variants = [member.variant for member in description.members]
    facts = {
        "Representation": "; ".join(
            dict.fromkeys(representation_in_words(one.representation) for one in variants)
        ),
        "Protocols": ", ".join(embedding["protocols"]),
        "Conformers per molecule": str(predictor.conformers_asked or "none needed"),
        "Features": str(len(description.features)),
        "Folds": str(len(Counter(one.fold for one in predictor.bundle.training_molecules))),
        "Digest of the model": description.digest[:12],
        "Made with": ", ".join(f"{name} {number}" for name, number in sorted(versions.items())),
    }
    differences = version_differences(description)
    if differences:
        facts["Other versions than at its making"] = ", ".join(differences)
    return facts


def _in_order(good: pa.Table, ranking: Ranking, quantity: Quantity) -> Picture | None:
    """Draw single predictions, whose marks say which molecules they are; None without any."""
    places, _ = shown_rows(ranking, good.num_rows, MARKED)
    rows = good.take(places).to_pylist()
    if not rows:
        return None
    with style():
        svg = svg_text(draw_ranking(rows, quantity), words.RANKING_TITLE)
    image = picture("ranking", words.RANKING_TITLE, words.RANKING_CAPTION, svg)
    return live_ranking(image, svg, rows, quantity)
