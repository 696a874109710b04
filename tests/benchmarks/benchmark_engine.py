"""Time the command that describes a table, on candidates put together from the bundled molecules.

    python tests/benchmarks/benchmark_engine.py [--candidates 10000] [--jobs 2]

The command runs as a user would run it, with imports, reading, cleaning and writing. Shown are
processor seconds per 1,000 molecules of all processes, the wall time, what both mean for 100,000
molecules, and the memory of the largest process. Loops are compiled before.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmark_mordred2d import FEW
from candidates import write_candidates

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
MANY = 100_000


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run the command; return its processor and its wall time in seconds."""
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    command = [sys.executable, "-m", "confaug.descriptors", *arguments, "--force", "--quiet"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_candidates(10, folder / "few.csv")
        write_candidates(options.candidates, folder / "many.csv")
        (folder / "names.txt").write_text("\n".join(FEW), encoding="utf-8")
        print(f"{options.candidates} candidates, {options.jobs} processes\n")
        print(
            "| descriptors | processor s per 1,000 | wall s | 100,000, processor min | "
            "100,000, wall min | largest process, MB |"
        )
        print("|---|--:|--:|--:|--:|--:|")
        for what, asked in (("60 of mordred", ("--names", "names.txt")), ("all 1,613", ())):
            arguments = ("-o", "out.parquet", "--jobs", options.jobs, *asked)
            start, start_wall = run(folder, "few.csv", *arguments)
            processor, wall = run(folder, "many.csv", *arguments)
            each = (processor - start) / options.candidates
            each_wall = (wall - start_wall) / options.candidates
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            cells = (
                f"{1000 * each:.2f}",
                f"{wall:.0f}",
                f"{(start + MANY * each) / 60:.1f}",
                f"{(start_wall + MANY * each_wall) / 60:.1f}",
                f"{memory:.0f}",
            )
            print(f"| {what} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
