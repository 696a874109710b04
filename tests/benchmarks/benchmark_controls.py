"""How often the verdict on conformers is right in simulated studies whose truth is known.

    python tests/benchmarks/benchmark_controls.py [--studies 200]
    python tests/benchmarks/benchmark_controls.py --studies 40 --power power.csv --figure power.svg

The second command measures how large a gain must be to be found: labels are a part of the graph, a
part of the ensemble of several weights, and noise. A column of the conformers holds the ensemble's
part, so that large gains can be planted in small studies, too. Studies draw their molecules from
a pool of 300, so that those of 150 molecules have half of it in common.

See tests/helpers/controlled_studies.py for the studies.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from statistics import median

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import binomtest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "tests" / "helpers")]

from controlled_studies import (  # noqa: E402
    CONTROLS,
    MOLECULES,
    POOL,
    SPLITS,
    Labels,
    Pool,
    compare,
    make_pool,
    tell_ensemble,
)

from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE  # noqa: E402
from confaug.evaluation.power import POWER  # noqa: E402
from confaug.evaluation.rows import errors_by_variant  # noqa: E402
from confaug.evaluation.study_comparison import Comparison  # noqa: E402
from confaug.infrastructure.files import write_text  # noqa: E402
from confaug.report.figures import style  # noqa: E402

#: Labelled molecules, random splits, and weights of the ensemble's part, of which the part of the
#: graph has 0.5 and the noise a standard deviation of 0.3.
SIZES, NUMBERS_OF_SPLITS = (30, 70, 150), (1, 5, 10)
WEIGHTS = (0.0, 0.2, 0.35, 0.5, 0.8, 1.5, 4.0)
POWER_POOL = 300
LOOKS = ((style.GREY, "s"), (style.BLUE, "o"), (style.VERMILION, "^"))


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


@dataclass
class Cell:
    """What was found in the studies of one size with one planted effect.

    Attributes
    ----------
    molecules, splits, weight
        Labelled molecules, random splits, and the weight of the ensemble's part of the labels.
    differences, errors
        Difference between the variants, and error of the reference, of every study.
    visible
        Smallest visible difference as a share of the reference's error, where it is known.
    helped
        Studies with the verdict that the augmentation helped.
    """

    molecules: int
    splits: int
    weight: float
    differences: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    helped: int = 0

    def add(self, found: Comparison) -> None:
        """Count a study."""
        verdict = found.verdict
        row = verdict.comparisons.reference
        errors = errors_by_variant(found.summary)
        self.differences.append(row.difference)
        self.errors.append(errors[row.reference].mae)
        self.helped += verdict.verdict == HELPED
        if verdict.smallest_visible is not None and verdict.smallest_visible.relative is not None:
            self.visible.append(verdict.smallest_visible.relative)

    def row(self) -> dict[str, float]:
        """Return the cell as a row of the table; gains are in per cent of the error."""
        studies = len(self.differences)
        interval = binomtest(self.helped, studies).proportion_ci(method="wilson")
        return {
            "molecules": self.molecules,
            "splits": self.splits,
            "weight": self.weight,
            "studies": studies,
            "gain": round(-100 * sum(self.differences) / sum(self.errors), 2),
            "helped": round(self.helped / studies, 4),
            "low": round(float(interval.low), 4),
            "high": round(float(interval.high), 4),
            "visible": round(100 * median(self.visible), 2) if self.visible else float("nan"),
        }


def measure_power(pool: Pool, studies: int, table: Path) -> list[dict[str, float]]:
    """Plant effects of several sizes, and write how often they are found."""
    rows: list[dict[str, float]] = []
    for weight in WEIGHTS:
        labels = Labels(graph=0.5, ensemble=weight, noise=0.3)
        for molecules in SIZES:
            cells = [Cell(molecules, splits, weight) for splits in NUMBERS_OF_SPLITS]
            for seed in range(studies):
                found = compare(
                    pool, labels, molecules, max(NUMBERS_OF_SPLITS), seed, NUMBERS_OF_SPLITS
                )
                for cell, comparison in zip(cells, found, strict=True):
                    cell.add(comparison)
            rows += [cell.row() for cell in cells]
            with table.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            print(*(cell.row() for cell in cells), sep="\n", flush=True)
    return rows


def print_smallest(rows: list[dict[str, float]]) -> None:
    """Print the smallest gain that is found in four of five studies, measured and predicted.

    Both are interpolated between the planted effects.
    """
    print("molecules splits   found in 80 % from a gain of   predicted there")
    for molecules, splits in product(SIZES, NUMBERS_OF_SPLITS):
        curve = curve_of(rows, molecules, splits)
        measured = crossing(curve)
        gains = [row["gain"] for row in curve]
        predicted = np.interp(measured, gains, [row["visible"] for row in curve])
        if np.isnan(measured):
            print(f"{molecules:9d} {splits:6d}   not up to {max(gains):.0f} %")
        else:
            print(f"{molecules:9d} {splits:6d}   {measured:.0f} %   {predicted:.0f} %")


def curve_of(rows: list[dict[str, float]], molecules: int, splits: int) -> list[dict[str, float]]:
    """Return the rows of studies of one size, in the order of their gains."""
    own = [row for row in rows if (row["molecules"], row["splits"]) == (molecules, splits)]
    return sorted(own, key=lambda row: row["gain"])


def crossing(curve: list[dict[str, float]]) -> float:
    """Return the gain from which on four of five studies find it; NaN if none of them is enough."""
    for one, other in reversed(list(pairwise(curve))):
        if one["helped"] < POWER <= other["helped"]:
            share = (POWER - one["helped"]) / (other["helped"] - one["helped"])
            return one["gain"] + share * (other["gain"] - one["gain"])
    return float("nan")


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Draw the share of studies that find a gain against the gain."""
    with style.style():
        figure = Figure(figsize=(9.0, 3.6), layout="constrained")
        panels = figure.subplots(1, len(SIZES), sharex=True, sharey=True)
        for ax, molecules in zip(panels, SIZES, strict=True):
            looks = zip(NUMBERS_OF_SPLITS, LOOKS, strict=True)
            for splits, (colour, mark) in looks:
                curve = curve_of(rows, molecules, splits)
                label = f"{splits} split{'s' if splits > 1 else ''}" if ax is panels[0] else None
                gains, found = ([row[key] for row in curve] for key in ("gain", "helped"))
                ax.plot(gains, [100 * one for one in found], color=colour, marker=mark, label=label)
            ax.axhline(100 * POWER, color=style.GREY, linestyle="--", linewidth=1.0)
            ax.grid(axis="both")
            ax.tick_params(length=0)
            ax.set(
                title=f"{molecules} molecules", xlabel="mean gain (% of the error)", ylim=(-3, 103)
            )
        panels[0].set_ylabel("studies that find it (%)")
        style.legend_above(panels[0])
        alt = "Share of simulated studies that find a gain from conformers against its size."
        write_text(style.svg_text(style.Drawing(figure, alt), "What a study can see"), path)


def main() -> None:
    """Describe the pool and make the studies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200, help="of each kind or cell")
    parser.add_argument("--power", type=Path, metavar="CSV", help="plant effects of several sizes")
    parser.add_argument("--figure", type=Path, metavar="SVG", help="draw the table of --power")
    options = parser.parse_args()
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        if options.power is None:
            measure_controls(make_pool(Path(folder), POOL), options.studies)
        else:
            pool = tell_ensemble(make_pool(Path(folder), POWER_POOL))
            rows = measure_power(pool, options.studies, options.power)
            print_smallest(rows)
            if options.figure is not None:
                draw(rows, options.figure)
    print(f"{time.process_time() - started:.0f} s of processor time, without the pool's")


if __name__ == "__main__":
    main()
