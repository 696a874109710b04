r"""3D-MoRSE: the molecule's scattering curve.

Molecule Representation of Structures based on Electron diffraction: the intensity that a gas of
randomly oriented molecules scatters, at 32 equidistant values of the scattering vector *s*,

.. math:: I(s) = \sum_{i<j} w_i w_j \frac{\sin(s\,r_{ij})}{s\,r_{ij}}, \quad s = 0, 1, \ldots, 31

with :math:`I(0) = \sum_{i<j} w_i w_j`. ``Mor01`` is s = 0. The weights *w* are 1, or mass (m), van
der Waals volume (v), Sanderson electronegativity (se) or polarizability (p) relative to carbon.

Two observations make it cheap. The sines of all multiples of an angle follow from one sine and one
cosine by the Chebyshev recurrence

.. math:: \sin((s+1) r) = 2 \cos r \sin(s r) - \sin((s-1) r)

so that a pair costs two transcendental functions instead of 31. And weights depend on the element
alone, so that the pairs are summed once per pair of elements, and these few sums are weighted five
times, instead of weighting every pair.

References
----------
Schuur, J. H.; Selzer, P.; Gasteiger, J. J. Chem. Inf. Comput. Sci. 1996, 36, 334
(doi:10.1021/ci950164c).
"""

from functools import cache, partial

import numpy as np

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.kernels import N_SCATTERING
from confaug.descriptors.mordred3d.properties import atomic_property, van_der_waals_volume
from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.mordred3d.topology import Topology
from confaug.descriptors.names import MORSE

#: Suffix of the descriptors, property, reason code where it is missing.
WEIGHTS = (
    ("", "", ""),
    ("m", "mass", "no_mass"),
    ("v", "van der Waals volume", "no_van_der_waals_radius"),
    ("se", "Sanderson electronegativity", "no_sanderson_electronegativity"),
    ("p", "polarizability", "no_polarizability"),
)
CARBON = 6
N_ELEMENTS = 118


class MoRSE(Family):
    """The 160 3D-MoRSE descriptors."""

    names = MORSE

    def __init__(self, topology: Topology) -> None:
        super().__init__(topology)
        #: Relative weight of each element of the molecule, (5, elements).
        self.weights = np.array(
            [relative_weights(name)[topology.elements] for _, name, _ in WEIGHTS]
        )
        low, high = topology.pairs.classes.T
        #: Product of the weights of each run of pairs, (5, runs).
        self.products = self.weights[:, low] * self.weights[:, high]
        self.forward = (self.products * np.diff(topology.pairs.starts)).sum(axis=1)

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        if self.topology.n_atoms == 1:
            return np.full((len(shapes), len(self.names)), np.nan)
        values = np.empty((len(shapes), len(WEIGHTS), 1 + N_SCATTERING))
        values[:, :, 0] = self.forward
        intensity = np.einsum("krs,wr->kws", shapes.pair_sums.scattering, self.products)
        values[:, :, 1:] = intensity / np.arange(1, N_SCATTERING + 1)
        return values.reshape(len(shapes), -1)

    def reasons(self) -> list[Reason]:
        """Say for which weights an element is not tabulated; see `Family.reasons`."""
        if self.topology.n_atoms == 1:
            return [Reason("single_atom", "a single atom has no pair to scatter", self.names)]
        found = []
        for number, (_, name, code) in enumerate(WEIGHTS):
            missing = self.topology.elements[np.isnan(self.weights[number])]
            if len(missing):
                symbols = self.topology.symbols(np.isin(self.topology.numbers, missing))
                names = self.names[number * 32 : (number + 1) * 32]
                found.append(Reason(code, f"no {name} is tabulated for {symbols}", names))
        return found


@cache
def relative_weights(name: str) -> np.ndarray:
    """Return a property of every element relative to carbon, ones for no property.

    Parameters
    ----------
    name
        As in `WEIGHTS`.

    Returns
    -------
    numpy.ndarray
        Indexed by atomic number; NaN where the property is not tabulated.
    """
    every = np.arange(N_ELEMENTS + 1)
    if not name:
        return np.ones(len(every))
    tabulated = (
        van_der_waals_volume if name == "van der Waals volume" else partial(atomic_property, name)
    )
    values: np.ndarray = tabulated(every)
    relative: np.ndarray = values / values[CARBON]
    return relative
