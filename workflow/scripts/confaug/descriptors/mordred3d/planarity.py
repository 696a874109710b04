r"""Plane of best fit: how flat the molecule is.

The mean distance of all atoms from the plane through their centroid that fits them best. Its normal
is the eigenvector of the smallest eigenvalue of
:math:`\sum_i \mathbf r_i \mathbf r_i^{\mathsf T}`, positions relative to the centroid. With fewer
than four atoms it is 0.

A molecule as symmetric as a sphere (C60, an ideal methane) has no plane that fits best, and the
value then hangs on rounding; mordred's, which is RDKit's, does too.

References
----------
Firth, N. C.; Brown, N.; Blagg, J. J. Chem. Inf. Model. 2012, 52, 2516 (doi:10.1021/ci300293f).
"""

import numpy as np

from confaug.descriptors.mordred3d.family import Family
from confaug.descriptors.mordred3d.shapes import Shapes
from confaug.descriptors.names import PLANARITY


class PlaneOfBestFit(Family):
    """The descriptor PBF in Å."""

    names = PLANARITY

    def describe(self, shapes: Shapes) -> np.ndarray:
        """Return the values; see `Family.describe`."""
        if self.topology.n_atoms < 4:
            return np.zeros((len(shapes), 1))
        positions = shapes.coordinates - shapes.coordinates.mean(axis=1, keepdims=True)
        covariance = np.einsum("kna,knb->kab", positions, positions)
        normal = np.linalg.eigh(covariance).eigenvectors[:, :, 0]
        heights = np.einsum("kna,ka->kn", positions, normal)
        mean: np.ndarray = np.abs(heights).mean(axis=1, keepdims=True)
        return mean
