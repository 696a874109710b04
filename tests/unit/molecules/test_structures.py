import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from confaug.molecules.smiles import parse_smiles
from confaug.molecules.smiles_checks import MAX_SMILES_LENGTH, StructureError
from confaug.molecules.structures import molecule_id, read_smiles, read_structure

BUCKMINSTERFULLERENE = (
    "c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6"
    "c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41"
)
#: Structures in which canonicalisation has something to do.
RESPELLED = [
    "CC(=O)Oc1ccccc1C(=O)O",
    "C[C@H](N)C(=O)O",
    "OC(=O)CCCCC(=O)O.OCCO",
    "F/C=C/C=C\\Cl",
    "C[N+](C)(C)CC([O-])=O",
    "c1ccc2c(c1)[nH]c1ccccc12",
    "[2H]C([2H])([2H])O",
    "C[Si](C)(C)O[Si](C)(C)C",
    "OB(O)c1ccccc1",
    "C1CC2CCC1C2",
    "C[C@@H]1CC[C@H](C)CC1",
    "[Na+].[Cl-]",
    "Cl[Pt](Cl)([NH3])[NH3]",
    "O=S1(=O)CC[C@@]2(CC1)OCCO2",
]


@pytest.mark.parametrize(
    "text", ["OCC", " C[CH3:1] ", "O.CC", "[HH]", "C1=CC=CC=C1", "F/C=C/F |c:1|"]
)
def test_reading_the_smiles_alone_gives_the_same(text):
    assert read_smiles(text) == read_structure(text).smiles


@pytest.mark.parametrize("text", ["", "C(", "*CC*", "C C", "InChI=1S/CH4/h1H4"])
def test_reading_the_smiles_alone_refuses_the_same(text):
    for read in (read_smiles, read_structure):
        with pytest.raises(StructureError):
            read(text)


def test_molecule_id_is_the_start_of_the_hash():
    assert molecule_id("CCO") == "m" + hashlib.sha256(b"CCO").hexdigest()[:12]


@pytest.mark.parametrize(
    ("text", "part_of_reason"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("O= C1CCCO1", "white space at position 3"),
        ("CC OC1", "white space at position 3"),
        ("CCO\tethanol", "white space"),
        ("C\nC", "white space"),
        ("СCO", "CYRILLIC CAPITAL LETTER ES (U+0421) at position 1"),
        ("C\x00C", "control or unnamed character (U+0000) at position 2"),
        ("C[N+](=O)[O−]", "MINUS SIGN"),
        ("InChI=1S/CH4/h1H4", "is an InChI"),
        ("VNWKTOKETHGBQD-UHFFFAOYSA-N", "is an InChIKey"),
        ("64-17-5", "CAS number"),
        ("12.5", "is a number"),
        ("nan", "missing structure"),
        ("CC>>CO", "is a reaction"),
        ("CC>O>CO", "is a reaction"),
        ("ethanol", "looks like a name"),
        ("poly(styrene)", "looks like a name"),
        ("C2H6O", "molecular formula"),
        ("C1CC", "unclosed ring"),
        ("CC)C", "extra close parentheses"),
        ("CCCCn1cc[n+](C)c1,[Cl-]", "write 'CCCCn1cc[n+](C)c1.[Cl-]'"),
        ("CCO;CCN", "separated by a dot"),
        ("CC([[Ce]])[[Th]]", "write 'CC([Ce])[Th]'"),
        ("[[X]]", "one pair of brackets"),
        ("CC,xx", "look at position 3"),
        ("[X]C", "look at position 2"),
        ("C(C)(C)(C)(C)C", "valence for atom # 0 C, 5, is greater than permitted"),
        ("n1cccc1", "[nH]"),
        ("C~C", "search pattern"),
        ("C |bogus|", "remove the extension"),
        ("*CC*", "repeat_units"),
        ("C" * (MAX_SMILES_LENGTH + 1), "more than the limit"),
        ("(" * MAX_SMILES_LENGTH, "not a valid SMILES"),
        ("[" * MAX_SMILES_LENGTH, "not a valid SMILES"),
    ],
)
def test_verdicts(text, part_of_reason):
    with pytest.raises(StructureError) as caught:
        read_structure(text)
    assert part_of_reason in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", ["C(", "n1cccc1", "CHCl3", "C |bogus|", "C[U](C"])
def test_rdkit_prints_nothing(text, capfd):
    with pytest.raises(StructureError):
        parse_smiles(text)
    read_structure("[Fe]")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "smiles", "n_heavy_atoms"),
    [
        ("[H][H]", "[H][H]", 0),
        ("[HH]", "[H][H]", 0),
        ("[SiH4]", "[SiH4]", 1),
        ("OB(O)c1ccccc1", "OB(O)c1ccccc1", 9),
        ("C[Ge](C)(C)C", "[CH3][Ge]([CH3])([CH3])[CH3]", 5),
        (BUCKMINSTERFULLERENE, None, 60),
        ("C1" + "C" * 300 + "1", None, 301),
    ],
)
def test_unusual_structures_are_accepted(text, smiles, n_heavy_atoms):
    structure = read_structure(text)
    assert smiles in (None, structure.smiles)
    assert structure.n_heavy_atoms == n_heavy_atoms
    assert not structure.warnings


@pytest.mark.parametrize(
    ("text", "smiles", "part_of_warning"),
    [
        ("\xa0CCO", "CCO", "NO-BREAK SPACE"),
        ("CCO\u200b", "CCO", "ZERO WIDTH SPACE"),
        ("CCO |c:1|", "CCO", "extension"),
        ("C[CH2:3][OH:1]", "CCO", "atom-map"),
        ("[13CH4]", "[13CH4]", "isotope"),
        ("[CH3]", "[CH3]", "unpaired electrons (1)"),
        ("CC[NH3+]", "CC[NH3+]", "net charge of +1"),
        ("CC(=O)[O-]", "CC(=O)[O-]", "net charge of -1"),
        ("CC(F)Cl", "CC(F)Cl", "undefined stereo centres or double bonds (1)"),
        ("FC=CF", "FC=CF", "undefined stereo centres or double bonds (1)"),
        ("N->[Fe]", "[NH3]->[Fe]", "bonds to metals (Fe)"),
    ],
)
def test_warnings(text, smiles, part_of_warning):
    structure = read_structure(text)
    assert structure.smiles == smiles
    assert len(structure.warnings) == 1
    assert part_of_warning in structure.warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        *("CCO", " CCO ", "C[C@H](F)Cl", "F/C=C/F", "CC(C)C", "[Na+].[Cl-]"),
        *("C1C2CC3CC1CC(C2)C3", "C1CN2CCN1CC2", "C12C3C4C1C5C2C3C45"),  # cages
        "C12C3C4C5C1C6C7C2C8C3C9C4C1C5C6C2C7C8C9C12",  # dodecahedrane
    ],
)
def test_ordinary_structures_have_no_warning(text):
    assert read_structure(text).warnings == ()


@pytest.mark.parametrize(
    ("salt", "kept", "organic_lost"),
    [
        ("C[NH3+].F[P-](F)(F)(F)(F)F", "F[P-](F)(F)(F)(F)F", True),
        ("C[NH3+].[O-]C(=O)[O-].[Na+]", "O=C([O-])[O-]", True),
        ("CCCCCCCC[NH3+].F[P-](F)(F)(F)(F)F", "CCCCCCCC[NH3+]", False),
        ("F[B-](F)(F)F.[Na+]", "F[B-](F)(F)F", False),
    ],
)
def test_an_organic_part_that_is_left_out_is_named(salt, kept, organic_lost):
    largest = read_structure(salt, fragments="largest")
    assert largest.smiles == kept
    assert ("an organic one was removed" in " | ".join(largest.warnings)) == organic_lost


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(("CC(=O)O", "CC(=O)[O-]", True), ("CCN", "CC[NH3+]", True), ("CS", "C[S-]", True)),
        *(("Oc1ccccc1", "[O-]c1ccccc1", True), ("c1ccncc1", "c1cc[nH+]cc1", True)),
        *(("NCC(=O)O", "[NH3+]CC(=O)[O-]", True), ("C[C@H](N)O", "CC(N)O", True)),
        *(("CCC(C)O", "CCC(C)[O-]", False), ("CCN", "CC[NH-]", False), ("CC", "C[CH2-]", False)),
        *(("CC(C)=O", "CC([O-])=C", False), ("CC(=O)O", "CC(=O)[O-].[Na+]", False)),
    ],
)
def test_charge_states_that_share_a_skeleton(one, other, same):
    assert (read_structure(one).connectivity == read_structure(other).connectivity) == same


def test_fragment_policies():
    salt = "CC(=O)[O-].[Na+].O"
    assert read_structure(salt).n_components == 3
    largest = read_structure(salt, fragments="largest")
    assert (largest.smiles, largest.n_components) == ("CC(=O)[O-]", 1)
    assert "'O.[Na+]' were removed" in largest.warnings[0]
    with pytest.raises(StructureError, match="3 components"):
        read_structure(salt, fragments="reject")
    assert read_structure("CCO", fragments="reject").smiles == "CCO"


def test_largest_of_equal_fragments_does_not_depend_on_their_order():
    found = {
        read_structure(text, fragments="largest").smiles for text in ("CCO.CCN.CCO", "NCC.OCC")
    }
    assert found == {"CCO"}  # ethanol is heavier than ethylamine


@pytest.mark.parametrize("smiles", RESPELLED)
def test_every_spelling_gives_one_structure(smiles):
    expected = read_structure(smiles)
    mol = Chem.MolFromSmiles(smiles)
    spellings = set(Chem.MolToRandomSmilesVect(mol, 30, randomSeed=7))
    kekule = Chem.MolFromSmiles(smiles)
    Chem.Kekulize(kekule, clearAromaticFlags=True)
    spellings.add(Chem.MolToSmiles(kekule, canonical=False, kekuleSmiles=True))
    spellings.add(Chem.MolToSmiles(Chem.AddHs(mol), allHsExplicit=True))
    for number, atom in enumerate(mol.GetAtoms(), 1):
        atom.SetAtomMapNum(number)
    spellings.add(Chem.MolToSmiles(mol))
    assert len(spellings) > 2
    for spelling in spellings:
        found = read_structure(spelling)
        assert (found.smiles, found.inchikey) == (expected.smiles, expected.inchikey)


def test_canonical_smiles_are_fixed_points():
    for smiles in RESPELLED:
        once = read_structure(smiles).smiles
        assert read_structure(once).smiles == once


def test_inchikey_matches_a_published_one():
    aspirin = read_structure("CC(=O)Oc1ccccc1C(=O)O")
    assert aspirin.inchikey == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"
    assert aspirin.connectivity == "BSYNRYMUTXBXSQ"


def test_skeleton_without_inchikey_is_the_molecule():
    structure = read_structure("N->[Fe]")
    assert structure.inchikey is None
    assert structure.connectivity == structure.molecule


def test_skeleton_joins_stereoisomers():
    left, right = read_structure("C[C@H](F)Cl"), read_structure("C[C@@H](F)Cl")
    assert left.connectivity == right.connectivity
    assert left.molecule != right.molecule


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("CNOcn[]()=#123456789+-.*@/\\%|>:~$HBrl \t"), max_size=30))
def test_any_text_gives_a_structure_or_a_reason(text):
    try:
        structure = read_structure(text, repeat_units="cap_methyl")
    except StructureError:
        return
    assert read_structure(structure.smiles).smiles == structure.smiles
