from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from learning_study import NAMES_2D, NAMES_3D, make_study, rows_of

from confaug.config.roles import MANY_ROWS
from confaug.errors import UserError
from confaug.learning import augmented_table, conformer_rows, representations
from confaug.learning.augmented_table import read_rows
from confaug.learning.ensemble_statistics import boltzmann_columns, statistic_columns
from confaug.learning.molecule_columns import read_molecule_columns
from confaug.learning.representations import BUILDERS, FROM_DISTRIBUTION

REPRESENTATIONS = (
    ("mordred_2d",),
    *((kind,) for kind in (*BUILDERS, FROM_DISTRIBUTION)),
    *(("mordred_2d", kind) for kind in (*BUILDERS, FROM_DISTRIBUTION)),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("study"), bare=(2,))


@pytest.fixture(scope="module")
def frame(study):
    import pandas as pd

    return pd.read_parquet(study.augmented)


def is_many(representation):
    return representation[-1] in MANY_ROWS


@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_rows_and_features_of_each_representation(study, representation):
    rows = rows_of(study, representation)
    many = is_many(representation)
    expected = [1 if i == 2 or not many else 9 for i in range(len(study.molecules))]
    assert rows.counts.tolist() == expected
    assert rows.molecules.tolist() == list(study.molecules)
    assert rows.X.dtype == np.float32
    features = {
        "mordred_2d": NAMES_2D,
        "distribution_3d": ("minDPSA1", "maxDPSA1"),
        "boltzmann_3d": boltzmann_columns(NAMES_3D),
        "ensemble_statistics_3d": statistic_columns(NAMES_3D),
    }
    expected = [name for kind in representation for name in features.get(kind, NAMES_3D)]
    assert list(rows.feature_names) == expected


@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_the_order_of_rows_in_the_file_does_not_matter(study, tmp_path, representation):
    other = make_study(tmp_path, bare=(2,), shuffle=5)
    first, second = rows_of(study, representation), rows_of(other, representation)
    np.testing.assert_array_equal(first.X, second.X)
    np.testing.assert_array_equal(first.molecule, second.molecule)
    np.testing.assert_array_equal(first.rank, second.rank)


def test_augmented_rows_are_those_of_the_table(study, frame):
    rows = rows_of(study, ("mordred_2d", "augmented_3d"), study.molecules[4:6])
    wanted = frame[frame.molecule.isin(study.molecules[4:6])]
    wanted = wanted.sort_values(["molecule", "protocol", "repeat", "conformer"])
    np.testing.assert_array_equal(rows.X, wanted[[*NAMES_2D, *NAMES_3D]].to_numpy(np.float32))


def test_pooled_means_are_those_of_the_conformers(study, frame):
    rows = rows_of(study, ("mordred_2d", "mean_3d"))
    expected = frame.groupby("molecule")[list(NAMES_3D)].mean().to_numpy()
    np.testing.assert_allclose(rows.with_features(NAMES_3D), expected, rtol=1e-6)
    copies = rows_of(study, ("mordred_2d", "duplicated_3d"))
    np.testing.assert_array_equal(copies.X[copies.starts], rows.X)
    np.testing.assert_array_equal(copies.X[3:9], np.repeat(copies.X[3:4], 6, axis=0))


def test_lowest_energy_is_sought_within_one_protocol(study, frame):
    rows = rows_of(study, ("mordred_2d", "lowest_energy_3d"), [study.molecules[0]])
    own = frame[(frame.molecule == study.molecules[0]) & (frame.protocol == "etkdg_mmff")]
    expected = own.loc[own.energy.idxmin(), list(NAMES_3D)].to_numpy(np.float32)
    np.testing.assert_array_equal(rows.with_features(NAMES_3D)[0], expected)


@pytest.mark.parametrize(
    "representation",
    [("mordred_2d", "mean_3d"), ("mordred_2d", "augmented_3d"), ("mordred_2d", "noise_3d")],
)
def test_a_molecule_without_conformers_keeps_its_2d(study, representation):
    rows = rows_of(study, representation, [study.molecules[2]])
    assert np.isnan(rows.with_features(NAMES_3D)).all()
    assert np.isfinite(rows.with_features(["nC", "MW"])).all()


def test_few_conformers_are_spread_over_the_protocols(study, frame):
    rows = rows_of(study, "augmented_3d", [study.molecules[0]]).per_molecule(4)
    own = frame[frame.molecule == study.molecules[0]]
    chosen = own[(own.conformer == 0) | ((own.conformer == 1) & (own.protocol == "dg"))]
    expected = chosen.sort_values(["protocol", "conformer"])[list(NAMES_3D)]
    np.testing.assert_array_equal(rows.X, expected.to_numpy(np.float32))


@pytest.mark.parametrize("limit", [1, 4, 100])
@pytest.mark.parametrize(
    ("representation", "only_protocols"),
    [
        *((representation, None) for representation in REPRESENTATIONS),
        *(((kind,), ["etkdg_uff", "dg"]) for kind in MANY_ROWS),
    ],
)
def test_a_limit_of_rows_takes_the_first_of_all_rows(
    study, monkeypatch, representation, limit, only_protocols
):
    options = {"only_protocols": only_protocols}
    expected = rows_of(study, representation, **options).per_molecule(limit)
    monkeypatch.setattr(conformer_rows, "PIECE_ROWS", 20)
    rows = rows_of(study, representation, rows_per_molecule=limit, **options)
    np.testing.assert_array_equal(rows.X, expected.X)
    np.testing.assert_array_equal(rows.molecule, expected.molecule)
    np.testing.assert_array_equal(rows.rank, expected.rank)
    assert rows.feature_names == expected.feature_names


@pytest.mark.parametrize("representation", [("mordred_2d", "mean_3d"), *MANY_ROWS])
def test_no_more_is_read_at_a_time_than_a_piece_or_what_is_kept(study, monkeypatch, representation):
    sizes = []
    read = read_rows

    def watched(file, position, names):
        sizes.append(len(position))
        return read(file, position, names)

    monkeypatch.setattr(conformer_rows, "PIECE_ROWS", 20)
    monkeypatch.setattr(augmented_table, "read_rows", watched)
    monkeypatch.setattr(representations, "read_rows", watched)
    kept = rows_of(study, representation, rows_per_molecule=1)
    assert len(kept.molecule) == len(study.molecules) == 24
    assert max(sizes) <= 24


def test_a_table_without_any_conformer(tmp_path):
    study = make_study(tmp_path, bare=tuple(range(24)))
    for representation in (
        ("mordred_2d", "lowest_energy_3d"),
        ("mordred_2d", "mean_3d"),
        *MANY_ROWS,
    ):
        rows = rows_of(study, representation, study.molecules[3:7], rows_per_molecule=2)
        assert rows.molecule.tolist() == list(study.molecules[3:7])
        assert np.isnan(rows.with_features(NAMES_3D)).all()


def test_a_subset_of_protocols(study, frame):
    rows = rows_of(study, "augmented_3d", only_protocols=["etkdg_uff"])
    expected = frame[(frame.protocol == "etkdg_uff") | frame.protocol.isna()]
    expected = expected.sort_values(["molecule", "conformer"])[list(NAMES_3D)]
    np.testing.assert_array_equal(rows.X, expected.to_numpy(np.float32))


def test_a_molecule_that_a_subset_of_protocols_leaves_bare_keeps_one_row(study, tmp_path):
    import pyarrow.parquet as pq

    table = pq.read_table(study.augmented)
    first = table["molecule"].to_numpy() == study.molecules[0]
    gone = first & (table["protocol"].to_pandas() == "etkdg_uff").to_numpy()
    pq.write_table(table.filter(~gone), tmp_path / "augmented.parquet")
    rows = rows_of(
        study,
        ("mordred_2d", "augmented_3d"),
        study.molecules[:2],
        replace(study.files, augmented=tmp_path / "augmented.parquet"),
        only_protocols=["etkdg_uff"],
    )
    assert rows.counts.tolist() == [1, 3]
    assert np.isnan(rows.with_features(NAMES_3D)[0]).all()
    assert np.isfinite(rows.with_features(["nC"])[0]).all()


def test_noise_is_reproducible_and_its_own_for_each_molecule_and_seed(study):
    first = rows_of(study, ("mordred_2d", "noise_3d"), study.molecules[:2])
    alone = rows_of(study, ("mordred_2d", "noise_3d"), study.molecules[1:2])
    np.testing.assert_array_equal(first.X[9:], alone.X)
    other = rows_of(study, ("mordred_2d", "noise_3d"), study.molecules[1:2], seed=2)
    assert not np.allclose(other.with_features(NAMES_3D), alone.with_features(NAMES_3D))
    np.testing.assert_array_equal(other.with_features(["nC"]), alone.with_features(["nC"]))


def test_mistakes_are_named(study):
    with pytest.raises(UserError, match="no row for molecule mffff"):
        rows_of(study, "mordred_2d", ["mffff"])
    with pytest.raises(UserError, match="protocol 'kdg' is not in"):
        rows_of(study, "augmented_3d", only_protocols=["kdg"])
    with pytest.raises(UserError, match="made of all conformers"):
        rows_of(study, "distribution_3d", only_protocols=["dg"])
    with pytest.raises(UserError, match=r"lacks 1 features.*'nope'"):
        rows_of(study, "mordred_2d").with_features(["nC", "nope"])


def columns_file(path, *rows, names=("a", "b")):
    numbers = {name: [float(i) for i in range(len(rows))] for name in names}
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table({"molecule": list(rows), **numbers}), path)
    return path


def test_columns_of_shards_are_put_together_by_molecule(tmp_path):
    files = [
        columns_file(tmp_path / "shard-0.parquet", "mc", "ma"),
        columns_file(tmp_path / "shard-1.parquet", "mx", "mb", "mx"),
    ]
    _, X = read_molecule_columns("rdkit_2d", iter(files), ["ma", "mb", "mc"])
    assert X.tolist() == [[1, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (["ma", "mb"], ["mb"], r"two rows of molecule mb, the second in shard-1\.parquet"),
        (["ma"], ["mb", "mb"], r"two rows of molecule mb, the second in shard-1\.parquet"),
        (["mb"], ["mx"], r"no row for molecule ma \(1 of 2 are missing\); delete it and run"),
    ],
)
def test_what_is_there_twice_or_missing_is_named_with_its_kind(tmp_path, first, second, problem):
    files = [
        columns_file(tmp_path / "rdkit_2d" / f"shard-{number}.parquet", *rows)
        for number, rows in enumerate((first, second))
    ]
    with pytest.raises(UserError, match=rf"the table of rdkit_2d, \S*/rdkit_2d, has {problem}"):
        read_molecule_columns("rdkit_2d", files, ["ma", "mb"])
