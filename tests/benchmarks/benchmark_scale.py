"""Measure how the workflow grows with the number of molecules: plan, jobs, memory, storage.

    python tests/benchmarks/benchmark_scale.py --folder scale [--molecules 100 1000 10000]

Made-up tables of small organic molecules go through the workflow up to the tables that learning
starts from, then one variant is tuned, fitted and judged with all rows and with some. Up to 1,000
molecules every job is run. Above, one shard is run under two protocols, and its rows stand in for
those of the other shards and protocols (as many, under other names), so that planning, cleaning,
sharding, merging and learning are measured on files of full size. Costs are processor time
and peak memory as the jobs' own logs state them; they hardly depend on what else the machine does.

A power of the number of molecules (or of conformers) is fitted to each cost. Markdown tables are
printed, with what larger studies would take. What was measured is kept in the folder and is not
measured again; 10,000 molecules take 5 GB of disk.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

#: Structures with two open places, A and B.
CORES = (
    "c1cc(A)ccc1B",
    "c1c(A)cccc1B",
    "C1CC(A)CCC1B",
    "c1cc(A)oc1B",
    "c1cc(A)sc1B",
    "c1nc(A)ccc1B",
    "C1CN(A)CCN1B",
    "c1ccc2c(A)cccc2c1B",
    "C(A)(C)B",
    "C(=O)(A)NB",
    "C(=O)(A)OB",
    "S(=O)(=O)(A)NB",
    "c1c(A)[nH]nc1B",
    "C1CCN(A)C1B",
    "O(A)CCB",
    "C1(A)CC1B",
)
#: What fills them; @ is a ring bond.
SUBSTITUENTS = (
    *("C", "CC", "CCC", "C(C)C", "CCCC", "CC(C)C", "CCCCCC", "CCCCCCCC", "C(C)(C)C", "C=C"),
    *("CC=C", "CO", "CCO", "CCOC", "C#N", "CF", "C(F)(F)F", "CCl", "CCS", "CCN", "CN(C)C"),
    *("CC(=O)OC", "C(=O)N", "c@ccccc@", "Cc@ccccc@", "c@ccncc@", "c@ccc(F)cc@", "c@ccc(OC)cc@"),
    *("c@cccs@", "C@CCCCC@", "C@CCCC@", "C@CCOCC@"),
)
#: Conformers per protocol; 1,000 molecules are run whole, with fewer.
CONFORMERS = {1000: 5}
USUAL_CONFORMERS = 20
RUN_WHOLE_UP_TO = 1000
PROTOCOLS = ("dg", "dg_mmff", "dg_uff", "etkdg", "etkdg_mmff", "etkdg_uff")
#: Those that one shard of a large study is run under; the others take over their rows.
SAMPLED = ("dg", "etkdg_mmff")
TAKEN_FROM = {name: SAMPLED[0] if "_" not in name else SAMPLED[1] for name in PROTOCOLS}
#: Rows of each molecule in the variant that learns from some.
SOME_ROWS = 6
ALL_ROWS_UP_TO = 1000
LEARNING = {
    "variants": {
        "all": {"representation": ("mordred_2d", "augmented_3d"), "learner": "lightgbm"},
        "some": {
            "representation": ("mordred_2d", "augmented_3d"),
            "learner": "lightgbm",
            "rows_per_molecule": SOME_ROWS,
        },
    },
    "tuning": {"initial_points": 1, "iterations": 0, "max_rounds": 10, "rows_per_molecule": None},
}
#: Shards of plans that stand for 100,000 and 1,000,000 molecules: plans know shards, not molecules.
LARGE_PLANS = {100_000: 256, 1_000_000: 512}
TABLES = tuple(
    f"results/{name}" for name in ("augmented.parquet", "distribution.parquet", "failures.csv")
)
Measured = dict[str, Any]


def made_up_molecules(count: int) -> Iterator[tuple[str, float]]:
    """Yield different canonical SMILES and a made-up label, always the same ones.

    The order is that of a hash, so that a smaller set is the beginning of a larger one and as
    varied; the label is a size with some noise.
    """
    from rdkit import Chem

    choices = [(core, a, b) for core in CORES for a in SUBSTITUENTS for b in SUBSTITUENTS]
    choices.sort(key=lambda choice: hashlib.sha256("|".join(choice).encode()).digest())
    seen: set[str] = set()
    for core, a, b in choices:
        filled = core.replace("A", a.replace("@", "8")).replace("B", b.replace("@", "9"))
        mol = Chem.MolFromSmiles(filled)
        smiles = Chem.MolToSmiles(mol)
        if smiles not in seen:
            seen.add(smiles)
            noise = hashlib.sha256(smiles.encode()).digest()[0] / 255
            yield smiles, round(mol.GetNumHeavyAtoms() + noise, 3)
        if len(seen) == count:
            return
    raise SystemExit(f"there are only {len(seen)} made-up molecules; ask for fewer than {count}")


@dataclass
class Study:
    """A study of made-up molecules in its own folder."""

    folder: Path
    molecules: int
    shards: int | str = "auto"
    cores: int = 1

    @property
    def conformers(self) -> int:
        """Conformers per molecule and protocol."""
        return CONFORMERS.get(self.molecules, USUAL_CONFORMERS)

    @property
    def rows(self) -> int:
        """Conformers in all."""
        return self.molecules * len(PROTOCOLS) * self.conformers

    def write(self, extra: Measured | None = None) -> None:
        """Write table and configuration."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["smiles", "size"])
            writer.writerows(made_up_molecules(self.molecules))
        config = {
            "input": {"table": "table.csv", "smiles_column": "smiles", "label_column": "size"},
            "embedding": {"conformers_per_repeat": self.conformers},
            "shards": {"count": self.shards},
            **(extra or {}),
        }
        (self.folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")

    def snakemake(
        self, targets: Sequence[str], *options: str, config: str = "config.json"
    ) -> Measured:
        """Run Snakemake; return its own and its jobs' processor time, memory and output."""
        command = [
            *(
                str(Path(sys.executable).parent / "snakemake"),
                *targets,
                *options,
                "--cores",
                str(self.cores),
            ),
            *("--snakefile", str(ROOT / "Snakefile"), "--directory", str(self.folder)),
            *("--configfile", str(self.folder / config)),
        ]
        log = self.folder / "snakemake.log"
        started = time.perf_counter()
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed; see {log}")
        return {
            "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1e3,
            "clock": time.perf_counter() - started,
            "output": log.read_text(encoding="utf-8"),
        }

    def path(self, name: str) -> Path:
        """Return a path below the results."""
        return self.folder / "results" / name

    def jobs(self, rule: str) -> list[tuple[float, float]]:
        """Return processor time in s and peak memory in MB of every finished job of a rule."""
        found = []
        for log in (
            *self.path("logs").glob(f"{rule}.log"),
            *self.path(f"logs/{rule}").rglob("*.log"),
        ):
            text = log.read_text(encoding="utf-8")
            match = re.search(r"finished in .*\(processor ([\d.]+) s, peak memory (\d+) MB\)", text)
            if match:
                found.append((float(match[1]), float(match[2])))
        return found


def plan(study: Study, targets: Sequence[str] = ()) -> Measured:
    """Measure a dry run."""
    done = study.snakemake(targets, "--dry-run", "--quiet", "rules")
    total = re.search(r"^total\s+(\d+)", done.pop("output"), re.MULTILINE)
    return {**done, "jobs": int(total[1]) if total else 0}


def fill_shards(study: Study, sample: str) -> None:
    """Let the rows of the sampled jobs stand in for those of all others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from confaug.tables.descriptors import DESCRIPTORS_2D, DESCRIPTORS_3D
    from confaug.tables.engine import read_table, write_table
    from confaug.tables.molecules import SHARD

    shards = [path.stem for path in sorted(study.path("shards").glob("shard-*.csv"))]
    members = {
        shard: read_table(study.path(f"shards/{shard}.csv"), SHARD)["molecule"].to_pylist()
        for shard in shards
    }

    def place(stage: str, protocol: str, shard: str) -> Path:
        return study.path(f"{stage}/{protocol}/repeat-1/{shard}.parquet")

    # What is read comes before what was made of it, so that nothing is out of date.
    for protocol, source in TAKEN_FROM.items():
        for shard in shards:
            other = place("conformers", protocol, shard)
            other.parent.mkdir(parents=True, exist_ok=True)
            if not other.exists():
                other.touch()
            copy_failures(place("conformers", source, sample), other)

    def fill(rows: pa.Table, file: Path, names: Sequence[str], spec: Any) -> None:
        owner = rows["molecule"].to_pylist()
        starts = [i for i in range(len(owner)) if i == 0 or owner[i] != owner[i - 1]]
        edges = [*starts, len(owner)]
        taken = [i % len(starts) for i in range(len(names))]
        places = np.concatenate([np.arange(edges[i], edges[i + 1]) for i in taken])
        counts = [edges[i + 1] - edges[i] for i in taken]
        text = pa.array(np.repeat(np.array(names, dtype=object), counts), pa.string())
        write_table(rows.take(places).set_column(0, rows.schema.field(0), text), file, spec)

    known = study.path(f"descriptors_2d/mordred_2d/{sample}.parquet")
    rows = pq.read_table(known, partitioning=None)
    for shard in shards:
        other = known.with_stem(shard)
        if not other.exists():
            fill(rows, other, members[shard], DESCRIPTORS_2D)
            copy_failures(known, other)
    for protocol, source in TAKEN_FROM.items():
        known = place("descriptors_3d", source, sample)
        rows = pq.read_table(known, partitioning=None)
        column = rows.column_names.index("protocol")
        text = pa.array([protocol] * rows.num_rows)
        rows = rows.set_column(column, rows.schema.field(column), text)
        for shard in shards:
            other = place("descriptors_3d", protocol, shard)
            if not other.exists():
                fill(rows, other, members[shard], DESCRIPTORS_3D)
                copy_failures(known, other)


def copy_failures(known: Path, other: Path) -> None:
    """Copy the failures that lie beside one file to another."""
    other.parent.mkdir(parents=True, exist_ok=True)
    failures = other.with_suffix(".failures.csv")
    if not failures.exists():
        shutil.copy(known.with_suffix(".failures.csv"), failures)


def build_tables(study: Study) -> Measured:
    """Make the tables that learning starts from; return which shard was sampled, if any."""
    if study.molecules <= RUN_WHOLE_UP_TO:
        study.snakemake(TABLES)
        return {"sampled": None}
    sample = min(path.stem for path in study.path("shards").glob("shard-*.csv"))
    targets = [f"results/descriptors_3d/{name}/repeat-1/{sample}.parquet" for name in SAMPLED]
    study.snakemake([*targets, f"results/descriptors_2d/mordred_2d/{sample}.parquet"])
    fill_shards(study, sample)
    study.snakemake(TABLES)
    return {"sampled": sample}


def learn(study: Study, variant: str) -> None:
    """Tune, fit and judge one variant, with a search as short as can be."""
    whole = {**json.loads((study.folder / "config.json").read_text("utf-8")), **LEARNING}
    (study.folder / "learning.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    targets = [f"results/models/{variant}/replicate-1/metrics.csv"]
    study.snakemake(targets, config="learning.json")


def measure(study: Study) -> Measured:
    """Measure one study, step by step; steps that were measured before are taken as they are."""
    study.write()
    kept = study.folder / "measured.json"
    found: Measured = json.loads(kept.read_text("utf-8")) if kept.exists() else {}

    def step(name: str, function: Callable[[], Any]) -> None:
        if name not in found:
            print(f"{study.molecules} molecules: {name}", file=sys.stderr)
            found[name] = function()
            kept.write_text(json.dumps(found, indent=1), encoding="utf-8")

    def prepare() -> int:
        study.snakemake(["results/shards/manifest.json", "results/splits/replicate-1.csv"])
        return len(list(study.path("shards").glob("shard-*.csv")))

    step("shards", prepare)
    step("plan", lambda: plan(study))
    step("tables", lambda: build_tables(study))
    step("touch", lambda: study.snakemake(TABLES, "--touch")["cpu"])
    step("no-op", lambda: plan(study, TABLES))
    step("learn from some", lambda: learn(study, "some"))
    if study.molecules <= ALL_ROWS_UP_TO:
        step("learn from all", lambda: learn(study, "all"))
    else:
        step("large plans", lambda: measure_large_plans(study))
    return found


def measure_large_plans(study: Study) -> Measured:
    """Measure the plans of larger studies: the same molecules, divided into as many shards."""
    found = {}
    for molecules, shards in LARGE_PLANS.items():
        other = Study(study.folder.with_name(f"{shards}-shards"), study.molecules, shards)
        if not other.folder.exists():
            other.write()
            shutil.copytree(study.path("molecules"), other.path("molecules"))
            other.snakemake(["results/shards/manifest.json", "results/splits/replicate-1.csv"])
        found[str(molecules)] = {"shards": shards, **plan(other)}
    return found


def power(sizes: Sequence[float], costs: Sequence[float]) -> str:
    """Fit the power of the size with which a cost grows."""
    if len(sizes) < 2 or min(costs) <= 0:
        return ""
    return f"{np.polyfit(np.log(sizes), np.log(costs), 1)[0]:.2f}"


def table(header: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table, numbers to the right."""
    rule = ["---", *["--:"] * (len(header) - 1)]
    rows = [header, rule, *lines]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows) + "\n"


def size_of(*paths: Path) -> int:
    """Return the bytes of files, or of all Parquet files in folders."""
    files = [f for p in paths for f in ([p] if p.is_file() else p.rglob("*.parquet"))]
    return sum(file.stat().st_size for file in files)


def plan_table(studies: Sequence[Study], found: Sequence[Measured]) -> str:
    """Show what planning takes."""
    lines: list[list[object]] = [
        [
            f"{study.molecules:,}",
            one["shards"],
            f"{one['plan']['jobs']:,}",
            f"{one['plan']['cpu']:.1f}",
            f"{one['plan']['memory']:.0f}",
            f"{one['no-op']['cpu']:.1f}",
        ]
        for study, one in zip(studies, found, strict=True)
    ]
    for molecules, large in found[-1].get("large plans", {}).items():
        costs = [f"{large['jobs']:,}", f"{large['cpu']:.1f}", f"{large['memory']:.0f}", ""]
        lines.append([f"{int(molecules):,}", large["shards"], *costs])
    header = ("molecules", "shards", "jobs", "plan (s)", "memory of the plan (MB)", "no-op (s)")
    return table(header, lines)


#: Rules before learning, and what each grows with.
STAGES = {
    "clean_molecules": "molecules",
    "split_molecules": "molecules",
    "shard_molecules": "molecules",
    "embed_conformers": "conformers",
    "minimise_conformers": "conformers",
    "describe_3d": "conformers",
    "describe_2d": "molecules",
    "merge_augmented": "conformers",
    "merge_distribution": "conformers",
    "merge_failures": "molecules",
}


#: Stages of which a large study runs a few jobs only, too few to stand for all protocols.
SAMPLED_STAGES = ("embed_conformers", "minimise_conformers", "describe_3d", "describe_2d")


def cost(study: Study, one: Measured, rule: str) -> float | None:
    """Return the seconds of a stage per molecule or conformer; None if it ran for a sample only."""
    if one["tables"]["sampled"] and rule in SAMPLED_STAGES:
        return None
    size = study.molecules if STAGES[rule] == "molecules" else study.rows
    return sum(cpu for cpu, _ in study.jobs(rule)) / size


def stage_table(studies: Sequence[Study], found: Sequence[Measured]) -> str:
    """Show processor time and peak memory of every stage before learning."""
    lines = []
    for rule, unit in STAGES.items():
        each = [cost(study, one, rule) for study, one in zip(studies, found, strict=True)]
        peaks = [max(peak for _, peak in study.jobs(rule)) for study in studies]
        sizes = [s.molecules if unit == "molecules" else s.rows for s in studies]
        totals = [(n, c * n) for n, c in zip(sizes, each, strict=True) if c is not None]
        lines.append(
            [
                *(f"`{rule}`", unit.removesuffix("s")),
                *("" if c is None else f"{1000 * c:.3g}" for c in each),
                power(*zip(*totals, strict=True)),
                *(f"{peak:.0f}" for peak in peaks),
                power(sizes, peaks),
            ]
        )
    counts = [f"{study.molecules:,}" for study in studies]
    header = (
        *("stage", "per"),
        *(f"ms, {count}" for count in counts),
        "power of the time",
        *(f"MB, {count}" for count in counts),
        "power of the memory",
    )
    return table(header, lines)


def run_whole(studies: Sequence[Study], found: Sequence[Measured]) -> list[Study]:
    """Return the studies of which every job was run."""
    return [s for s, one in zip(studies, found, strict=True) if not one["tables"]["sampled"]]


def storage(studies: Sequence[Study], found: Sequence[Measured]) -> dict[str, float]:
    """Return bytes per conformer or molecule with the usual conformers, and files per job."""
    whole = run_whole(studies, found)
    study = [one for one in whole if one.conformers == USUAL_CONFORMERS][-1]
    jobs = sum(len(whole[-1].jobs(rule)) for rule in STAGES)
    files = sum(1 for path in whole[-1].folder.rglob("*") if path.is_file())
    return {
        "conformers": size_of(study.path("conformers")) / study.rows,
        "descriptors_3d": size_of(study.path("descriptors_3d")) / study.rows,
        "augmented.parquet": size_of(study.path("augmented.parquet")) / study.rows,
        "descriptors_2d": size_of(study.path("descriptors_2d")) / study.molecules,
        "distribution.parquet": size_of(study.path("distribution.parquet")) / study.molecules,
        "files per job": files / jobs,
    }


def learning_table(studies: Sequence[Study]) -> str:
    """Show the memory of learning from all rows and from some."""
    lines = []
    for study in studies:
        for variant, rows in (("all", len(PROTOCOLS) * study.conformers), ("some", SOME_ROWS)):
            peaks = []
            for rule in ("tune_model", "fit_model", "evaluate_model"):
                log = study.path(f"logs/{rule}/{variant}/replicate-1.log")
                match = re.search(
                    r"peak memory (\d+) MB", log.read_text("utf-8") if log.exists() else ""
                )
                peaks.append(match[1] if match else "not run")
            lines.append([f"{study.molecules:,}", study.rows, rows, *peaks])
    header = (
        "molecules",
        "rows of the table",
        "rows per molecule",
        "tune (MB)",
        "fit (MB)",
        "judge (MB)",
    )
    return table(header, lines)


def projection_table(studies: Sequence[Study], found: Sequence[Measured]) -> str:
    """Show what studies of the default size would take, from the largest that was measured."""
    from confaug.molecules.sharding import shard_count

    each: dict[str, float] = {}
    for study, one in zip(studies, found, strict=True):  # the largest of which a stage ran whole
        each.update({rule: c for rule in STAGES if (c := cost(study, one, rule)) is not None})
    size = storage(studies, found)
    lines = []
    for molecules in (10_000, 100_000, 1_000_000):
        rows = molecules * len(PROTOCOLS) * USUAL_CONFORMERS
        shards = shard_count(molecules, "auto")
        jobs = shards * (2 * len(PROTOCOLS) + 1) + 6
        per_conformer = ("conformers", "descriptors_3d", "augmented.parquet")
        per_molecule = ("descriptors_2d", "distribution.parquet")
        storage_gb = rows * sum(size[k] for k in per_conformer) / 1e9
        storage_gb += molecules * sum(size[k] for k in per_molecule) / 1e9
        hours = {
            rule: each[rule] / 3600 * (rows if unit == "conformers" else molecules)
            for rule, unit in STAGES.items()
        }
        making = hours["embed_conformers"] + hours["minimise_conformers"]
        merging = sum(hours[rule] for rule in hours if rule.startswith("merge"))
        lines.append(
            [
                f"{molecules:,}",
                f"{rows / 1e6:g}",
                shards,
                f"{jobs:,}",
                f"{sum(hours.values()):.3g}",
                f"{60 * making / (len(PROTOCOLS) * shards):.2g}",
                f"{60 * merging:.3g}",
                f"{storage_gb:.3g}",
                f"{jobs * size['files per job']:,.0f}",
            ]
        )
    header = (
        *("molecules", "million conformers", "shards", "jobs", "core hours"),
        *("minutes per job of conformers", "minutes of merging", "GB", "files"),
    )
    return table(header, lines)


def report(studies: Sequence[Study], found: Sequence[Measured]) -> None:
    """Print all tables."""
    print("Planning\n\n" + plan_table(studies, found))
    print("Stages before learning\n\n" + stage_table(studies, found))
    sizes = storage(studies, found)
    print(
        "Bytes on disk\n\n" + table(sizes.keys(), [[f"{value:,.0f}" for value in sizes.values()]])
    )
    print("Memory of learning\n\n" + learning_table(studies))
    print("Projection\n\n" + projection_table(studies, found))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="where studies are kept")
    parser.add_argument("--molecules", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--cores", type=int, default=1)
    options = parser.parse_args()
    studies = [
        Study(options.folder.resolve() / str(count), count, cores=options.cores)
        for count in options.molecules
    ]
    report(studies, [measure(study) for study in studies])


if __name__ == "__main__":
    main()
