"""The same inputs give the same bytes, however the work was divided."""

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from study import Study

#: These say when and how long.
NOT_COMPARED = ("logs/", "benchmarks/", "report/index.html")


def digests(results: Path) -> dict[str, str]:
    files = (p for p in sorted(results.rglob("*")) if p.is_file())
    names = {str(p.relative_to(results)): p for p in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not name.startswith(NOT_COMPARED) and not name.endswith(".partial.jsonl")
    }


def test_one_core_and_a_foreign_environment_give_the_same_bytes(finished, tmp_path):
    other = Study.fresh(tmp_path / "a folder with blanks" / "study")
    other.snakemake(cores=1, PYTHONHASHSEED="7", LC_ALL="C", TZ="Asia/Tokyo", LANG="de_DE.UTF-8")
    assert digests(other.results) == digests(finished.results)


def test_another_number_of_shards_gives_the_same_tables_and_models(finished, tmp_path):
    other = Study.fresh(tmp_path / "study")
    other.configure(shards__count=3)
    other.snakemake()
    for name in ("augmented.parquet", "distribution.parquet"):
        mine, theirs = (pq.read_table(s.results / name) for s in (other, finished))
        keys = [k for k in ("molecule", "protocol", "seed", "conformer") if k in mine.column_names]
        order = [(key, "ascending") for key in keys]
        pd.testing.assert_frame_equal(
            mine.sort_by(order).to_pandas(), theirs.sort_by(order).to_pandas(), check_exact=True
        )
    mine, theirs = digests(other.results), digests(finished.results)
    sharded = ("shards/", "conformers/", "descriptors_", "augmented", "distribution")
    assert {k: v for k, v in mine.items() if not k.startswith(sharded)} == {
        k: v for k, v in theirs.items() if not k.startswith(sharded)
    }
