import csv
import dataclasses
import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from confaug.errors import UserError
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_messages import describe, require_learnable
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import Record, read_records
from confaug.molecules.smiles import parse_smiles
from confaug.molecules.smiles_checks import StructureError
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import LEDGER, MOLECULES

ROOT = Path(__file__).parents[3]
HOSTILE = ROOT / "tests" / "data" / "hostile"
POLYMERS = ROOT / "resources" / "polymer_tg.csv"


def make_settings(changes=None):
    """Return the sections of the configuration that cleaning takes, with some keys changed."""
    made = {
        "input": {
            "smiles_column": "smiles",
            "label_column": "tg",
            "name_column": "name",
            "id_column": None,
            "split_column": None,
        },
        "property": {"transform": "none"},
        "cleaning": {
            "fragments": "keep",
            "duplicates": "median",
            "tolerance": 5.0,
            "repeat_units": "reject",
            "unlabelled": "reject",
            "gross_conflict": None,
        },
        "splits": {"group_by": "connectivity"},
    }
    for section, keys in (changes or {}).items():
        made[section].update(keys)
    return made


def clean(path, changes=None):
    configuration = make_settings(changes)
    return clean_molecules(
        read_records(path, configuration["input"]).records, CleaningRules.of(configuration)
    )


def clean_rows(rows, changes=None):
    """Clean rows of (SMILES, label) or (SMILES, label, name)."""
    records = [Record(n, *row[:2], name=(*row, None)[2]) for n, row in enumerate(rows, 1)]
    return clean_molecules(records, CleaningRules.of(make_settings(changes)))


def hostile_cases():
    for path in sorted(HOSTILE.glob("*.expected.json")):
        table = path.name.removesuffix(".expected.json")
        for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            yield pytest.param(HOSTILE / table, case, id=f"{table}-{number}")


def assert_verdict(found, expected):
    assert found["status"] == expected["status"], found
    for key in ("reason", "warning"):
        assert expected.get(key, "") in (found[key] or ""), found
    for key in ("row", "smiles", "label"):
        assert expected.get(key, found[key]) == found[key], found
    if found["status"] == "rejected":
        assert found["molecule"] is found["smiles"] is found["label"] is found["warning"] is None
    if found["status"] != "accepted":
        assert found["reason"].isprintable()


@pytest.mark.parametrize(("path", "case"), list(hostile_cases()))
def test_hostile_table(path, case):
    configuration = make_settings(case.get("settings"))
    if "error" in case and "rows" not in case:
        with pytest.raises(UserError) as caught:
            require_learnable(
                clean_molecules(
                    read_records(path, configuration["input"]).records,
                    CleaningRules.of(configuration),
                )
            )
        assert case["error"] in str(caught.value)
        assert str(caught.value).isprintable()
        return
    table = read_records(path, configuration["input"])
    expected_warnings = case.get("file_warnings", [])
    assert len(table.warnings) == len(expected_warnings)
    for found, expected in zip(table.warnings, expected_warnings, strict=True):
        assert expected in found
    cleaned = clean_molecules(table.records, CleaningRules.of(configuration))
    for found, expected in zip(cleaned.ledger.to_pylist(), case["rows"], strict=True):
        assert_verdict(found, expected)
    counts = cleaned.counts
    assert counts["read"] == cleaned.ledger.num_rows
    assert counts["read"] == sum(counts.values()) - counts["read"]
    if "error" in case:
        with pytest.raises(UserError, match=case["error"]):
            require_learnable(cleaned)
    else:
        require_learnable(cleaned)
        assert cleaned.molecules.num_rows == case["molecules"]
    if "log" in case:
        assert any(case["log"] in line for line in describe(cleaned))


def test_every_hostile_table_has_a_verdict():
    tables = {p.name for p in HOSTILE.iterdir() if p.suffix in (".csv", ".tsv", ".xlsx")}
    verdicts = {p.name.removesuffix(".expected.json") for p in HOSTILE.glob("*.expected.json")}
    assert tables == verdicts
    assert len(tables) > 30


def test_polymers():
    cleaned = clean(POLYMERS)
    assert cleaned.summary == (
        "read 236 rows: 222 accepted, 11 merged, 2 conflict, 1 rejected -> 223 molecules"
    )
    require_learnable(cleaned)
    by_smiles = {line["smiles"]: line for line in cleaned.molecules.to_pylist()}
    assert by_smiles["C=CC(=O)OCCCCCC"]["label"] == 262.0
    assert by_smiles["O=C1CCCCCO1"]["label"] == 207.5
    assert sum(line["n_components"] == 2 for line in by_smiles.values()) == 39
    assert sum(line["n_rows"] for line in by_smiles.values()) == 235
    assert len({line["group"] for line in by_smiles.values()}) == 223


def test_polymers_without_conflicts():
    cleaned = clean(POLYMERS, {"cleaning": {"duplicates": "reject_conflicts"}})
    assert cleaned.molecules.num_rows == 222
    assert "C=CC(=O)OCCCCCC" not in cleaned.molecules["smiles"].to_pylist()


@pytest.mark.parametrize(
    ("decimal", "labels"),
    [("auto", [None, None]), ("comma", [1.362, 1.405]), ("point", [None, None])],
)
def test_the_decimal_sign_can_be_said_where_it_cannot_be_told(decimal, labels):
    cleaned = clean_rows([("CCO", "1,362"), ("C", "1,405")], {"input": {"decimal": decimal}})
    assert cleaned.ledger["label"].to_pylist() == labels
    for reason in cleaned.ledger["reason"].drop_null().to_pylist():
        assert "set input: decimal to comma" in reason


def test_decimal_commas_of_a_whole_column_are_read_and_told(caplog):
    with caplog.at_level("INFO", "confaug"):
        cleaned = clean_rows([("CCO", "155,9"), ("C", "160")])
    assert cleaned.ledger["label"].to_pylist() == [155.9, 160.0]
    assert "decimal commas" in caplog.text
    caplog.clear()
    with caplog.at_level("INFO", "confaug"):
        clean_rows([("CCO", "155,9"), ("C", "160.5")])
    assert "decimal commas" not in caplog.text


def test_the_tolerance_itself_is_no_conflict():
    rows = [("CCO", "1.0"), ("OCC", "1.1"), ("C", "2")]
    assert clean_rows(rows, {"cleaning": {"tolerance": 0.1}}).counts["conflict"] == 0
    assert clean_rows(rows, {"cleaning": {"tolerance": 0.09}}).counts["conflict"] == 2


USUAL = [("C" * n + "O", str(100 + 10 * n)) for n in range(4, 40)]


def test_gross_conflicts_are_left_out_and_named():
    gross = [("CCO", "149.6"), ("OCC", "1466"), ("CCN", "216"), ("NCC", "308")]
    cleaned = clean_rows([*gross, *USUAL], {"cleaning": {"gross_conflict": 5}})
    lines = cleaned.ledger.to_pylist()[:4]
    assert {line["status"] for line in lines} == {"conflict"}
    for line in lines[:2]:
        assert "typing error" in line["reason"]
        assert "rows 1, 2" in line["reason"]
    assert "their median, 262, was used" in lines[2]["reason"]
    assert cleaned.molecules.num_rows == len(USUAL) + 1
    assert cleaned.labels["gross_conflicts"] == 1
    kept = clean_rows([*gross, *USUAL], {"cleaning": {"gross_conflict": None}})
    assert 807.8 in kept.molecules["label"].to_pylist()


@pytest.mark.parametrize(
    ("labels", "odd"),
    [
        (["351.4"] * 28 + ["3514"], "in row 29 with 3514;"),
        (["351.4"] * 26 + ["3514", "351.6", "9999"], "in rows 27, 29 with 3514 to 9999;"),
        (["351.4", "3514"], "in one of them;"),
        (["351.4", "351.5", "3514", "3515"], "in one of them;"),
    ],
)
def test_of_many_replicates_those_are_named_that_are_far_from_most(labels, odd):
    rows = [("CCO", label) for label in labels]
    cleaned = clean_rows([*rows, *USUAL], {"cleaning": {"gross_conflict": 5}})
    reasons = {line["reason"] for line in cleaned.ledger.to_pylist()[: len(rows)]}
    (reason,) = reasons
    assert f"a typing error {odd}" in reason
    assert ("(rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 19 more)" in reason) == (len(rows) == 29)


def test_labels_that_scatter_name_the_rows_that_differ():
    rows = [("CCO", label) for label in ("300", "300.2", "300.1", "309")]
    (reason,) = {
        line["reason"]
        for line in clean_rows([*rows, *USUAL], {"cleaning": {"tolerance": 1}}).ledger.to_pylist()[
            :4
        ]
    }
    assert "(rows 1, 2, 3, 4)" in reason
    assert "far from the others: row 4 with 309;" in reason


@pytest.mark.parametrize("wrong", ["200000", "-999", "1e30", "0.001"])
def test_labels_that_look_wrong_are_warned_of_and_kept(wrong):
    cleaned = clean_rows([*USUAL, ("CCN", wrong, "odd one")])
    warnings = cleaned.ledger["warning"].to_pylist()
    assert "far from all others (140 to 490)" in warnings[-1]
    assert warnings[:-1] == [None] * len(USUAL)
    assert cleaned.molecules.num_rows == len(USUAL) + 1
    (line,) = [line for line in describe(cleaned) if line.startswith("WARNING")]
    assert "'odd one'" in line
    (fact,) = cleaned.labels["doubtful"]
    assert (fact["row"], fact["name"], fact["label"]) == (37, "odd one", float(wrong))


def test_repeated_measurements_that_agree_give_their_scatter():
    rows = [("CCO", "100"), ("OCC", "104"), ("CCN", "7"), ("NCC", "7"), ("CCF", "1"), ("FCC", "90")]
    assert clean_rows(rows).labels["replicates"] == {
        "molecules": 1,
        "scatter": pytest.approx(8**0.5),
        "copies": 1,
    }


def test_groups():
    rows = [("C[C@H](F)Cl", "1"), ("C[C@@H](F)Cl", "2"), ("N->[Fe]", "3")]
    by_skeleton = clean_rows(rows).molecules
    assert len(set(by_skeleton["group"].to_pylist())) == 2
    by_molecule = clean_rows(rows, {"splits": {"group_by": "molecule"}}).molecules
    assert by_molecule["group"].to_pylist() == by_molecule["molecule"].to_pylist()


def test_fixed_parts():
    changes = {"input": {"split_column": "set"}}
    molecules = clean(HOSTILE / "split.csv", changes).molecules.to_pylist()
    assert {m["smiles"]: m["fixed_part"] for m in molecules} == {
        "CCO": "train",
        "CCN": "test",
        "CCC": None,
    }


OCCURRENCES = {"input": {"name_column": None, "occurrences_column": "times"}}


def test_occurrences_are_carried_in_any_encoding(tmp_path):
    path = tmp_path / "a.csv"
    text = "# count\nsmiles,tg,times,µ\nCCO,1,3,µ\n\nCCN,2,,\n"
    path.write_bytes(text.encode("cp1252"))
    assert clean(path, OCCURRENCES).ledger["occurrences"].to_pylist() == [3, None]
    without = clean(path, {"input": {"name_column": None}}).ledger
    assert without["occurrences"].null_count == 2


@pytest.mark.parametrize("times", ["often", "0", "-1", "1.5", "²"])
def test_occurrences_must_be_whole_numbers(tmp_path, times):
    path = tmp_path / "a.csv"
    path.write_text(f"smiles,tg,times\nCCO,1,2\nCCN,2,{times}\n", encoding="utf-8")
    with pytest.raises(
        UserError, match=r"^row 3 of a.csv has .*occurrences_column\); write an integer"
    ):
        clean(path, OCCURRENCES)


def test_missing_column_of_occurrences_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("smiles,tg\nCCO,1\n")
    with pytest.raises(UserError, match=r"no column 'times' \(input: occurrences_column\)"):
        clean(path, OCCURRENCES)


def test_unlabelled_rows_are_molecules_without_a_label():
    cleaned = clean_rows([("CCO", None), ("C", "1")], {"cleaning": {"unlabelled": "keep"}})
    assert {m["smiles"]: m["label"] for m in cleaned.molecules.to_pylist()} == {"CCO": None, "C": 1}


@pytest.mark.parametrize(("smiles", "helps"), [("CCO", True), ("CCO.CCN", False)])
def test_keeping_unlabelled_rows_is_proposed_only_where_it_helps(smiles, helps):
    cleaned = clean_rows([(smiles, None)], {"cleaning": {"fragments": "reject"}})
    (reason,) = cleaned.ledger["reason"].to_pylist()
    assert "the label is empty" in reason
    assert ("unlabelled to keep" in reason) is helps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CS(C)=O", "C[S+](C)[O-]"),
        ("[Na]OC(C)=O", "[Na+].[O-]C(C)=O"),
        ("NCC(O)=O", "[NH3+]CC([O-])=O"),
    ],
)
def test_one_substance_with_its_charges_written_in_two_ways_is_flagged(one, other):
    cleaned = clean_rows([(one, "1"), (other, "2"), ("CCO", "3"), (other, "2")])
    smiles, warnings = (cleaned.ledger[name].to_pylist() for name in ("smiles", "warning"))
    assert cleaned.molecules.num_rows == 3
    for row, twin in ((0, 1), (1, 0), (3, 0)):
        assert f"has the same InChIKey as '{smiles[twin]}', another molecule" in warnings[row]
    assert warnings[2] is None
    assert len(set(cleaned.molecules["group"].to_pylist())) == 2, "one side of every split"


def test_tautomers_are_flagged_once():
    cleaned = clean_rows([("Oc1ccccn1", "1"), ("O=c1cccc[nH]1", "2")])
    for warning in cleaned.ledger["warning"].to_pylist():
        assert "may be a tautomer of" in warning
        assert "InChIKey" not in warning


def test_nothing_to_clean():
    cleaned = clean_rows([])
    assert cleaned.counts == {"read": 0, "accepted": 0, "merged": 0, "conflict": 0, "rejected": 0}
    with pytest.raises(UserError, match="no molecule has a usable label"):
        require_learnable(cleaned)


@pytest.mark.parametrize(
    ("label", "size"), [("1e101", "large"), ("-2e300", "large"), ("1e-150", "small")]
)
def test_labels_whose_squares_cannot_be_computed_are_refused(label, size):
    cleaned = clean_rows([("C", label), ("CC", "1e39"), ("CCC", "0"), ("CCCC", "-1e-39")])
    assert cleaned.ledger["status"].to_pylist() == ["rejected", *["accepted"] * 3]
    assert f"too {size} to compute with" in cleaned.ledger["reason"][0].as_py()


def test_log_lines_are_few():
    cleaned = clean_rows([("bad one", "1")] * 100 + [("CCO", "1")])
    lines = describe(cleaned)
    assert len(lines) == 8
    assert lines[5] == "and 95 more such rows, see molecules/ledger.csv"
    assert lines[6].startswith("WARNING: 99% of the rows were rejected; for example row 1")
    assert lines[7] == cleaned.summary


def test_rows_are_called_as_their_file_and_their_owner_call_them(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        '# notes\nno,name,smiles,tg\n\nA1,"two\nlines",CCO,1\nA2,,OCC,9\n,odd,C C,2\nA4,,CCN,3\n'
    )
    cleaned = clean(path, {"input": {"id_column": "no"}})
    assert cleaned.ledger["row"].to_pylist() == [4, 6, 7, 8]
    lines = describe(cleaned)
    assert lines[0].startswith("row 4 of mine.csv ('A1', 'two\\nlines') conflict: ")
    assert "(rows 4, 6)" in lines[0]
    assert lines[1].startswith("row 6 of mine.csv ('A2') conflict: ")
    assert lines[2].startswith("row 7 of mine.csv ('odd') rejected: ")
    assert lines[3].endswith("for example " + lines[2].replace(" rejected", ""))


FORMULA_TEXTS = ["=1", "+x", "-x", "-5", "@x", "'=x", "''=x", "'x", "＝x", "a=b", 'q"=,', "+1e5"]


@given(
    st.lists(st.one_of(st.sampled_from(FORMULA_TEXTS), st.text("='+-@ab\t\n,\"＝5", min_size=1)))
)
def test_user_text_survives_csv_and_never_begins_a_formula(tmp_path_factory, texts):
    lines = [
        {"row": row, "status": "rejected", "id": text, "name": text, "input_smiles": text}
        for row, text in enumerate(texts, 1)
    ]
    table = pa.Table.from_pylist(lines, schema=LEDGER.schema())
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    write_table(table, path, LEDGER)
    assert read_table(path, LEDGER).equals(table)
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            for field in (line["id"], line["name"], line["input_smiles"]):
                is_number = field.lstrip("+-").replace(".", "").replace("e", "").isdigit()
                assert is_number or field[0] not in "=+-@\t\r\n＝＋－＠"


def test_ledger_and_molecules_survive_csv(tmp_path):
    cleaned = clean(HOSTILE / "formulas.csv")
    write_table(cleaned.ledger, tmp_path / "ledger.csv", LEDGER)
    write_table(cleaned.molecules, tmp_path / "molecules.csv", MOLECULES)
    assert read_table(tmp_path / "ledger.csv", LEDGER).equals(cleaned.ledger)
    assert read_table(tmp_path / "molecules.csv", MOLECULES).equals(cleaned.molecules)
    assert b'"=' not in (tmp_path / "molecules.csv").read_bytes()


@pytest.fixture(scope="module")
def polymers():
    return read_records(POLYMERS, make_settings()["input"]).records


@pytest.fixture(scope="module")
def polymer_molecules(polymers):
    return clean_molecules(polymers, CleaningRules.of(make_settings())).molecules


def respell(smiles, source):
    """Write a SMILES from another atom and in another order; leave what is none as it is."""
    try:
        mol = parse_smiles(smiles or "")
    except StructureError:
        return smiles
    return Chem.MolToRandomSmilesVect(mol, 1, randomSeed=source.randint(1, 10**6))[0]


def shuffle_and_respell(records, seed):
    """Return the rows in another order, their structures spelt otherwise, numbered anew."""
    source = random.Random(seed)
    shuffled = [
        dataclasses.replace(record, smiles=respell(record.smiles, source)) for record in records
    ]
    source.shuffle(shuffled)
    return [dataclasses.replace(record, row=n) for n, record in enumerate(shuffled, 1)]


@pytest.mark.parametrize(
    ("path", "case"), [case for case in hostile_cases() if "rows" in case.values[1]]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_spelling_of_a_hostile_table_do_not_matter(path, case, seed):
    configuration = make_settings(case.get("settings"))
    records = read_records(path, configuration["input"]).records
    expected = clean_molecules(records, CleaningRules.of(configuration))
    found = clean_molecules(shuffle_and_respell(records, seed), CleaningRules.of(configuration))
    assert found.molecules.equals(expected.molecules)
    assert found.counts == expected.counts


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_order_and_spelling_do_not_matter(polymers, polymer_molecules, seed):
    shuffled = shuffle_and_respell(polymers, seed)
    cleaned = clean_molecules(shuffled, CleaningRules.of(make_settings()))
    assert cleaned.molecules.equals(polymer_molecules)
    assert cleaned.counts == clean_molecules(polymers, CleaningRules.of(make_settings())).counts


@settings(deadline=None, max_examples=10)
@given(
    separator=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_the_dress_of_the_file_does_not_matter(
    tmp_path_factory, polymer_molecules, separator, newline, encoding, quoting
):
    with POLYMERS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator=newline, quoting=quoting).writerows(rows)
    path = tmp_path_factory.mktemp("dress") / "table.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    assert clean(path).molecules.equals(polymer_molecules)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CCO", "OCC", "C", "bad", "C C", "[Na+].[Cl-]", "*C", "", "CC(F)Cl"]),
            st.sampled_from(["1", "2.5", "9", "nan", "1,5", "", ">3", "-4"]),
            st.sampled_from(["a", "b", "", "=c"]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
    st.sampled_from(["median", "mean", "reject_conflicts"]),
    st.sampled_from(["reject", "keep"]),
)
def test_counts_always_add_up(rows, source, duplicates, unlabelled):
    changes = {"cleaning": {"duplicates": duplicates, "unlabelled": unlabelled}}
    cleaned = clean_rows(rows, changes)
    statuses = cleaned.ledger["status"].to_pylist()
    assert cleaned.counts["read"] == len(rows) == len(statuses)
    in_molecules = set(cleaned.molecules["molecule"].to_pylist())
    kept = [m for m in cleaned.ledger["molecule"].to_pylist() if m in in_molecules]
    assert sum(cleaned.molecules["n_rows"].to_pylist()) == len(kept)
    assert in_molecules == set(kept)
    source.shuffle(rows)
    assert clean_rows(rows, changes).molecules.equals(cleaned.molecules)
