import pyarrow as pa
import pytest

from confaug.config.settings.molecules import SplitSettings
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.molecules.feasibility import check_config, check_study

SPLITS = SplitSettings(replicates=3, train=6, folds=3, seed=1)


def config(train, folds, split_column=None):
    return {"splits": {"train": train, "folds": folds}, "input": {"split_column": split_column}}


def molecules(groups="ABCDEFGH", labels=None, fixed=None):
    names = [f"m{number}" for number in range(len(groups))]
    return pa.table(
        {
            "molecule": names,
            "group": list(groups),
            "label": labels or [float(number) for number in range(len(groups))],
            "fixed_part": pa.array(fixed or [None] * len(groups), pa.string()),
        }
    )


def test_settings_that_can_work_pass():
    check_config(config(train=6, folds=3))
    check_config(config(train=0.8, folds=50))
    check_config(config(train=2, folds=5, split_column="part"))  # the column decides
    assert check_study(molecules(), 8, SPLITS, [7]) == []


@pytest.mark.parametrize(("train", "folds", "needed"), [(4, 5, 5), (2, 2, 3)])
def test_fewer_training_molecules_than_folds_or_neighbours_are_refused(train, folds, needed):
    with pytest.raises(UserError, match=rf"splits.train.* {train} .*{folds} folds.*{needed}"):
        check_config(config(train, folds))


@pytest.mark.parametrize(
    ("table", "splits", "told"),
    [
        (molecules(), {"train": 8}, "only 8 molecules"),
        (molecules("AAAAAAAA"), {}, "only 0 groups"),
        (molecules("AAAABBBB"), {}, "only 1 group of molecules (4 molecules)"),
        (molecules("ABC"), {"train": 0.5, "folds": 2}, "at least 3 are needed"),
        (molecules("ABCDE"), {"train": 3, "folds": 2}, "2 of them in one fold"),
        (
            molecules("AAABBBCCC"),
            {"train": 6, "folds": 2},
            "only 2 groups of molecules",
        ),
        (molecules("AABBCCDD"), {"train": 6, "folds": 2}, "2 of them in one fold"),
        (
            molecules("AAAABBBB"),
            {"train": 3, "folds": 2},
            "only 0 groups of molecules (0",
        ),
        (molecules("AAAAB", fixed=["train"] * 4 + ["train"]), {}, "none is left"),
        (molecules(fixed=["train"] * 8), {}, "none is left for the test"),
        (molecules(fixed=["test"] * 7 + ["train"]), {}, "only 1 group of molecules"),
        (molecules("AABCDEFG", fixed=["train", "test"] + [None] * 6), {}, "must stay together"),
        (molecules(labels=[1.0, 2.0, *[None] * 6]), {}, "only 2 molecules"),
    ],
)
def test_what_no_split_can_be_drawn_from_is_told_once(table, splits, told):
    (mistake,) = check_study(table, 8, SPLITS.model_copy(update=splits))
    assert told in mistake


def test_all_mistakes_are_told_together():
    mistakes = check_study(molecules(), 8, SPLITS.model_copy(update={"train": 8}), [300, 7, 8])
    assert [word in text for word, text in zip(["train", "300", " 8 "], mistakes, strict=True)]
    assert len(mistakes) == 3


def described(units, own):
    """Return eight molecules, of which some have a repeat unit, and two own columns."""
    table = molecules().append_column("repeat_unit", pa.array(units, pa.string()))
    return table, pa.table({"molecule": table["molecule"], "own_x": own, "own_same": [1.0] * 8})


DIFFERENT = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)


def mistakes_of(kinds, learner="ridge", units=("*C*",) * 8, own=DIFFERENT):
    table, columns = described(units, own)
    variant = Variant.model_validate({"representation": kinds, "learner": learner})
    return check_study(table, 8, SPLITS, (), {"short": variant}, columns)


NAN = float("nan")
ONE_UNIT = ("*C*", *[None] * 7)
NO_VALUES = (1.0, *[NAN] * 7)


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"kinds": ["backbone"], "units": [None] * 8}, "6 training molecules only 0 have a repeat"),
        ({"kinds": ["rdkit_2d_increments"], "units": ONE_UNIT}, "have a repeat unit (polymer_note"),
        ({"kinds": ["own_columns"], "own": NO_VALUES}, "fewer than half have a value in any own"),
        ({"kinds": ["own_columns"], "own": [2.0] * 8}, "own column whose values differ"),
        (
            {"kinds": ["backbone", "own_columns"], "units": ONE_UNIT, "own": NO_VALUES},
            "have a repeat unit (polymer_note in ledger.csv says why) and fewer than half",
        ),
        ({"kinds": ["own_columns"], "learner": "lightgbm", "own": NO_VALUES}, "variant short"),
    ],
)
def test_a_variant_without_descriptors_of_most_molecules_is_told_once(keywords, told):
    (mistake,) = mistakes_of(**keywords)
    assert told in mistake
    assert "leave the variant out" in mistake


@pytest.mark.parametrize(
    "keywords",
    [
        {"kinds": ["backbone"]},
        {"kinds": ["own_columns"]},
        {"kinds": ["backbone", "own_columns"], "units": ONE_UNIT},
        {"kinds": ["backbone", "own_columns"], "own": NO_VALUES},
        {"kinds": ["backbone", "rdkit_2d"], "units": ONE_UNIT},
        {"kinds": ["backbone"], "units": ONE_UNIT, "learner": "constant"},
    ],
)
def test_a_variant_with_something_to_learn_from_passes(keywords):
    assert mistakes_of(**keywords) == []


def test_folds_count_as_well():
    units = [None, None, None, "*C*", "*C*", "*C*"]  # half, but less without some fold
    table = molecules("ABCDEFGH", fixed=["train"] * 6 + ["test"] * 2).append_column(
        "repeat_unit", pa.array([*units, "*C*", "*C*"], pa.string())
    )
    variants = {"short": Variant(representation="backbone", learner="pls")}
    splits = SPLITS.model_copy(update={"folds": 6})
    (mistake,) = check_study(table, 8, splits, (), variants)
    assert "of the 5 training molecules outside of fold" in mistake
    assert "only 2 have a repeat unit" in mistake
