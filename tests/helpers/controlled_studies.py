"""Studies whose truth is known: what conformers are worth for a label is decided by its making.

A pool of flexible molecules is described once by the project's own functions. A study draws some of
them, gives them labels of a known kind, splits them, fits LightGBM with fixed parameters with and
without conformers, and asks `compare_variants` for its verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rdkit import Chem
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.config.settings.variants import Variant
from confaug.conformers.shards import make_conformers
from confaug.conformers.store import iter_molecules
from confaug.descriptors.augmented import merge_augmented
from confaug.descriptors.describe_3d import describe_shard_3d
from confaug.descriptors.rdkit_2d import describe_shard_rdkit
from confaug.evaluation.comparison import HELPED, HURT, NO_DIFFERENCE
from confaug.evaluation.study_comparison import Comparison, compare_variants
from confaug.infrastructure.random_draws import rank
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.predictions import Predictions, predictions_table
from confaug.learning.refitting import Refitting
from confaug.learning.representations import build_rows
from confaug.learning.rows import Rows, Values
from confaug.learning.tuning.tuned import Tuned
from confaug.molecules.splitting import split_molecules
from confaug.tables import molecules as tables
from confaug.tables.descriptors import DESCRIPTORS_3D, RDKIT_2D
from confaug.tables.engine import write_table

ENDS = (
    "CC",
    "CCC",
    "C(C)C",
    "OC",
    "C(=O)C",
    "C(=O)OC",
    "CO",
    "CN(C)C",
    "C#N",
    "CCCl",
    "OCC",
    "CCF",
)
#: Pairs that differ by their stereochemistry alone have the same columns of the graph, nearly.
CORES = (
    r"C(\{})=C/{}",
    r"C(\{})=C\{}",
    r"C(C)(\{})=C/{}",
    r"C(C)(\{})=C\{}",
    "[C@H]1({})CC[C@@H](CC1){}",
    "[C@H]1({})CC[C@H](CC1){}",
    "[C@H]1({})C[C@@H](C1){}",
    "[C@H]1({})C[C@H](C1){}",
)
DESCRIBING, LABELLING = Protocol.named("etkdg_mmff"), Protocol.named("etkdg")
CONFORMERS, LABEL_CONFORMERS = 8, 16
LEAST_HEAVY_ATOMS = 8
#: Names of columns on which labels of the graph depend.
GRAPH_COLUMNS = ("rdkit_MolLogP", "rdkit_TPSA", "rdkit_NumHAcceptors")
PLAIN, AUGMENTED = "plain", "augmented"
VARIANTS = {
    PLAIN: Variant(representation=("rdkit_2d",), learner="lightgbm"),
    AUGMENTED: Variant(representation=("rdkit_2d", "augmented_3d"), learner="lightgbm"),
}
PARAMETERS = Tuned(
    parameters={
        "num_leaves": 6,
        "learning_rate": 0.2,
        "min_molecules_in_leaf": 3,
        "max_bin": 31,
    },
    rounds=20,
    error=0.0,
    metric="mae",
    trial=1,
    trials=1,
    rows_per_molecule=None,
    seed=1,
    row_metrics={},
)
TRAIN, FOLDS = 0.5, 3


@dataclass(frozen=True)
class Pool:
    """Described molecules, in ascending order of their names.

    Attributes
    ----------
    names, groups
        Molecules, and their structures without stereochemistry.
    rows
        Rows of either variant.
    graph, ensemble
        Parts of labels by molecule, of mean 0 and standard deviation 1: a combination of columns of
        the graph, and a shape index averaged over conformers that describe nothing, without what a
        ridge regression on the graph predicts of it.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    rows: Mapping[str, Rows]
    graph: Values
    ensemble: Values


def tell_ensemble(pool: Pool) -> Pool:
    """Write the ensemble's part of labels into the last column of the conformers.

    Few molecules then suffice to learn from it, so that a gain of any size can be planted.
    """
    told = _with_last_column(pool.rows[AUGMENTED], pool.ensemble)
    return replace(pool, rows={**pool.rows, AUGMENTED: told})


def structures(size: int) -> list[str]:
    """Return canonical SMILES of some of the molecules that the parts give, the same every time."""
    made = {Chem.CanonSmiles(core.format(*ends)) for core in CORES for ends in product(ENDS, ENDS)}
    groups: dict[str, list[str]] = {}
    for smiles in sorted(made):
        if Chem.MolFromSmiles(smiles).GetNumHeavyAtoms() >= LEAST_HEAVY_ATOMS:
            groups.setdefault(Chem.CanonSmiles(smiles, useChiral=0), []).append(smiles)
    chosen: list[str] = []
    for group in sorted(groups, key=lambda group: rank(group, 1, 1)):
        if len(chosen) + len(groups[group]) <= size:
            chosen += groups[group]
    return chosen


def make_pool(folder: Path, size: int) -> Pool:
    """Describe molecules as a study does, and make the parts of their labels."""
    smiles = structures(size)
    names = tuple(f"m{number:04d}" for number in range(len(smiles)))
    groups = tuple(Chem.CanonSmiles(one, useChiral=0) for one in smiles)
    shard = pa.Table.from_pylist(
        [
            {"molecule": name, "smiles": one, "smiles_as_given": one}
            for name, one in zip(names, smiles, strict=True)
        ],
        schema=tables.SHARD.schema(),
    )
    files = _describe(folder, shard)
    rows = {
        name: build_rows(variant, files, names, protocols=(DESCRIBING.name,))
        for name, variant in VARIANTS.items()
    }
    columns = rows[PLAIN].with_features(GRAPH_COLUMNS).astype(np.float64)
    return Pool(
        names=names,
        groups=groups,
        rows=rows,
        graph=_standard(_standard(columns).sum(axis=1)),
        ensemble=_standard(_beyond_the_graph(_mean_shape(shard), rows[PLAIN].X, groups)),
    )


def _describe(folder: Path, shard: pa.Table) -> DescriptorFiles:
    """Write the tables that both variants read."""
    settings = EmbeddingSettings(conformers_per_repeat=CONFORMERS)
    ((conformers, _),) = make_conformers(shard, [DESCRIBING], 1, settings)
    described, _ = describe_shard_3d(conformers, DESCRIBING.name, 1, "batched")
    write_table(described, folder / "shard-0.parquet", DESCRIPTORS_3D)
    write_table(describe_shard_rdkit(shard, 60)[0], folder / "rdkit_2d.parquet", RDKIT_2D)
    names = shard["molecule"].to_pylist()
    molecules = _molecules(names, names, np.zeros(len(names)))
    augmented = folder / "augmented.parquet"
    merge_augmented(molecules, {"shard-0": names}, [folder / "shard-0.parquet"], augmented)
    return DescriptorFiles({"rdkit_2d": [folder / "rdkit_2d.parquet"]}, augmented)


def _mean_shape(shard: pa.Table) -> Values:
    """Return a shape index averaged over conformers of another protocol and repeat.

    It is (D - R) / R, with the largest and the smallest of the distances from an atom to the
    farthest other one (Petitjean, J. Chem. Inf. Comput. Sci. 1992, 32, 331).
    """
    settings = EmbeddingSettings(conformers_per_repeat=LABEL_CONFORMERS)
    ((conformers, _),) = make_conformers(shard, [LABELLING], 2, settings)
    return np.array([_shape(one.coordinates).mean() for one in iter_molecules(conformers)])


def _shape(coordinates: Values) -> Values:
    """Return the shape index of each conformer; coordinates (K, N, 3)."""
    apart = coordinates[:, :, None] - coordinates[:, None]
    farthest = np.sqrt((apart**2).sum(axis=-1)).max(axis=2)
    return np.asarray(farthest.max(axis=1) / farthest.min(axis=1) - 1)


def _beyond_the_graph(
    values: Values, columns: NDArray[np.float32], groups: Sequence[str]
) -> Values:
    """Take off what a ridge regression on the other groups' columns of the graph predicts."""
    left = values.copy()
    known = columns[:, np.isfinite(columns).all(axis=0)].astype(np.float64)
    for train, test in GroupKFold(5).split(known, values, groups):
        model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 4, 9)))
        left[test] -= model.fit(known[train], values[train]).predict(known[test])
    return left


def _standard(values: Values) -> Values:
    """Bring values to mean 0 and standard deviation 1."""
    return (values - values.mean(axis=0)) / values.std(axis=0)


def _molecules(names: Sequence[str], groups: Sequence[str], labels: Values) -> pa.Table:
    """Return a MOLECULES table."""
    rows = [
        {
            "molecule": name,
            "smiles": name,
            "group": group,
            "label": label,
            "n_rows": 1,
            "n_heavy_atoms": LEAST_HEAVY_ATOMS,
            "n_components": 1,
            "modelled_smiles": name,
        }
        for name, group, label in zip(names, groups, labels.tolist(), strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=tables.MOLECULES.schema())


@dataclass(frozen=True)
class Labels:
    """How the labels of a study are made: weights of their parts, all in the same unit.

    Attributes
    ----------
    graph, ensemble
        Weights of the parts of the pool.
    noise
        Standard deviation of normal noise, drawn anew for every study.
    misled
        Whether a column of the conformers holds the label of every molecule that trains, and the
        label of another one for every molecule that is held out.
    """

    graph: float
    ensemble: float
    noise: float
    misled: bool = False


#: Labels of the controls, and the verdict that is right for them.
CONTROLS = {
    "ensemble": (Labels(graph=0.0, ensemble=1.0, noise=0.1), HELPED),
    "graph": (Labels(graph=1.0, ensemble=0.0, noise=0.5), NO_DIFFERENCE),
    "harm": (Labels(graph=1.0, ensemble=0.0, noise=0.2, misled=True), HURT),
}
#: Size of the pool, and of the studies of the controls.
POOL, MOLECULES, SPLITS = 150, 110, 5


def compare(
    pool: Pool, kind: Labels, molecules: int, splits: int, seed: int, first: Sequence[int] = ()
) -> list[Comparison]:
    """Make a study, and compare its variants.

    Parameters
    ----------
    molecules, splits
        How many molecules have a label, and how many random splits are made.
    seed
        Of the choice of molecules, the noise and the splits.
    first
        Numbers of splits by which the study is compared, counted from the first; all if empty.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(pool.names))[:molecules])
    values = kind.graph * pool.graph + kind.ensemble * pool.ensemble
    values = values[chosen] + kind.noise * rng.standard_normal(molecules)
    others = rng.permutation(values)
    names, groups = ([one[i] for i in chosen] for one in (pool.names, pool.groups))
    table = _molecules(names, groups, values)
    labels: dict[str, float | None] = dict(zip(names, values.tolist(), strict=True))
    parts = {r: split_molecules(table, TRAIN, FOLDS, seed, r) for r in range(1, splits + 1)}
    predictions: dict[str, dict[int, pa.Table]] = {}
    for variant in VARIANTS:
        rows = pool.rows[variant].of_molecules(names)
        for replicate, split in parts.items():
            misled = kind.misled and variant == AUGMENTED
            own = _mislead(rows, split, values, others) if misled else rows
            model = Refitting(
                "lightgbm", own, labels, {replicate: PARAMETERS}, LabelTransform(), seed=1
            )
            # Out-of-fold errors decide together with a single split alone: see `comparison.judge`.
            found = _predict(model, replicate, split, out_of_fold=replicate == 1)
            predictions.setdefault(variant, {})[replicate] = found
    return [
        compare_variants(
            {
                variant: {r: tables[r] for r in range(1, number + 1)}
                for variant, tables in predictions.items()
            },
            {r: parts[r] for r in range(1, number + 1)},
            table,
            VARIANTS,
            unit="K",
            transform="none",
        )
        for number in first or (splits,)
    ]


def _predict(model: Refitting, replicate: int, split: pa.Table, out_of_fold: bool) -> pa.Table:
    """Return the PREDICTIONS table of one split."""
    where = {row["molecule"]: row["fold"] for row in split.to_pylist()}
    train = [name for name, fold in where.items() if fold is not None]
    test = [name for name, fold in where.items() if fold is None]
    parts = [_part("test", model, test, model.predict(replicate, train, test))]
    if out_of_fold:
        for fold in range(FOLDS):
            held = [name for name in train if where[name] == fold]
            others = [name for name in train if where[name] != fold]
            found = model.predict(replicate, others, held)
            parts.append(_part("cross_validation", model, held, found))
    return predictions_table(parts)


def _part(part: str, model: Refitting, names: Sequence[str], values: Values) -> Predictions:
    """Name predictions."""
    labels = np.array([model.labels[name] for name in names], np.float64)
    ones = np.ones(len(names), np.int64)
    return Predictions(part, np.array(names), labels, values, np.zeros(len(names)), ones, {})


def _mislead(rows: Rows, split: pa.Table, values: Values, others: Values) -> Rows:
    """Write labels into the last column: the own ones of training molecules, and others."""
    trains = np.array(split["part"].to_pylist()) == "train"
    return _with_last_column(rows, np.where(trains, values, others))


def _with_last_column(rows: Rows, values: Values) -> Rows:
    """Write a value of every molecule into the last column."""
    X = rows.X.copy()
    X[:, -1] = rows.expand(values)
    return replace(rows, X=X)
