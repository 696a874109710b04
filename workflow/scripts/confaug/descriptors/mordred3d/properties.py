"""Atomic properties as mordred tabulates them, read without the cost of importing mordred.

mordred ships one text file per property: one value per line in order of atomic number, ``#`` starts
a comment, a dash means that no value is known.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

#: Property name to file name in mordred's data folder, with mordred's own spelling.
FILES = {
    "mass": "mass.txt",
    "van der Waals radius": "van_der_waals_radii.txt",
    "Sanderson electronegativity": "sanderson_electron_negativity.txt",
    "polarizability": "polarizalibity94.txt",
    "polarizability of 1978": "polarizalibity78.txt",
    "Pauling electronegativity": "pauling_electron_negativity.txt",
    "Allred-Rochow electronegativity": "allred_rocow_electron_negativity.txt",
    "ionization potential": "ionization_potential.txt",
    "McGowan volume": "mc_gowan_volume.txt",
}


@cache
def property_table(name: str) -> np.ndarray:
    """Return a property of all elements; index 0 (no element) and unknown values are NaN.

    Parameters
    ----------
    name
        A key of `FILES`.
    """
    spec = find_spec("mordred")  # finds the folder, runs nothing of the package
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("mordredcommunity, whose atomic properties are needed")
    path = Path(spec.submodule_search_locations[0]) / "data" / FILES[name]
    values = [np.nan]
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text:
            values.append(np.nan if "-" in text else float(text))
    return np.array(values)


def atomic_property(name: str, numbers: np.ndarray) -> np.ndarray:
    """Return a property for atoms given by their atomic numbers, NaN where it is unknown."""
    table = property_table(name)
    known = numbers < len(table)
    return np.where(known, table[np.where(known, numbers, 0)], np.nan)


def van_der_waals_volume(numbers: np.ndarray) -> np.ndarray:
    """Return the volume of the van der Waals sphere in Å³."""
    return 4.0 / 3.0 * np.pi * atomic_property("van der Waals radius", numbers) ** 3
