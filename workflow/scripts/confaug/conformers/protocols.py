"""Protocols: embedding methods with force fields, and the random states that they give molecules.

Literature: distance geometry, Crippen and Havel 1988; KDG, ETDG and ETKDG, Riniker and Landrum,
J. Chem. Inf. Model. 2015, 55, 2562; small rings and macrocycles, Wang et al., J. Chem. Inf. Model.
2020, 60, 2044.
"""

from collections.abc import Callable
from typing import Any

from rdkit.Chem import rdDistGeom

from confaug.config.protocols import Protocol
from confaug.infrastructure import random_draws

#: Embedding methods of the configuration and RDKit's parameters for them.
METHODS: dict[str, Callable[[], Any]] = {
    "dg": rdDistGeom.DG,
    "kdg": rdDistGeom.KDG,
    "etdg": rdDistGeom.ETDG,
    "etkdg": rdDistGeom.ETKDGv3,
    "sretkdg": rdDistGeom.srETKDGv3,
}


def random_state(molecule: str, protocol: Protocol, repeat: int) -> int:
    """Return the number from which RDKit counts the seeds of a molecule's conformers.

    It depends on the molecule, the embedding method and the repeat, so that protocols that differ
    by the force field alone start from the same conformers. It is positive and far below 2³¹, above
    which RDKit's counting would fail.
    """
    start = protocol.start
    key = "\n".join([molecule, start.method, start.force_field, str(repeat)])
    return 1 + random_draws.integer(key) % 2**30
