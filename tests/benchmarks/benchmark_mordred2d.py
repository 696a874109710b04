"""Time the batched 2D descriptors against stock mordred.

    python tests/benchmarks/benchmark_mordred2d.py [--repeats 7]

Everything runs on one thread and is measured in CPU time of this process, in repeats that take
turns, so that a slow moment of the machine meets all alike; medians over the repeats are shown. A
batch holds all molecules of one size, stock mordred takes them one by one.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rdkit import Chem, rdBase

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts")]

from mordred import Calculator, descriptors  # noqa: E402

from confaug.descriptors.mordred2d import Mordred2D  # noqa: E402
from confaug.descriptors.names import NAMES_2D  # noqa: E402

#: Number of heavy atoms, or nearly so, to drugs, natural products and monomers of that size.
MOLECULES = {
    10: (
        *("CC(=O)Oc1ccccc1", "C=CC(=O)OCCCC", "O=C(O)c1ccccc1N", "CC(C)Cc1ccccc1"),
        *("CC1(C)C2CCC1CC2=O", "NCCc1ccc(O)cc1", "ClCCOC(=O)C(Cl)Cl", "CN1CCC(O)CC1C=O"),
    ),
    25: (
        "CN1CCC23C4C1CC5=C2C(=C(C=C5)O)OC3C(C=C4)OC(C)=O",
        "COc1ccc2nccc(C(O)C3CC4CCN3CC4C=C)c2c1",
        "CC(C)Cc1ccc(cc1)C(C)C(=O)OCCN1CCOCC1C",
        "O=C(Nc1ccc(Cl)cc1)c1ccc(S(=O)(=O)N2CCOCC2)cc1",
        "CC12CCC3c4ccc(OC(C)=O)cc4CCC3C1CCC2OC(C)=O",
        "CCCCCCCCCCCCOC(=O)CCCCCCCCCC",
        "CN(C)CCCN1c2ccccc2Sc2ccc(C(F)(F)F)cc21",
        "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
    ),
    50: (
        "CC1CCC2CC(C(=CC=CC=CC(CC(C(=O)C(C(C(=CC(C(=O)CC(OC(=O)C3CCCCN3C(=O)C(=O)C1(O2)O)C)C)C)OC)"
        "O)C)C)C)OC",
        "CC1=C2C(C(=O)C3(C(CC4C(C3C(C(C2(C)C)(CC1OC(=O)C(C(C5=CC=CC=C5)NC(=O)C)O)O)OC)(CO4)OC(=O)C)"
        "O)C)C",
        "CCCCCCCCCCCCCCCCCC(=O)OCC(COC(=O)CCCCCCCCCCCCCCC)OC(=O)CCCCCCCCC",
        "CC(C)CC(NC(=O)C(Cc1ccccc1)NC(=O)CNC(=O)C(C)NC(=O)C(N)Cc1ccc(O)cc1)C(=O)NC(CCCCN)C(=O)N",
        "CCC1OC(=O)C(C)C(OC2CC(C)(OC)C(O)C(C)O2)C(C)C(OC2OC(C)CC(N(C)C)C2O)C(C)(O)CC(C)C(=O)C(C)"
        "C(O)C1(C)O",
        "C" + "CC(C)(C(=O)OC)" * 7,
    ),
}
#: Every so many names make the model on few descriptors.
FEW = NAMES_2D[:: len(NAMES_2D) // 60][:60]


def cpu_ms(action: Callable[[], object]) -> float:
    """CPU milliseconds of an action."""
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000.0


def compare(smiles: tuple[str, ...], repeats: int) -> dict[str, float]:
    """Median milliseconds per molecule of every way to describe a batch."""
    stock = Calculator(descriptors, ignore_3D=True)
    every, few, plain = Mordred2D(), Mordred2D(FEW), Mordred2D(backend="numpy")
    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    batch = molecules * 3
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "stock": (lambda: [list(stock(mol)) for mol in molecules], len(molecules)),
        "all": (lambda: every(batch), len(batch)),
        "few": (lambda: few(batch), len(batch)),
        "plain": (lambda: plain(molecules), len(molecules)),
    }
    for way, (action, _) in ways.items():
        if way != "plain":
            action()
    measured: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(repeats):
        for way, (action, count) in ways.items():
            if way != "plain" or turn == 0:
                measured[way].append(cpu_ms(action) / count)
    return {way: float(np.median(values)) for way, values in measured.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="turns of the comparison")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    rdBase.DisableLog("rdApp.*")
    print("CPU milliseconds per molecule, one thread, and how many times as fast as stock:\n")
    print("| heavy atoms | stock mordred | all 1,613 | 60 descriptors | all, without numba |")
    print("|--:|--:|--:|--:|--:|")
    for size, smiles in MOLECULES.items():
        t = compare(smiles, arguments.repeats)
        cells = [f"{t[way]:.2f} ({t['stock'] / t[way]:.1f}×)" for way in ("all", "few", "plain")]
        print(f"| {size} | {t['stock']:.1f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
