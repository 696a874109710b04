"""The polymer Tg table holds every fact of its source, errors included."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from csv_rows import read_rows
from rdkit import Chem, rdBase

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "resources" / "polymer_tg.csv"
SOURCE = ROOT.parent / "shared" / "data" / "thavanani_molecules.csv"


@pytest.fixture(scope="module")
def lines():
    return read_rows(TABLE)


def source_rows(line):
    return [int(number) for number in line["source_rows"].split()]


def test_lines_are_distinct_and_in_canonical_order(lines):
    facts = [(line["name"], line["smiles"], line["tg"]) for line in lines]
    assert facts == sorted(set(facts))


def test_counts(lines):
    assert len(lines) == 236
    assert sum(int(line["occurrences"]) for line in lines) == 352
    assert all(int(line["occurrences"]) == len(source_rows(line)) for line in lines)
    everywhere = [number for line in lines for number in source_rows(line)]
    assert len(set(everywhere)) == 352
    assert (min(everywhere), max(everywhere)) == (1, 392)
    temperatures = [float(line["tg"]) for line in lines]
    assert (min(temperatures), max(temperatures)) == (178, 538)


def test_structures_of_the_source(lines):
    rows = Counter()
    labels: dict[str, set[str]] = {}
    with rdBase.BlockLogs():
        for line in lines:
            mol = Chem.MolFromSmiles(line["smiles"].strip())
            smiles = Chem.MolToSmiles(mol) if mol else ""
            rows[smiles] += int(line["occurrences"])
            labels.setdefault(smiles, set()).add(line["tg"])
    assert rows.pop("") == 1
    assert len(rows) == 223
    assert sum(n for n in rows.values() if n > 1) == 252
    assert sum(n for smiles, n in rows.items() if "." in smiles) == 52
    contradictions = {smiles: found for smiles, found in labels.items() if len(found) > 1}
    assert contradictions == {"C=CC(=O)OCCCCCC": {"216", "308"}, "O=C1CCCCCO1": {"207", "208"}}


def test_table_expands_to_its_source(lines):
    if not SOURCE.exists():
        pytest.skip(f"the published table is not at {SOURCE}")
    with SOURCE.open(newline="", encoding="latin-1") as file:
        published = {number: row for number, row in enumerate(csv.reader(file), 1) if any(row)}
    expanded = {
        number: [line["tg"], line["smiles"], line["name"]]
        for line in lines
        for number in source_rows(line)
    }
    assert expanded == published
