"""Time the 3D descriptors against stock mordred and against the embedding of the conformers.

    python tests/benchmarks/benchmark_descriptors.py [--write docs/descriptors.md]

Everything runs on one thread and is measured in CPU time of this process, in repeats that take
turns, so that a slow moment of the machine meets all alike; medians are shown. The time of the
batched engine includes what is done once per molecule.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import argparse
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rdkit import Chem, rdBase
from rdkit.Chem import AllChem, Descriptors3D, rdMolDescriptors

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "tests" / "helpers")]

from mordred3d_cases import stock_row  # noqa: E402

from confaug.descriptors.mordred3d import Mordred3D  # noqa: E402
from confaug.descriptors.mordred3d.kernels import compiled_kernels  # noqa: E402

#: Name to SMILES and number of conformers that are really embedded, fewer of what takes long.
MOLECULES = {
    "aspirin": ("CC(=O)Oc1ccccc1C(=O)O", 40),
    "pentadecanol": ("CCCCCCCCCCCCCCCO", 20),
    "quinine": ("C=C[C@H]1CN2CC[C@H]1C[C@H]2[C@H](O)c1ccnc2ccc(OC)cc12", 20),
    "PMMA heptamer": ("C" + "CC(C)(C(=O)OC)" * 7 + "C", 5),
}
PROTOCOLS = [
    (method, force_field) for method in ("dg", "etkdg") for force_field in ("none", "mmff", "uff")
]
SEED = 7
MAX_STEPS = 2000
BATCHES = (100, 20)
RDKIT_SETS = (
    rdMolDescriptors.CalcAUTOCORR3D,
    rdMolDescriptors.CalcRDF,
    rdMolDescriptors.CalcMORSE,
    rdMolDescriptors.CalcWHIM,
    rdMolDescriptors.CalcGETAWAY,
)
START, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"


def cpu_ms(action: Callable[[], object], per: int) -> float:
    """CPU milliseconds of an action, divided by the number of conformers it treats."""
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000.0 / per


def embed(mol: Chem.Mol, method: str, count: int) -> Chem.Mol:
    """Conformers by plain distance geometry or ETKDGv3."""
    mol = Chem.Mol(mol)
    parameters = AllChem.ETKDGv3() if method == "etkdg" else AllChem.EmbedParameters()
    parameters.randomSeed = SEED
    parameters.numThreads = 1
    AllChem.EmbedMultipleConfs(mol, count, parameters)
    return mol


def minimise(mol: Chem.Mol, force_field: str) -> None:
    """Minimise all conformers where they are."""
    if force_field == "mmff":
        AllChem.MMFFOptimizeMoleculeConfs(mol, numThreads=1, maxIters=MAX_STEPS)
    elif force_field == "uff":
        AllChem.UFFOptimizeMoleculeConfs(mol, numThreads=1, maxIters=MAX_STEPS)


def embedding_floor(mol: Chem.Mol, count: int) -> tuple[dict[tuple[str, str], float], np.ndarray]:
    """Milliseconds of RDKit per conformer and protocol, and the conformers of etkdg + mmff."""
    floor: dict[tuple[str, str], float] = {}
    positions = np.empty(0)
    for method in ("dg", "etkdg"):
        embedded = []
        floor[method, "none"] = cpu_ms(
            lambda method=method, out=embedded: out.append(embed(mol, method, count)), count
        )
        for force_field in ("mmff", "uff"):
            shaped = Chem.Mol(embedded[0])
            spent = cpu_ms(lambda m=shaped, f=force_field: minimise(m, f), count)
            floor[method, force_field] = floor[method, "none"] + spent
            if (method, force_field) == ("etkdg", "mmff"):
                positions = np.array([one.GetPositions() for one in shaped.GetConformers()])
    return floor, positions


def rdkit_sets(mol: Chem.Mol, positions: np.ndarray) -> None:
    """RDKit's own 3D descriptors of one conformer, in a molecule of its own (it keeps caches)."""
    mol = Chem.Mol(mol)
    mol.RemoveAllConformers()
    conformer = Chem.Conformer(mol.GetNumAtoms())
    conformer.SetPositions(positions)
    mol.AddConformer(conformer)
    Descriptors3D.CalcMolDescriptors3D(mol)
    for calculate in RDKIT_SETS:
        calculate(mol)


def compare(mol: Chem.Mol, positions: np.ndarray, repeats: int) -> dict[str, float]:
    """Median milliseconds per conformer of every way to describe it."""
    few = positions[: max(2, 150 // mol.GetNumAtoms())]
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "stock": (lambda: [stock_row(mol, xyz) for xyz in few], len(few)),
        "rdkit": (lambda: [rdkit_sets(mol, xyz) for xyz in few], len(few)),
        "numpy": (lambda: Mordred3D(mol, "numpy")(positions[:20]), 20),
    }
    for size in BATCHES:
        batch = positions[:size]
        ways[f"numba {size}"] = (lambda b=batch: Mordred3D(mol, "numba")(b), size)
    for action, _ in ways.values():
        action()
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, (action, per) in ways.items():
            measured[name].append(cpu_ms(action, per))
    return {name: float(np.median(values)) for name, values in measured.items()}


def batch_of(positions: np.ndarray, size: int) -> np.ndarray:
    """The embedded conformers, repeated with small displacements until there are enough."""
    random = np.random.default_rng(SEED)
    copies = np.resize(positions, (size, *positions.shape[1:]))
    jitter = random.normal(0.0, 0.02, copies.shape)
    jitter[: len(positions)] = 0.0
    return copies + jitter


def report(repeats: int) -> str:
    """Measure everything and return it as Markdown."""
    times, floors, sizes = {}, {}, {}
    for name, (smiles, count) in MOLECULES.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
        sizes[name] = mol.GetNumAtoms()
        floors[name], positions = embedding_floor(mol, count)
        times[name] = compare(mol, batch_of(positions, max(BATCHES)), repeats)
    lines = [
        "CPU milliseconds per conformer, one thread, and how many times as fast as stock mordred:",
        "",
        "| molecule | atoms | stock mordred | batched, NumPy | batched, numba, 100 at once "
        "| batched, numba, 20 at once | RDKit's own 3D sets |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, t in times.items():
        cells = [f"{t['stock']:.1f}"]
        for way in ("numpy", *(f"numba {size}" for size in BATCHES)):
            cells.append(f"{t[way]:.3f} ({t['stock'] / t[way]:.0f}×)")
        lines.append(f"| {name} | {sizes[name]} | {' | '.join(cells)} | {t['rdkit']:.1f} |")
    protocols = ["_".join(protocol).removesuffix("_none") for protocol in PROTOCOLS]
    lines += [
        "",
        "CPU milliseconds per conformer that RDKit needs to embed and minimise it, and in brackets "
        "what the descriptors (numba, 100 at once) add to that:",
        "",
        f"| molecule | atoms | {' | '.join(protocols)} |",
        "|---|--:|" + "--:|" * len(PROTOCOLS),
    ]
    for name, floor in floors.items():
        mine = times[name][f"numba {BATCHES[0]}"]
        cells = [f"{floor[p]:.1f} ({mine / floor[p]:.1%})" for p in PROTOCOLS]
        lines.append(f"| {name} | {sizes[name]} | {' | '.join(cells)} |")
    lines += ["", f"{processor()}, RDKit {rdBase.rdkitVersion}, NumPy {np.__version__}."]
    return "\n".join(lines)


def processor() -> str:
    """Name the processor, as far as the system tells."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def main() -> None:
    """Print the tables and, if asked to, put them into a document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="turns of the comparison")
    parser.add_argument("--write", type=Path, help="Markdown file whose tables are replaced")
    arguments = parser.parse_args()
    if compiled_kernels() is None:
        sys.exit("numba is not installed; there is nothing to compare with NumPy")
    text = report(arguments.repeats)
    print(text)
    if arguments.write:
        document = arguments.write.read_text(encoding="utf-8")
        before, _, rest = document.partition(START)
        _, _, after = rest.partition(END)
        arguments.write.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
