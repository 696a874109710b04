"""How often the verdict on conformers is right in simulated studies whose truth is known.

    python tests/benchmarks/benchmark_controls.py [--studies 200]

See tests/helpers/controlled_studies.py for the studies.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "tests" / "helpers")]

from controlled_studies import (  # noqa: E402
    CONTROLS,
    MOLECULES,
    POOL,
    SPLITS,
    Pool,
    compare,
    make_pool,
)
from scipy.stats import binomtest  # noqa: E402

from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE  # noqa: E402


def measure_controls(pool: Pool, studies: int) -> None:
    """Print how often each verdict is given on each kind of labels."""
    print(f"{studies} studies of {MOLECULES} molecules in {SPLITS} splits")
    for kind, (labels, right) in CONTROLS.items():
        found = [compare(pool, labels, MOLECULES, SPLITS, seed)[0] for seed in range(studies)]
        counts = Counter(one.verdict.verdict for one in found)
        low, high = binomtest(counts[right], studies).proportion_ci(method="wilson")
        verdicts = ", ".join(f"{one} {counts[one]}" for one in (HELPED, NO_DIFFERENCE, HURT))
        rate = f"{counts[right] / studies:.1%} right ({low:.1%} to {high:.1%})"
        print(f"{kind:10s} {rate}: {verdicts}", flush=True)


def main() -> None:
    """Describe the pool and make the studies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200)
    options = parser.parse_args()
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        measure_controls(make_pool(Path(folder), POOL), options.studies)
    print(f"{time.process_time() - started:.0f} s of processor time")


if __name__ == "__main__":
    main()
