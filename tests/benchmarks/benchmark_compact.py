"""Compact 2D representations and learners, compared on the same random splits by group.

    python tests/benchmarks/benchmark_compact.py [results] [--splits 10] [--part main]

`results` is the folder of a finished default study: its molecules, labels and mordred descriptors
are used. RDKit's descriptors and Morgan counts are calculated here. Every learner and pipeline is
the library's own, with its own grid. Parts:

* main: ExtraTrees, the Gaussian process and ridge on mordred's and RDKit's descriptors, the MinMax
  Gaussian process and ExtraTrees on Morgan counts, and plain means of predictions.
* counts: radius, length and form of the Morgan counts, under the MinMax Gaussian process.
* ipc: forms of RDKit's unbounded descriptor Ipc, under the Gaussian process.
* lightgbm: LightGBM with fixed parameters, with and without `extra_trees`.

For every model, the mean absolute error of out-of-fold and of test predictions is printed, both
means over the splits, and the difference of the test error to the first model of the part, with the
standard error of the paired differences. Splits share molecules, so that standard errors are
somewhat too small.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from rdkit import Chem  # noqa: E402
from rdkit.Chem import rdFingerprintGenerator  # noqa: E402

from confaug.config.settings.tuning import DEFAULT_FIXED  # noqa: E402
from confaug.descriptors.fingerprints import (  # noqa: E402
    NAMES_MORGAN,
    count_shard_environments,
)
from confaug.descriptors.rdkit_2d import NAMES_RDKIT, describe_shard_rdkit  # noqa: E402
from confaug.learning.learners import evaluate_baseline  # noqa: E402
from confaug.learning.lightgbm_learner import (  # noqa: E402
    LabelTransform,
    lightgbm_parameters,
    select_features,
    train_models,
)
from confaug.learning.rows import Rows  # noqa: E402
from confaug.molecules.sharding import shard_molecules  # noqa: E402
from confaug.molecules.splitting import split_molecules  # noqa: E402
from confaug.tables.descriptors import DESCRIPTORS_2D  # noqa: E402
from confaug.tables.engine import read_table  # noqa: E402
from confaug.tables.molecules import MOLECULES  # noqa: E402

Floats = NDArray[np.float64]
SECONDS, TRAIN, FOLDS, SEED = 60, 70, 5, 1
#: LightGBM with the middle of the default search space.
LIGHTGBM = {
    **DEFAULT_FIXED,
    "num_leaves": 8,
    "min_molecules_in_leaf": 3.0,
    "learning_rate": 0.1,
    "feature_fraction": 0.1,
    "lambda_l2": 1.0,
}
ROUNDS = 200
PLAIN = ("mordred", "rdkit", "mordred+rdkit", "rdkit+morgan")


@dataclass(frozen=True)
class Part:
    """Predictions of one model on one split: out of fold, and of the test molecules."""

    out_of_fold: Floats
    test: Floats


@dataclass(frozen=True)
class Split:
    """Training rows with labels and folds, and test rows with labels, of any representation."""

    labels: Floats
    folds: NDArray[np.int64]
    test_labels: Floats
    train: NDArray[np.intp]
    test: NDArray[np.intp]


Model = Callable[[Split], Part]


class Study:
    """Molecules, their labels, and what describes them."""

    def __init__(self, results: Path) -> None:
        self.molecules = read_table(results / "molecules" / "molecules.csv", MOLECULES).sort_by(
            "molecule"
        )
        self.names = self.molecules["molecule"].to_numpy().astype(np.str_)
        self.labels = self.molecules["label"].to_numpy().astype(float)
        files = sorted((results / "descriptors_2d" / "mordred_2d").glob("*.parquet"))
        mordred = pa.concat_tables([read_table(path, DESCRIPTORS_2D) for path in files])
        shard = shard_molecules(self.molecules, 1)["0"]
        rdkit, _ = describe_shard_rdkit(shard, SECONDS)
        morgan, _ = count_shard_environments(shard, SECONDS)
        self.tables: dict[str, tuple[tuple[str, ...], NDArray[np.float32]]] = {}
        mordred_names = tuple(name for name in mordred.column_names if name != "molecule")
        self.add("mordred", mordred_names, mordred.sort_by("molecule"))
        self.add("rdkit", NAMES_RDKIT, rdkit)
        self.add("morgan", NAMES_MORGAN, morgan)

    def add(self, kind: str, names: Sequence[str], table: pa.Table) -> None:
        """Keep a table of descriptors."""
        if table["molecule"].to_pylist() != self.names.tolist():
            raise SystemExit(f"the table {kind} does not have the molecules of the study")
        columns = [table[name].to_numpy().astype(np.float32) for name in names]
        self.add_matrix(kind, names, np.column_stack(columns))

    def add_matrix(self, kind: str, names: Sequence[str], X: NDArray[np.float32]) -> None:
        """Keep a matrix of descriptors in the order of the molecules."""
        X = np.where(np.isfinite(X), X, np.nan)
        self.tables[kind] = tuple(names), X.astype(np.float32)

    def rows(self, kinds: str, places: NDArray[np.intp]) -> Rows:
        """Return rows of some molecules, described by one kind or several joined by "+"."""
        parts = [self.tables[kind] for kind in kinds.split("+")]
        names = tuple(name for own, _ in parts for name in own)
        X = np.hstack([matrix[places] for _, matrix in parts])
        return Rows(X, names, self.names[places], np.zeros(len(places), np.int64))

    def split(self, replicate: int) -> Split:
        """Draw one split."""
        table = split_molecules(self.molecules, TRAIN, FOLDS, SEED, replicate)
        train = pc.equal(table["part"], "train").to_numpy()
        places = np.arange(len(self.names))
        return Split(
            self.labels[train],
            table["fold"].fill_null(-1).to_numpy()[train],
            self.labels[~train],
            places[train],
            places[~train],
        )


def baseline(study: Study, kinds: str, learner: str, split: Split) -> Part:
    """Search, fit and predict with one of the library's learners."""
    parts = evaluate_baseline(
        learner,
        study.rows(kinds, split.train),
        split.labels,
        split.folds,
        study.rows(kinds, split.test),
        split.test_labels,
    ).parts
    return Part(parts[0].predictions, parts[2].predictions)


def lightgbm(
    study: Study,
    kinds: str,
    extra_trees: bool,
    split: Split,
) -> Part:
    """Fit and predict with LightGBM with fixed parameters."""
    train, test = study.rows(kinds, split.train), study.rows(kinds, split.test)
    own = {**LIGHTGBM, "extra_trees": extra_trees}

    def predicted(given: NDArray[np.bool_], new: Rows) -> Floats:
        rows, labels = train.take(given), split.labels[given]
        transform = LabelTransform().fitted(labels)
        features = select_features(rows.X, rows.feature_names)
        parameters = lightgbm_parameters(own, seed=SEED, scale=transform.scale)
        own_labels = transform.forward(labels)
        (model,) = train_models(rows, own_labels, parameters, ROUNDS, features, [SEED])
        return transform.inverse(model.predict(new.with_features(features), num_threads=1))

    out_of_fold = np.empty(len(split.labels))
    for fold in np.unique(split.folds):
        left_out = split.folds == fold
        out_of_fold[left_out] = predicted(~left_out, train.take(left_out))
    return Part(out_of_fold, predicted(np.ones(len(split.labels), bool), test))


def main_models(study: Study) -> Iterator[tuple[str, Model]]:
    """Yield learners on kinds of descriptors."""
    yield "extra_trees mordred", partial(baseline, study, "mordred", "extra_trees")
    for learner in ("gaussian_process", "extra_trees", "ridge"):
        for kinds in PLAIN:
            yield f"{learner} {kinds}", partial(baseline, study, kinds, learner)
    for learner in ("tanimoto_gaussian_process", "gaussian_process", "extra_trees"):
        yield f"{learner} morgan", partial(baseline, study, "morgan", learner)


#: Plain means, by the models whose predictions they are made of.
MEANS = (
    ("extra_trees mordred", "gaussian_process mordred"),
    ("extra_trees rdkit", "gaussian_process rdkit"),
    ("extra_trees mordred", "gaussian_process rdkit"),
    ("extra_trees rdkit", "tanimoto_gaussian_process morgan"),
    ("gaussian_process rdkit", "tanimoto_gaussian_process morgan"),
    ("extra_trees rdkit", "gaussian_process rdkit", "tanimoto_gaussian_process morgan"),
    ("extra_trees mordred", "gaussian_process rdkit", "tanimoto_gaussian_process morgan"),
    (
        *("extra_trees mordred", "extra_trees rdkit", "gaussian_process rdkit"),
        "tanimoto_gaussian_process morgan",
    ),
)


def counts_models(study: Study) -> Iterator[tuple[str, Model]]:
    """Yield the MinMax Gaussian process on forms of Morgan counts, the library's own first."""
    mols = [Chem.MolFromSmiles(smiles) for smiles in study.molecules["smiles"].to_pylist()]
    yield "library", partial(baseline, study, "morgan", "tanimoto_gaussian_process")
    for radius in (0, 1, 2, 3):
        for length in (512, 1024, 2048, 4096):
            make = rdFingerprintGenerator.GetMorganGenerator(radius=radius, fpSize=length)
            X = np.array([make.GetCountFingerprintAsNumPy(mol) for mol in mols])
            yield _counts(study, f"radius {radius}, {length} columns", X)
            if length == 2048:
                yield _counts(study, f"radius {radius}, {length} columns, bits", X > 0)
        make = rdFingerprintGenerator.GetMorganGenerator(radius=radius)
        each = [make.GetSparseCountFingerprint(mol).GetNonzeroElements() for mol in mols]
        known = sorted({number for counts in each for number in counts})
        X = np.array([[counts.get(number, 0) for number in known] for counts in each])
        yield _counts(study, f"radius {radius}, not folded", X)


def _counts(study: Study, name: str, X: NDArray[np.generic]) -> tuple[str, Model]:
    """Return a model on a matrix of counts."""
    study.add_matrix(name, [str(column) for column in range(X.shape[1])], X.astype(np.float32))
    return name, partial(baseline, study, name, "tanimoto_gaussian_process")


def ipc_models(study: Study) -> Iterator[tuple[str, Model]]:
    """Yield the Gaussian process on RDKit's descriptors with forms of Ipc."""
    names, X = study.tables["rdkit"]
    place = names.index("rdkit_Ipc")
    yield "Ipc as it is", partial(baseline, study, "rdkit", "gaussian_process")
    logarithm = X.copy()
    logarithm[:, place] = np.log10(1 + X[:, place])
    study.add_matrix("log", names, logarithm)
    yield "log10(1 + Ipc)", partial(baseline, study, "log", "gaussian_process")
    study.add_matrix("none", np.delete(names, place).tolist(), np.delete(X, place, axis=1))
    yield "without Ipc", partial(baseline, study, "none", "gaussian_process")


def lightgbm_models(study: Study) -> Iterator[tuple[str, Model]]:
    """Yield LightGBM with and without random thresholds."""
    for kinds in ("mordred", "rdkit"):
        for extra in (False, True):
            yield f"{kinds}, extra_trees {extra}", partial(lightgbm, study, kinds, extra)


PARTS: Mapping[str, Callable[[Study], Iterator[tuple[str, Model]]]] = {
    "main": main_models,
    "counts": counts_models,
    "ipc": ipc_models,
    "lightgbm": lightgbm_models,
}


def measure(study: Study, part: str, n_splits: int) -> dict[str, Floats]:
    """Return the errors of every model, shape (splits, 2): out of fold, and of the test part."""
    models = dict(PARTS[part](study))
    errors: dict[str, list[tuple[float, float]]] = {}
    for replicate in range(1, n_splits + 1):
        split = study.split(replicate)
        found = {name: model(split) for name, model in models.items()}
        for members in MEANS if part == "main" else ():
            several = [found[name] for name in members]
            found["mean of " + ", ".join(members)] = Part(
                np.mean([one.out_of_fold for one in several], axis=0),
                np.mean([one.test for one in several], axis=0),
            )
        for name, one in found.items():
            pair = one.out_of_fold - split.labels, one.test - split.test_labels
            errors.setdefault(name, []).append(
                (float(np.abs(pair[0]).mean()), float(np.abs(pair[1]).mean()))
            )
        print(f"split {replicate} done", file=sys.stderr, flush=True)
    return {name: np.array(pairs) for name, pairs in errors.items()}


def main() -> None:
    """Measure one part and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "results")
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--part", choices=PARTS, default="main")
    options = parser.parse_args()
    errors = measure(Study(options.results), options.part, options.splits)
    first = next(iter(errors.values()))
    print("| model | out of fold | test | difference |\n| --- | --- | --- | --- |")
    for name, own in errors.items():
        difference = own[:, 1] - first[:, 1]
        error = difference.std(ddof=1) / np.sqrt(len(difference))
        print(
            f"| {name} | {own[:, 0].mean():.2f} | {own[:, 1].mean():.2f} "
            f"| {difference.mean():+.2f} ± {error:.2f} |"
        )


if __name__ == "__main__":
    main()
