"""Neighbour lists, the form in which loops take a graph."""

import numpy as np


class Neighbours:
    """Neighbour lists of all atoms in one array, each in the order of the bonds.

    Attributes
    ----------
    starts
        Where the list of each atom begins, and the end of the last one, int64 (N + 1,).
    atoms
        Neighbours, int64 (2 B,).
    bonds
        Number of the bond to each neighbour, int64 (2 B,).
    """

    def __init__(self, starts: np.ndarray, atoms: np.ndarray, bonds: np.ndarray) -> None:
        self.starts, self.atoms, self.bonds = starts, atoms, bonds

    @classmethod
    def of(cls, n_atoms: int, bonds: np.ndarray) -> "Neighbours":
        """List the neighbours of each atom."""
        ends = bonds.ravel()
        order = np.argsort(ends, kind="stable")
        starts = np.zeros(n_atoms + 1, np.int64)
        np.cumsum(np.bincount(ends, minlength=n_atoms), out=starts[1:])
        return cls(starts, bonds[:, ::-1].ravel()[order], order // 2)
