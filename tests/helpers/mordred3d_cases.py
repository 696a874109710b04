"""Molecules and conformers that the 3D descriptors are compared on, and stock mordred itself."""

from functools import cache

import numpy as np
from mordred import Calculator, descriptors
from mordred.error import MissingValueBase
from rdkit import Chem
from rdkit.Chem import AllChem

#: Name to SMILES. Elements, charges, components, shapes and sizes that differ as much as possible.
MOLECULES = {
    "methane": "C",
    "ethanol": "CCO",
    "water": "O",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "caffeine": "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "quinine": "C=C[C@H]1CN2CC[C@H]1C[C@H]2[C@H](O)c1ccnc2ccc(OC)cc12",
    "glucose": "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O",
    "hexane": "CCCCCC",
    "methyl methacrylate": "C=C(C)C(=O)OC",
    "styrene": "C=Cc1ccccc1",
    "fluorine": "FC(F)(F)C(F)(F)C(F)(F)F",
    "chlorine": "ClC(Cl)=C(Cl)Cl",
    "bromine": "BrCC(Br)CBr",
    "iodine": "ICc1ccc(I)cc1",
    "sulfoxide": "CS(C)=O",
    "thiophene": "c1ccsc1",
    "sulfone": "O=S1(=O)CCCC1",
    "hypervalent sulfur": "FS(F)(F)(F)(F)F",
    "phosphate": "COP(=O)(OC)OC",
    "phosphine": "CP(C)C",
    "hypervalent phosphorus": "ClP(Cl)(Cl)(Cl)Cl",
    "silane": "C[Si](C)(C)O[Si](C)(C)C",
    "boronic acid": "OB(O)c1ccccc1",
    "boron trifluoride": "FB(F)F",
    "selenium": "c1cc[se]c1",
    "tin": "C[Sn](C)(C)C",
    "mercury": "C[Hg]C",
    "attachment points": "*CC(C)*",
    "nitro": "O=[N+]([O-])c1ccccc1",
    "azide": "CN=[N+]=[N-]",
    "cation": "C[N+](C)(C)CCO",
    "anion": "CC(=O)[O-]",
    "zwitterion": "[NH3+]CC(=O)[O-]",
    "salt": "[Na+].CC(=O)[O-]",
    "diacid and diol": "OC(=O)CCCCC(=O)O.OCCO",
    "three components": "O.CO.c1ccccc1",
    "two ions": "[Na+].[Cl-]",
    "one atom": "[Ar]",
    "one ion": "[Cl-]",
    "hydrogen": "[H][H]",
    "deuterated": "[2H]C([2H])([2H])O",
    "nitrogen": "N#N",
    "hydrogen cyanide": "C#N",
    "carbon dioxide": "O=C=O",
    "diacetylene": "C#CC#C",
    "benzene": "c1ccccc1",
    "coronene": "c1cc2ccc3ccc4ccc5ccc6ccc1c1c2c3c4c5c61",
    "cubane": "C12C3C4C1C5C2C3C45",
    "adamantane": "C1C2CC3CC1CC(C2)C3",
    "cyclophane": "C1Cc2ccc(cc2)CCc2ccc1cc2",
    "peptide": "CC(N)C(=O)NC(CS)C(=O)NC(Cc1c[nH]cn1)C(=O)O",
    "130 atoms": "C" + "CC(C)(C(=O)OC)" * 8 + "CC",
}


@cache
def molecule(name: str) -> Chem.Mol:
    """The molecule with explicit hydrogens."""
    return Chem.AddHs(Chem.MolFromSmiles(MOLECULES[name]))


@cache
def conformers(name: str, count: int = 20) -> np.ndarray:
    """Conformers of several protocols, half of them distorted at random; (count, N, 3)."""
    mol = Chem.Mol(molecule(name))
    random = np.random.default_rng(len(name) + mol.GetNumAtoms())
    plain = AllChem.EmbedParameters()
    plain.useRandomCoords = mol.GetNumAtoms() > 100
    knowledge = AllChem.ETKDGv3()
    knowledge.useRandomCoords = mol.GetNumAtoms() > 100
    n_each = 1 if mol.GetNumAtoms() > 100 else 4
    found = []
    for parameters in (plain, knowledge):
        parameters.randomSeed = 11
        parameters.maxIterations = 30
        AllChem.EmbedMultipleConfs(mol, n_each, parameters)
        found += [conformer.GetPositions() for conformer in mol.GetConformers()]
    if mol.GetNumConformers() and n_each > 1 and AllChem.UFFHasAllMoleculeParams(mol):
        AllChem.UFFOptimizeMoleculeConfs(mol, maxIters=500)
        found += [conformer.GetPositions() for conformer in mol.GetConformers()]
    if not found:  # RDKit cannot embed every one of these; any positions serve the comparison
        found = [random.normal(0.0, 2.0, (mol.GetNumAtoms(), 3))]
    found = found[: count // 2 + 2]
    while len(found) < count:
        distorted = found[len(found) % n_each] + random.normal(0.0, 0.1, found[0].shape)
        found.append(distorted)
    return np.array(found)


@cache
def stock_calculator() -> Calculator:
    """mordred's own 3D descriptors."""
    every = Calculator(descriptors).descriptors
    return Calculator([one for one in every if one.require_3D])


def stock_row(mol: Chem.Mol, positions: np.ndarray) -> list[float]:
    """One conformer by stock mordred."""
    mol = Chem.Mol(mol)
    mol.RemoveAllConformers()
    conformer = Chem.Conformer(mol.GetNumAtoms())
    conformer.SetPositions(positions)
    mol.AddConformer(conformer)
    with np.errstate(all="ignore"):
        return [
            np.nan if isinstance(value, MissingValueBase) else float(value)
            for value in stock_calculator()(mol)
        ]


@cache
def stock_values(name: str) -> np.ndarray:
    """All conformers of a molecule by stock mordred, (20, 213)."""
    return np.array([stock_row(molecule(name), xyz) for xyz in conformers(name)])
