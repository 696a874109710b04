from dataclasses import replace
from pathlib import Path

import pytest
from csv_rows import read_rows
from rdkit import Chem

from confaug.molecules.polymerisation import groups
from confaug.molecules.polymerisation.groups import Group
from confaug.molecules.polymerisation.reacting import (
    Monomer,
    unit_of_two_groups,
    units_of_chain_growth,
    without_surroundings,
)
from confaug.molecules.polymerisation.rules import RULES

REVIEWED = Path(__file__).parents[3] / "data" / "polymers"
MONOMERS = {
    name: [row["monomer"] for row in read_rows(REVIEWED / f"{name}_units.csv")]
    for name in ("tg", "textbook")
}
GROUPS = [value for value in vars(groups).values() if isinstance(value, Group)]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.name} {group.smarts}")
def test_groups_speak_of_atoms_and_bonds_that_they_have(group):
    query = Chem.MolFromSmarts(group.smarts)
    index = {atom.GetAtomMapNum(): atom.GetIdx() for atom in query.GetAtoms()}
    numbers = {*group.ends, *(number for number, _ in group.becomes)}
    for bonds in (group.breaks, group.opens, group.forms):
        for a, b in bonds:
            numbers |= {a, b}
            assert query.GetBondBetweenAtoms(index[a], index[b]) is not None
    assert numbers == index.keys() - {0}
    assert 1 <= len(group.ends) <= 2


def test_every_group_is_used():
    used = {group.smarts for rule in RULES for group in rule.first + rule.second}
    assert used == {group.smarts for group in GROUPS}


def test_forms_of_rules_are_those_described():
    for rule in RULES:
        ends = {len(group.ends) for group in rule.first}
        others = {len(group.ends) for group in rule.second}
        assert len(ends) == 1
        assert len(others) <= 1
        assert rule.unless == "" or Chem.MolFromSmarts(rule.unless) is not None


def monomer(smiles):
    return Monomer(smiles, Chem.MolFromSmiles(smiles))


def test_sites_are_found_once():
    assert len(monomer("OC(=O)CC(=O)O").sites(groups.CARBOXYLIC_ACID)) == 2
    assert len(monomer("COC(=O)OC").sites(groups.CARBONATE)) == 2  # either oxygen


@pytest.mark.parametrize("table", ["tg", "textbook"])
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.name} {group.smarts}")
def test_looking_for_all_groups_at_once_misses_none(group, table):
    pattern = Chem.MolFromSmarts(group.smarts)
    for smiles in MONOMERS[table]:
        one = monomer(smiles)
        assert bool(one.sites(group)) == one.mol.HasSubstructMatch(pattern), smiles


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.name} {group.smarts}")
def test_patterns_without_surroundings_are_patterns(group):
    plain = without_surroundings(group.smarts)
    assert "$" not in plain
    full, bare = map(Chem.MolFromSmarts, (group.smarts, plain))
    assert full.GetNumAtoms() == bare.GetNumAtoms()


def test_too_many_or_too_few_groups_make_no_chain():
    pair = (groups.HYDROXYL, groups.HYDROXYL)
    units = [unit_of_two_groups(monomer(s), pair) for s in ("CO", "OCCO", "OCC(O)CO")]
    assert [unit is not None for unit in units] == [False, True, False]


def test_impossible_products_are_left_out():
    five_bonds = replace(groups.ETHYLENE, opens=(), smarts="[CX3;H2:1]=[CX3;H0:2]")
    assert not list(units_of_chain_growth(monomer("C=C(C)C"), five_bonds))


def test_ends_in_different_parts_make_no_unit():
    apart = Group("cut", "[CX4:1]-[CX4:2]", ends=(1, 2), breaks=((1, 2),))
    assert not list(units_of_chain_growth(monomer("CC"), apart))


@pytest.mark.parametrize("smiles", ["[13CH2]=CC(=O)O[C@H](C)CC", "C=C[n+]1ccccc1", "[2H]C=C"])
def test_isotopes_charges_and_explicit_hydrogens_stay(smiles):
    one = monomer(smiles)
    group = replace(groups.ETHYLENE, smarts="[CX3:1]=[CX3:2]")
    unit = next(units_of_chain_growth(one, group))
    labels = sorted(
        (a.GetAtomicNum(), a.GetIsotope(), a.GetFormalCharge(), a.GetTotalNumHs())
        for a in unit.GetAtoms()
        if a.GetAtomicNum()
    )
    given = sorted(
        (a.GetAtomicNum(), a.GetIsotope(), a.GetFormalCharge(), a.GetTotalNumHs())
        for a in one.mol.GetAtoms()
    )
    assert labels == given
