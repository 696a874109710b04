import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polymer_chains import cut_anywhere, respelled, rotated, segments, unit
from rdkit import Chem

from confaug.molecules.polymerisation.canonical import canonical_unit, constitution
from confaug.molecules.polymerisation.joining import (
    MAX_UNIT_ATOMS,
    chain_bonds,
    join,
    read_unit,
    rotate,
    unit_smiles,
)
from confaug.molecules.smiles_checks import StructureError


@given(segments, st.integers(0, 5))
def test_form_does_not_depend_on_the_cut(parts, places):
    assert canonical_unit(unit(rotated(parts, places))) == canonical_unit(unit(parts))


@given(segments, st.data())
def test_form_does_not_depend_on_the_bond_that_is_cut(parts, data):
    assert canonical_unit(cut_anywhere(parts, data)) == canonical_unit(unit(parts))


@given(segments, st.randoms(use_true_random=False))
def test_form_does_not_depend_on_direction_and_spelling(parts, random):
    assert canonical_unit(respelled(unit(parts), random)) == canonical_unit(unit(parts))


def atoms(smiles):
    return read_unit(smiles).GetNumAtoms() - 2


@given(segments, st.integers(2, 4))
def test_a_multiple_of_a_unit_is_the_unit(parts, copies):
    one, several = (flat(unit(parts * number)) for number in (1, copies))
    assert canonical_unit(several) == canonical_unit(one)


def flat(smiles):
    """Write a structure without stereochemistry."""
    mol = Chem.MolFromSmiles(smiles)
    Chem.RemoveStereochemistry(mol)
    return Chem.MolToSmiles(mol)


@given(segments)
def test_form_is_a_unit_of_the_same_chain(parts):
    form = canonical_unit(unit(parts))
    assert canonical_unit(form) == form
    # Long enough pieces of both chains, cut where the form is cut, are one molecule.
    length = math.lcm(atoms(unit(parts)), atoms(form))
    mol, other = (
        join([read_unit(smiles)] * (length // atoms(smiles))) for smiles in (unit(parts), form)
    )
    cuts = [mol, *(rotate(mol, bond) for bond in chain_bonds(mol))]
    assert flat(unit_smiles(other)) in [flat(unit_smiles(cut)) for cut in cuts]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("*CC(*)C", "*CC(*)CC"),
        ("*CCO*", "*CCCO*"),
        ("*CC(C)C(C)C*", "*CC(C)CC(C)*"),  # head to head, head to tail
        ("*C/C=C/C*", "*C/C=C\\C*"),
        ("*O[C@@H](C)C(=O)*", "*O[C@H](C)C(=O)*"),  # poly-L-lactide, poly-D-lactide
    ],
)
def test_different_chains_have_different_forms(first, second):
    assert canonical_unit(first) != canonical_unit(second)


def test_one_chain_read_from_either_end_has_one_form():
    assert canonical_unit("*OC(C)C(=O)*") == canonical_unit("*C(=O)C(C)O*")


def test_isotactic_chain_has_no_hand():
    assert canonical_unit("*C[C@H](C)*") == canonical_unit("*C[C@@H](C)*")


def test_syndiotactic_chain_is_not_reduced():
    isotactic, syndiotactic = "*C[C@H](C)C[C@H](C)*", "*C[C@H](C)C[C@@H](C)*"
    assert canonical_unit(isotactic) == canonical_unit("*C[C@H](C)*")
    assert canonical_unit("*[C@H](C)[C@H](C)*") != canonical_unit("*[C@H](C)[C@@H](C)*")
    assert read_unit(canonical_unit(syndiotactic)).GetNumAtoms() == 8


def test_multiple_keeps_stereo_that_the_short_unit_cannot_show():
    cuts = "*C[C@H](C)CC[C@H](C)C*", "*[C@H](C)CC[C@H](C)CC*", "*CC[C@H](C)CC[C@H](C)*"
    forms = {canonical_unit(cut) for cut in cuts}
    assert len(forms) == 1
    assert forms.pop().count("[C@") == 2


@pytest.mark.parametrize(
    ("given_unit", "form"),
    [
        ("*C*", "*CC*"),
        ("*CCC*", "*CC*"),
        ("*OCCC(=O)*", "*CCC(=O)O*"),  # the ester stays whole
        ("*NC(=O)CCCCC(=O)NCCCCCC*", "*CCCCCCNC(=O)CCCCC(=O)N*"),
        ("*C=CCC*", "*CC=CC*"),
        ("*C(C)CO*", "*CC(C)O*"),
        ("*c1ccc(*)cc1", "*c1ccc(*)cc1"),
    ],
)
def test_chemists_recognise_the_form(given_unit, form):
    assert canonical_unit(given_unit) == form


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CC", "two open ends"),
        ("*CC", "two open ends"),
        ("*CC(*)*", "two open ends"),
        ("*C.C*", "one component"),
        ("*=CC=*", "single bond"),
        ("**", "not to a chain"),
        ("[*+]CC*", "plain"),
        (f"*{'C' * MAX_UNIT_ATOMS}*", "atoms"),
    ],
)
def test_what_is_no_unit_is_refused(text, reason):
    with pytest.raises(StructureError, match=reason):
        canonical_unit(text)


def test_largest_units_are_treated():
    oxygens = "CO" * 61
    form = canonical_unit(f"*{oxygens}{'C' * (MAX_UNIT_ATOMS - 2 - len(oxygens))}*")
    assert read_unit(form).GetNumAtoms() == MAX_UNIT_ATOMS
    lone = f"*C(*){'C' * (MAX_UNIT_ATOMS - 3)}"  # too large to be written twice
    assert canonical_unit(lone) == Chem.CanonSmiles(lone)


@pytest.mark.parametrize("side", [121, 122, 123])
def test_one_or_two_chain_atoms_are_one_chain_near_the_limit_of_size(side):
    atom = f"C({'C' * side})"
    one, two = f"*{atom}*", f"*{atom}{atom}*"
    assert read_unit(two).GetNumAtoms() == 2 * side + 4
    assert canonical_unit(one) == canonical_unit(two)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("*C([2H])([2H])C(*)([2H])c1ccccc1", "*CC(*)c1ccccc1"),
        ("*[13CH2]C*", "*CC*"),
        ("*C([2H])([2H])[C@H](*)C", "*CC(*)C"),
        ("*C([2H])C/C=C/C*", "*CCC=CC*"),
        # Without its isotopes, this unit is a multiple of a smaller one.
        ("*C([2H])(C)CC(C)C*", "*CC(*)C"),
    ],
)
def test_a_constitution_has_neither_isotopes_nor_stereochemistry(unit, expected):
    assert constitution(canonical_unit(unit)) == canonical_unit(expected)
