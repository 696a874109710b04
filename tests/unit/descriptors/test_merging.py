"""The merged tables against the same joins done with pandas."""

import itertools

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from confaug.config.protocols import Protocol
from confaug.descriptors import augmented, distribution
from confaug.descriptors.augmented import merge_augmented
from confaug.descriptors.distribution import (
    STATISTICS,
    distribution_columns,
    merge_distribution,
    order_statistics,
    protocol_suffix,
)
from confaug.descriptors.names import CHARGE_MOMENTS, NAMES_3D
from confaug.errors import UserError
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_3D, DISTRIBUTION
from confaug.tables.engine import read_table, write_table
from confaug.tables.molecules import MOLECULES

PROTOCOLS = {
    "plain": Protocol("dg", "none"),
    "etkdg_mmff": Protocol("etkdg", "mmff"),
}
SHARDS = {"shard-00": ["m3", "m0"], "shard-01": ["m4", "m1", "m2"]}
WITHOUT_CONFORMERS = {"m2", "m3"}
UNLABELLED = "m1"
KEY = ["molecule", "protocol", "repeat", "conformer"]


def molecules_table():
    names = sorted(itertools.chain(*SHARDS.values()))
    return pa.Table.from_pylist(
        [
            {
                "molecule": name,
                "smiles": "C",
                "group": name,
                "label": None if name == UNLABELLED else float(i),
                "n_rows": 1,
                "n_heavy_atoms": 1,
                "n_components": 1,
                "modelled_smiles": "C",
            }
            for i, name in enumerate(names)
        ],
        schema=MOLECULES.schema(),
    )


def conformers_of(protocol, repeat, molecules, random):
    """Return random 3D descriptors, some undefined, as the describing jobs write them."""
    keys = [
        (name, protocol, repeat, conformer)
        for name in molecules
        if name not in WITHOUT_CONFORMERS and not (name == "m4" and protocol == "plain")
        for conformer in (0, 1, 3)
    ]
    frame = pd.DataFrame(keys, columns=KEY)
    values = random.normal(size=(len(keys), len(NAMES_3D)))
    values[random.random(values.shape) < 0.05] = np.nan
    values[:, 7] = np.nan
    energy = random.normal(size=len(keys)) if protocol != "plain" else np.nan
    frame = frame.assign(energy=energy)
    return pd.concat([frame, pd.DataFrame(values, columns=list(NAMES_3D))], axis=1)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Return the files of two shards, and the same rows as frames."""
    folder = tmp_path_factory.mktemp("descriptors")
    random = np.random.default_rng(1)
    files, frames = [], []
    for shard, names in SHARDS.items():
        for protocol, repeat in itertools.product(PROTOCOLS, (1, 2)):
            rows = conformers_of(protocol, repeat, names, random)
            path = folder / protocol / f"repeat-{repeat}" / f"{shard}.parquet"
            table = pa.Table.from_pandas(
                rows, DESCRIPTORS_3D.schema(NAMES_3D), preserve_index=False
            )
            write_table(table, path, DESCRIPTORS_3D)
            files.append(path)
            frames.append(rows)
    return files, pd.concat(frames)


def expected_augmented(frame):
    labels = molecules_table().to_pandas()[["molecule", "label"]]
    return labels.merge(frame, on="molecule", how="left").sort_values(KEY).reset_index(drop=True)


@pytest.mark.parametrize(  # the two shards have 13 and 19 rows
    ("rows_at_a_time", "rows_per_shard", "pieces"), [(5, 1, 7), (5, 8, 3), (8192, 256, 2)]
)
def test_augmented_table_equals_a_join(
    tmp_path, inputs, monkeypatch, rows_at_a_time, rows_per_shard, pieces
):
    monkeypatch.setattr(augmented, "ROWS_AT_A_TIME", rows_at_a_time)
    monkeypatch.setattr(augmented, "ROWS_PER_SHARD", rows_per_shard)
    files, frame = inputs
    path = tmp_path / "augmented.parquet"
    count = merge_augmented(molecules_table(), SHARDS, files, path)
    table = read_table(path, AUGMENTED)
    assert table.column_names == [*AUGMENTED.names, *NAMES_3D]
    assert table.num_rows == count
    assert pq.ParquetFile(path).num_row_groups == pieces
    merged = table.to_pandas().sort_values(KEY).reset_index(drop=True)
    expected = expected_augmented(frame)[merged.columns]
    pd.testing.assert_frame_equal(merged, expected, check_dtype=False, check_exact=True)


def test_a_molecule_without_conformers_has_one_row(tmp_path, inputs):
    files, _ = inputs
    merge_augmented(molecules_table(), SHARDS, files, tmp_path / "augmented.parquet")
    rows = [
        row
        for row in read_table(tmp_path / "augmented.parquet", AUGMENTED).to_pylist()
        if row["molecule"] in WITHOUT_CONFORMERS
    ]
    assert [row["molecule"] for row in rows] == ["m3", "m2"]  # in the order of the shards
    for row in rows:
        assert all(row[name] is None for name in ("protocol", "repeat", "conformer", "energy"))
        assert all(np.isnan(row[name]) for name in NAMES_3D)


def test_rows_are_sorted_within_shards_whatever_the_order_of_files(tmp_path, inputs):
    files, _ = inputs
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    merge_augmented(molecules_table(), SHARDS, files, paths[0])
    merge_augmented(molecules_table(), dict(reversed(SHARDS.items())), files[::-1], paths[1])
    assert paths[0].read_bytes() == paths[1].read_bytes()
    rows = pq.read_table(paths[0], columns=KEY).to_pylist()
    blocks = itertools.groupby(rows, lambda row: row["molecule"] in SHARDS["shard-01"])
    for _, block in blocks:
        keys = [tuple(row.values()) for row in block if row["protocol"]]
        assert keys == sorted(keys)


def test_a_shard_without_its_molecules_is_refused(tmp_path, inputs):
    files, _ = inputs
    first = dict([*SHARDS.items()][:1])
    with pytest.raises(UserError, match="shard-01 does not have both"):
        merge_augmented(molecules_table(), first, files, tmp_path / "a.parquet")
    assert not (tmp_path / "a.parquet").exists()


def test_a_molecule_without_label_table_entry_is_refused(tmp_path, inputs):
    files, _ = inputs
    with pytest.raises(UserError, match=r"m4 has descriptors but is not in molecules\.csv"):
        merge_augmented(molecules_table().slice(0, 4), SHARDS, files, tmp_path / "a.parquet")


@pytest.mark.parametrize(  # one and two molecules of the two shards have conformers, two have none
    ("rows_at_a_time", "rows_per_shard", "pieces"), [(1, 0, 4), (1, 1, 2), (1024, 16, 1)]
)
def test_distribution_table_equals_grouped_quantiles(
    tmp_path, inputs, monkeypatch, rows_at_a_time, rows_per_shard, pieces
):
    files, frame = inputs
    monkeypatch.setattr(distribution, "ROWS_AT_A_TIME", rows_at_a_time)
    monkeypatch.setattr(distribution, "ROWS_PER_SHARD", rows_per_shard)
    path = tmp_path / "distribution.parquet"
    assert merge_distribution(molecules_table(), files, PROTOCOLS, path) == 5
    assert pq.ParquetFile(path).num_row_groups == pieces
    table = read_table(path, DISTRIBUTION)
    merged = table.to_pandas().set_index("molecule")
    assert list(merged.index) == ["m0", "m1", "m4", "m2", "m3"]
    assert merged.shape[1] == 1 + 2 * 213 * 5
    labels = molecules_table().to_pandas().set_index("molecule")["label"]
    pd.testing.assert_series_equal(merged["label"].sort_index(), labels)
    for protocol, suffix in (("plain", ""), ("etkdg_mmff", "_ETKDGmmff")):
        mine = frame[frame["protocol"] == protocol].groupby("molecule")[list(NAMES_3D)]
        for statistic, quantile in STATISTICS:
            expected = mine.quantile(quantile).reindex(merged.index)
            columns = [f"{statistic}{name}{suffix}" for name in NAMES_3D]
            np.testing.assert_allclose(merged[columns], expected, rtol=1e-12, atol=1e-12)


def with_charges(files, folder):
    """Write the files again with the moments of the charges of MMFF94; return where they are."""
    further = CHARGE_MOMENTS["mmff"]
    written = []
    for number, path in enumerate(files):
        table = read_table(path, DESCRIPTORS_3D)
        for column, name in enumerate(further):
            values = np.arange(table.num_rows) + number + 100.0 * column
            table = table.append_column(name, pa.array(values))
        written.append(folder / path.parent.parent.name / path.parent.name / path.name)
        write_table(table, written[-1], DESCRIPTORS_3D)
    return written


def test_further_descriptors_are_merged_like_others(tmp_path, inputs):
    files, _ = inputs
    charged, names = with_charges(files, tmp_path), (*NAMES_3D, *CHARGE_MOMENTS["mmff"])
    frame = pd.concat([pd.read_parquet(path) for path in charged])
    merge_augmented(molecules_table(), SHARDS, charged, tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet", AUGMENTED)
    assert table.column_names == [*AUGMENTED.names, *names]
    merged = table.to_pandas().dropna(subset="protocol").sort_values(KEY)
    expected = frame.sort_values(KEY)
    np.testing.assert_array_equal(merged[list(names)], expected[list(names)])
    merge_distribution(molecules_table(), charged, PROTOCOLS, tmp_path / "d.parquet")
    table = read_table(tmp_path / "d.parquet", DISTRIBUTION).to_pandas().set_index("molecule")
    assert table.shape[1] == 1 + 2 * len(names) * 5
    mine = frame[frame["protocol"] == "plain"].groupby("molecule")["Dipole-mmff"].max()
    assert table["maxDipole-mmff"].dropna().to_dict() == mine.to_dict()


def test_a_file_without_the_further_descriptors_of_the_others_is_refused(tmp_path, inputs):
    files, _ = inputs
    mixed = [*with_charges(files[:-1], tmp_path), files[-1]]
    with pytest.raises(UserError, match=r"lacks the column '\w+-mmff'; delete it and run again"):
        merge_augmented(molecules_table(), SHARDS, mixed, tmp_path / "a.parquet")
    with pytest.raises(UserError, match=r"lacks the column '\w+-mmff'; delete it and run again"):
        merge_distribution(molecules_table(), mixed, PROTOCOLS, tmp_path / "d.parquet")


def test_a_shard_without_any_conformer_adds_nothing(tmp_path, inputs):
    files, _ = inputs
    empty = tmp_path / "shard-02.parquet"
    write_table(DESCRIPTORS_3D.schema(NAMES_3D).empty_table(), empty, DESCRIPTORS_3D)
    with_it, without = tmp_path / "a.parquet", tmp_path / "b.parquet"
    count = merge_distribution(molecules_table(), files, PROTOCOLS, without)
    assert merge_distribution(molecules_table(), [*files, empty], PROTOCOLS, with_it) == count
    pd.testing.assert_frame_equal(pd.read_parquet(with_it), pd.read_parquet(without))


def test_all_seeds_are_pooled(tmp_path, inputs):
    files, frame = inputs
    merge_distribution(molecules_table(), files, PROTOCOLS, tmp_path / "d.parquet")
    row = read_table(tmp_path / "d.parquet", DISTRIBUTION).to_pylist()[0]
    mine = frame[(frame["molecule"] == "m0") & (frame["protocol"] == "plain")]
    assert set(mine["repeat"]) == {1, 2}
    assert row["maxDPSA1"] == mine["DPSA1"].max()


def test_the_six_protocols_give_6390_columns_named_as_in_the_lecture():
    six = {
        f"{method}_{force_field}": Protocol(method, force_field)
        for method in ("dg", "etkdg")
        for force_field in ("none", "mmff", "uff")
    }
    names = distribution_columns(six)
    assert len(names) == len(set(names)) == 6390
    assert {"minDPSA1", "25%DPSA1_DGmmff", "maxPBF_ETKDGuff", "50%Mor01_ETKDG"} <= set(names)


def test_suffixes_differ_for_all_definitions():
    methods = ("dg", "etkdg", "etdg", "kdg", "sretkdg")
    fields = ("none", "mmff", "mmff94s", "uff")
    suffixes = {protocol_suffix(Protocol(m, f)) for m, f in itertools.product(methods, fields)}
    assert len(suffixes) == 20


def test_equal_protocols_under_two_names_are_refused():
    with pytest.raises(UserError, match=r"embedding\.protocols\.a and embedding\.protocols\.b"):
        distribution_columns({"a": PROTOCOLS["plain"], "b": PROTOCOLS["plain"]})


@given(
    hnp.arrays(
        float,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=7),
        elements=st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)),
    )
)
def test_order_statistics_are_numpys(values):
    result = order_statistics(values)
    assert result.shape == (values.shape[1], 5)
    for column, row in zip(values.T, result, strict=True):
        numbers = column[~np.isnan(column)]
        if len(numbers):
            np.testing.assert_array_equal(row, np.percentile(numbers, [0, 25, 50, 75, 100]))
        else:
            assert np.isnan(row).all()
