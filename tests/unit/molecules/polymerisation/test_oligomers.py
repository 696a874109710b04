import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from polymer_chains import segments, unit
from rdkit import Chem

from confaug.molecules.polymerisation.oligomers import (
    FEWEST_UNITS,
    MAX_OLIGOMER_ATOMS,
    MOST_UNITS,
    oligomer,
)
from confaug.molecules.smiles_checks import StructureError

lengths = st.integers(FEWEST_UNITS, MOST_UNITS)


def canonical(smiles):
    return Chem.CanonSmiles(Chem.CanonSmiles(smiles))


@st.composite
def written_units(draw):
    """Draw a unit that says what its stereo centres are.

    In *[C@H](C)* the two * are equal, so that RDKit sees no stereo centre.
    """
    parts = draw(segments)
    lone = Chem.FindMolChiralCenters(Chem.MolFromSmiles(unit(parts)))
    pair = Chem.FindMolChiralCenters(Chem.MolFromSmiles(unit(parts * 2)))
    assume(len(pair) == 2 * len(lone))
    return parts


@given(written_units(), lengths)
def test_methyl_caps_are_text_around_repeated_text(parts, units):
    assert oligomer(unit(parts), units, "methyl") == canonical(f"C{''.join(parts) * units}C")


@given(written_units(), lengths)
def test_hydrogen_caps_are_text_around_repeated_text(parts, units):
    assert oligomer(unit(parts), units) == canonical(f"[H]{''.join(parts) * units}[H]")


@pytest.mark.parametrize(
    ("unit_smiles", "units", "caps", "expected"),
    [
        ("*CC(*)c1ccccc1", 2, "hydrogen", "CC(CCc1ccccc1)c1ccccc1"),
        ("*c1ccc(*)cc1", 3, "hydrogen", "c1ccc(-c2ccc(-c3ccccc3)cc2)cc1"),
        ("*O[Si](*)(C)C", 2, "methyl", "CO[Si](C)(C)O[Si](C)(C)C"),
        ("*c1ccc[n]1*", 2, "hydrogen", "c1c[nH]c(-n2cccc2)c1"),
        ("*C[C@H](*)F", 2, "methyl", "CC[C@H](C[C@H](C)F)F"),
    ],
)
def test_known_oligomers(unit_smiles, units, caps, expected):
    assert oligomer(unit_smiles, units, caps) == canonical(expected)


@pytest.mark.parametrize("units", [-1, 0, 1, 6, 10**9])
def test_number_of_units_is_bounded(units):
    with pytest.raises(ValueError, match="2 to 5 units"):
        oligomer("*CC*", units)


def test_size_is_bounded():
    assert oligomer(f"*{'C' * 100}*", 5) == "C" * MAX_OLIGOMER_ATOMS
    with pytest.raises(StructureError, match="505 atoms"):
        oligomer(f"*{'C' * 101}*", 5)


def test_what_is_no_unit_is_refused():
    with pytest.raises(StructureError, match="two open ends"):
        oligomer("CC", 2)
