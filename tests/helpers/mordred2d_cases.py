"""Molecules that the 2D descriptors are compared on, and stock mordred itself with a time limit."""

import csv
import warnings
from functools import cache, partial
from pathlib import Path

import numpy as np
from rdkit import Chem, rdBase

from confaug.descriptors.names import NAMES_2D
from confaug.descriptors.stock_2d import as_numbers, calculators_by_family, family_columns
from confaug.infrastructure.bounded import GaveUp, bounded_map

TABLE = Path(__file__).parents[2] / "resources" / "polymer_tg.csv"
#: Time limit of a family of stock mordred, in seconds.
SECONDS = 20

#: Cages and sheets whose paths or subgraphs stock mordred does not finish to enumerate, or hardly.
POLYCYCLES = """
c1cc2ccc3ccc4ccc5ccc6ccc1c1c2c3c4c5c61
C12C3C4C1C5C2C3C45
C1C2CC3CC1CC(C2)C3
C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12
c1cc2ccc3cccc4ccc(c1)c2c34
c1ccc2c(c1)ccc1c2ccc2c1ccc1ccccc12
c1ccc2cc3cc4cc5ccccc5cc4cc3cc2c1
C1CC2CC1C1C2C2CC1C1C2C2CC1C1CCCC21
C1Cc2ccc(cc2)CCc2ccc1cc2
C1C2CC3C4CC5CC(C14)C(C2)C3C5
c1cc2cccc3c4cccc5cccc(c(c1)c23)c54
C1C[C@H]2CC[C@@H]1C2
C1CC2(C1)CC1(CC1)C2
C1C2C3C1C1C2C31
c1ccc2c(c1)-c1cccc3cccc-2c13
C1CC11CC11CC11CC11CC1
C1C2C3CC4C5CC1C1C2C2C3C4C3C5C1C23
c1ccc2c(c1)[nH]c1c2ccc2c3ccccc3[nH]c12
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Large rings, crown ethers, macrolides, cyclic peptides and porphyrins.
MACROCYCLES = """
C1CCCCCCCCCCCCCC1
C1COCCOCCOCCOCCOCCO1
O=C1CCCCCCCCCCCCCCO1
C1CCCCCCCCCCCCCCCCCCCCCCCCCCCCC1
CC1CCCCCCCCCCCCC(=O)C1
O=C1CNC(=O)CNC(=O)CNC(=O)CNC(=O)CNC(=O)CN1
CC(C)CC1NC(=O)C(C)NC(=O)C2CCCN2C(=O)C(Cc2ccccc2)NC(=O)C(C(C)C)NC1=O
c1cc2cc3ccc(cc4ccc(cc5ccc(cc1n2)[nH]5)n4)[nH]3
CCC1OC(=O)C(C)C(O)C(C)C(O)C(C)(O)CC(C)C(=O)C(C)C(O)C1C
C1=CC=CC=CC=CC=CC=CC=CC=CC=C1
C1#CCCCCC#CCCCC1
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Ions, salts, hydrates, monomer pairs.
CHARGED_AND_MIXED = """
C[N+](C)(C)CCO
CC(=O)[O-]
[NH3+]CC(=O)[O-]
[Na+].CC(=O)[O-]
[Na+].[Cl-]
OC(=O)CCCCC(=O)O.OCCO
O.CO.c1ccccc1
[O-][n+]1ccccc1
C[n+]1ccccc1.[I-]
O=[N+]([O-])c1ccccc1
CN=[N+]=[N-]
[C-]#[O+]
[C-]#N
C[S+](C)C
C[P+](C)(C)C.[Br-]
F[P-](F)(F)(F)(F)F.CCCC[n+]1ccn(C)c1
F[B-](F)(F)F.CC[N+](CC)(CC)CC
[K+].[K+].[O-]C(=O)C(=O)[O-]
[NH4+].[NH4+].[O-]S(=O)(=O)[O-]
O=C([O-])c1ccc(C(=O)[O-])cc1.[Ca+2]
[O-]S(=O)(=O)C(F)(F)F
C[N+]1(CCO)CCCC1.[O-]S(=O)(=O)C(F)(F)F
[OH3+]
[OH-]
[NH4+]
[CH3+]
[CH3-]
[H+]
[H-]
[Li+].[H-]
C1=CC=C[CH+]C=C1
[cH-]1cccc1
CC(=O)O.CC(=O)O
C.C
O.O.O
[He].C
[Cl-].[Cl-].[Mg+2].O
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Metals, metalloids, hypervalent and other unusual elements.
ELEMENTS = """
C[Si](C)(C)O[Si](C)(C)C
CP(C)C
COP(=O)(OC)OC
ClP(Cl)(Cl)(Cl)Cl
FS(F)(F)(F)(F)F
CS(C)=O
CS(C)(=O)=O
OB(O)c1ccccc1
FB(F)F
[SiH3][SiH3]
CB(C)C
B1OB(C)OB(C)O1
c1cc[se]c1
C[Se]C
C[Te]C
C[Sn](C)(C)C
C[Ge](C)(C)C
C[Pb](C)(C)C
C[As](C)C
O=[As](O)(O)c1ccccc1
C[Hg]C
C[Zn]C
C[Al](C)C
C[Mg]Br
[Li]CCCC
C[Be]C
CC[Sb](CC)CC
Cl[Pt](Cl)(N)N
[Fe]
[Cu+2].[O-]S(=O)(=O)[O-]
Cl[Ti](Cl)(Cl)Cl
O=[Os](=O)(=O)=O
C1=CC=CC1[Fe]C1C=CC=C1
CC(=O)O[Pd]OC(C)=O
[Gd+3].[Cl-].[Cl-].[Cl-]
O=[U](=O)(Cl)Cl
[Ni](C#[O+])(C#[O+])(C#[O+])C#[O+]
C[Bi](C)C
ClI(Cl)c1ccccc1
O=I(=O)c1ccccc1
F[Xe]F
F[I](F)(F)(F)F
OS(=O)(=O)O
OP(O)(=O)OP(O)(=O)O
N=S(C)(C)=O
CP(=S)(C)C
S=C=S
CSSC
CSSSSC
S1SSSSSSS1
P12P3P1P23
OCl(=O)(=O)=O
CN(C)P(=O)(N(C)C)N(C)C
N1=P(Cl)(Cl)N=P(Cl)(Cl)N=P1(Cl)Cl
[At]C
C[PH2]
C[AsH2]
C[SeH]
C[GeH3]
C[SnH3]
[SiH4]
B
N#CSC
[NH3+][B-](F)(F)F
N->[Pt](Cl)(Cl)<-N
CC(C)=O->[Mg+2]
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Isotopes, attachment points, radicals and molecules of one or two atoms.
ODD = """
[2H]C([2H])([2H])O
[2H]O[2H]
[13CH3]C(=O)O
[3H]c1ccccc1
[2H][H]
[H][H]
[235U]
*CC(C)*
*c1ccc(*)cc1
*
[CH3]
C[CH]C
[CH2]
[O]
[O][O]
CC(C)(C)N([O])C(C)(C)C
O
C
N
S
P
F
Cl
Br
I
[He]
[Ar]
[Cl-]
[Na+]
[C]
N#N
O=O
C#N
C=O
O=C=O
C#C
C=C
CC
CO
CF
FF
ClCl
OO
NN
C=C=C
C#CC#C
O=C=C=C=O
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Drugs, natural products, dyes, pesticides, monomers and reagents of ordinary size.
ORDINARY = """
CC(=O)Oc1ccccc1C(=O)O
Cn1c(=O)c2c(ncn2C)n(C)c1=O
C=C[C@H]1CN2CC[C@H]1C[C@H]2[C@H](O)c1ccnc2ccc(OC)cc12
OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O
CN1CCC23C4C1CC5=C2C(=C(C=C5)O)OC3C(C=C4)O
CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O
CC(C)CCCC(C)C1CCC2C1(CCC1C2CC=C2C1(C)CCC(O)C2)C
CC(C)Cc1ccc(cc1)C(C)C(=O)O
CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc12
CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O
Clc1ccc(C(c2ccc(Cl)cc2)C(Cl)(Cl)Cl)cc1
CN(C)c1ccc(N=Nc2ccc(S(=O)(=O)O)cc2)cc1
O=C1c2ccccc2C(=O)c2ccccc12
CC(C)NCC(O)COc1cccc2ccccc12
CC(N)C(=O)NC(CS)C(=O)NC(Cc1c[nH]cn1)C(=O)O
Nc1ncnc2c1ncn2C1OC(CO)C(O)C1O
CSCCC(N)C(=O)O
NC(=N)NCCCC(N)C(=O)O
OC(=O)c1cc(O)c(O)c(O)c1
COc1cc(C=CC(=O)CC(=O)C=Cc2ccc(O)c(OC)c2)ccc1O
O=C(O)CC(O)(CC(=O)O)C(=O)O
CC(C)(C)c1cc(C)cc(C(C)(C)C)c1O
FC(F)(F)C(F)(F)C(F)(F)C(F)(F)C(F)(F)F
ClC(Cl)=C(Cl)Cl
BrCC(Br)CBr
ICc1ccc(I)cc1
c1ccc(-c2ccccc2)cc1
c1ccc(-c2ccc(-c3ccccc3)cc2)cc1
C=C(C)C(=O)OC
C=Cc1ccccc1
CC#N
C#CCCC#C
N#CC(C#N)=C(C#N)C#N
O=C=NCCCCCCN=C=O
CCCCCCCCCCCCCCCCCC(=O)O
CC(C)CCCC(C)CCCC(C)CCCC(C)C
CC(C)(C)C(C)(C)C(C)(C)C
CC(C)=CCCC(C)=CCO
CC1=CCC2CC1C2(C)C
CC1(C)C2CCC1(C)C(=O)C2
O=S1(=O)CCCC1
C1CCC2(CC1)OCCO2
c1ccc2ncccc2c1
c1ccc2[nH]ccc2c1
c1ccoc1
c1cnc2[nH]cnc2c1
c1nnn[nH]1
c1nnn(-c2ccccc2)n1
C1=CC(=O)C=CC1=O
FC(F)(F)S(=O)(=O)Nc1ccccc1
O=[N+]([O-])c1cc([N+](=O)[O-])c(O)c([N+](=O)[O-])c1
CCOP(=S)(OCC)Oc1ccc([N+](=O)[O-])cc1
CNC(=O)Oc1cccc2ccccc12
OCC1OC(OC2(CO)OC(CO)C(O)C2O)C(O)C(O)C1O
CN(C)CCOC(c1ccccc1)c1ccccc1
CCN(CC)CC(=O)Nc1c(C)cccc1C
COC(=O)C1C(OC(=O)c2ccccc2)CC2CCC1N2C
CC1CC(C)(C)NC(C)(C)C1
C1CN2CCN1CC2
C(C1CO1)OCC1CO1
CCO[Si](OCC)(OCC)CCCN
O=C1OC(=O)c2cc3C(=O)OC(=O)c3cc21
CC(c1ccc(O)cc1)(c1ccc(O)cc1)C(F)(F)F
Oc1ccc(Cc2ccc(O)cc2)cc1
C1=CC2CC1C=C2
CC12CCC(CC1)C(C)(C)O2
CCCCC(CC)COC(=O)c1ccccc1C(=O)OCC(CC)CCCC
""".split()  # noqa: SIM905 (one per line is easier to read)
#: Up to 200 heavy atoms.
LARGE = [
    "CC1=C2C(C(=O)C3(C(CC4C(C3C(C(C2(C)C)(CC1OC(=O)C(C(C5=CC=CC=C5)NC(=O)C)O)O)OC)(CO4)OC(=O)C)O)C)C",
    "CC1CCC2CC(C(=CC=CC=CC(CC(C(=O)C(C(C(=CC(C(=O)CC(OC(=O)C3CCCCN3C(=O)C(=O)C1(O2)O)C)C)C)OC)O)C)"
    "C)C)OC",
    "CCCCCCCCCCCCCCCCCC(=O)OCC(COC(=O)CCCCCCCCCCCCCCC)OC(=O)CCCCCCCCC",
    "NC(Cc1ccc(O)cc1)C(=O)NCC(=O)NCC(=O)NC(Cc1ccccc1)C(=O)NC(CCSC)C(=O)O",
    "C" + "CC(C)(C(=O)OC)" * 8 + "CC",
    "O" + "CCO" * 33,
    "C" * 120,
    "C" + "CC(c1ccccc1)" * 12 + "C",
    "C" + "C(C)(C)" * 40 + "C",
    "CC(=O)N" + "C(C)C(=O)N" * 30 + "C",
    "C" + "CC(C(=O)OC)" * 33,
    "C[Si](C)(C)" + "O[Si](C)(C)" * 40 + "C",
    "FC(F)(F)" + "C(F)(F)" * 60 + "F",
    "O=C(O)" + "CCC(=O)O" * 3 + ".OCCO.OCCCCO",
    "C(CO)(COCC(COC(=O)C=C)(COC(=O)C=C)COC(=O)C=C)(COC(=O)C=C)COC(=O)C=C",
    "CC" + "c1ccc(cc1)C(C)(C)c1ccc(cc1)OC(=O)O" * 8 + "C",
]
#: Cages whose paths stock mordred enumerates slowly or without end.
ENDLESS = {
    "buckminsterfullerene": (
        "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5"
        "c1c1c6c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41"
    ),
    "dodecahedrane": "C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12",
    "coronene": POLYCYCLES[0],
}


@cache
def cases() -> dict[str, Chem.Mol]:
    """SMILES to molecule: all of the above and the bundled table, each structure once."""
    with TABLE.open(encoding="utf-8") as file:
        bundled = [row["smiles"] for row in csv.DictReader(file) if " " not in row["smiles"]]
    every = [*bundled, *POLYCYCLES, *MACROCYCLES, *CHARGED_AND_MIXED, *ELEMENTS, *ODD]
    found = {smiles: Chem.MolFromSmiles(smiles) for smiles in (*every, *ORDINARY, *LARGE)}
    broken = [smiles for smiles, mol in found.items() if mol is None]
    assert not broken, broken
    return found


def stock_values(mol: Chem.Mol, family: str) -> np.ndarray:
    """One family of one molecule by stock mordred; missing, failed and infinite values are NaN."""
    rdBase.DisableLog("rdApp.*")
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        return as_numbers(calculators_by_family()[family](Chem.Mol(mol)))


def stock_table(smiles: list[str], seconds: int = SECONDS) -> tuple[np.ndarray, np.ndarray]:
    """Stock mordred's values (molecules, 1613) and which of them it finished in time."""
    families = family_columns()
    tasks = [(text, family) for text in smiles for family in families]
    outcomes = bounded_map(partial(_task, cases()), tasks, seconds)
    values = np.full((len(smiles), len(NAMES_2D)), np.nan)
    finished = np.zeros(values.shape, bool)
    for place, ((_, family), outcome) in enumerate(zip(tasks, outcomes, strict=True)):
        if not isinstance(outcome, GaveUp):
            row, columns = place // len(families), families[family]
            values[row, columns] = outcome
            finished[row, columns] = True
    return values, finished


def _task(molecules: dict[str, Chem.Mol], task: tuple[str, str]) -> np.ndarray:
    """What the child process with the time limit runs."""
    smiles, family = task
    return stock_values(molecules[smiles], family)
