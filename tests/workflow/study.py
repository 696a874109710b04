"""Drive the workflow in a folder of its own and see what it ran."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

from confaug.descriptors.mordred2d import Mordred2D

ROOT = Path(__file__).parents[2]
#: The part of the report that tells versions, settings and run times.
PROVENANCE = re.compile(rb'<section id="provenance">.*?</section>', re.DOTALL)
#: The configuration file that the tests run, as it lies in a study.
QUICK = "config/quick.yaml"
#: The first table that it makes.
LEDGER = "results/quick/molecules/ledger.csv"
#: A folder for PYTHONPATH, from which the jobs load `sitecustomize.py`.
HOOKS = Path(__file__).parent / "hooks"
PARTS = ("Snakefile", "workflow", "config", "envs", "profiles", "resources")


def command(
    *arguments: str,
    cores: int = 2,
    configs: Sequence[str] = (QUICK,),
    python: str = sys.executable,
) -> list[str]:
    """Return a call of Snakemake, with configuration files if any are named."""
    # The option comes last, because it takes all names that follow it.
    configured = ("--configfile", *configs) if configs else ()
    return [python, "-m", "snakemake", "--cores", str(cores), *arguments, *configured]


@cache
def compile_loops() -> None:
    """Compile the loops of 2D descriptors, which copies of the program then have beside them."""
    Mordred2D().kernels.prepare()


@dataclass
class Study:
    """A copy of the workflow with its own configuration, inputs and results."""

    #: The file that `configure` changes.
    configuration: ClassVar[str] = QUICK

    folder: Path

    @classmethod
    def fresh(cls, folder: Path) -> "Study":
        compile_loops()
        folder.mkdir(parents=True)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("*.pyc")  # not the compiled loops beside them
                shutil.copytree(source, folder / part, ignore=ignored)
            else:
                shutil.copy2(source, folder / part)
        return cls(folder)

    def copy(self, folder: Path) -> "Study":
        """Copy with time stamps and Snakemake's records, so that nothing looks changed."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Study(folder)

    @property
    def table(self) -> Path:
        return self.folder / "resources" / "quick.csv"

    @property
    def results(self) -> Path:
        return self.folder / "results" / "quick"

    def configure(self, **changes: object) -> None:
        """Set keys of the configuration file, given as section__key=value."""
        path = self.folder / self.configuration
        config = yaml.safe_load(path.read_text())
        for name, value in changes.items():
            *sections, key = name.split("__")
            section = config
            for part in sections:
                section = section.setdefault(part, {})
            section[key] = value
        path.write_text(yaml.safe_dump(config, sort_keys=False))

    def snakemake(
        self,
        *arguments: str,
        cores: int = 2,
        check: bool = True,
        configs: Sequence[str] = (QUICK,),
        python: str = sys.executable,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command(*arguments, cores=cores, configs=configs, python=python),
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"snakemake failed:\n{done.stdout[-6000:]}")
        return done

    def refused(self, *arguments: str, **keywords: Any) -> str:
        """Make a run that has to fail, and return what it says, which is no traceback."""
        done = self.snakemake(*arguments, check=False, **keywords)
        assert done.returncode != 0, done.stdout[-3000:]
        assert "Traceback" not in done.stdout, done.stdout[-6000:]
        return done.stdout

    def planned(self, *arguments: str) -> Counter[str]:
        """Count the jobs of a dry run by rule; checkpoints hide what comes after them."""
        output = self.snakemake("--dry-run", *arguments).stdout
        table = re.search(r"Job stats:\njob +count\n[- ]+\n(.*?)\n\n", output, re.DOTALL)
        if table is None:
            assert "Nothing to be done" in output, output[-3000:]
            return Counter()
        rows = (line.split() for line in table[1].splitlines())
        return Counter({rule: int(count) for rule, count in rows if rule not in ("total", "all")})

    def named(self, *arguments: str) -> set[str]:
        """Return what the jobs of a dry run would do, which names each of them."""
        output = self.snakemake("--dry-run", *arguments).stdout
        return set(re.findall(r"^ *Job \d+: (.+)$", output, re.MULTILINE))

    def logs(self) -> dict[str, int]:
        """Return the time stamp of every job's log."""
        folder = self.results / "logs"
        return {
            str(p.relative_to(folder).with_suffix("")): p.stat().st_mtime_ns
            for p in folder.rglob("*.log")
        }

    def leftovers(self) -> list[Path]:
        """Return the temporary files of killed jobs, whose names are hidden."""
        return [path for path in self.results.rglob(".*") if path.is_file()]

    def run_and_list(self, *arguments: str, **keywords: str) -> set[str]:
        """Run, and return the names of the jobs that ran, such as `tune_model/x/replicate-1`."""
        before = self.logs()
        self.snakemake(*arguments, **keywords)
        return {name for name, stamp in self.logs().items() if before.get(name) != stamp}


def rules_of(jobs: set[str]) -> Counter[str]:
    """Count jobs by rule."""
    return Counter(job.split("/")[0] for job in jobs)


def digests(results: Path) -> dict[str, str]:
    """Hash every result by its name, without what says when and how it was made."""
    left_out = ("logs/", "benchmarks/", "records/")
    found = {}
    for path in sorted(results.rglob("*")):
        name = str(path.relative_to(results))
        if path.is_file() and not name.startswith(left_out) and path.suffix != ".jsonl":
            content = path.read_bytes()
            if name == "report/index.html":
                content, count = PROVENANCE.subn(b"", content)
                assert count == 1
            found[name] = hashlib.sha256(content).hexdigest()
    return found
