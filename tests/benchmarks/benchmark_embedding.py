"""Time the job embed_conformers as a whole process against the bare library.

    python tests/benchmarks/benchmark_embedding.py [--repeats 3] [--threads 1]

The shard is every fourth molecule of the polymer table, 20 conformers each, ETKDGv3 and MMFF94. A
job is the script as Snakemake runs it, with imports, reading and writing. The bare calls are what
nothing can do without: RDKit embedding and minimising the same molecules. Jobs and bare calls take
turns; medians of processor time are compared. Last comes what checking the
conformers costs, as a share of embedding and minimising the same molecules.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

CONFORMERS, MAX_STEPS, MAX_ATTEMPTS = 20, 2000, 200
SETTINGS = {
    "embedding": {
        "conformers_per_repeat": CONFORMERS,
        "max_steps": MAX_STEPS,
        "max_attempts": MAX_ATTEMPTS,
        "seconds_per_molecule": 300,
    },
}


def write_shard(path: Path) -> int:
    """Write every fourth molecule of the polymer table as a shard; return how many they are."""
    import pyarrow as pa
    from candidates import bundled

    from confaug.molecules.structures import molecule_id
    from confaug.tables.engine import write_table
    from confaug.tables.molecules import SHARD

    rows = sorted((molecule_id(text), text) for text in bundled())[::4]
    table = pa.Table.from_pylist(
        [{"molecule": name, "smiles": one, "smiles_as_given": one} for name, one in rows],
        schema=SHARD.schema(),
    )
    write_table(table, path, SHARD)
    return len(rows)


def run_job(script: str, folder: Path, threads: int) -> None:
    """Run a script as Snakemake would; the last thing this process does."""
    import runpy

    output = {name: str(folder / f"{name}.parquet") for name in ("conformers", "descriptors")}
    snakemake = SimpleNamespace(
        input=SimpleNamespace(shard=str(folder / "shard.csv")),
        output=SimpleNamespace(failures=str(folder / "failures.csv"), **output),
        params=SimpleNamespace(settings=SETTINGS),
        wildcards=SimpleNamespace(protocol="etkdg_mmff", repeat="1", shard="00"),
        threads=threads,
        log=[str(folder / "job.log")],
    )
    path = SCRIPTS / f"{script}.py"
    runpy.run_path(str(path), {"snakemake": snakemake}, run_name="__main__")


def run_rdkit(folder: Path, threads: int) -> dict[str, float]:
    """Embed and minimise with RDKit and nothing else; return the time of the calls alone."""
    from rdkit import Chem
    from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

    started, processor = time.perf_counter(), time.process_time()
    for smiles in read_smiles(folder):
        mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
        parameters = rdDistGeom.ETKDGv3()
        parameters.randomSeed, parameters.numThreads = 7, threads
        parameters.maxIterations = MAX_ATTEMPTS
        if "." in smiles:
            parameters.useRandomCoords, parameters.embedFragmentsSeparately = True, False
        if rdDistGeom.EmbedMultipleConfs(mol, CONFORMERS, parameters):
            rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(
                mol, numThreads=threads, maxIters=MAX_STEPS, ignoreInterfragInteractions=False
            )
    return {"wall": time.perf_counter() - started, "cpu": time.process_time() - processor}


def read_smiles(folder: Path) -> list[str]:
    """Return the SMILES of the shard without a library that the bare calls do not need."""
    import csv

    with (folder / "shard.csv").open(encoding="utf-8") as file:
        return [row["smiles"] for row in csv.DictReader(file)]


BARE = {"rdkit": run_rdkit}


def measure(part: str, folder: Path, threads: int) -> dict[str, float]:
    """Run one part in a fresh process; return its wall and processor time in seconds."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder)]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*command, "--threads", str(threads)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)},
    )
    if part in BARE:
        return json.loads(done.stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": time.perf_counter() - started, "cpu": cpu}


def compare(job: str, bare: str, folder: Path, threads: int, repeats: int) -> None:
    """Print a job beside its bare calls."""
    measured: dict[str, list[dict[str, float]]] = {job: [], bare: []}
    for _ in range(repeats):
        for part, values in measured.items():
            values.append(measure(part, folder, threads))
    whole, floor = (
        {key: statistics.median(one[key] for one in values) for key in ("cpu", "wall")}
        for values in measured.values()
    )
    limit = 1.15 * floor["cpu"] + 2
    print(f"{job:18} processor {whole['cpu']:6.2f} s   clock {whole['wall']:6.2f} s")
    print(f"{'bare ' + bare:18} processor {floor['cpu']:6.2f} s   clock {floor['wall']:6.2f} s")
    print(
        f"  ratio {whole['cpu'] / floor['cpu']:.2f}, {whole['cpu'] - floor['cpu']:+.2f} s;"
        f" 1.15 x bare + 2 s is {limit:.2f} s: {'kept' if whole['cpu'] <= limit else 'MISSED'}\n"
    )


def run_check(folder: Path, threads: int) -> None:
    """Print the share of the check of stereochemistry and bonds in embedding, by protocol."""
    from confaug.config.protocols import Protocol
    from confaug.config.settings.embedding import EmbeddingSettings
    from confaug.conformers.check import ConformerCheck
    from confaug.conformers.embedding import embed_molecule
    from confaug.conformers.force_fields import FORCE_FIELDS
    from confaug.molecules.structures import molecule_id

    spent = {"check": 0.0}

    def timed(function):
        def wrapper(*arguments):
            started = time.process_time()
            try:
                return function(*arguments)
            finally:
                spent["check"] += time.process_time() - started

        return wrapper

    ConformerCheck.__init__ = timed(ConformerCheck.__init__)
    ConformerCheck.faults = timed(ConformerCheck.faults)
    sums = {"check": 0.0, "all": 0.0}
    for method in ("dg", "etkdg"):
        for force_field in (name for name in FORCE_FIELDS if name != "mmff94s"):
            spent["check"], started = 0.0, time.process_time()
            protocol = Protocol(method, force_field)
            for smiles in read_smiles(folder):
                settings = EmbeddingSettings(**SETTINGS["embedding"])
                embed_molecule(molecule_id(smiles), smiles, protocol, 1, settings, threads)
            whole = time.process_time() - started
            sums["check"] += spent["check"]
            sums["all"] += whole
            share = f"{spent['check']:6.3f} of {whole:6.2f} s, {spent['check'] / whole:.2%}"
            print(f"check of {method}_{force_field:6} processor {share}")
    share = sums["check"] / sums["all"]
    print(f"  together {share:.2%}; 2 % {'kept' if share <= 0.02 else 'MISSED'}")


def main() -> None:
    """Run one part, or compare all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part in BARE:
        print(json.dumps(BARE[options.part](options.folder, options.threads)))
    elif options.part:
        run_job(options.part, options.folder, options.threads)
    else:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            count = write_shard(folder / "shard.csv")
            print(f"{count} molecules x {CONFORMERS} conformers, {options.threads} thread(s)\n")
            compare("embed_conformers", "rdkit", folder, options.threads, options.repeats)
            run_check(folder, options.threads)


if __name__ == "__main__":
    main()
