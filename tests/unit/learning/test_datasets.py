import pyarrow as pa
import pytest
from learning_study import PROTOCOLS, make_study

from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.learning.datasets import read_learning_data
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES, SPLIT


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path)


def read(study, **variant):
    return read_learning_data(
        study.files,
        study.facts,
        study.split,
        Variant(**{"representation": "mordred_2d", "learner": "lightgbm", **variant}),
        PROTOCOLS,
    )


def test_parts_labels_and_folds_are_those_of_the_tables(study):
    data = read(study)
    assert data.molecules("train") == list(study.molecules[:16])
    assert data.molecules("test") == list(study.molecules[16:])
    assert not set(data.molecules("train")) & set(data.molecules("test"))
    assert data.folds_of(study.molecules[:6]).tolist() == [0, 1, 2, 3, 0, 1]
    expected = [study.labels[name] for name in study.molecules[16:]]
    assert data.labels_of(data.rows("test").molecules).tolist() == expected
    assert data.rows("train").molecules.tolist() == data.molecules("train")


def test_a_variant_may_limit_the_rows_of_each_molecule(study):
    augmented = {"representation": "augmented_3d"}
    everything = read(study, **augmented).rows("train")
    assert everything.counts.tolist() == [9] * 16
    assert read(study, **augmented, rows_per_molecule=None).rows("train").counts[0] == 9
    limited = read(study, **augmented, rows_per_molecule=4)
    for part, count in (("train", 16), ("test", 8)):
        assert limited.rows(part).counts.tolist() == [4] * count
    assert limited.rows("train").X.tolist() == everything.per_molecule(4).X.tolist()
    assert limited.rows("train", 2).counts.tolist() == [2] * 16
    assert limited.rows("train", 7).counts.tolist() == [4] * 16


def rewrite(path, spec, change):
    entries = read_table(path, spec).to_pylist()
    change(entries[3])
    write_table(pa.Table.from_pylist(entries, schema=spec.schema()), path, spec)


def test_a_training_molecule_needs_a_label_and_a_fold(study):
    rewrite(study.split, SPLIT, lambda entry: entry.update(fold=None))
    with pytest.raises(UserError, match="training molecule m000000000003 has no fold"):
        read(study)
    rewrite(study.facts, MOLECULES, lambda entry: entry.update(label=None))
    with pytest.raises(UserError, match="training molecule m000000000003 has no label"):
        read(study)


def test_a_held_out_molecule_may_be_without_a_label(study):
    rewrite(study.split, SPLIT, lambda entry: entry.update(part="test", fold=None))
    rewrite(study.facts, MOLECULES, lambda entry: entry.update(label=None))
    data = read(study)
    assert "m000000000003" in data.molecules("test")
    assert str(data.labels_of(["m000000000003"])[0]) == "nan"
