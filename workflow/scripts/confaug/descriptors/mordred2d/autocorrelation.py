r"""Autocorrelations of atomic properties along the graph, hydrogens included.

With *w* a property of the atoms, :math:`\bar w` its mean, :math:`c = w - \bar w`, and sums over the
:math:`\Delta_d` pairs of atoms that are *d* bonds apart (for d = 0, over the N atoms):

.. math::

    ATS_d = \sum w_i w_j, \quad ATSC_d = \sum c_i c_j, \quad
    AATS_d = ATS_d / \Delta_d, \quad AATSC_d = ATSC_d / \Delta_d

.. math::

    MATS_d = \frac{AATSC_d}{\sum_i c_i^2 / N}, \quad
    GATS_d = \frac{\sum (w_i - w_j)^2 / 2\Delta_d}{\sum_i c_i^2 / (N - 1)}

All follow from one pass over the pairs of atoms, for all properties at once.

References
----------
Moreau, G.; Broto, P. Nouv. J. Chim. 1980, 4, 359. Moran, P. A. P. Biometrika 1950, 37, 17. Geary,
R. C. The Incorporated Statistician 1954, 5, 115.
"""

from collections.abc import Set
from functools import cache

import numpy as np

from confaug.descriptors.mordred2d.family import Family
from confaug.descriptors.mordred2d.graph import FAR
from confaug.descriptors.mordred2d.missing import property_reasons
from confaug.descriptors.mordred2d.molecule import Molecule
from confaug.descriptors.mordred2d.properties import PROPERTIES
from confaug.descriptors.mordred2d.reasons import Reason

LONGEST = 8
#: Kind, shortest distance, whether the Gasteiger charge is among the properties.
KINDS = (
    ("ATS", 0, False),
    ("AATS", 0, False),
    ("ATSC", 0, True),
    ("AATSC", 0, True),
    ("MATS", 1, True),
    ("GATS", 1, True),
)


class Autocorrelations(Family):
    """The autocorrelations of some atomic properties: 52 of each, 34 of the Gasteiger charge.

    Parameters
    ----------
    codes
        Codes of the properties, some of `properties.PROPERTIES`.
    """

    def __init__(self, codes: tuple[str, ...] = tuple(PROPERTIES)) -> None:
        self.codes = codes
        self.names = tuple(
            f"{kind}{distance}{code}"
            for kind, shortest, with_charge in KINDS
            for code in codes
            if with_charge or code != "c"
            for distance in range(shortest, LONGEST + 1)
        )
        shape = (len(KINDS), len(codes), LONGEST + 1)
        #: Where the values of `names` are among those of all kinds, properties and distances.
        self.places = np.array(
            [
                np.ravel_multi_index((row, place, distance), shape)
                for row, (_, shortest, with_charge) in enumerate(KINDS)
                for place, code in enumerate(codes)
                if with_charge or code != "c"
                for distance in range(shortest, LONGEST + 1)
            ]
        )

    def only(self, wanted: Set[str]) -> "Autocorrelations":
        """Leave out the properties that nothing wanted needs; see `Family.only`."""
        kept = (c for c in self.codes if not wanted.isdisjoint(Autocorrelations((c,)).names))
        return Autocorrelations(tuple(kept))

    def describe(self, molecule: Molecule) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        graph = molecule.full
        weights = graph.properties(self.codes)
        centred = weights - weights.mean(axis=1)[:, None]
        values = np.empty((len(KINDS), len(self.codes), LONGEST + 1))
        graph.kernels.correlate_at_distances(graph.distances, weights, centred, values)
        found: np.ndarray = values.ravel()[self.places]
        return found

    def reasons(self, molecule: Molecule, lost: set[str]) -> list[Reason]:
        """Say where a property is unknown or no pair is so far apart; see `Family.reasons`."""
        found = []
        for code in self.codes:
            if f"ATSC0{code}" in lost:
                found += property_reasons(molecule.full, code, Autocorrelations((code,)).names)
        farthest = np.max(molecule.full.distances, initial=0.0, where=molecule.full.distances < FAR)
        for distance in range(int(farthest) + 1, LONGEST + 1):
            text = f"no two atoms are {distance} bonds apart"
            found.append(Reason("no_pair_at_distance", text, _averages_at(distance)))
        return found


@cache
def _averages_at(distance: int) -> tuple[str, ...]:
    """Return the names of the descriptors that average over the pairs at a distance."""
    kinds = ("AATS", "AATSC", "MATS", "GATS")
    return tuple(f"{kind}{distance}{code}" for kind in kinds for code in PROPERTIES)
