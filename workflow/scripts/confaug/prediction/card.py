"""The facts of the model card: its training molecules, its out-of-fold error, its intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from confaug.evaluation.confidence_intervals import crossed_interval
from confaug.evaluation.decades import mean_error
from confaug.prediction.description import Card, HeldOutError, TrainingMolecule
from confaug.trust.conformal import calibrate_out_of_fold


def make_card(
    training: Sequence[TrainingMolecule],
    transform: str,
    coverage: float,
    identities: Mapping[str, Mapping[str, Any]],
    held_out: HeldOutError | None = None,
) -> Card:
    """Summarise the training molecules of a model.

    Parameters
    ----------
    training
        The training molecules with the out-of-fold predictions of the model.
    transform
        Scale on which the model learns, ``none`` or ``log10``.
    coverage
        Share of molecules whose value is to be in the prediction interval.
    identities
        Rows of MOLECULES by molecule.
    held_out
        The error that the study measured on held-out molecules, if it did.
    """
    labels, predictions, deviations = (
        np.array([getattr(one, name) for one in training], float)
        for name in ("label", "prediction", "standard_deviation")
    )
    structures = [one.smiles for one in training]
    number = {smiles: place for place, smiles in enumerate(dict.fromkeys(structures))}
    groups = np.array([number[smiles] for smiles in structures])
    errors = crossed_interval(np.abs(labels - predictions)[None], groups, 0.0)
    calibration = calibrate_out_of_fold(
        labels, predictions, deviations, coverage, transform, structures
    )
    ends = calibration.ends(predictions, deviations)
    low, high = map(np.log10, ends) if transform == "log10" else ends
    rows: list[Any] = [identities.get(one.molecule, {}).get("n_rows") for one in training]
    return Card(
        molecules=len(training),
        rows=None if None in rows else sum(rows),
        folds=len({one.fold for one in training}),
        lowest=float(labels.min()),
        highest=float(labels.max()),
        error=errors.value,
        error_low=_known(errors.low),
        error_high=_known(errors.high),
        error_in_decades=mean_error(labels, predictions) if transform == "log10" else None,
        coverage=coverage,
        half_width=_known(float(np.median(high - low)) / 2),
        held_out=held_out,
    )


def _known(value: float) -> float | None:
    """Return a number, None for NaN, which JSON does not have."""
    return None if np.isnan(value) else float(value)
