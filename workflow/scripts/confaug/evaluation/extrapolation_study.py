"""The test of extrapolation as a whole: what is held out, predictions, errors and facts."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.errors import UserError
from confaug.evaluation.errors import groups_of
from confaug.evaluation.extrapolation import (
    Design,
    Floats,
    Predict,
    design_extrapolation,
    errors_table,
    predict_design,
    predictions_table,
    why_not,
)
from confaug.evaluation.extrapolation_facts import (
    NO_MODEL,
    Extrapolation,
    Subject,
)
from confaug.evaluation.extrapolation_summary import summarise_extrapolation
from confaug.infrastructure import random_draws
from confaug.learning.consensus import average
from confaug.tables.evaluation import EXTRAPOLATION_ERRORS, EXTRAPOLATION_PREDICTIONS

logger = logging.getLogger("confaug")
#: More labelled molecules than these do not take part: Gaussian processes would take hours.
MOST_MOLECULES = 1000
#: Gives, for a variant and some molecules in ascending order, what fits it without a part of them.
Predictor = Callable[[str, Sequence[str]], Predict]


@dataclass(frozen=True)
class MeasuredExtrapolation:
    """EXTRAPOLATION_PREDICTIONS, EXTRAPOLATION_ERRORS, and what they amount to."""

    predictions: pa.Table
    errors: pa.Table
    facts: Extrapolation


def measure_extrapolation(
    molecules: pa.Table,
    folds: Mapping[str, int],
    families: Mapping[str, str],
    subject: Subject,
    predictor: Predictor,
    *,
    share: float,
    clusters: int,
) -> MeasuredExtrapolation:
    """Fit models without the ends of the labels and without clusters, and see what they predict.

    Parameters
    ----------
    molecules
        A MOLECULES table.
    folds
        Ordinary fold of every labelled molecule.
    families
        The variants to fit, the lowest out-of-fold error first, with their kind of learner.
    subject
        The model in question; its members are among them.
    predictor
        Gives, for a variant and some molecules in ascending order, the function that fits it
        without a part of them and predicts that part.
    share, clusters
        As for `design_extrapolation`.
    """
    labelled = draw_molecules(molecules.filter(pc.is_valid(molecules["label"])))
    labels = labelled["label"].to_numpy()
    groups = groups_of(labelled)
    if refusal := why_not(labels, share):
        return _empty(Extrapolation(refusal, len(labels), share))
    own_folds = {name: folds[name] for name in labelled["molecule"].to_pylist()}
    design = design_extrapolation(labelled.to_pylist(), own_folds, share, clusters)
    predicted, left_out = _predict(design, list(families), predictor)
    if not predicted:
        facts = Extrapolation(NO_MODEL, len(labels), share, left_out=left_out)
        return _empty(facts)
    if set(subject.members) <= set(predicted):
        if subject.name not in predicted:
            predicted[subject.name] = _mean([predicted[name] for name in subject.members])
    else:
        best = next(iter(predicted))
        subject = replace(subject, name=best, members=(best,), recommended=False)
    table = predictions_table(design, predicted)
    facts = summarise_extrapolation(table, groups, subject, families, share, left_out)
    return MeasuredExtrapolation(table, errors_table(table, groups), facts)


def draw_molecules(labelled: pa.Table) -> pa.Table:
    """Return the labelled molecules that take part: `MOST_MOLECULES` at most, in whole groups.

    Groups are drawn by a hash.
    """
    groups = labelled["group"].to_pylist()
    sizes = Counter(groups)
    ranked = sorted(sizes, key=lambda group: random_draws.rank(group, "extrapolation", 1))
    places = dict(zip(ranked, np.cumsum([sizes[group] for group in ranked]), strict=True))
    taken = [bool(places[group] <= MOST_MOLECULES) for group in groups]
    return labelled.filter(pa.array(taken, pa.bool_()))


def _predict(
    design: Design, variants: list[str], predictor: Predictor
) -> tuple[dict[str, dict[str, Floats]], dict[str, str]]:
    """Return the predictions of every variant, and why some could not be fitted."""
    predicted, left_out = {}, {}
    for name in variants:
        try:
            found = predict_design(design, predictor(name, design.molecules))
            if any(np.isinf(values).any() for values in found.values()):
                raise UserError("some of its predictions are beyond all numbers")
            predicted[name] = found
        except UserError as error:  # a part may take away all that a learner could learn from
            logger.warning("%s is left out: %s", name, error)
            left_out[name] = str(error)
        else:
            logger.info("%s: predicted %s", name, ", ".join(predicted[name]))
    return predicted, left_out


def _mean(members: list[dict[str, Floats]]) -> dict[str, Floats]:
    """Return the mean of the members' predictions, by what was held out."""
    return {name: average([member[name] for member in members])[0] for name in members[0]}


def _empty(facts: Extrapolation) -> MeasuredExtrapolation:
    """Return tables without rows, where the data do not allow the test."""
    logger.warning("extrapolation is not measured: %s", facts.refusal)
    predictions = EXTRAPOLATION_PREDICTIONS.schema().empty_table()
    return MeasuredExtrapolation(predictions, EXTRAPOLATION_ERRORS.schema().empty_table(), facts)
