import re
from collections import Counter
from pathlib import Path

import pytest
from csv_rows import read_rows
from hypothesis import given
from hypothesis import strategies as st
from polymer_chains import respelled, segments, unit
from rdkit import Chem

from confaug.molecules.polymerisation.canonical import canonical_unit
from confaug.molecules.polymerisation.joining import MAX_UNIT_ATOMS
from confaug.molecules.polymerisation.repeat_units import (
    AS_GIVEN,
    MAX_ALTERNATIVES,
    Candidate,
    repeat_unit,
)
from confaug.molecules.polymerisation.rules import RULES
from confaug.molecules.smiles_checks import StructureError

ROOT = Path(__file__).parents[4]
REVIEWED = ROOT / "tests" / "data" / "polymers"


TG, TEXTBOOK = (read_rows(REVIEWED / f"{name}_units.csv") for name in ("tg", "textbook"))


@pytest.mark.parametrize("row", [*TG, *TEXTBOOK], ids=lambda row: row["monomer"])
def test_reviewed_units(row):
    result = repeat_unit(row["monomer"])
    assert (result.smiles or "", result.rule or "") == (row["unit"], row["rule"])
    assert (result.reason is None) == bool(row["unit"])


def test_all_structures_of_the_bundled_table_are_reviewed():
    readable = [row["smiles"].strip() for row in read_rows(ROOT / "resources" / "polymer_tg.csv")]
    given_monomers = {Chem.CanonSmiles(smiles) for smiles in readable if " " not in smiles}
    assert given_monomers == {Chem.CanonSmiles(row["monomer"]) for row in TG}


def test_every_rule_is_reviewed():
    assert {rule.name for rule in RULES} - {"allyl", "cyclic olefin, addition"} <= {
        row["rule"] for row in TG + TEXTBOOK
    }


def atoms_of(smiles):
    """Count atoms, hydrogen included, but not `*`."""
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    return Counter(atom.GetSymbol() for atom in mol.GetAtoms() if atom.GetAtomicNum())


LEFT = {  # what leaves, per unit
    "polyester": [{"H": 2, "O": 1}, {"H": 4, "O": 2}, {"H": 4, "C": 1, "O": 1}],
    "polyamide": [{"H": 2, "O": 1}, {"H": 4, "O": 2}, {"H": 2, "Cl": 2}],
    "polycarbonate": [{"H": 2, "Cl": 2}, {}],
    "polyarylene": [{"Br": 2}],
    "poly(aryl ether)": [{"H": 2, "Cl": 2}],
    "poly(arylene vinylene)": [{"H": 2, "Br": 2}],
}


@pytest.mark.parametrize("row", [row for row in TG if row["unit"]], ids=lambda row: row["monomer"])
def test_atoms_are_conserved(row):
    monomer, one = atoms_of(row["monomer"]), atoms_of(row["unit"])
    lost = [
        dict(monomer - scaled)
        for multiple in (1, 2, 3, 4)
        for scaled in [Counter({element: multiple * n for element, n in one.items()})]
        if not scaled - monomer
    ]
    assert any(left in lost for left in LEFT.get(row["rule"], [{}]))


@given(st.sampled_from(TG + TEXTBOOK), st.randoms(use_true_random=False))
def test_result_does_not_depend_on_spelling(row, random):
    assert repeat_unit(respelled(row["monomer"], random)) == repeat_unit(row["monomer"])


@given(segments)
def test_units_are_kept_as_given(parts):
    result = repeat_unit(unit(parts))
    assert (result.smiles, result.rule) == (canonical_unit(unit(parts)), AS_GIVEN)


@given(st.text(alphabet="CcNnOoSFl*()[]=#.123+-@/\\HP", max_size=25))
def test_any_text_gives_a_unit_or_a_reason(text):
    try:
        result = repeat_unit(text)
    except StructureError:
        return
    assert (result.smiles is None) == (result.rule is None) == (result.reason is not None)
    if result.smiles:
        assert canonical_unit(result.smiles) == result.smiles


def test_dienes_have_alternatives():
    result = repeat_unit("C=C(C)C=C")
    assert result.alternatives == (
        Candidate("*CC(*)(C)C=C", "vinylidene"),  # 1,2
        Candidate("*CC(*)C(=C)C", "vinyl"),  # 3,4
    )


def test_unsymmetrical_monomers_have_the_other_orientation_as_alternative():
    result = repeat_unit("CC(O)CO.OC(=O)CC(C)C(=O)O")
    assert [other.rule for other in result.alternatives] == ["polyester"]
    assert not repeat_unit("CC(O)CO.OC(=O)CCC(=O)O").alternatives


def test_the_same_constitution_is_no_alternative():
    assert repeat_unit("C[C@H]1CO1").smiles == "*C[C@H](C)O*"
    assert not repeat_unit("C[C@H]1CO1").alternatives


def test_alternatives_are_bounded():
    result = repeat_unit("C=C" * 60)
    assert len(result.alternatives) == MAX_ALTERNATIVES


def test_stereo_centres_of_the_monomer_stay_and_new_ones_are_undefined():
    unit_of_chiral = repeat_unit("C=CC(=O)O[C@H](C)CC").smiles
    assert len(Chem.FindMolChiralCenters(Chem.MolFromSmiles(unit_of_chiral))) == 1
    assert "/" not in repeat_unit("C/C=C/C=C/C").smiles


def test_lactide_keeps_what_it_is():
    pure, meso = "C[C@@H]1OC(=O)[C@H](C)OC1=O", "C[C@@H]1OC(=O)[C@@H](C)OC1=O"
    assert repeat_unit(pure).smiles == repeat_unit("C[C@H](O)C(=O)O").smiles
    sizes = [atoms_of(repeat_unit(smiles).smiles).total() for smiles in (pure, meso)]
    assert sizes == [9, 18]  # C3H4O2, C6H8O4


def test_repeated_components_are_one_monomer():
    assert repeat_unit("C=C.C=C") == repeat_unit("C=C")


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("CC(=O)Cl.Oc1ccc(O)cc1", r"'CC\(=O\)Cl' \(1 acid chloride\); .* \(2 hydroxyl, 2 phenol\)"),
        ("C=C.C=CC#N", r"each of the two monomers makes a polymer by itself \(vinyl, vinyl\)"),
        ("OC(=O)CCCCC(=O)O.OCC(O)CO", "3 hydroxyl"),
        ("O=C1CCC(=O)O1", r"\(1 cyclic anhydride\)"),
        ("O=C=O", r"\(1 carbon dioxide\)"),
        ("C=C.C=CC.C=CCC", "there are 3 monomers"),
        ("C" * (MAX_UNIT_ATOMS + 1), "251 atoms"),
        ("*CC", "two open ends"),
        ("CC", r"'CC' \(none\)"),
    ],
)
def test_reasons(smiles, reason):
    result = repeat_unit(smiles)
    assert result.smiles is None
    assert re.search(reason, result.reason)


def test_large_monomers_with_many_groups_are_treated():
    crown = f"C1{'OCC' * 60}O1"
    assert repeat_unit(crown).rule == "cyclic acetal"
    assert repeat_unit(f"C=CC(=O)O{'C(OC(=O)C=C)' * 30}C").rule == "vinyl"
