r"""Geometrical indices: the extent of the molecule.

The eccentricity of an atom is the distance to the atom farthest from it. The largest one is the
geometric diameter *D*, the smallest one the geometric radius *R*; the shape index is
:math:`(D - R) / R`, Petitjean's index :math:`(D - R) / D`.

References
----------
Petitjean, M. J. Chem. Inf. Comput. Sci. 1992, 32, 331 (doi:10.1021/ci00008a012).
"""

import numpy as np

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.reasons import Reason
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.names import GEOMETRICAL


class GeometricalIndices(Family):
    """Diameter, radius, shape index and Petitjean index."""

    names = GEOMETRICAL

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        eccentricities = shapes.pair_sums.farthest
        diameter, radius = eccentricities.max(axis=1), eccentricities.min(axis=1)
        spread = diameter - radius
        ratios = [
            np.divide(spread, size, out=np.full_like(spread, np.nan), where=size > 0.0)
            for size in (radius, diameter)
        ]
        return np.stack([diameter, radius, *ratios], axis=1)

    def reasons(self) -> list[Reason]:
        """Say that a point has no shape; see `Family.reasons`."""
        if self.topology.n_atoms > 1:
            return []
        return [Reason("single_atom", "a single atom has no extent", GEOMETRICAL[2:])]
