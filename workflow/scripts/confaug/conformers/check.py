"""Whether a conformer is still the molecule that its SMILES states.

Embedding and force fields do not always preserve a molecule: MMFF94 turns the double bond of
(Z)-azobenzene over when it starts from plain distance geometry, and UFF reports collapsed
structures as converged. The coordinates of every conformer are therefore checked:

* Stereo centres of any element: the volume that the ligands span has the sign of the tag in the
  SMILES. A lone pair counts as a ligand.
* Double bonds: substituents are on the sides that the SMILES states.
* Bonds: every bonded pair has the length of a bond, and no other pair has.

Undefined stereochemistry is not checked, and neither is what RDKit does not read from a SMILES:
axes of allenes and biaryls, and ligands around a metal.

Covalent radii: Cordero et al., Dalton Trans. 2008, 2832, as tabulated by RDKit.
"""

from collections.abc import Iterator

import numpy as np
from rdkit import Chem

from confaug.molecules.elements import NONMETALS

#: Non-bonded atoms that are closer than this (Å) overlap; all real contacts are longer.
CLOSEST_CONTACT = 1.1
#: A bond shorter than this (Å) has collapsed; that of the hydrogen molecule has 0.74 Å.
SHORTEST_BOND = 0.6
#: A bond longer than this many times the sum of the covalent radii is broken. Bonds to metals have
#: a limit of their own, because force fields describe them poorly.
LONGEST_BOND = 1.4
LONGEST_METAL_BOND = 1.8
#: Non-bonded atoms that are closer than this many times the sum have formed a bond. Two ligands of
#: one atom may come closer, as the silicon atoms of cyclodisiloxane do.
CLOSEST_ATOMS = 1.1
CLOSEST_LIGANDS = 1.0
#: A stereo centre with a volume (see `signed_volumes`) below this is flat.
LEAST_VOLUME = 0.05
#: Squared distances in memory at a time, 16 MB.
AT_A_TIME = 2_000_000
CENTRES = {
    Chem.ChiralType.CHI_TETRAHEDRAL_CCW: 1,
    Chem.ChiralType.CHI_TETRAHEDRAL_CW: -1,
}
DOUBLE_BONDS = {
    Chem.BondStereo.STEREOZ: 1,
    Chem.BondStereo.STEREOCIS: 1,
    Chem.BondStereo.STEREOE: -1,
    Chem.BondStereo.STEREOTRANS: -1,
}


class ConformerCheck:
    """What all conformers of a molecule must fulfil, prepared once per molecule.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens and the stereochemistry that its SMILES states.

    Examples
    --------
    >>> check = ConformerCheck(Chem.MolFromSmiles("[H][H]"))
    >>> check.faults(np.array([[[0, 0, 0], [0, 0, 0.74]], [[0, 0, 0], [0, 0, 4]]]))
    [None, 'a bond is broken']
    """

    def __init__(self, mol: Chem.Mol) -> None:
        self.bonded = Chem.GetAdjacencyMatrix(mol).astype(bool)
        self.shortest, self.longest = (each**2 for each in distance_limits(mol, self.bonded))
        self.centres, self.handedness = stated_centres(mol)
        self.double_bonds, self.sides = stated_double_bonds(mol)

    def faults(self, coordinates: np.ndarray) -> list[str | None]:
        """Say for each conformer how it differs from the molecule, or None.

        Parameters
        ----------
        coordinates
            In Å, finite, shape (K, N, 3).
        """
        found: list[str | None] = []
        step = max(1, AT_A_TIME // len(self.bonded) ** 2)
        for start in range(0, len(coordinates), step):
            found.extend(self._distance_faults(coordinates[start : start + step]))
        for text, wrong in self._wrong_stereo(coordinates):
            for number in np.flatnonzero(wrong.any(axis=1)).tolist():
                found[number] = found[number] or text
        return found

    def _distance_faults(self, coordinates: np.ndarray) -> list[str | None]:
        """Say for each conformer which kind of pair is too close or too far apart, or None."""
        squares = squared_distances(coordinates)
        wrong = (squares < self.shortest) | (squares > self.longest)
        faults: list[str | None] = [None] * len(coordinates)
        for number in np.flatnonzero(wrong.any(axis=(1, 2))).tolist():
            faults[number] = self._distance_fault(squares[number], wrong[number])
        return faults

    def _distance_fault(self, squares: np.ndarray, wrong: np.ndarray) -> str:
        bonds, others = squares[wrong & self.bonded], squares[wrong & ~self.bonded]
        if (others < CLOSEST_CONTACT**2).any():
            return f"non-bonded atoms are closer than {CLOSEST_CONTACT:g} Å"
        if (bonds < SHORTEST_BOND**2).any():
            return f"a bond is shorter than {SHORTEST_BOND:g} Å"
        if len(bonds):
            return "a bond is broken"
        return "non-bonded atoms are as close as bonded atoms"

    def _wrong_stereo(self, coordinates: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Yield a fault and where it occurs, shape (K, number of centres or double bonds)."""
        if len(self.centres):
            volumes = self.handedness * signed_volumes(coordinates, self.centres)
            yield "a stereo centre differs from the SMILES", volumes < LEAST_VOLUME
        if len(self.double_bonds):
            agreement = self.sides * same_sides(coordinates, self.double_bonds)
            yield "a double bond differs from the SMILES (E or Z)", agreement <= 0


def distance_limits(mol: Chem.Mol, bonded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest distance in Å of each pair of atoms, shapes (N, N).

    Non-bonded metals may be as close to other atoms as ions are.
    """
    numbers = np.array([atom.GetAtomicNum() for atom in mol.GetAtoms()])
    table = Chem.GetPeriodicTable()
    radii = np.array([table.GetRcovalent(number) for number in numbers.tolist()])
    sums = radii[:, None] + radii
    metal = ~np.isin(numbers, NONMETALS)
    with_metal = metal[:, None] | metal
    steps = bonded.astype(np.float32)
    share_a_neighbour = steps @ steps > 0
    closest = np.where(share_a_neighbour, CLOSEST_LIGANDS, CLOSEST_ATOMS) * sums
    closest = np.maximum(CLOSEST_CONTACT, np.where(with_metal, 0, closest))
    shortest = np.where(bonded, SHORTEST_BOND, closest)
    np.fill_diagonal(shortest, 0)
    longest = np.where(with_metal, LONGEST_METAL_BOND, LONGEST_BOND) * sums
    return shortest, np.where(bonded, longest, np.inf)


def stated_centres(mol: Chem.Mol) -> tuple[np.ndarray, np.ndarray]:
    """Return the four ligands of each stereo centre, shape (C, 4), and the signs of their volumes.

    The centre itself stands for a lone pair. Seen from the first ligand in the order of the bonds,
    the others run counter-clockwise (+1) or clockwise (-1); that is RDKit's tag.
    """
    rows, signs = [], []
    for atom in mol.GetAtoms():
        sign = CENTRES.get(atom.GetChiralTag())
        ligands = [neighbour.GetIdx() for neighbour in atom.GetNeighbors()]
        if sign and len(ligands) in (3, 4):
            rows.append([*ligands, atom.GetIdx()][:4])
            signs.append(sign)
    return np.array(rows, int).reshape(-1, 4), np.array(signs)


def stated_double_bonds(mol: Chem.Mol) -> tuple[np.ndarray, np.ndarray]:
    """Return substituent, both atoms and substituent of double bonds, shape (D, 4), and the sides.

    +1: the substituents are on the same side; -1: on opposite sides.
    """
    rows, signs = [], []
    for bond in mol.GetBonds():
        sign = DOUBLE_BONDS.get(bond.GetStereo())
        if sign:
            first, last = bond.GetStereoAtoms()
            rows.append([first, bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), last])
            signs.append(sign)
    return np.array(rows, int).reshape(-1, 4), np.array(signs)


def squared_distances(coordinates: np.ndarray) -> np.ndarray:
    """Return the squared distances of all atoms, shape (K, N, N), of coordinates (K, N, 3)."""
    total = np.zeros((*coordinates.shape[:2], coordinates.shape[1]))
    for axis in np.moveaxis(coordinates, -1, 0):
        apart = axis[:, :, None] - axis[:, None, :]
        total += apart * apart
    return total


def signed_volumes(coordinates: np.ndarray, ligands: np.ndarray) -> np.ndarray:
    """Return the volumes that four points span, relative to a cube with edges of the same length.

    Parameters
    ----------
    coordinates
        Shape (K, N, 3).
    ligands
        Atom numbers, shape (C, 4).

    Returns
    -------
    numpy.ndarray
        Shape (K, C); 0.71 for a regular tetrahedron, positive if the second, third and fourth run
        counter-clockwise as seen from the first.
    """
    places = coordinates[:, ligands]
    edges = places[:, :, :3] - places[:, :, 3:]
    edges = edges / np.linalg.norm(edges, axis=-1, keepdims=True)
    first, second, third = np.moveaxis(edges, 2, 0)
    volumes: np.ndarray = np.sum(first * np.cross(second, third), axis=-1)
    return volumes


def same_sides(coordinates: np.ndarray, bonds: np.ndarray) -> np.ndarray:
    """Return how much two substituents point to the same side of a bond.

    Parameters
    ----------
    coordinates
        Shape (K, N, 3).
    bonds
        Substituent, both atoms of the bond, substituent; shape (D, 4).

    Returns
    -------
    numpy.ndarray
        Shape (K, D); cosine of the torsion times the sines of both bond angles, 0.75 for the
        cis and -0.75 for the trans form of an ideal double bond.
    """
    first, begin, end, last = np.moveaxis(coordinates[:, bonds], 2, 0)
    axis = _unit(end - begin)
    across = [
        arm - np.sum(arm * axis, axis=-1, keepdims=True) * axis
        for arm in (_unit(first - begin), _unit(last - end))
    ]
    sides: np.ndarray = np.sum(across[0] * across[1], axis=-1)
    return sides


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit
