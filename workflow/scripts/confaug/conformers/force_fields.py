"""Force fields: which molecules they can treat, and how conformers are minimised.

Literature: MMFF94, Halgren, J. Comput. Chem. 1996, 17, 490; MMFF94s, Halgren 1999, 20, 720; UFF,
Rappé et al., J. Am. Chem. Soc. 1992, 114, 10024.
"""

from typing import Any

from rdkit import Chem
from rdkit.Chem import rdForceFieldHelpers

#: Force fields of the configuration; those of MMFF by RDKit's name of the variant.
FORCE_FIELDS: dict[str, str | None] = {
    "none": None,
    "mmff": "MMFF94",
    "mmff94s": "MMFF94s",
    "uff": "UFF",
}


def why_untreatable(mol: Chem.Mol, force_field: str) -> str | None:
    """Say why a force field cannot treat a molecule, or return None if it can.

    RDKit's optimisers do not report it: without parameters, MMFF returns unchanged coordinates, and
    UFF leaves out the atoms that it does not know.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens.
    force_field
        A key of `FORCE_FIELDS`.
    """
    name = FORCE_FIELDS[force_field]
    if name == "UFF" and not rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        return "UFF has no parameters for an atom of this molecule"
    if name in ("MMFF94", "MMFF94s") and not rdForceFieldHelpers.MMFFHasAllMoleculeParams(mol):
        return f"{name} has no parameters for an atom of this molecule"
    return None


def minimise(
    mol: Chem.Mol, force_field: str, max_steps: int, threads: int = 1
) -> list[tuple[int, float]]:
    """Minimise all conformers of a molecule in place.

    Components of a mixture feel each other, so that they do not end up on top of one another.

    Parameters
    ----------
    mol
        Molecule with explicit hydrogens and conformers.
    force_field
        A key of `FORCE_FIELDS`; ``none`` changes nothing.
    max_steps
        Limit of minimisation steps.
    threads
        Threads for RDKit; the results do not depend on it.

    Returns
    -------
    list of tuple
        RDKit's status (0 converged, 1 not converged, -1 not set up) and the energy in kcal/mol of
        every conformer; 0 and NaN without a force field.
    """
    name = FORCE_FIELDS[force_field]
    if name is None:
        return [(0, float("nan"))] * mol.GetNumConformers()
    options: dict[str, Any] = {
        "numThreads": threads,
        "maxIters": max_steps,
        "ignoreInterfragInteractions": False,
    }
    if name == "UFF":
        return list(rdForceFieldHelpers.UFFOptimizeMoleculeConfs(mol, **options))
    return list(rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(mol, mmffVariant=name, **options))
