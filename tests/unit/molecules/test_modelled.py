"""Which structure is modelled, and what stays together then, as cleaning finds out."""

import itertools
import time

import pyarrow.compute as pc
import pytest
from rdkit import Chem, rdBase
from test_cleaning import clean_rows

from confaug.config.settings.molecules import CleaningSettings
from confaug.molecules import modelled as module
from confaug.molecules.cleaning_messages import describe
from confaug.molecules.modelled import choose_modelled, fell_back
from confaug.molecules.polymerisation.repeat_units import AS_GIVEN
from confaug.molecules.sharding import shard_molecules, shard_work
from confaug.molecules.splitting import split_molecules

LACTIC_ACID, LACTIDE, STYRENE = "CC(O)C(=O)O", "CC1OC(=O)C(C)OC1=O", "C=Cc1ccccc1"
#: A unit of more atoms than a short chain of it may have.
LARGE = "*" + "C" * 120 + "O*"


def cleaned(*smiles, **cleaning):
    """Clean structures, labelled by their number, as polymers."""
    keys = {"polymers": "oligomer", "units": 3} | cleaning
    rows = [(text, str(number)) for number, text in enumerate(smiles)]
    return clean_rows(rows, {"cleaning": keys})


def by_smiles(table, column):
    return dict(zip(table["smiles"].to_pylist(), table[column].to_pylist(), strict=True))


def canonical(smiles):
    return Chem.CanonSmiles(smiles)


def test_a_study_as_given_looks_for_nothing():
    done = clean_rows([(LACTIDE, "1"), (STYRENE, "2")])
    molecules = done.molecules
    assert molecules["modelled_smiles"].equals(molecules["smiles"])
    for table, names in (
        (molecules, ("repeat_unit", "polymerisation_rule")),
        (done.ledger, ("repeat_unit", "polymerisation_rule", "polymer_note")),
    ):
        assert all(table[name].null_count == table.num_rows for name in names)
    assert not any("repeat unit" in line for line in describe(done))


@pytest.mark.parametrize(
    ("cleaning", "expected"),
    [
        ({"polymers": "repeat_unit"}, "CCc1ccccc1"),
        ({"polymers": "oligomer", "units": 2}, "CC(CCc1ccccc1)c1ccccc1"),
    ],
)
def test_a_monomer_keeps_its_identity_and_its_polymer_is_modelled(cleaning, expected):
    (line,) = cleaned(STYRENE, **cleaning).molecules.to_pylist()
    assert line["modelled_smiles"] == canonical(expected)
    assert line["smiles"] == STYRENE
    assert line["inchikey"] == "PPBRXRYQALVLMV-UHFFFAOYSA-N"
    assert line["n_heavy_atoms"] == 8
    assert (line["repeat_unit"], line["polymerisation_rule"]) == ("*CC(*)c1ccccc1", "vinyl")


def test_units_with_open_ends_are_joined_whatever_is_said_of_other_open_ends():
    done = cleaned("[2*]CC([1*])c1ccccc1", repeat_units="reject", units=2)
    (line,) = done.molecules.to_pylist()
    assert (line["smiles"], line["polymerisation_rule"]) == ("*CC(*)c1ccccc1", AS_GIVEN)
    assert line["modelled_smiles"] == canonical("CC(CCc1ccccc1)c1ccccc1")
    assert "metals" not in (done.ledger["warning"][0].as_py() or "")


@pytest.mark.parametrize(
    ("text", "reason"), [("*CC", "has 1"), ("*C(*)*", "has 3"), ("*=CC=*", "single bond")]
)
def test_open_ends_that_cannot_be_joined_are_treated_as_in_other_studies(text, reason):
    (line,) = cleaned(text).ledger.to_pylist()
    assert line["status"] == "rejected"
    assert reason in line["reason"]
    assert "repeat_units" in line["reason"]


def test_open_ends_that_cannot_be_joined_may_be_closed():
    (line,) = cleaned("*CCO", repeat_units="cap_methyl").molecules.to_pylist()
    assert line["smiles"] == canonical("CCCO")


def test_the_ledger_says_what_else_a_monomer_could_give():
    (line,) = cleaned("C=CC=C").ledger.to_pylist()
    assert line["polymerisation_rule"] == "conjugated diene, 1,4-addition"
    assert line["repeat_unit"] == "*CC=CC*"
    assert line["polymer_note"] == "also possible: *CC(*)C=C (vinyl)"
    assert line["warning"] is None


def test_a_structure_without_a_rule_is_modelled_as_given_with_a_warning():
    done = cleaned("CCO", STYRENE)
    line = done.ledger.to_pylist()[0]
    assert line["status"] == "accepted"
    assert line["polymerisation_rule"] is line["repeat_unit"] is None
    assert "1 hydroxyl" in line["polymer_note"]
    assert "the structure as given is modelled" in line["polymer_note"]
    assert line["polymer_note"] in line["warning"]
    assert by_smiles(done.molecules, "modelled_smiles")["CCO"] == "CCO"
    assert "repeat units of 1 of 2 molecules: vinyl (1)" in describe(done)
    assert any(line.startswith("WARNING: 1 molecule without") for line in describe(done))


def test_too_large_a_chain_falls_back_and_keeps_its_unit():
    done = cleaned(LARGE, units=5)
    (molecule,) = done.molecules.to_pylist()
    assert molecule["repeat_unit"] == canonical(LARGE)
    assert molecule["modelled_smiles"] == canonical("C" * 120 + "O")
    assert "605 atoms" in done.ledger["warning"][0].as_py()


def test_a_search_that_does_not_end_is_given_up(monkeypatch):
    def search(smiles):
        while smiles == "CC":
            time.process_time()
        return found(smiles)

    found = module.repeat_unit
    monkeypatch.setattr(module, "repeat_unit", search)
    monkeypatch.setattr(module, "SECONDS_PER_STRUCTURE", 1.0)
    chosen = choose_modelled(["CC", STYRENE], CleaningSettings(polymers="repeat_unit"))
    assert chosen["CC"].smiles == "CC"
    assert fell_back(chosen["CC"].note)
    assert chosen[STYRENE].repeat_unit == "*CC(*)c1ccccc1"


def test_an_error_of_the_search_concerns_one_structure_alone(monkeypatch):
    def fail(smiles):
        raise RuntimeError(f"no way with {smiles}")

    monkeypatch.setattr(module, "repeat_unit", fail)
    chosen = choose_modelled(["*CC*"], CleaningSettings(polymers="repeat_unit"))
    assert chosen["*CC*"].smiles == "CC"
    assert "RuntimeError" in chosen["*CC*"].note


ONE_POLYMER = (
    (LACTIC_ACID, LACTIDE),
    (STYRENE, "*CC(*)c1ccccc1"),
    ("C1CO1", "*CCO*", "*CCOCCO*"),
    ("C[C@H](O)C(=O)O", "CC1OC(=O)C(C)OC1=O"),  # with and without stereochemistry
)


@pytest.mark.parametrize("members", ONE_POLYMER)
def test_molecules_that_make_one_polymer_never_part(members):
    others = [f"C=CC(=O)O{'C' * n}" for n in range(1, 31)]
    done = cleaned(*others, *members).molecules
    names = by_smiles(done, "molecule")
    own = {names[canonical(one)] for one in members}
    assert len(own) == len(members)
    for replicate in range(1, 21):
        split = split_molecules(done, 0.5, 3, 1, replicate)
        rows = [row for row in split.to_pylist() if row["molecule"] in own]
        assert len({(row["part"], row["fold"]) for row in rows}) == 1


def test_other_groups_stay_as_they_are_without_polymers():
    rows = [(text, "1") for text in itertools.chain(*ONE_POLYMER) if "*" not in text]
    apart = clean_rows(rows, {"cleaning": {"polymers": "as_given"}}).molecules
    joined = clean_rows(rows, {"cleaning": {"polymers": "oligomer"}}).molecules
    assert len(pc.unique(joined["group"])) < len(pc.unique(apart["group"]))
    assert set(joined["group"].to_pylist()) < set(apart["group"].to_pylist())


@pytest.mark.parametrize(("group_by", "groups"), [("connectivity", 1), ("molecule", 2)])
def test_stereochemistry_of_a_unit_divides_as_it_does_of_a_molecule(group_by, groups):
    rows = [("C[C@H](O)C(=O)O", "1"), ("C[C@@H](O)C(=O)O", "2")]
    changes = {"cleaning": {"polymers": "repeat_unit"}, "splits": {"group_by": group_by}}
    assert len(pc.unique(clean_rows(rows, changes).molecules["group"])) == groups


@pytest.mark.parametrize(("group_by", "groups"), [("connectivity", 1), ("molecule", 3)])
def test_isotopes_of_a_unit_divide_as_they_do_of_a_molecule(group_by, groups):
    rows = [
        ("*CC(*)c1ccccc1", "1"),
        ("*C([2H])([2H])C(*)([2H])c1ccccc1", "2"),
        ("*CC(*)c1c([2H])cc[13cH]c1", "3"),
    ]
    changes = {"cleaning": {"polymers": "repeat_unit"}, "splits": {"group_by": group_by}}
    assert len(pc.unique(clean_rows(rows, changes).molecules["group"])) == groups


def test_nothing_is_printed_about_structures_with_open_ends(capfd):
    cleaned("*CC(*)C", "*C[C@H](C)O*")
    assert capfd.readouterr() == ("", "")


def test_the_order_of_rows_changes_nothing():
    texts = [*itertools.chain(*ONE_POLYMER), "CCO"]
    assert (
        cleaned(*texts)
        .molecules.drop_columns(["label"])
        .equals(cleaned(*texts[::-1]).molecules.drop_columns(["label"]))
    )


def test_shards_hold_what_is_modelled_and_what_was_given():
    molecules = cleaned(STYRENE, "*CC(*)C", "CCO", units=2).molecules
    (shard,) = shard_molecules(molecules, 1).values()
    found = {
        row["smiles_as_given"]: (row["smiles"], row["repeat_unit"]) for row in shard.to_pylist()
    }
    assert found == {
        STYRENE: (canonical("CC(CCc1ccccc1)c1ccccc1"), "*CC(*)c1ccccc1"),
        "CCC": (canonical("CCCC(C)C"), "*CC(*)C"),
        "CCO": ("CCO", None),
    }


def test_units_with_one_modelled_structure_are_warned_of():
    def warnings(*texts, **settings):
        return [line for line in describe(cleaned(*texts, **settings)) if "apart" in line]

    units = ("*CCO*", "*CC(*)O")
    assert warnings(*units, STYRENE, polymers="repeat_unit") == [
        "WARNING: 1 modelled structure of several repeat units, which have equal descriptors and "
        "conformers; the first is CCO, of *CC(*)O and *CCO*; the kind backbone tells them apart"
    ]
    assert not warnings(*units, STYRENE, polymers="oligomer"), "chains of them differ"
    assert not warnings("O=C1COC(=O)CO1", "O=C(O)CO", polymers="repeat_unit"), "one unit"


def test_work_is_that_of_what_is_modelled():
    molecules = cleaned("C=CC(=O)OCCCCCCCCCC", units=2).molecules
    shards = shard_molecules(molecules, 1)
    assert shard_work(shards, molecules) == {"0": 6.6}  # (30 / 16)^3, rounded up
    assert molecules["n_heavy_atoms"].to_pylist() == [15]


def test_every_modelled_structure_can_be_read_and_has_no_open_end():
    texts = [*itertools.chain(*ONE_POLYMER), "CCO", "[Na+].[Cl-]", LARGE, "[2H]C=C", "[He]"]
    for polymers in ("repeat_unit", "oligomer"):
        molecules = cleaned(*texts, polymers=polymers).molecules
        assert molecules.num_rows == len({canonical(text) for text in texts})
        with rdBase.BlockLogs():
            for smiles in molecules["modelled_smiles"].to_pylist():
                assert Chem.MolFromSmiles(smiles) is not None
                assert "*" not in smiles
