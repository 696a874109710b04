from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from confaug.evaluation import learning_curves
from confaug.evaluation.learning_curves import (
    Part,
    measure_learning_curves,
    nested_subsets,
    present_protocols,
)
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.rows import Rows
from confaug.learning.tuning.refit import refit
from confaug.learning.tuning.tuned import Tuned

TUNED = Tuned.model_construct(parameters={"num_leaves": 4, "learning_rate": 0.3}, rounds=20, seed=1)
MOLECULES = [f"m{i:02d}" for i in range(30)]
LABELS = {name: float(i) for i, name in enumerate(MOLECULES)}
ALONE = {name: name for name in MOLECULES}
PART = Part(train=MOLECULES[::2], test=MOLECULES[1::2], labels=LABELS, groups=ALONE)


def test_a_part_has_the_molecules_of_the_split_and_all_labels():
    columns = {"molecule": ["a", "b", "c"], "part": ["train", "test", "train"]}
    split = pa.table({**columns, "group": ["A", "B", "A"]})
    labels = pa.table({"molecule": ["c", "b", "a"], "label": [3.0, 2.0, 1.0]})
    part = Part.of(split, labels)
    assert (part.train, part.test) == (["a", "c"], ["b"])
    assert part.labels == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert part.groups == {"a": "A", "b": "B", "c": "A"}


def rows(protocols=None, conformers: int = 4) -> Rows:
    """One informative feature; under the protocol `noise` it says nothing."""
    generator = np.random.default_rng(1)
    truth = np.repeat([LABELS[m] for m in MOLECULES], conformers)
    X = generator.normal(size=(len(truth), 2))
    if protocols != ["noise"]:
        X[:, 0] += truth
    return Rows(
        X.astype(np.float32),
        ("informative", "other"),
        np.repeat(np.array(MOLECULES), conformers),
        np.tile(np.arange(conformers), len(MOLECULES)),
    )


def measure(conformers):
    return measure_learning_curves(
        rows,
        PART,
        TUNED,
        LabelTransform(),
        replicate=1,
        protocols=["signal", "noise"],
        conformers=conformers,
        molecules=[0.3, 1.0],
    )


@pytest.fixture(scope="module")
def curves():
    return measure([1, 3, 100]).to_pandas().set_index(["axis", "level"])


def test_levels_that_cannot_be_reached_are_left_out_and_all_is_measured(curves):
    assert curves.loc["conformers"].index.tolist() == ["1", "3", "4"]
    assert curves.loc["conformers"]["rows"].tolist() == [15, 45, 60]
    assert curves.loc["molecules"]["train_molecules"].tolist() == [4, 15]


def test_less_informative_data_gives_larger_errors(curves):
    assert (
        curves.loc[("protocols", "noise"), "mae"] > 2 * curves.loc[("protocols", "signal"), "mae"]
    )
    assert curves.loc[("molecules", "4"), "mae"] > curves.loc[("molecules", "15"), "mae"]


def test_the_last_point_of_every_axis_is_the_whole_table(curves):
    whole = {
        curves.loc[key, "mae"]
        for key in [("conformers", "4"), ("protocols", "all"), ("molecules", "15")]
    }
    assert len(whole) == 1


def test_every_subset_is_fitted_once_and_the_whole_table_too(monkeypatch):
    seen = []

    def spy(train, *others):
        seen.append((len(train.molecules), len(train.molecule), float(train.X.sum())))
        return refit(train, *others)

    monkeypatch.setattr(learning_curves, "refit", spy)
    assert measure([1]).num_rows == 7
    assert len(seen) == len(set(seen)) + 1 == 5  # signal alone happens to be the whole table


def training(molecules, groups=ALONE):
    return Part(train=molecules, test=[], labels={}, groups=groups)


def test_subsets_are_nested_and_do_not_depend_on_the_order():
    subsets = nested_subsets(training(MOLECULES), [0.1, 0.5, 1], 1)
    assert [len(s) for s in subsets] == [3, 15, 30]
    assert all(set(a) < set(b) for a, b in pairwise(subsets))
    assert subsets == nested_subsets(training(MOLECULES[::-1]), [1, 0.5, 0.1], 1)
    assert subsets[1] != nested_subsets(training(MOLECULES), [0.5], 2)[0]


def test_subsets_take_one_structure_after_the_other():
    groups = {f"{structure}{n}": structure for structure in "ABCDE" for n in range(20)}
    subsets = nested_subsets(training(sorted(groups), groups), [0.2, 0.5, 1], 1)
    assert [len(subset) for subset in subsets] == [20, 50, 100]
    assert [len({groups[name] for name in subset}) for subset in subsets] == [1, 3, 5]
    assert set(subsets[0]) < set(subsets[1]) < set(subsets[2])


def test_a_protocol_without_a_conformer_is_left_out(tmp_path):
    path = tmp_path / "augmented.parquet"
    pq.write_table(pa.table({"protocol": ["dg", None, "etkdg_uff"]}), path)
    assert present_protocols(path, ["etkdg_uff", "dg_mmff", "dg"]) == ["etkdg_uff", "dg"]
