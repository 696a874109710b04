"""Kill the quick preset again and again at random moments, and see whether anything was lost.

    .venv/bin/python tests/kill_study.py [--kills 20] [--seed 1] [--longest 20] [--reference FOLDER]

The study is run once undisturbed. Then it is started in a fresh folder, ended a random time after
its first job in one of three ways (`kill -9` of everything, `kill -9` of the main process alone,
whose jobs go on without it, and Ctrl-C), and continued with the same command, until it has come to
its end; and all this again until there have been as many kills as asked for. What is counted:

finished jobs run again
    Jobs that ran although Snakemake had reported them as finished before an end.
differing results
    Files that are not byte for byte those of the undisturbed run.
files left behind
    Temporary files of killed jobs that are still there at the end.

All must be 0, or the exit status is 1. The moments come from the seed, but what is at work at a
moment depends on the machine. With 20 kills it takes about ten minutes on two cores.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "workflow"))

from interruption import ENDS, End, Run, resume, run_again

from study import Study, digests

SHARD = "shard "  # what the jobs of shards have in their messages


@dataclass
class Tally:
    """What was counted over all studies."""

    kills: Counter[str] = field(default_factory=Counter)
    at_work: Counter[str] = field(default_factory=Counter)
    again: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def note(self, way: str, running: set[str]) -> None:
        """Count a kill, and say what was at work when it came."""
        self.kills[way] += 1
        self.at_work.update(name.split()[0].lower() for name in running)
        print(f"  {way} while: {', '.join(sorted(running)) or 'between jobs'}", flush=True)

    def report(self) -> str:
        """Say it all in a few lines."""
        ways = ", ".join(f"{count} × {way}" for way, count in sorted(self.kills.items()))
        work = ", ".join(f"{count} × {name}" for name, count in self.at_work.most_common())
        shards = sum(SHARD in name for name in self.again)
        return "\n".join(
            [
                f"kills: {self.kills.total()} ({ways})",
                f"at work when they came: {work or 'nothing'}",
                f"finished shards run again: {shards}",
                f"finished jobs run again: {len(self.again)} {self.again or ''}",
                f"differing results: {len(self.differing)} {self.differing or ''}",
                f"files left behind: {len(self.left)} {self.left or ''}",
            ]
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost."""
        return not (self.again or self.differing or self.left)


def disturb(
    study: Study, ends: list[End], longest: float, rng: random.Random, tally: Tally
) -> None:
    """Run a study to its end with these kills on the way; those that came are taken off."""
    runs = [Run.start(study)]
    while True:
        run = runs[-1]
        try:
            run.wait_for_work()
            status = run.wait(rng.uniform(0, longest) if ends else None)
            if status == 0:
                break
            raise SystemExit(f"the study failed by itself:\n{run.log[-3000:]}")
        except subprocess.TimeoutExpired:
            way = ends.pop()
            run.end(way)
            tally.note(way.__name__, run.running)
            runs.append(resume(study))
    for run in runs:
        run.outlast_jobs()
    tally.again += run_again(runs)


def main() -> None:
    """Count, print, and exit with 1 if anything was lost."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--longest", type=float, default=20.0, help="seconds before a kill")
    arguments.add_argument("--reference", type=Path, help="results of an undisturbed run")
    asked = arguments.parse_args()
    rng, tally = random.Random(asked.seed), Tally()
    with tempfile.TemporaryDirectory(prefix="kill_study.") as folder:
        if asked.reference is None:
            undisturbed = Study.fresh(Path(folder) / "undisturbed")
            undisturbed.snakemake()
        expected = digests(asked.reference or undisturbed.results)
        print(f"undisturbed: {len(expected)} files", flush=True)
        ends = [ENDS[number % len(ENDS)] for number in range(asked.kills)]
        rng.shuffle(ends)
        number = 0
        while ends:
            number += 1
            print(f"study {number}", flush=True)
            study = Study.fresh(Path(folder) / str(number))
            disturb(study, ends, asked.longest, rng, tally)
            found = digests(study.results)
            names = sorted(set(expected) | set(found))
            tally.differing += [n for n in names if expected.get(n) != found.get(n)]
            tally.left += [path.name for path in study.leftovers()]
    print(tally.report())
    sys.exit(not tally.is_clean)


if __name__ == "__main__":
    main()
