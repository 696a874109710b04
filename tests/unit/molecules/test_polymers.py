import pytest

from confaug.molecules.smiles_checks import StructureError
from confaug.molecules.structures import read_structure


@pytest.mark.parametrize(
    ("text", "hydrogen", "methyl"),
    [
        ("*CC*", "CC", "CCCC"),
        ("[*:1]CC([*:2])c1ccccc1", "CCc1ccccc1", "CCC(C)c1ccccc1"),
        ("[1*]C(=O)O", "O=CO", "CC(=O)O"),
        ("*c1ccccc1", "c1ccccc1", "Cc1ccccc1"),
        ("CC(*)O |$;;_R1;$|", "CCO", "CC(C)O"),
    ],
)
def test_repeat_units_are_closed(text, hydrogen, methyl):
    assert read_structure(text, repeat_units="cap_hydrogen").smiles == hydrogen
    assert read_structure(text, repeat_units="cap_methyl").smiles == methyl


@pytest.mark.parametrize("text", ["*", "*=C", "C1*C1", "*.C"])
@pytest.mark.parametrize("policy", ["cap_hydrogen", "cap_methyl"])
def test_ends_that_cannot_be_closed(text, policy):
    with pytest.raises(StructureError, match="one single bond"):
        read_structure(text, repeat_units=policy)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *(("C[*-]", "charge"), ("[*+]CC*", "charge"), ("[*H]CC", "hydrogens")),
        *(("**", "another *"), ("C**", "one single bond"), ("[H]*", "hydrogen"), ("**.CCO", "*")),
        *(("C*=*", "one single bond"), ("c1cc*cc1", "one single bond"), ("*#C", "single bond")),
    ],
)
@pytest.mark.parametrize("policy", ["cap_hydrogen", "cap_methyl"])
def test_ends_that_closing_would_change(text, problem, policy):
    with pytest.raises(StructureError, match="open end") as caught:
        read_structure(text, repeat_units=policy)
    assert problem in str(caught.value)
