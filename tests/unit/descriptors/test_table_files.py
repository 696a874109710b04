"""The command describes a table of molecules as the workflow does, and loses no row silently."""

import csv
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from project_imports import ROOT
from rdkit import Chem

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.conformers.shards import embed_shard, minimise_shard
from confaug.descriptors import __main__ as command
from confaug.descriptors import table_files
from confaug.descriptors.describe_3d import describe_shard_3d
from confaug.descriptors.mordred2d import Mordred2D
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.request import Request
from confaug.descriptors.table_files import describe_table
from confaug.molecules.structures import molecule_id

#: Rows of a table: ethanol twice, an unreadable one, an atom without MMFF parameters.
SMILES = ("OCC", "c1cc", "CCO", "[Fe]", "c1ccccc1O", "CC(=O)O")
NAMES = ("MW", "nHeavyAtom", "PBF", "rdkit_qed")


def write(path, smiles=SMILES):
    path.write_text("name,smiles\n" + "".join(f"n{i},{s}\n" for i, s in enumerate(smiles)))
    return path


@pytest.fixture
def table(tmp_path):
    return write(tmp_path / "molecules.csv")


def run(*arguments, **options):
    """Run the command."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow" / "scripts")}
    command = [sys.executable, "-m", "confaug.descriptors", *map(str, arguments)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, **options
    )


def test_values_are_those_of_the_engine(table, tmp_path):
    outcome = describe_table(table, tmp_path / "out.parquet", Request())
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert found["row"].tolist() == [2, 4, 5, 6, 7]
    assert found["smiles"].tolist() == ["CCO", "CCO", "[Fe]", "Oc1ccccc1", "CC(=O)O"]
    assert found["molecule"].tolist() == [molecule_id(smiles) for smiles in found["smiles"]]
    expected, _ = Mordred2D()([Chem.MolFromSmiles(smiles) for smiles in found["smiles"]])
    np.testing.assert_array_equal(found[list(NAMES_2D)].to_numpy(), expected)
    assert (outcome.rows, outcome.unreadable, outcome.written) == (6, 1, 5)


def test_conformers_are_those_of_the_workflow(table, tmp_path):
    request = Request((), 2, ("dg", "etkdg_mmff"), repeats=2)
    outcome = describe_table(table, tmp_path / "out.parquet", request)
    found = pd.read_parquet(tmp_path / "out.parquet")
    phenol = found[found["row"] == 6]
    assert phenol[["protocol", "repeat", "conformer"]].to_records(index=False).tolist() == [
        (protocol, repeat, conformer)
        for protocol in ("dg", "etkdg_mmff")
        for repeat in (1, 2)
        for conformer in (0, 1)
    ]
    shard = pq.read_table(tmp_path / "out.parquet", columns=["molecule", "smiles"]).slice(0, 1)
    settings, etkdg = EmbeddingSettings(conformers_per_repeat=2), Protocol("etkdg")
    starts, _ = embed_shard(shard, etkdg, 2, settings)
    conformers, _ = minimise_shard(shard, starts, Protocol("etkdg", "mmff"), 2, settings)
    expected = describe_shard_3d(conformers, "etkdg_mmff", 2, "batched")[0].to_pandas()
    for row in (2, 4):  # a structure in two rows
        ethanol = found[found["row"] == row].query("protocol == 'etkdg_mmff' and repeat == 2")
        np.testing.assert_array_equal(
            ethanol[["energy", *NAMES_3D]].to_numpy(), expected[["energy", *NAMES_3D]].to_numpy()
        )
    assert outcome.incomplete == 1


def test_a_molecule_without_conformers_keeps_a_row(table, tmp_path):
    request = Request(("mordred_2d", "rdkit_2d"), 1, names=NAMES)
    describe_table(table, tmp_path / "out.parquet", request)
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert list(found.columns[-4:]) == ["MW", "nHeavyAtom", "rdkit_qed", "PBF"]
    iron = found[found["row"] == 5]
    assert iron[["protocol", "repeat", "conformer", "energy", "PBF"]].isna().all(axis=None)
    assert iron["MW"].tolist() == pytest.approx([55.93], abs=0.01)
    assert found.drop(iron.index).notna().all(axis=None)


def test_what_fails_is_listed_by_row(table, tmp_path):
    describe_table(table, tmp_path / "out.csv", Request((), 1))
    with (tmp_path / "out.failures.csv").open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert [(line["row"], line["stage"]) for line in listed] == [
        ("3", "read_smiles"),
        ("5", "minimise_conformers"),
    ]
    assert "unclosed ring" in listed[0]["reason"]
    assert "MMFF94 has no parameters" in listed[1]["reason"]


def test_csv_and_parquet_hold_the_same(table, tmp_path):
    request = Request(("mordred_2d", "rdkit_2d"), 1, ("dg",), names=(*NAMES, "BCUTp-1h", "PNSA5"))
    for ending in (".csv", ".parquet"):
        describe_table(table, tmp_path / f"out{ending}", request)
    text = pd.read_csv(tmp_path / "out.csv")
    assert "nan" not in (tmp_path / "out.csv").read_text().lower()
    assert text.isna().any(axis=None)
    pd.testing.assert_frame_equal(
        text, pd.read_parquet(tmp_path / "out.parquet"), check_dtype=False, rtol=0, atol=0
    )


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
@pytest.mark.parametrize("request_", [Request(names=NAMES[:2]), Request((), 2)], ids=["2D", "3D"])
def test_processes_change_no_byte(ending, request_, table, tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "ROWS_OF_A_BATCH", 2)
    monkeypatch.setattr(table_files, "ROWS_WITH_CONFORMERS", 2)
    written = []
    for processes in (1, 2, 3):
        output = tmp_path / f"{processes}{ending}"
        describe_table(table, output, request_, processes=processes)
        written.append((output.read_bytes(), output.with_suffix(".failures.csv").read_bytes()))
    assert written[0] == written[1] == written[2]


def test_row_groups_hold_several_batches(table, tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "ROWS_OF_A_BATCH", 1)
    monkeypatch.setattr(table_files, "VALUES_OF_A_GROUP", 3 * 5)  # rows of 5 columns
    describe_table(table, tmp_path / "out.parquet", Request(names=NAMES[:2]))
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [3, 2]


def test_workbooks_are_read(tmp_path):
    book = Workbook()
    for row in [("SMILES", "value"), ("CCO", 1), ("CC", 2)]:
        book.active.append(row)
    book.save(tmp_path / "molecules.xlsx")
    done = run("molecules.xlsx", "-o", "out.csv", "--kinds", "rdkit_2d", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(tmp_path / "out.csv")["rdkit_HeavyAtomCount"].tolist() == [3, 2]


def test_the_command_says_what_it_wrote_and_what_failed(table, tmp_path):
    (tmp_path / "names.txt").write_text("# two\nMW\n\nnHeavyAtom\n")
    arguments = (table.name, "-o", "out.parquet", "--names", "names.txt", "--jobs", 2)
    done = run(*arguments, cwd=tmp_path)
    assert done.stdout == (
        "wrote out.parquet: 5 rows with 2 descriptors each, from 5 of the 6 rows of "
        "molecules.csv; not read: 1, incomplete: 0, see out.failures.csv\n"
    )
    assert done.stderr == ""
    again = run(*arguments, cwd=tmp_path)
    assert again.returncode == 1
    assert again.stderr == (
        "Error: out.parquet exists already; name another file, or add --force\n"
    )
    before = (tmp_path / "out.parquet").read_bytes()
    assert run(*arguments, "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.parquet").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.csv", "-o", "out.csv"), "the table none.csv does not exist; give its path"),
        (("molecules.csv", "-o", "out.txt"), "out.txt ends in neither .parquet nor .csv"),
        (("molecules.csv", "-o", "molecules.csv", "--force"), "is the table itself"),
        (("molecules.csv", "-o", "."), "ends in neither"),
        (("molecules.csv", "-o", "out.csv", "--smiles", "smile"), "did you mean 'smiles'?"),
        (("molecules.csv", "-o", "out.csv", "--names", "none"), "the names in none cannot be read"),
        (("molecules.csv", "-o", "out.csv", "--jobs", "0"), "--jobs is 0"),
        (("molecules.csv", "-o", "out.csv", "--kinds", "x"), "'x' is no kind of columns"),
        (("molecules.csv", "-o", "molecules.csv/out.csv"), "molecules.csv"),
    ],
)
def test_mistakes_are_one_sentence(arguments, sentence, table, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for effect in ("_set_environment", "_log_to_console"):
        monkeypatch.setattr(command, effect, lambda **_: None)
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert str(ended.value).startswith("Error: ")
    assert "\n" not in str(ended.value)
    assert sentence in str(ended.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["molecules.csv"]


def test_an_interrupted_command_leaves_nothing_behind(tmp_path):
    write(tmp_path / "molecules.csv", ["C" * n for n in range(20, 60)])
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow" / "scripts")}
    words = ("molecules.csv", "-o", "out.csv", "--conformers", "500", "--jobs", "2")
    process = subprocess.Popen(
        [sys.executable, "-m", "confaug.descriptors", *words],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(list(tmp_path.iterdir())) == 1 and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1] == "Error: interrupted; nothing was written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["molecules.csv"]
