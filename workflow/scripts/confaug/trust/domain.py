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

A structure that was measured under several conditions, or given by several monomers, counts once in
distances and similarities. A training molecule is compared with the structures other than its own.

References
----------
.. [1] Sahigara, Ballabio, Todeschini, Consonni (2013), Defining a novel k-nearest neighbours
   approach to assess the applicability domain of a QSAR model, Journal of Cheminformatics 5, 27.
.. [2] Sheridan, Feuston, Maiorov, Kearsley (2004), Similarity to molecules in the training set is a
   good discriminator for prediction accuracy in QSAR, Journal of Chemical Information and Computer
   Sciences 44, 1912.
.. [3] Landrum (2021), Fingerprint similarity thresholds for database searches, RDKit blog, 21 May.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.errors import UserError
from confaug.molecules.similarity import fingerprint
from confaug.molecules.smiles import places_by_structure
from confaug.tables.trust import DOMAIN
from confaug.trust.proximity import proximity

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
        The n training molecules, sorted by name, and their modelled structures.
    conditions
        Conditions under which they were measured; None where there are none, or where they are
        not known.
    labels
        Their labels, shape (n,).
    descriptors
        Names of the 2D descriptors in use: defined and varying in training.
    centre, scale
        Mean and standard deviation of the descriptors, shape (p,).
    training
        Standardised descriptors, shape (structures, p), in the order of `structures`.
    distance_limit, similarity_limit
        Beyond these a molecule is outside.
    label_limits
        Predictions at or beyond these are at the edge.
    """

    molecules: tuple[str, ...]
    smiles: tuple[str, ...]
    conditions: tuple[str | None, ...]
    labels: Floats
    descriptors: tuple[str, ...]
    centre: Floats
    scale: Floats
    training: Floats
    distance_limit: float
    similarity_limit: float
    label_limits: tuple[float, float]

    @cached_property
    def structures(self) -> dict[str, list[int]]:
        """Places of the training molecules by their modelled structure."""
        return places_by_structure(self.smiles)

    @cached_property
    def fingerprints(self) -> list[DataStructs.ExplicitBitVect]:
        """Fingerprints of the structures."""
        return [fingerprint(smiles) for smiles in self.structures]

    def own_structures(
        self, smiles: Mapping[str, str], known: Collection[str] | None = None
    ) -> dict[str, int]:
        """Return the place in `structures` of each molecule that the model was trained on.

        Parameters
        ----------
        smiles
            Modelled structures by molecule.
        known
            The molecules whose structure is one of training; None for those with the name of a
            training molecule.
        """
        known = self.molecules if known is None else known
        places = {text: place for place, text in enumerate(self.structures)}
        named = set(known) & set(smiles)
        return {name: places[smiles[name]] for name in named if smiles[name] in places}

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
        for name in ("molecules", "smiles", "conditions", "descriptors", "label_limits"):
            values[name] = tuple(values[name])
        return cls(**values)


def fit_domain(molecules: pa.Table, descriptors_2d: pa.Table, training: Sequence[str]) -> Domain:
    """Learn the domain of a model from its training molecules.

    Parameters
    ----------
    molecules
        A MOLECULES table, or its columns `molecule`, `modelled_smiles` and `label`, and
        `conditions` if there are any.
    descriptors_2d
        A DESCRIPTORS_2D table with at least the training molecules.
    training
        Names of the training molecules.

    Raises
    ------
    UserError
        If the training molecules have fewer than three structures, which have no neighbourhood.
    """
    names = tuple(sorted(training))
    rows = {row["molecule"]: row for row in molecules.to_pylist()}
    smiles = tuple(rows[name]["modelled_smiles"] for name in names)
    structures = places_by_structure(smiles)
    if len(structures) < 3:
        raise UserError(
            "an applicability domain needs training molecules of at least 3 structures, but there "
            f"are {len(structures)}; raise splits.train"
        )
    columns = [name for name in descriptors_2d.column_names if name != "molecule"]
    values = _values(descriptors_2d, columns, [names[first] for first, *_ in structures.values()])
    with np.errstate(invalid="ignore"):  # NaN varies by NaN, which is not more than 0
        usable = np.flatnonzero(np.ptp(values, axis=0) > 0)
    values, kept = values[:, usable], [columns[i] for i in usable]
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale == 0] = 1.0  # a range so small that its square is nothing
    standardised = _standardise(values, centre, scale)
    labels = np.array([rows[name]["label"] for name in names], float)
    prints = [fingerprint(text) for text in structures]
    nearest, highest = proximity(standardised, prints, range(len(prints)), standardised, prints)
    edges = np.quantile(labels, [1 - INSIDE, INSIDE])
    return Domain(
        molecules=names,
        smiles=smiles,
        conditions=tuple(rows[name].get("conditions") for name in names),
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
    known: Collection[str] | None = None,
    training_is_inside: bool = False,
) -> pa.Table:
    """Flag molecules that are unlike the training molecules (DOMAIN, without `flags` in words).

    A missing descriptor counts as the training mean. A training molecule is compared with the other
    structures.

    Parameters
    ----------
    smiles
        Canonical SMILES of the modelled structures by molecule; all of these are assessed.
    descriptors_2d
        A DESCRIPTORS_2D table with the same molecules.
    predictions
        Prediction by molecule; a molecule may be missing.
    known
        The molecules whose structure the model was trained on; None for those with the name of a
        training molecule.
    training_is_inside
        Whether a training molecule is inside, however far from the others it is, because the
        model knows it. Otherwise training molecules that are unlike the others are flagged as
        well.
    """
    names = tuple(sorted(smiles))
    described = _values(descriptors_2d, list(domain.descriptors), names)
    own = domain.own_structures(smiles, known)
    nearest, highest = proximity(
        _standardise(described, domain.centre, domain.scale),
        [fingerprint(smiles[name]) for name in names],
        [own.get(name) for name in names],
        domain.training,
        domain.fingerprints,
    )
    new = np.array([not (training_is_inside and name in own) for name in names], bool)
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
