"""What the model uses: SHAP values by descriptor, by family and by dimension.

SHAP values are LightGBM's own contributions, which add up to the prediction. Many descriptors carry
nearly the same information, and how the model divides its use among them is arbitrary, so sums over
families are more stable than values of single descriptors. The joint importance of a group is how
far the group moves the prediction as a whole, after opposite contributions have cancelled.

References
----------
.. [1] Lundberg, Erion, Chen, DeGrave, Prutkin, Nair, Katz, Himmelfarb, Bansal, Lee (2020), From
   local explanations to global understanding with explainable AI for trees, Nature Machine
   Intelligence 2, 56.
.. [2] Donner (1986), A review of inference procedures for the intraclass correlation coefficient
   in the one-way random effects model, International Statistical Review 54, 67.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.config.kinds import AS_GIVEN
from confaug.descriptors.names import CHARGE_MOMENTS, EVERY_3D, feature_name
from confaug.learning.ensemble_statistics import STATISTICS
from confaug.molecules.own_columns.declaration import PREFIX as OWN_PREFIX
from confaug.tables.trust import GROUP_IMPORTANCE, IMPORTANCE

Floats = NDArray[np.float64]
#: A column of the distribution table: an order statistic of a 3D descriptor under a protocol.
ORDER_STATISTIC = re.compile(r"(?:min|\d+%|max)(?P<descriptor>[^_]+)(?:_.+)?")
#: A statistic of a 3D descriptor over the conformers of all protocols.
ENSEMBLE_STATISTIC = re.compile(rf"(?:{'|'.join(STATISTICS)})_(?P<descriptor>.+)")
#: Families of descriptors that are not mordred's, by the beginning of their names.
FAMILIES_BY_PREFIX = {
    OWN_PREFIX: "OwnColumns",
    "backbone_": "Backbone",
    "rdkit_": "RDKit",
    "per_atom_rdkit_": "RDKit",
    "per_unit_rdkit_": "RDKit",
    "morgan": "MorganCounts",
}
#: Rows of each molecule that are explained; SHAP values take longer than predictions.
ROWS_PER_MOLECULE = 30


@dataclass(frozen=True)
class DimensionImportance:
    """How much the model uses 2D or 3D descriptors.

    Attributes
    ----------
    share
        Share of the sum of mean |SHAP values| over descriptors.
    joint
        Mean |sum of their SHAP values|: how far they move a prediction together.
    """

    share: float
    joint: float


@dataclass(frozen=True)
class ImportanceSummary:
    """How much the model uses 2D and 3D descriptors, and which families most.

    Attributes
    ----------
    dimensions
        By 2D and 3D, as far as the model has such descriptors.
    families
        Families of descriptors, the most used first.
    """

    dimensions: Mapping[str, DimensionImportance]
    families: tuple[str, ...]


def base_descriptor(name: str) -> str:
    """Return the descriptor that a statistic over conformers is about, or the name itself.

    Examples
    --------
    >>> base_descriptor("25%DPSA1_DGmmff")
    'DPSA1'
    >>> base_descriptor("boltzmann_DPSA1")
    'DPSA1'
    >>> base_descriptor("SpAbs_A")
    'SpAbs_A'
    """
    for pattern in (ORDER_STATISTIC, ENSEMBLE_STATISTIC):
        match = pattern.fullmatch(name)
        if match and match["descriptor"] in _names_3d():
            return match["descriptor"]
    return name


def dimension(name: str) -> str:
    """Return 2D or 3D, or own for a column of the user's table.

    >>> dimension("Mor01"), dimension("nAtom"), dimension("own_temperature")
    ('3D', '2D', 'own')
    """
    if name.startswith(OWN_PREFIX):
        return "own"
    return "3D" if base_descriptor(name) in _names_3d() else "2D"


def family(name: str) -> str:
    """Return the family of a descriptor, for those of mordred the module that defines it.

    Examples
    --------
    >>> family("Mor01"), family("min75%"), family("ATS0dv"), family("rdkit_qed")
    ('MoRSE', 'other', 'Autocorrelation', 'RDKit')
    """
    name = name.removeprefix(feature_name(AS_GIVEN, ""))
    for prefix, found in FAMILIES_BY_PREFIX.items():
        if name.startswith(prefix):
            return found
    return _families().get(base_descriptor(name), "other")


def importance_table(
    contributions: Floats, names: Sequence[str], molecules: Sequence[str] | NDArray[np.str_]
) -> pa.Table:
    """Summarise SHAP values by descriptor, most important first (IMPORTANCE).

    Parameters
    ----------
    contributions
        LightGBM's `predict(..., pred_contrib=True)`, shape (rows, descriptors), in label units; a
        last column with the expected value, as LightGBM gives it, is left out.
    names
        Names of the descriptors.
    molecules
        Molecule of every row; rows are weighted so that every molecule counts the same.
    """
    mean = _weights(molecules) @ np.abs(_without_bias(contributions, names))
    total = mean.sum()
    rows: list[dict[str, Any]] = [
        {
            "descriptor": name,
            "dimension": dimension(name),
            "family": family(name),
            "importance": float(value),
            "share": float(value / total) if total else 0.0,
        }
        for name, value in zip(names, mean, strict=True)
    ]
    rows.sort(key=lambda row: (-row["importance"], row["descriptor"]))
    return pa.Table.from_pylist(rows, schema=IMPORTANCE.schema())


def group_importance_table(
    contributions: Floats, names: Sequence[str], molecules: Sequence[str] | NDArray[np.str_]
) -> pa.Table:
    """Summarise SHAP values by family and by dimension, most important first (GROUP_IMPORTANCE).

    Parameters as for `importance_table`.
    """
    values, weights = _without_bias(contributions, names), _weights(molecules)
    rows = []
    for grouping, group_of in (("dimension", dimension), ("family", family)):
        rows += _group_rows(grouping, group_of, values, weights, names)
    return pa.Table.from_pylist(rows, schema=GROUP_IMPORTANCE.schema())


def importance_summary(groups: pa.Table) -> ImportanceSummary:
    """Summarise a GROUP_IMPORTANCE table."""
    rows = groups.to_pylist()
    return ImportanceSummary(
        dimensions={
            row["name"]: DimensionImportance(row["share"], row["joint"])
            for row in rows
            if row["grouping"] == "dimension"
        },
        families=tuple(row["name"] for row in rows if row["grouping"] == "family"),
    )


@cache
def _names_3d() -> frozenset[str]:
    """Return the names of the 3D descriptors for look-ups."""
    return frozenset(EVERY_3D)


@cache
def _families() -> dict[str, str]:
    """Return the family of every descriptor, for those of mordred its module."""
    from mordred import Calculator, descriptors

    calculator = Calculator(descriptors, ignore_3D=False)
    modules = {str(d): type(d).__module__.rpartition(".")[2] for d in calculator.descriptors}
    charged = dict.fromkeys(
        (n for names in CHARGE_MOMENTS.values() for n in names), "ChargeMoments"
    )
    return modules | charged


def _without_bias(contributions: Floats, names: Sequence[str]) -> Floats:
    """Return contributions of descriptors alone."""
    if contributions.shape[1] not in (len(names), len(names) + 1):
        raise ValueError(f"{contributions.shape[1]} contributions do not fit {len(names)} names")
    return contributions[:, : len(names)]


def _weights(molecules: Sequence[str] | NDArray[np.str_]) -> Floats:
    """Return weights of rows that add up to one, the same for every molecule."""
    _, codes, counts = np.unique(molecules, return_inverse=True, return_counts=True)
    return 1 / (counts[codes] * len(counts))


def _group_rows(
    grouping: str,
    group_of: Callable[[str], str],
    values: Floats,
    weights: Floats,
    names: Sequence[str],
) -> list[dict[str, Any]]:
    """Return the rows of GROUP_IMPORTANCE of one grouping."""
    groups = np.array([group_of(name) for name in names])
    mean = weights @ np.abs(values)
    rows = []
    for name in np.unique(groups):
        members = groups == name
        summed = float(mean[members].sum())
        rows.append(
            {
                "grouping": grouping,
                "name": str(name),
                "descriptors": int(members.sum()),
                "summed": summed,
                "share": summed / float(mean.sum()) if mean.any() else 0.0,
                "joint": float(weights @ np.abs(values[:, members].sum(axis=1))),
            }
        )
    return sorted(rows, key=lambda row: (-row["summed"], row["name"]))
