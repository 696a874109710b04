"""The final model of a study: its members fitted on all labelled molecules, and their mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from confaug.evaluation.comparison import HELPED
from confaug.evaluation.rows import Difference, differences_by_pair, errors_by_variant
from confaug.learning.consensus import mean_predictions
from confaug.learning.datasets import LearningData
from confaug.learning.fitted_model import FittedModel
from confaug.learning.predictions import Predictions, evaluate_model
from confaug.learning.rows import Rows, Values
from confaug.prediction.bundle import Bundle, Member
from confaug.prediction.description import HeldOutError


@dataclass(frozen=True)
class FittedMember:
    """A member with what it was fitted on."""

    data: LearningData
    model: FittedModel


def measured_error(
    summary: pa.Table, differences: pa.Table, asked: str, constant: str | None
) -> HeldOutError:
    """Return the error that a study measured on held-out molecules.

    Parameters
    ----------
    summary, differences
        VARIANT_SUMMARY and PAIRED_DIFFERENCES.
    asked
        The configuration's `prediction.model`. The error of `recommended` is that of the whole
        procedure: what the rule chose in each split, judged on what that split held out.
    constant
        The variant that predicts a constant value, if there is one.
    """
    row = errors_by_variant(summary)[asked]
    difference = differences_by_pair(differences).get((asked, constant or ""))
    return HeldOutError(
        error=row.mae,
        low=row.low,
        high=row.high,
        splits=row.replicates,
        molecules=row.molecules,
        beats_constant=_beats(difference, asked == constant),
    )


def _beats(difference: Difference | None, itself: bool) -> bool | None:
    """Say whether a model is better than a constant value; None if that was not tested."""
    if itself:
        return False
    return None if difference is None else difference.verdict == HELPED


def mean_out_of_fold(members: Mapping[str, FittedMember]) -> Predictions:
    """Return the out-of-fold predictions of a model with these members.

    Raises
    ------
    UserError
        If members have not predicted the same molecules.
    """
    return _mean([member.model.cross_validation for member in members.values()])


def evaluate_bundle(bundle: Bundle, members: Mapping[str, FittedMember]) -> list[Predictions]:
    """Predict the molecules of a study with a bundle, as it predicts them anywhere.

    Parameters
    ----------
    members
        The bundle's members by name.

    Returns
    -------
    list of Predictions
        The parts ``cross_validation`` and ``train``, and ``unlabelled`` if there are any such
        molecules.
    """
    parts = [_evaluate(member, members[member.facts.name]) for member in bundle.members]
    return [_mean(same) for same in zip(*parts, strict=True)]


def _evaluate(member: Member, fitted: FittedMember) -> list[Predictions]:
    """Predict the molecules of a study with one member."""

    def predict(rows: Rows) -> Values:
        return member.predict_rows(rows.X, rows.feature_names)

    return evaluate_model(predict, fitted.data, fitted.model.cross_validation)


def _mean(parts: Sequence[Predictions]) -> Predictions:
    """Average one part over members.

    The standard deviation is that over a molecule's rows for a single member, and that between
    members for several.
    """
    return parts[0] if len(parts) == 1 else mean_predictions(parts)
