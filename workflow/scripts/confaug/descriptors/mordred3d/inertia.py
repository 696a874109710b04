r"""Principal moments of inertia: how the mass is spread.

Eigenvalues, largest first, of the tensor
:math:`\sum_i m_i (|\mathbf r_i|^2 \mathbf 1 - \mathbf r_i \mathbf r_i^{\mathsf T})` with positions
relative to the centre of mass, in g mol⁻¹ Å². See Goldstein, H. Classical Mechanics, chapter 5.
"""

import numpy as np

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.names import INERTIA


class MomentsOfInertia(Family):
    """The three principal moments."""

    names = INERTIA

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        masses = self.topology.masses[:, None]
        centre = (masses * shapes.coordinates).sum(axis=1, keepdims=True) / masses.sum()
        positions = shapes.coordinates - centre
        second_moments = np.einsum("kna,knb->kab", masses * positions, positions)
        trace = np.trace(second_moments, axis1=1, axis2=2)
        tensor = trace[:, None, None] * np.eye(3) - second_moments
        return np.linalg.eigvalsh(tensor)[:, ::-1]
