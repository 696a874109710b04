"""Time the job describe_2d as a whole process, with either engine.

    python tests/benchmarks/benchmark_describe_2d.py [--repeats 3] [--candidates 2000]

A job is the script as Snakemake runs it, with imports, the child process, reading and writing, on
one thread. The shards are 16 bundled molecules, all of them, and candidates put together from
their pieces. Engines take turns; medians of processor time are shown. "First" is the first job
after an installation, which compiles the loops. Last come the differences between the engines.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from candidates import bundled, candidates

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

ENGINES = ("mordred", "batched")
SECONDS = 120


def write_shards(folder: Path, n_candidates: int) -> dict[str, int]:
    """Write the shards; return how many molecules each has."""
    import pyarrow as pa

    from confaug.molecules.structures import molecule_id
    from confaug.tables.engine import write_table
    from confaug.tables.molecules import SHARD

    every = bundled()
    shards = {"16 molecules": every[:: len(every) // 16][:16], "bundled": every}
    shards["candidates"] = list(candidates(n_candidates))
    for name, smiles in shards.items():
        rows = sorted((molecule_id(text), text) for text in smiles)
        (folder / name).mkdir()
        table = pa.Table.from_pylist(
            [{"molecule": key, "smiles": one, "smiles_as_given": one} for key, one in rows],
            schema=SHARD.schema(),
        )
        write_table(table, folder / name / "shard.csv", SHARD)
    return {name: len(smiles) for name, smiles in shards.items()}


def run_job(folder: Path, engine: str) -> None:
    """Run the script as Snakemake would; the last thing this process does."""
    import runpy

    settings = {"descriptors": {"engine": engine, "seconds_per_molecule_2d": SECONDS}}
    snakemake = SimpleNamespace(
        input=SimpleNamespace(shard=str(folder / "shard.csv")),
        output=SimpleNamespace(
            descriptors=str(folder / f"{engine}.parquet"),
            failures=str(folder / f"{engine}.failures.csv"),
        ),
        params=SimpleNamespace(settings=settings),
        wildcards=SimpleNamespace(kind="mordred_2d", shard="0"),
        threads=1,
        log=[str(folder / f"{engine}.log")],
    )
    runpy.run_path(str(SCRIPTS / "describe_2d.py"), {"snakemake": snakemake}, run_name="__main__")


def measure(folder: Path, engine: str, cache: Path) -> float:
    """Run one job in a fresh process; return the processor seconds of it and its child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    subprocess.run(
        [sys.executable, __file__, "--job", engine, "--folder", str(folder)],
        check=True,
        env={**os.environ, **threads, "NUMBA_CACHE_DIR": str(cache)},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def largest_difference(folder: Path) -> str:
    """Say how the tables of the two engines differ."""
    import numpy as np
    import pyarrow.parquet as pq

    from confaug.descriptors.names import NAMES_2D

    theirs, ours = (
        np.column_stack([table[name].to_numpy() for name in NAMES_2D])
        for table in (pq.read_table(folder / f"{engine}.parquet") for engine in ENGINES)
    )
    gaps = int((np.isnan(ours) != np.isnan(theirs)).sum())
    both = np.isfinite(ours) & np.isfinite(theirs)
    size = np.maximum(np.abs(ours), np.abs(theirs))
    relative = np.abs(ours - theirs) / np.where(size > 0, size, 1)
    large = both & (size > 1e-6)
    return (
        f"{gaps} different gaps, {int((ours != theirs)[both].sum())} of {int(both.sum())} values "
        f"differ in a bit, by {relative[large].max():.1e} of the value at most; those below 1e-6 "
        f"by {np.abs(ours - theirs)[both & ~large].max(initial=0.0):.1e}"
    )


def main() -> None:
    """Run one job, or compare the engines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--candidates", type=int, default=2000)
    parser.add_argument("--job", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        run_job(options.folder, options.job)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        counts = write_shards(folder, options.candidates)
        first = measure(folder / "16 molecules", "batched", folder / "cache")
        print(f"first job, 16 molecules, with compiling: {first:.1f} s of processor time\n")
        print("| shard | molecules | stock mordred, s | batched, s | ratio | batched, per second |")
        print("|---|--:|--:|--:|--:|--:|")
        for shard, count in counts.items():
            repeats = 1 if shard == "candidates" else options.repeats
            taken: dict[str, list[float]] = {engine: [] for engine in ENGINES}
            for _ in range(repeats):
                for engine, times in taken.items():
                    times.append(measure(folder / shard, engine, folder / "cache"))
            stock, ours = (statistics.median(taken[engine]) for engine in ENGINES)
            cells = (f"{stock:.1f}", f"{ours:.2f}", f"{stock / ours:.1f}", f"{count / ours:.0f}")
            print(f"| {shard} | {count} | {' | '.join(cells)} |", flush=True)
        for shard in counts:
            print(f"\n{shard}: {largest_difference(folder / shard)}")


if __name__ == "__main__":
    main()
