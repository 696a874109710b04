"""The characteristic polynomial of a molecular graph, and the information content of it."""

import math
from functools import lru_cache

import numpy as np
from rdkit import Chem


def characteristic_polynomial(mol: Chem.Mol) -> list[int]:
    """Return the coefficients of the characteristic polynomial of a molecule's adjacency matrix.

    The recursion of Le Verrier and Faddeev (Trinajstić, Chemical Graph Theory, 2nd ed. 1992, p. 76)
    is carried out with integers of any length. In floating point it cancels: beyond some 80 atoms
    no digit is correct. Every bond counts 1, whatever its order.

    Parameters
    ----------
    mol
        Molecule; explicit atoms are the vertices.

    Returns
    -------
    list of int
        From the coefficient of the highest power, which is 1, to the constant term.

    Examples
    --------
    >>> characteristic_polynomial(Chem.MolFromSmiles("C1CC1"))
    [1, 0, -3, -2]
    """
    neighbours = [[other.GetIdx() for other in atom.GetNeighbors()] for atom in mol.GetAtoms()]
    n = len(neighbours)
    diagonal = np.arange(n)
    matrix = np.zeros((n, n), dtype=object)
    matrix[diagonal, diagonal] = 1
    coefficients = [1]
    for power in range(1, n + 1):
        product = np.zeros((n, n), dtype=object)
        for atom, others in enumerate(neighbours):
            for other in others:
                product[atom] += matrix[other]
        coefficient = -int(product.trace()) // power  # the division has no remainder
        coefficients.append(coefficient)
        product[diagonal, diagonal] += coefficient
        matrix = product
    return coefficients


@lru_cache(maxsize=1)  # two descriptors of one molecule are asked for in turn
def information_content(mol: Chem.Mol) -> tuple[float, int]:
    """Return the information content of the coefficients of the characteristic polynomial.

    Bonchev and Trinajstić, J. Chem. Phys. 1977, 67, 4517, equations 6 and 7.

    Returns
    -------
    entropy : float
        Shannon entropy in bits of the absolute coefficients, taken as frequencies.
    total : int
        Sum of the absolute coefficients. Multiplied by the entropy, it is the total information.

    Examples
    --------
    >>> information_content(Chem.MolFromSmiles("CC"))
    (1.0, 2)
    """
    sizes = [abs(coefficient) for coefficient in characteristic_polynomial(mol) if coefficient]
    total = sum(sizes)
    shares = [size / total for size in sizes]
    return math.fsum(-share * math.log2(share) for share in shares if share), total
