from pathlib import Path

import numpy as np
import pytest
from csv_rows import read_rows
from hypothesis import given
from hypothesis import strategies as st
from polymer_chains import cut_anywhere, respelled, rotated, segments, unit
from rdkit import Chem
from rdkit.Chem import Descriptors, rdMolDescriptors

from confaug.descriptors.backbone.chain import place_in_chain
from confaug.descriptors.backbone.declaration import (
    BACKBONE_DESCRIPTORS,
    BACKBONE_NAMES,
    describe_backbone,
)
from confaug.molecules.polymerisation.joining import (
    chain_bonds,
    join,
    read_unit,
    reverse,
    rotate,
    unit_smiles,
)
from confaug.molecules.smiles_checks import StructureError

BUNDLED = Path(__file__).parents[3] / "data" / "polymers" / "tg_units.csv"
#: Sizes of the unit as such; all others are the same for a unit written twice.
SIZES = ("chain_atoms", "heavy_atoms")


def described(smiles):
    return dict(zip(BACKBONE_NAMES, describe_backbone(smiles), strict=True))


@given(segments, st.integers(0, 5))
def test_values_do_not_depend_on_the_cut(parts, places):
    first, second = describe_backbone(unit(parts)), describe_backbone(unit(rotated(parts, places)))
    np.testing.assert_allclose(first, second, rtol=1e-12)


@given(segments, st.data())
def test_values_do_not_depend_on_the_bond_that_is_cut(parts, data):
    first, second = describe_backbone(unit(parts)), describe_backbone(cut_anywhere(parts, data))
    np.testing.assert_allclose(first, second, rtol=1e-12)


@given(segments, st.randoms(use_true_random=False))
def test_values_do_not_depend_on_direction_and_spelling(parts, random):
    again = respelled(unit(parts), random)
    first, second = describe_backbone(unit(parts)), describe_backbone(again)
    np.testing.assert_allclose(first, second, rtol=1e-12)


@given(segments, st.integers(2, 3))
def test_all_but_sizes_are_the_same_for_several_units(parts, copies):
    one, several = described(unit(parts)), described(unit(parts * copies))
    for name in BACKBONE_NAMES:
        factor = copies if name in SIZES else 1
        assert several[name] == pytest.approx(factor * one[name], rel=1e-12), name


@given(segments)
def test_composition_agrees_with_rdkit(parts):
    values = described(unit(parts).replace("[2H]", "[H]"))
    mol = Chem.RemoveHs(Chem.MolFromSmiles(unit(parts).replace("[2H]", "[H]")))
    heavy = [atom for atom in mol.GetAtoms() if atom.GetAtomicNum() > 1]
    assert values["heavy_atoms"] == len(heavy)
    mass = values["mass_per_chain_atom"] * values["chain_atoms"]
    assert mass == pytest.approx(Descriptors.MolWt(mol), rel=1e-6)
    aromatic = sum(atom.GetIsAromatic() for atom in heavy)
    assert values["aromatic_share"] == pytest.approx(aromatic / len(heavy))
    rings = values["backbone_rings_per_chain_atom"] + values["side_rings_per_chain_atom"]
    assert rings * values["chain_atoms"] == pytest.approx(rdMolDescriptors.CalcNumRings(mol))
    for name, number in (("oxygen", 8), ("nitrogen", 7), ("sulfur", 16), ("fluorine", 9)):
        count = sum(atom.GetAtomicNum() == number for atom in heavy)
        assert values[f"{name}_share"] == pytest.approx(count / len(heavy))


@given(segments)
def test_values_are_finite(parts):
    assert np.isfinite(describe_backbone(unit(parts))).all()


#: Counted by hand.
KNOWN = {
    "*CC(*)c1ccccc1": {
        "chain_atoms": 2,
        "mass_per_chain_atom": 104.152 / 2,
        "side_mass_per_chain_atom": 77.106 / 2,
        "side_atom_share": 6 / 8,
        "backbone_rotatable_bonds_per_chain_atom": 1,
        "side_rotatable_bonds_per_chain_atom": 0.5,
        "substituents_per_chain_atom": 0.5,
        "most_substituents": 1,
        "quaternary_share": 0,
        "aromatic_share_of_backbone": 0,
        "aromatic_side_share": 6 / 8,
        "side_rings_per_chain_atom": 0.5,
        "backbone_rings_per_chain_atom": 0,
        "backbone_methylene_share": 0.5,
        "side_chain_length": 4,
        "longest_alkyl_run": 0,
    },
    "*CC(*)(C)C(=O)OCCCC": {  # poly(butyl methacrylate)
        "quaternary_share": 0.5,
        "most_substituents": 2,
        "substituents_per_chain_atom": 1,
        "side_rotatable_bonds_per_chain_atom": 5 / 2,
        "methyl_share": 2 / 10,
        "side_methylene_share": 3 / 10,
        "oxygen_share": 2 / 10,
        "side_carbonyl_share": 1 / 10,
        "backbone_carbonyl_share": 0,
        "side_chain_length": 6,
        "longest_alkyl_run": 3,
        "side_branch_share": 0,
    },
    "*CCOC(=O)c1ccc(C(=O)O*)cc1": {  # poly(ethylene terephthalate)
        "chain_atoms": 10,
        "heavy_atoms": 14,
        "backbone_atoms_per_chain_atom": 1.2,
        "backbone_rotatable_bonds_per_chain_atom": 0.7,
        "side_rotatable_bonds_per_chain_atom": 0,
        "rotatable_bonds_per_100_g_per_mol": 700 / 192.17,
        "aromatic_share_of_backbone": 6 / 12,
        "backbone_rings_per_chain_atom": 0.1,
        "backbone_oxygen_share": 2 / 12,
        "backbone_carbonyl_share": 2 / 12,
        "substituents_per_chain_atom": 0,
        "side_atom_share": 2 / 14,
    },
    "*NCCCCCC(=O)*": {  # polyamide 6: the amide bond does not rotate
        "backbone_rotatable_bonds_per_chain_atom": 6 / 7,
        "donor_share": 1 / 8,
        "backbone_nitrogen_share": 1 / 7,
        "backbone_methylene_share": 5 / 7,
    },
    "*CC=C(C)C*": {  # 1,4-polyisoprene
        "backbone_double_bonds_per_chain_atom": 0.25,
        "backbone_rotatable_bonds_per_chain_atom": 0.75,
        "methyl_share": 0.2,
    },
    "*CCCCCCNC(=O)CCCCC(=O)N*": {  # polyamide 6,6
        "chain_atoms": 14,
        "backbone_rotatable_bonds_per_chain_atom": 12 / 14,
        "backbone_methylene_share": 10 / 14,
        "backbone_carbonyl_share": 2 / 14,
        "donor_share": 2 / 16,
    },
    "*OC(=O)Oc1ccc(C(C)(C)c2ccc(*)cc2)cc1": {  # bisphenol A polycarbonate
        "chain_atoms": 12,
        "mass_per_chain_atom": 254.28 / 12,
        "backbone_rotatable_bonds_per_chain_atom": 6 / 12,
        "backbone_atoms_per_chain_atom": 16 / 12,
        "quaternary_share": 1 / 12,
        "aromatic_share": 12 / 19,
    },
    "*Oc1ccc(-n2c(=O)c3cc4c(=O)n(-c5ccc(*)cc5)c(=O)c4cc3c2=O)cc1": {  # Kapton
        "chain_atoms": 16,
        "mass_per_chain_atom": 382.33 / 16,
        "backbone_rotatable_bonds_per_chain_atom": 4 / 16,
        "backbone_rings_per_chain_atom": 5 / 16,
        "backbone_carbonyl_share": 4 / 25,
    },
    "*Oc1c(C)cc(*)cc1C": {  # poly(2,6-dimethyl-1,4-phenylene oxide)
        "chain_atoms": 5,
        "mass_per_chain_atom": 120.15 / 5,
        "backbone_rotatable_bonds_per_chain_atom": 2 / 5,
        "substituents_per_chain_atom": 2 / 5,
        "aromatic_share_of_backbone": 6 / 7,
    },
    "*O[Si](*)(C)C": {  # poly(dimethylsiloxane)
        "mass_per_chain_atom": 74.15 / 2,
        "backbone_rotatable_bonds_per_chain_atom": 1,
        "quaternary_share": 0.5,
        "methyl_share": 0.5,
    },
    "*CCc1ccc(*)cc1": {  # poly(p-xylylene)
        "chain_atoms": 6,
        "backbone_rotatable_bonds_per_chain_atom": 3 / 6,
        "backbone_methylene_share": 2 / 8,
    },
    "*CC1(CCCCC1)C*": {  # a spiro ring hangs at one atom
        "backbone_rotatable_bonds_per_chain_atom": 1,
        "side_rings_per_chain_atom": 1 / 3,
        "substituents_per_chain_atom": 2 / 3,
    },
    "*CC(*)(Cl)C#N": {"heavy_halogen_share": 1 / 5, "nitrile_share": 1 / 5},
    "*Oc1ccc(C2(c3ccc(*)cc3)c3ccccc3-c3ccccc32)cc1": {  # a cardo ring hangs at one atom
        "backbone_rings_per_chain_atom": 2 / 10,
        "side_rings_per_chain_atom": 3 / 10,
        "quaternary_share": 0.1,
    },
    "*CC(*)OCC(C)(C)C": {"side_branch_share": 1 / 8, "side_chain_length": 4},
    "*CC(*)S": {"donor_share": 1 / 3, "sulfur_share": 1 / 3},
    "*S(=O)(=O)c1ccc(*)cc1": {"quaternary_share": 0, "substituents_per_chain_atom": 0},
}


@pytest.mark.parametrize("smiles", KNOWN)
def test_values_counted_by_hand(smiles):
    values = described(smiles)
    for name, value in KNOWN[smiles].items():
        assert values[name] == pytest.approx(value, rel=1e-4), name


def test_bundled_units_have_one_description_however_they_are_written():
    units = sorted({row["unit"] for row in read_rows(BUNDLED)} - {""})
    for smiles in units:
        mol, values = read_unit(smiles), described(smiles)
        cuts = [rotate(mol, bond) for bond in chain_bonds(mol)]
        for same in map(unit_smiles, [reverse(mol), *cuts]):
            assert described(same) == pytest.approx(values, rel=1e-12), (smiles, same)
        twice = {name: 2 * value if name in SIZES else value for name, value in values.items()}
        assert described(unit_smiles(join([mol, mol]))) == pytest.approx(twice, rel=1e-12), smiles


def test_backbone_is_what_the_chain_runs_through():
    naphthalene = place_in_chain("*Cc1ccc2cc(O*)ccc2c1")
    assert (len(naphthalene.unit_backbone), len(naphthalene.side)) == (12, 0)
    spiro = place_in_chain("*CC1(CCCCC1)C*")
    assert (len(spiro.unit_backbone), len(spiro.side)) == (3, 5)
    ladder = place_in_chain("*C1CC2CC1CC2*")
    assert (len(ladder.unit_backbone), len(ladder.side)) == (7, 0)


def test_isotopes_are_left_out_of_account():
    np.testing.assert_array_equal(
        describe_backbone("*C([2H])([2H])[13CH](C)*"), describe_backbone("*CC(*)C")
    )


def test_declaration_is_complete():
    assert len(set(BACKBONE_NAMES)) == len(BACKBONE_NAMES) == 36
    for descriptor in BACKBONE_DESCRIPTORS:
        assert descriptor.name.isidentifier()
        assert descriptor.unit
        assert (
            descriptor.meaning[0].islower()
            or descriptor.meaning[:2] == "CH"
            or (descriptor.meaning.startswith("N, O"))
        )


def test_what_is_no_unit_is_refused():
    with pytest.raises(StructureError, match="two open ends"):
        describe_backbone("C=C")
