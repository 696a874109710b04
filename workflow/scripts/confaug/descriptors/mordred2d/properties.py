"""Properties of elements that descriptors are weighted with, and orders of bonds."""

from functools import cache

import numpy as np
from rdkit import Chem

from confaug.descriptors.mordred3d.properties import atomic_property

N_ELEMENTS = 118
CARBON = 6
HALOGENS = [9, 17, 35, 53, 85, 117]
#: Code to what it stands for, in mordred's order. The first four depend on the atom's surroundings.
PROPERTIES = {
    "c": "Gasteiger charge",
    "dv": "valence delta",
    "d": "number of heavy neighbours",
    "s": "intrinsic state",
    "Z": "atomic number",
    "m": "mass",
    "v": "van der Waals volume",
    "se": "Sanderson electronegativity",
    "pe": "Pauling electronegativity",
    "are": "Allred-Rochow electronegativity",
    "p": "polarizability",
    "i": "ionization potential",
}
#: Those that depend on the element alone.
TABULATED = tuple(PROPERTIES)[4:]

#: Order of a bond by RDKit's name of its type; RDKit knows none for the others.
BOND_ORDERS = {
    "SINGLE": 1.0,
    "DOUBLE": 2.0,
    "TRIPLE": 3.0,
    "QUADRUPLE": 4.0,
    "QUINTUPLE": 5.0,
    "HEXTUPLE": 6.0,
    "ONEANDAHALF": 1.5,
    "TWOANDAHALF": 2.5,
    "THREEANDAHALF": 3.5,
    "FOURANDAHALF": 4.5,
    "FIVEANDAHALF": 5.5,
    "AROMATIC": 1.5,
    "DATIVE": 1.0,
    "DATIVEONE": 1.0,
    "IONIC": 0.0,
    "HYDROGEN": 0.0,
    "ZERO": 0.0,
    "UNSPECIFIED": 0.0,
}


@cache
def tabulated(code: str) -> np.ndarray:
    """Return a property of all elements, indexed by atomic number; NaN where it is not known."""
    numbers = np.arange(N_ELEMENTS + 1)
    if code == "Z":
        return numbers.astype(np.float64)
    if code == "v":
        radii = atomic_property("van der Waals radius", numbers)
        # Number by number: NumPy's cube of an array may differ from mordred's in the last bit.
        return np.array([4.0 / 3.0 * np.pi * radius**3 for radius in radii.tolist()])
    return atomic_property(PROPERTIES[code], numbers)


@cache
def property_tables() -> np.ndarray:
    """Return all of `TABULATED`, (properties, elements)."""
    return np.stack([tabulated(code) for code in TABULATED])


@cache
def outer_electrons() -> np.ndarray:
    """Return the number of outer electrons of all elements by RDKit, int64."""
    table = Chem.GetPeriodicTable()
    return np.array([table.GetNOuterElecs(z) for z in range(N_ELEMENTS + 1)], np.int64)


@cache
def period() -> np.ndarray:
    """Return the period of all elements; NaN for an attachment point."""
    ends = np.array([2, 10, 18, 36, 54, 86, 118])
    periods = 1.0 + np.searchsorted(ends, np.arange(N_ELEMENTS + 1))
    periods[0] = np.nan
    return periods


@cache
def orders_of_types() -> np.ndarray:
    """Return the order of a bond of each of RDKit's types, NaN where RDKit knows none."""
    orders = np.full(max(Chem.BondType.values) + 1, np.nan)
    for number, kind in Chem.BondType.values.items():
        orders[number] = BOND_ORDERS.get(kind.name, np.nan)
    return orders
