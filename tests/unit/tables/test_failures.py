"""The log of all failures sums them up by stage, protocol and reason."""

import logging
import runpy
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa

from confaug.tables.engine import read_table, write_table
from confaug.tables.failures import FAILURES

SCRIPT = Path(__file__).parents[3] / "workflow" / "scripts" / "merge_failures.py"


def failure(molecule, protocol, conformer, reason):
    return {
        "stage": "embed_conformers",
        "molecule": molecule,
        "protocol": protocol,
        "repeat": 1,
        "conformer": conformer,
        "reason": reason,
    }


def test_failures_are_summed_up_in_the_log(tmp_path, caplog):
    turned, lacking = "a double bond differs from the SMILES", "no parameters"
    shards = [
        [failure("m1", "dg_mmff", 3, turned), failure("m1", "dg_mmff", 1, turned)],
        [failure("m0", "dg_uff", None, lacking), failure("m2", "dg_mmff", None, turned)],
    ]
    paths = [tmp_path / f"{number}.csv" for number in range(2)]
    for path, rows in zip(paths, shards, strict=True):
        write_table(pa.Table.from_pylist(rows, schema=FAILURES.schema()), path, FAILURES)
    output = tmp_path / "failures.csv"
    snakemake = SimpleNamespace(
        input=list(map(str, paths)),
        output=SimpleNamespace(table=str(output)),
        log=[str(tmp_path / "job.log")],
    )
    with caplog.at_level(logging.INFO, "confaug"):
        runpy.run_path(str(SCRIPT))["main"](snakemake)
    assert f"embed_conformers, dg_mmff: {turned} (records: 3, molecules: 2)" in caplog.messages
    assert f"embed_conformers, dg_uff: {lacking} (records: 1, molecules: 1)" in caplog.messages
    assert "4 failures recorded" in caplog.messages
    assert read_table(output, FAILURES)["molecule"].to_pylist() == ["m0", "m1", "m1", "m2"]
