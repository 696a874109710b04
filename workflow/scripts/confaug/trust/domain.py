"""Applicability domain: whether a molecule is like those that the model was trained on.

Three independent questions, each answered with a limit learned from the training molecules alone:

* far in descriptors: is the mean distance to the nearest training molecules, in standardised 2D
  descriptors, larger than it is for 95 % of the training molecules among themselves (Sahigara et
  al. 2013)?
* unlike training: is the Tanimoto similarity of Morgan fingerprints to the most similar training
  molecule (Sheridan et al. 2004) lower than it is for 95 % of the training molecules, or no higher
  than for molecules of another kind (`LEAST_SIMILARITY`)?
* edge of labels: is the prediction at or beyond the lowest or the highest 5 % of the training
  labels? Trees cannot extrapolate: out there they are biased inwards.

About one molecule in twenty of the training kind gets each of the first two flags; more get the
second where the training molecules are unlike each other.

References
----------
.. [1] Sahigara, Ballabio, Todeschini, Consonni (2013), Defining a novel k-nearest neighbours
   approach to assess the applicability domain of a QSAR model, Journal of Cheminformatics 5, 27.
.. [2] Sheridan, Feuston, Maiorov, Kearsley (2004), Similarity to molecules in the training set is a
   good discriminator for prediction accuracy in QSAR, Journal of Chemical Information and Computer
   Sciences 44, 1912.
.. [3] Landrum (2021), Fingerprint similarity thresholds for database searches, RDKit blog, 21 May.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.errors import UserError
from confaug.tables.trust import DOMAIN, NEIGHBOURS
from confaug.trust.proximity import proximity
from confaug.trust.similarity import fingerprint, similarities

Floats = NDArray[np.float64]
#: Share of the training molecules that are inside each limit.
INSIDE = 0.95
#: A molecule that is less similar than this to every training molecule is flagged, however unlike
#: each other those are: it has no more in common with them than molecules of another kind. Among
#: metabolites, phosphines and monomers of polymers (about 200 each), the similarity to the most
#: similar of 70 molecules of another kind is below 0.26 to 0.35 for 95 %, pair by pair of sets.
#: Single random pairs are below 0.27 for 95 % (Landrum 2021). On the bundled data, the 26 of 153
#: held-out molecules below 0.35 have 1.6 times the error of the others.
LEAST_SIMILARITY = 0.35
#: A descriptor that hardly varies in training may not outweigh all others.
LARGEST_Z = 10.0
#: Columns of DOMAIN that say in what way a molecule is outside.
FLAGS = ("far_in_descriptors", "unlike_training", "edge_of_labels")
_FACTS = pa.schema([field for field in DOMAIN.schema() if field.name != "flags"])


@dataclass(frozen=True)
class Domain:
    """The training molecules as a domain; `to_dict` and `from_dict` carry it through JSON.

    Attributes
    ----------
    molecules, smiles
        The training molecules, sorted by name, and their modelled structures.
    labels
        Their labels, shape (n,).
    descriptors
        Names of the 2D descriptors in use: defined and varying in training.
    centre, scale
        Mean and standard deviation of the descriptors, shape (p,).
    training
        Standardised descriptors, shape (n, p).
    distance_limit, similarity_limit
        Beyond these a molecule is outside.
    label_limits
        Predictions at or beyond these are at the edge.
    """

    molecules: tuple[str, ...]
    smiles: tuple[str, ...]
    labels: Floats
    descriptors: tuple[str, ...]
    centre: Floats
    scale: Floats
    training: Floats
    distance_limit: float
    similarity_limit: float
    label_limits: tuple[float, float]

    @cached_property
    def fingerprints(self) -> list[DataStructs.ExplicitBitVect]:
        """Fingerprints of the training molecules."""
        return [fingerprint(smiles) for smiles in self.smiles]

    def to_dict(self) -> dict[str, Any]:
        """Return the domain as plain lists and numbers."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in values.items()}

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> "Domain":
        """Return the domain that `to_dict` gave."""
        arrays = ("labels", "centre", "scale", "training")
        values: dict[str, Any] = {
            name: np.array(value) if name in arrays else value for name, value in entry.items()
        }
        for name in ("molecules", "smiles", "descriptors", "label_limits"):
            values[name] = tuple(values[name])
        return cls(**values)


def fit_domain(molecules: pa.Table, descriptors_2d: pa.Table, training: Sequence[str]) -> Domain:
    """Learn the domain of a model from its training molecules.

    Parameters
    ----------
    molecules
        A MOLECULES table, or its columns `molecule`, `modelled_smiles` and `label`.
    descriptors_2d
        A DESCRIPTORS_2D table with at least the training molecules.
    training
        Names of the training molecules.

    Raises
    ------
    UserError
        If there are fewer than three training molecules, which have no neighbourhood.
    """
    if len(training) < 3:
        raise UserError(
            f"an applicability domain needs at least 3 training molecules, but there are "
            f"{len(training)}; raise splits.train"
        )
    names = tuple(sorted(training))
    rows = {row["molecule"]: row for row in molecules.to_pylist()}
    columns = [name for name in descriptors_2d.column_names if name != "molecule"]
    values = _values(descriptors_2d, columns, names)
    with np.errstate(invalid="ignore"):  # NaN varies by NaN, which is not more than 0
        usable = np.flatnonzero(np.ptp(values, axis=0) > 0)
    values, kept = values[:, usable], [columns[i] for i in usable]
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale == 0] = 1.0  # a range so small that its square is nothing
    standardised = _standardise(values, centre, scale)
    smiles = tuple(rows[name]["modelled_smiles"] for name in names)
    labels = np.array([rows[name]["label"] for name in names], float)
    prints = [fingerprint(text) for text in smiles]
    nearest, highest = proximity(names, standardised, prints, names, standardised, prints)
    edges = np.quantile(labels, [1 - INSIDE, INSIDE])
    return Domain(
        molecules=names,
        smiles=smiles,
        labels=labels,
        descriptors=tuple(kept),
        centre=centre,
        scale=scale,
        training=standardised,
        distance_limit=float(np.quantile(nearest, INSIDE, method="higher")),
        similarity_limit=max(
            float(np.quantile(highest, 1 - INSIDE, method="lower")), LEAST_SIMILARITY
        ),
        label_limits=(float(edges[0]), float(edges[1])),
    )


def assess_domain(
    domain: Domain,
    smiles: Mapping[str, str],
    descriptors_2d: pa.Table,
    predictions: Mapping[str, float],
    *,
    training_is_inside: bool = False,
) -> pa.Table:
    """Flag molecules that are unlike the training molecules (DOMAIN, without `flags` in words).

    A missing descriptor counts as the training mean. A training molecule is compared with the
    others.

    Parameters
    ----------
    smiles
        Canonical SMILES of the modelled structures by molecule; all of these are assessed.
    descriptors_2d
        A DESCRIPTORS_2D table with the same molecules.
    predictions
        Prediction by molecule; a molecule may be missing.
    training_is_inside
        Whether a training molecule is inside, however far from the others it is, because the
        model knows it. Otherwise training molecules that are unlike the others are flagged as
        well.
    """
    names = tuple(sorted(smiles))
    described = _values(descriptors_2d, list(domain.descriptors), names)
    nearest, highest = proximity(
        names,
        _standardise(described, domain.centre, domain.scale),
        [fingerprint(smiles[name]) for name in names],
        domain.molecules,
        domain.training,
        domain.fingerprints,
    )
    known = set(domain.molecules) if training_is_inside else set()
    new = np.array([name not in known for name in names], bool)
    values = [predictions.get(name) for name in names]
    low, high = domain.label_limits
    columns = {
        "molecule": names,
        "prediction": values,
        "distance": nearest,
        "distance_limit": np.full(len(names), domain.distance_limit),
        "similarity": highest,
        "similarity_limit": np.full(len(names), domain.similarity_limit),
        "far_in_descriptors": new & (nearest > domain.distance_limit),
        "unlike_training": new & (highest < domain.similarity_limit),
        "edge_of_labels": [value is not None and not low < value < high for value in values],
    }
    return pa.table(columns, schema=_FACTS)


def nearest_training(domain: Domain, smiles: Mapping[str, str], count: int = 3) -> pa.Table:
    """List the most similar training molecules of every molecule, itself excepted (NEIGHBOURS)."""
    columns: dict[str, list[Any]] = {name: [] for name in NEIGHBOURS.names}
    for name in sorted(smiles):
        similar = similarities([fingerprint(smiles[name])], domain.fingerprints)[0]
        order = np.argsort(-similar, kind="stable")[: count + 1].tolist()
        others = [i for i in order if domain.molecules[i] != name][:count]
        columns["molecule"] += [name] * len(others)
        columns["rank"] += range(1, len(others) + 1)
        columns["neighbour"] += [domain.molecules[i] for i in others]
        columns["similarity"] += similar[others].tolist()
        columns["neighbour_label"] += domain.labels[others].tolist()
    return pa.table(columns, schema=NEIGHBOURS.schema())


def _values(table: pa.Table, columns: list[str], names: Sequence[str]) -> Floats:
    """Return descriptors of the named molecules, shape (molecules, descriptors)."""
    place = {name: i for i, name in enumerate(table["molecule"].to_pylist())}
    missing = sorted(set(names) - set(place))
    if missing:
        raise UserError(f"molecule {missing[0]} has no 2D descriptors; run describe_2d again")
    order = [place[name] for name in names]
    values = np.column_stack([table[column].to_numpy() for column in columns])[order]
    return np.where(np.isfinite(values), values, np.nan)


def _standardise(values: Floats, centre: Floats, scale: Floats) -> Floats:
    """Return z-values, missing ones as 0 and large ones cut off.

    The layout in memory is fixed because sums depend on it in the last digit.
    """
    z = np.clip(np.nan_to_num((values - centre) / scale), -LARGEST_Z, LARGEST_Z)
    return np.ascontiguousarray(z)
