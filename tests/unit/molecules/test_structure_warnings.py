"""What is unusual in a structure, and what is not."""

import re

import pytest
from rdkit import Chem
from rdkit.Chem import rdDepictor, rdForceFieldHelpers

from confaug.molecules.elements import NONMETALS
from confaug.molecules.structure_warnings import (
    count_hindered_axes,
    describe_lost_stereo,
    describe_oddities,
)
from confaug.molecules.structures import read_structure

BINAPHTHOL = "Oc1ccc2ccccc2c1-c1c(O)ccc2ccccc12"
FERROCENE = "[CH-]1C=CC=C1.[CH-]1C=CC=C1.[Fe+2]"


def warnings_of(text):
    return " | ".join(read_structure(text).warnings)


@pytest.mark.parametrize(
    ("smiles", "axes"),
    [
        (BINAPHTHOL, 1),
        ("c1ccc(P(c2ccccc2)c2ccc3ccccc3c2-c2c(P(c3ccccc3)c3ccccc3)ccc3ccccc23)cc1", 1),
        ("Cc1cccc(C(=O)O)c1-c1c(C)cccc1C(=O)O", 1),
        ("Cc1cccc(F)c1-c1c(C)cccc1", 1),
        ("Cc1cccc(C)c1-c1c(C)cccc1C", 0),  # either ring looks the same from both sides
        ("Cc1cccc(C)c1-c1c(C)cccc1F", 0),
        ("c1ccc(-c2ccccc2)cc1", 0),
        ("Cc1ccccc1-c1ccccc1C", 0),  # two substituents let it rotate
        ("c1ccc2c(c1)-c1ccccc1C2", 0),  # held flat by a ring
        ("Oc1ccc2ccccc2c1Cc1c(O)ccc2ccccc12", 0),
    ],
)
def test_hindered_axes(smiles, axes):
    assert count_hindered_axes(Chem.MolFromSmiles(smiles)) == axes
    assert ("biaryl axes that may be chiral (1)" in warnings_of(smiles)) == bool(axes)


def test_wedges_of_an_axis_are_lost_and_named():
    mol = Chem.MolFromSmiles(BINAPHTHOL)
    rdDepictor.Compute2DCoords(mol)
    (axis,) = (
        bond
        for bond in mol.GetBonds()
        if not bond.IsInRing()
        and bond.GetBeginAtom().GetIsAromatic()
        and bond.GetEndAtom().GetIsAromatic()
    )
    ends = [axis.GetBeginAtom(), axis.GetEndAtom()]
    beside = [
        next(n.GetIdx() for n in end.GetNeighbors() if n.GetIdx() not in [e.GetIdx() for e in ends])
        for end in ends
    ]
    axis.SetStereoAtoms(*beside)
    axis.SetStereo(Chem.BondStereo.STEREOATROPCW)
    text = Chem.MolToCXSmiles(mol)
    assert "wU:" in text or "wD:" in text
    structure = read_structure(text)
    assert structure.smiles == Chem.CanonSmiles(BINAPHTHOL)
    assert "wedges (wU, wD) are not kept" in warnings_of(text)
    assert "wedges" not in warnings_of("CCO |c:1|")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("OC(Cl)=[C@]=C(C)F", "@ (1)"),
        ("C[C@H](C)C", "@ (1)"),
        ("C[C@H](F)[C@H](C)C", "@ (1)"),
        ("C/C=C=C=C/C", "/ and \\"),
        ("C/C=C(/C)C", "/ and \\"),
        ("F/C=C/F", None),
        ("C[C@H](F)Cl", None),
        ("[13CH3][C@@H](C)O", None),
        ("C[S@](=O)CC", None),
        ("F[Pt@SP1](Cl)(Br)I", None),
        ("CCO", None),
    ],
)
def test_marks_that_rdkit_does_not_keep(text, lost):
    mol = Chem.MolFromSmiles(text)
    described = describe_lost_stereo(text, mol)
    assert [one.rpartition("there: ")[2] for one in described] == ([lost] if lost else [])


@pytest.mark.parametrize(
    ("smiles", "described"),
    [
        ("[Ce]CC(=O)OCC[Th]", "lanthanides or actinides in an organic structure (Ce, Th)"),
        ("[Ce]CC(=O)OCC[Th]", "metals (Ce, Th) without parameters for 3D"),
        (FERROCENE, "metals (Fe) without parameters for 3D"),
        ("[NH3]->[Pt](<-[NH3])(Cl)Cl", "metals (Pt) without parameters for 3D"),
        ("C[Zn]C", "metals (Zn) without parameters for 3D"),
        ("CCO[Ti](OCC)(OCC)OCC", "bonds to metals (Ti)"),
        ("C[Hg]C", "bonds to metals (Hg)"),
        ("C[Mg]Br", "bonds to metals (Mg)"),
        ("[Li]CCCC", "bonds to metals (Li)"),
        ("CC[Al](CC)CC", "bonds to metals (Al)"),
        ("C[Sn](C)(C)C", "bonds to metals (Sn)"),
        ("CC(=O)O[Na]", "bonds to metals (Na)"),
        ("[LiH]", "bonds to metals (Li)"),
        ("[Li+].[CH2-]CCC", "metals (Li) beside a carbanion"),
        ("[CH3-].[Mg+2].[Br-]", "metals (Mg) beside a carbanion"),
        ("[Rb+].CC(=O)[O-]", "metals (Rb) that MMFF94 has no parameters for"),
        ("[Hg].CC", "metals (Hg) that MMFF94 has no parameters for"),
        ("C[Og]", "an atom without parameters for 3D"),
        ("O=[Xe]=O", "an atom without parameters for 3D"),
    ],
)
def test_metals(smiles, described):
    assert described in warnings_of(smiles)


@pytest.mark.parametrize(
    "smiles",
    [
        *(
            "CC(=O)[O-].[Na+]",
            "C[Si](C)(C)C",
            "OB(O)c1ccccc1",
            "CP(C)C",
            "CSC",
            "[K+].[C-]#N",
            "[Na+].[BH4-]",
            "C[Se]C",
        ),
        *("[La+3].[Cl-].[Cl-].[Cl-]", "[Rb+].[Br-]", "[Cu+2].[Cl-].[Cl-]", "c1ccc(I)cc1"),
    ],
)
def test_ordinary_elements_have_no_warning(smiles):
    assert describe_oddities(Chem.MolFromSmiles(smiles)) == []


@pytest.mark.parametrize("number", range(3, 104))
def test_every_metal_with_a_bond_to_carbon_has_a_warning(number):
    if number in NONMETALS:
        return
    mol = Chem.MolFromSmiles(f"C[{Chem.GetPeriodicTable().GetElementSymbol(number)}]")
    assert not rdForceFieldHelpers.MMFFHasAllMoleculeParams(Chem.AddHs(mol))
    of_metals = [one for one in describe_oddities(mol) if re.match(r"(bonds to )?metals \(", one)]
    assert len(of_metals) == 1


@pytest.mark.parametrize("atom", ["[Og]", "[Na+]", "[H+]", "[Cl-]", "[Hg]", "[Fe]", "[He]"])
def test_a_single_atom_is_no_molecule(atom):
    assert "a single atom" in warnings_of(atom)
    assert "a single atom" not in warnings_of(f"{atom}.O")


@pytest.mark.parametrize(("smiles", "symbols"), [("[Og]", "Og"), ("C[Rf].[Cn]", "Cn, Rf")])
def test_superheavy_elements(smiles, symbols):
    assert f"superheavy elements ({symbols})" in warnings_of(smiles)
    assert "superheavy" not in warnings_of("C[Lr]")


def test_unpaired_electrons_of_metal_ions_are_ordinary():
    for slip in ("[CH3]", "[Na]", "[CH2+]"):
        assert "unpaired electrons (1)" in warnings_of(slip)
    for ion in ("[Rb+]", "[Cu+2]", "[Fe+3]", "[Cu+2].[Cl-].[Cl-]"):
        assert "unpaired" not in warnings_of(ion)
