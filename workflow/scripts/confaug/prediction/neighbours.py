"""The training molecules that are shown beside a prediction: the nearest structures.

A structure that was measured under several conditions is shown by the sample whose conditions are
closest to those asked for, or by the one with the median label where the model reads no conditions.
"""

from collections.abc import Collection, Mapping
from typing import Any

from confaug.molecules.own_columns.conditions import (
    Conditions,
    closest,
    conditions_in_words,
    conditions_of,
    spans_of,
)
from confaug.prediction.description import TrainingMolecule
from confaug.prediction.predictor import Predictor
from confaug.tables.prediction import N_SHOWN_NEIGHBOURS
from confaug.trust.nearest import nearest_training


def nearest_samples(
    predictor: Predictor,
    smiles: Mapping[str, str],
    known: Collection[str],
    conditions: Mapping[str, Conditions],
) -> dict[str, dict[str, Any]]:
    """Return the columns about the nearest training molecules, by molecule.

    Parameters
    ----------
    smiles
        Modelled structures by molecule.
    known
        The molecules whose label the model was trained on; their own structure is left out. A
        structure that it knows under other conditions alone is its own nearest neighbour.
    conditions
        The conditions that each molecule is predicted for; none if the model reads none.
    """
    training = {one.molecule: one for one in predictor.bundle.training_molecules}
    samples: dict[str, dict[str, Conditions]] = {}
    for one in training.values():
        if one.conditions is not None:
            samples.setdefault(one.modelled, {})[one.molecule] = one.conditions
    spans = spans_of(one for some in samples.values() for one in some.values())
    names = [one.name for one in conditions_of(predictor.bundle.description.own_columns)]
    found: dict[str, dict[str, Any]] = {name: {} for name in smiles}
    nearest = nearest_training(predictor.domain, smiles, N_SHOWN_NEIGHBOURS, known=known)
    for row in nearest.to_pylist():
        one, asked = training[row["neighbour"]], conditions.get(row["molecule"])
        if asked is not None and (alike := samples.get(one.modelled)):
            one = training[closest(asked, alike, spans)]
        which = f"neighbour_{row['rank']}"
        found[row["molecule"]] |= _columns(which, one, names, row["similarity"])
    return found


def _columns(
    which: str, one: TrainingMolecule, names: Collection[str], similarity: float
) -> dict[str, Any]:
    """Return the columns about one training molecule."""
    conditions = zip(names, one.conditions, strict=True) if one.conditions else ()
    return {
        f"{which}_id": one.id,
        f"{which}_name": one.name,
        f"{which}_smiles": one.smiles,
        f"{which}_conditions": conditions_in_words(conditions),
        f"{which}_similarity": similarity,
        f"{which}_label": one.label,
    }
