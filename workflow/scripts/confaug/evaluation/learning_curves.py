"""How much is enough: the error against conformers, protocols and training molecules.

Every point refits the tuned model on a subset of the table that is there already and judges it on
the same held-out molecules. Parameters and rounds are those tuned on the whole training part, so a
point shows what less data does to this model, not what a model tuned for less data would do.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.evaluation.errors import groups_of
from confaug.infrastructure import random_draws
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.predictions import pool
from confaug.learning.rows import Rows
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned
from confaug.tables.engine import check_table
from confaug.tables.evaluation import LEARNING_CURVES
from confaug.tables.parquet import read_parquet

logger = logging.getLogger("confaug")
#: Builds the rows of all molecules from the conformers of some protocols, or of all (None).
RowsOf = Callable[[Sequence[str] | None], Rows]
#: Axis, order and level of a point, and the rows and training molecules that it is measured with.
#: Points are made one at a time, because each holds a table of its own.
Point = tuple[str, int, str, Rows, Sequence[str]]


@dataclass(frozen=True)
class Part:
    """Training and held-out molecules of one replicate, with the labels and groups of both."""

    train: Sequence[str]
    test: Sequence[str]
    labels: Mapping[str, float]
    groups: Mapping[str, str]

    @classmethod
    def of(cls, split: pa.Table, molecules: pa.Table) -> "Part":
        """Return the molecules of a SPLIT table, with the labels of a MOLECULES table."""
        rows = split.to_pylist()
        labels = zip(molecules["molecule"].to_pylist(), molecules["label"].to_pylist(), strict=True)
        return cls(
            train=[row["molecule"] for row in rows if row["part"] == "train"],
            test=[row["molecule"] for row in rows if row["part"] == "test"],
            labels=dict(labels),
            groups=groups_of(split),
        )


def measure_learning_curves(
    rows_of: RowsOf,
    part: Part,
    tuned: Tuned,
    transform: LabelTransform,
    *,
    replicate: int,
    protocols: Sequence[str],
    conformers: Sequence[int],
    molecules: Sequence[float],
    threads: int = 1,
) -> pa.Table:
    """Measure the three curves of one replicate.

    Parameters
    ----------
    rows_of
        Builds the rows of all molecules of `part`.
    tuned
        Result of the tuning.
    conformers
        Numbers of conformers per molecule, spread evenly over the protocols, in training and in
        prediction alike; numbers that no molecule reaches are left out, all is always measured.
    molecules
        Shares of the training molecules, above 0 and up to 1. Subsets are nested.

    Returns
    -------
    pa.Table
        `LEARNING_CURVES`; errors are MAE of held-out molecules in label units.
    """
    everything = rows_of(None)
    points = chain(
        _conformer_points(everything, part.train, conformers),
        _protocol_points(rows_of, everything, part.train, protocols),
        _molecule_points(everything, nested_subsets(part, molecules, replicate)),
    )
    judged = _judge(everything, part.train, part, tuned, transform, threads)
    measured = []
    for axis, order, level, rows, train in points:
        whole = rows is everything and len(train) == len(part.train)  # the end of every curve
        n_rows, error = judged if whole else _judge(rows, train, part, tuned, transform, threads)
        logger.info("%s %s: MAE %.4g", axis, level, error)
        measured.append(
            {
                "axis": axis,
                "level": level,
                "order": order,
                "replicate": replicate,
                "rows": n_rows,
                "train_molecules": len(train),
                "mae": error,
            }
        )
    return check_table(pa.Table.from_pylist(measured), LEARNING_CURVES)


def present_protocols(augmented: str | Path, protocols: Sequence[str]) -> list[str]:
    """Return those protocols that gave at least one conformer, in their order."""
    column = read_parquet(augmented, ["protocol"])["protocol"]
    present = set(pc.unique(column).to_pylist())
    return [name for name in protocols if name in present]


def nested_subsets(part: Part, shares: Sequence[float], replicate: int) -> list[list[str]]:
    """Return growing subsets of the training molecules, each a part of the next.

    A subset has at least two molecules; shares that give the same subset are given once.
    """
    ranked = group_after_group(part, "subset", replicate)
    sizes = sorted({max(2, round(share * len(ranked))) for share in shares})
    return [ranked[:size] for size in sizes if size <= len(ranked)]


def group_after_group(part: Part, purpose: str, replicate: int) -> list[str]:
    """Return the training molecules in a hashed order, one group after the other.

    A few of the samples of every structure would know all structures.

    Parameters
    ----------
    purpose, replicate
        Together they name the order.
    """
    ranked = sorted(part.train, key=lambda name: random_draws.rank(name, purpose, replicate))
    place: dict[str, int] = {}
    for name in ranked:
        place.setdefault(part.groups[name], len(place))
    return sorted(ranked, key=lambda name: place[part.groups[name]])


def _conformer_points(
    rows: Rows, train: Sequence[str], conformers: Sequence[int]
) -> Iterator[Point]:
    """Yield the rows for each number of conformers per molecule, and all of them."""
    most = int(rows.counts.max())
    for order, level in enumerate([*sorted({k for k in conformers if k < most}), most]):
        yield "conformers", order, str(level), rows.per_molecule(level), train


def _protocol_points(
    rows_of: RowsOf, everything: Rows, train: Sequence[str], protocols: Sequence[str]
) -> Iterator[Point]:
    """Yield the rows of each protocol alone and of all together."""
    if len(protocols) < 2 or everything.counts.max() == 1:
        return
    for order, name in enumerate(protocols):
        yield "protocols", order, name, rows_of([name]), train
    yield "protocols", len(protocols), "all", everything, train


def _molecule_points(everything: Rows, subsets: Sequence[Sequence[str]]) -> Iterator[Point]:
    """Yield all rows with each subset of the training molecules."""
    for order, subset in enumerate(subsets):
        yield "molecules", order, str(len(subset)), everything, subset


def _judge(
    rows: Rows,
    train: Sequence[str],
    part: Part,
    tuned: Tuned,
    transform: LabelTransform,
    threads: int,
) -> tuple[int, float]:
    """Fit on some molecules; return the number of training rows and the held-out MAE."""
    train_rows, test_rows = rows.of_molecules(list(train)), rows.of_molecules(list(part.test))
    labels = np.array([part.labels[m] for m in train_rows.molecules.tolist()])
    model = refit(train_rows, labels, tuned, transform, threads)
    values = model.booster.predict(test_rows.with_features(model.features), num_threads=threads)
    pooled, _ = pool(test_rows, model.transform.inverse(np.asarray(values)))
    truth = np.array([part.labels[m] for m in test_rows.molecules.tolist()])
    return len(train_rows.molecule), float(np.mean(np.abs(pooled - truth)))
