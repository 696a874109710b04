"""Time embedding and minimising as whole jobs against the bare library, for six protocols.

    python tests/benchmarks/benchmark_embedding.py [--repeats 3] [--threads 1] [--shards FILE ...]

Four molecules are taken one by one, and then the shards of a study
(`results/shards/shard-*.csv`) or every fourth molecule of the polymer table. Three ways take
turns, medians of processor time are compared:

shared starts
    The jobs of the workflow: one that embeds for each of two methods, one that minimises for each
    of four protocols. A job is the script as Snakemake runs it, with imports, reading and writing.
each for itself
    The same scripts, but every protocol embeds what it minimises.
bare calls
    RDKit embedding and minimising the same molecules for every protocol, and nothing else.

Last comes what checking the conformers costs, as a share of making them.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

MAX_STEPS, MAX_ATTEMPTS = 2000, 200
METHODS = ("dg", "etkdg")
PROTOCOLS = tuple(f"{method}{field}" for method in METHODS for field in ("", "_mmff", "_uff"))
#: The scripts that run for a way, each with the method or the protocol.
JOBS = {
    "shared starts": [
        ("embed_conformers" if name in METHODS else "minimise_conformers", name)
        for name in PROTOCOLS
    ],
    "each for itself": [("embed_conformers", name) for name in PROTOCOLS],
}
BARE = "bare calls"
#: SMILES and conformers, as many as make the bare calls take some ten seconds.
MOLECULES = {
    "aspirin": ("CC(=O)Oc1ccccc1C(=O)O", 500),
    "pentadecanol": ("CCCCCCCCCCCCCCCO", 100),
    "quinine": ("COc1ccc2nccc([C@@H](O)[C@@H]3C[C@@H]4CCN3C[C@@H]4C=C)c2c1", 50),
    "PMMA heptamer": ("C" + "CC(C)(C(=O)OC)" * 7 + "C", 10),
}
CONFORMERS = 20


def write_shard(path: Path, smiles: Iterable[str]) -> None:
    """Write molecules as a shard."""
    import pyarrow as pa
    from rdkit import Chem

    from confaug.molecules.structures import molecule_id
    from confaug.tables.engine import write_table
    from confaug.tables.molecules import SHARD

    known = {molecule_id(text): text for text in map(Chem.CanonSmiles, smiles)}
    rows = [
        {"molecule": name, "smiles": text, "smiles_as_given": text}
        for name, text in sorted(known.items())
    ]
    write_table(pa.Table.from_pylist(rows, schema=SHARD.schema()), path, SHARD)


def run_job(script: str, protocol: str, shard: Path, folder: Path, options) -> None:
    """Run a script as Snakemake would; the last thing this process does."""
    import runpy

    start = folder / f"{protocol.split('_')[0]}.parquet"
    snakemake = SimpleNamespace(
        input=SimpleNamespace(shard=str(shard), starts=str(start)),
        output=SimpleNamespace(
            conformers=str(folder / f"{protocol}.parquet"), failures=str(folder / "failures.csv")
        ),
        params=SimpleNamespace(settings={"embedding": settings(options.conformers)}),
        wildcards=SimpleNamespace(protocol=protocol, repeat="1", shard="00"),
        threads=options.threads,
        log=[str(folder / "job.log")],
    )
    path = SCRIPTS / f"{script}.py"
    runpy.run_path(str(path), {"snakemake": snakemake}, run_name="__main__")


def settings(conformers: int) -> dict[str, int]:
    """Return the settings of the jobs."""
    return {
        "conformers_per_repeat": conformers,
        "max_steps": MAX_STEPS,
        "max_attempts": MAX_ATTEMPTS,
        "seconds_per_molecule": 600,
    }


def run_rdkit(shard: Path, options) -> None:
    """Embed and minimise with RDKit and nothing else; print the time of the calls alone."""
    from rdkit import Chem
    from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

    molecules = read_smiles(shard)
    threads, processor = options.threads, time.process_time()
    factories = {"dg": rdDistGeom.DG, "etkdg": rdDistGeom.ETKDGv3}
    optimisers = {
        "mmff": rdForceFieldHelpers.MMFFOptimizeMoleculeConfs,
        "uff": rdForceFieldHelpers.UFFOptimizeMoleculeConfs,
    }
    for protocol in PROTOCOLS:
        method, _, force_field = protocol.partition("_")
        for smiles in molecules:
            mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
            parameters = factories[method]()
            parameters.randomSeed, parameters.numThreads = 7, threads
            parameters.maxIterations = MAX_ATTEMPTS
            if "." in smiles:
                parameters.useRandomCoords, parameters.embedFragmentsSeparately = True, False
            embedded = rdDistGeom.EmbedMultipleConfs(mol, options.conformers, parameters)
            if embedded and force_field:
                optimisers[force_field](
                    mol, numThreads=threads, maxIters=MAX_STEPS, ignoreInterfragInteractions=False
                )
    print(json.dumps(time.process_time() - processor))


def read_smiles(shard: Path) -> list[str]:
    """Return the SMILES of a shard without a library that the bare calls do not need."""
    with shard.open(encoding="utf-8") as file:
        return [row["smiles"] for row in csv.DictReader(file)]


def seconds_of(way: str, shard: Path, folder: Path, options) -> float:
    """Run one way in fresh processes; return its processor time in seconds."""
    if way == BARE:
        return float(json.loads(run_part(shard, folder, options, "rdkit")))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for script, protocol in JOBS[way]:
        run_part(shard, folder, options, script, protocol)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_part(shard: Path, folder: Path, options, *part: str) -> str:
    """Run a part of this file in a fresh process; return what it prints."""
    threads = str(options.threads)
    command = [sys.executable, __file__, "--shards", str(shard), "--folder", str(folder)]
    command += ["--threads", threads, "--conformers", str(options.conformers), "--part", *part]
    limits = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **limits}
    )
    return done.stdout


def compare(title: str, shards: list[Path], folder: Path, options) -> None:
    """Print the ways side by side, with their ratios to the bare calls."""
    ways = [*JOBS, BARE]
    measured: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.repeats):
        for way in ways:
            measured[way].append(sum(seconds_of(way, one, folder, options) for one in shards))
    medians = {way: statistics.median(values) for way, values in measured.items()}
    print(title)
    for way, seconds in medians.items():
        print(f"  {way:16} processor {seconds:7.2f} s   ratio {seconds / medians[BARE]:.2f}")
    print(flush=True)


def print_share_of_checks(shard: Path, options) -> None:
    """Print the share of the checks of stereochemistry and bonds in making conformers."""
    from confaug.config.protocols import Protocol
    from confaug.config.settings.embedding import EmbeddingSettings
    from confaug.conformers.check import ConformerCheck
    from confaug.conformers.embedding import embed_molecule
    from confaug.molecules.structures import molecule_id

    spent = 0.0

    def timed(function):
        def wrapper(*arguments):
            nonlocal spent
            started = time.process_time()
            try:
                return function(*arguments)
            finally:
                spent += time.process_time() - started

        return wrapper

    ConformerCheck.__init__ = timed(ConformerCheck.__init__)
    ConformerCheck.faults = timed(ConformerCheck.faults)
    limits = EmbeddingSettings(**settings(options.conformers))
    started = time.process_time()
    for smiles in read_smiles(shard):
        starts = {}
        for name in PROTOCOLS:
            protocol = Protocol.named(name)
            made = embed_molecule(
                molecule_id(smiles), smiles, protocol, 1, limits, 1, starts.get(protocol.method)
            )
            starts.setdefault(protocol.method, made.conformers)
    whole = time.process_time() - started
    print(f"checks: {spent:.2f} of {whole:.2f} s of processor time, {spent / whole:.2%}")


def main() -> None:
    """Run one part, or compare all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shards", type=Path, nargs="+", help="instead of the polymer table")
    parser.add_argument("--conformers", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part == ["rdkit"]:
        run_rdkit(options.shards[0], options)
    elif options.part:
        run_job(*options.part, options.shards[0], options.folder, options)
    else:
        from candidates import bundled

        with tempfile.TemporaryDirectory() as name:
            folder, shard = Path(name), Path(name) / "shard.csv"
            for molecule, (smiles, options.conformers) in MOLECULES.items():
                write_shard(shard, [smiles])
                compare(f"{molecule} x {options.conformers}", [shard], folder, options)
            write_shard(shard, bundled()[::4])
            options.conformers = CONFORMERS
            shards = options.shards or [shard]
            count = sum(len(read_smiles(one)) for one in shards)
            compare(f"{count} molecules x {options.conformers}", shards, folder, options)
            print_share_of_checks(shards[0], options)


if __name__ == "__main__":
    main()
