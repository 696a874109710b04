"""The same inputs give the same bytes, however and wherever the work was done.

What is guaranteed, and what it costs, is written in docs/determinism.md.
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from confaug.infrastructure.system import arithmetic_settings
from study import HOOKS, Study, digests

TABLES = ("augmented.parquet", "distribution.parquet")
OTHER_PYTHON = os.environ.get("CONFAUG_OTHER_PYTHON")
#: Everything that the environment of another user may have set otherwise.
FOREIGN = {
    "PYTHONHASHSEED": "7",
    "LC_ALL": "C",
    "LANG": "de_DE.UTF-8",
    "TZ": "Asia/Tokyo",
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "MPLBACKEND": "svg",
}


def sorted_rows(table: pa.Table) -> pd.DataFrame:
    """Rows in an order that does not depend on shards."""
    keys = [k for k in ("molecule", "protocol", "repeat", "conformer") if k in table.column_names]
    return table.sort_by([(key, "ascending") for key in keys]).to_pandas()


def assert_same_rows(mine: pa.Table, theirs: pa.Table) -> None:
    pd.testing.assert_frame_equal(sorted_rows(mine), sorted_rows(theirs), check_exact=True)


def test_one_core_and_a_foreign_environment_give_the_same_bytes(finished, tmp_path):
    other, renames = Study.fresh(tmp_path / "a folder with blanks" / "study"), tmp_path / "renames"
    hooked = {"PYTHONPATH": str(HOOKS), "CONFAUG_RENAMES": str(renames)}
    other.snakemake(cores=1, **FOREIGN, **hooked)
    assert digests(other.results) == digests(finished.results)
    # No output was ever there under its name before it was complete.
    renamed = dict(line.split("\t") for line in renames.read_text().splitlines())
    results = {name for name in renamed if Path(name).is_relative_to(other.results)}
    missing = [name for name in digests(other.results) if str(other.results / name) not in results]
    assert missing == []
    # Snakemake's own copies of the rules come before the settings of the jobs.
    arithmetic = arithmetic_settings().get("OPENBLAS_CORETYPE", "None")
    assert {renamed[name] for name in results} == {arithmetic}


def test_other_numbers_of_shards_and_cores_give_the_same_tables_and_models(finished, tmp_path):
    other = Study.fresh(tmp_path / "study")
    other.configure(shards__count=3)
    # On eight cores tunings train several folds at the same time.
    other.snakemake(cores=8, PYTHONHASHSEED="11", TZ="America/Lima")
    for name in TABLES:
        assert_same_rows(*(pq.read_table(s.results / name) for s in (other, finished)))
    mine, theirs = digests(other.results), digests(finished.results)
    sharded = ("shards/", "conformers/", "descriptors_", *TABLES)
    assert {k: v for k, v in mine.items() if not k.startswith(sharded)} == {
        k: v for k, v in theirs.items() if not k.startswith(sharded)
    }


@pytest.mark.parametrize(("count", "filled"), [(1, 1), (16, 12)])
def test_one_shard_and_sixteen_give_the_same_rows(study, finished, count, filled):
    study.configure(shards__count=count, embedding__protocols=["dg_uff"], embedding__repeats=1)
    study.snakemake("results/quick/augmented.parquet")
    assert len(list((study.results / "shards").glob("shard-*.csv"))) == filled
    mine, theirs = (pq.read_table(s.results / TABLES[0]) for s in (study, finished))
    subset = pc.and_(pc.equal(theirs["protocol"], "dg_uff"), pc.equal(theirs["repeat"], 1))
    assert_same_rows(mine, theirs.filter(subset))


@pytest.mark.skipif(
    OTHER_PYTHON is None,
    reason="CONFAUG_OTHER_PYTHON names no interpreter that has the packages of requirements.txt",
)
def test_another_python_with_the_same_packages_gives_the_same_bytes(finished, tmp_path):
    ask = "import sys; print(sys.version_info[:2])"
    versions = {
        subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout
        for python in (str(OTHER_PYTHON), sys.executable)
    }
    assert len(versions) == 2, f"CONFAUG_OTHER_PYTHON is the same Python: {versions}"
    other = Study.fresh(tmp_path / "study")
    other.snakemake(python=str(OTHER_PYTHON))
    assert digests(other.results) == digests(finished.results)
