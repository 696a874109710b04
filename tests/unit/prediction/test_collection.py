"""Predictions are put in the order of the table, and every shard is read once."""

from collections import Counter

import pyarrow as pa
import pytest

from confaug.errors import UserError
from confaug.prediction import collection
from confaug.prediction.collection import collect_predictions
from confaug.tables.engine import read_in_pieces, read_table, write_table
from confaug.tables.molecules import LEDGER
from confaug.tables.prediction import MOLECULE_PREDICTIONS, NEW_PREDICTIONS


def molecule_line(i):
    return {
        "molecule": f"m{i:03d}",
        "prediction": float(i),
        "flags": "far" if i % 3 == 0 else None,
        "neighbour_1_name": f"neighbour {i % 4}",
        "neighbour_1_label": 10.0 * (i % 4),
        "remark": "odd" if i % 5 == 0 else None,
    }


@pytest.fixture
def shards(tmp_path):
    """Forty molecules in eight shards."""
    paths = []
    for shard in range(8):
        lines = [molecule_line(i) for i in range(40) if i % 8 == shard]
        paths.append(tmp_path / f"shard-{shard}.parquet")
        table = pa.Table.from_pylist(lines, schema=MOLECULE_PREDICTIONS.schema())
        write_table(table, paths[-1], MOLECULE_PREDICTIONS)
    return paths


def make_ledger():
    """Return a ledger of the molecules from the last to the first, each twice."""
    lines = [
        {"row": row, "status": "accepted", "molecule": f"m{i:03d}", "warning": "strange"}
        for row, i in enumerate([*range(39, -1, -1)] * 2, start=2)
    ]
    return pa.Table.from_pylist(lines, schema=LEDGER.schema())


def test_rows_of_many_shards_keep_their_order_and_each_shard_is_read_once(
    shards, tmp_path, monkeypatch
):
    read = Counter()

    def counting(path, *arguments):
        read[path] += 1
        return read_table(path, *arguments)

    monkeypatch.setattr(collection, "read_table", counting)
    monkeypatch.setattr(collection, "RECORDS_AT_A_TIME", 7)
    counts = collect_predictions(make_ledger(), shards, "K", tmp_path / "out.csv")
    assert counts == {"predicted": 80}
    assert read == dict.fromkeys(shards, 1)
    rows = read_table(tmp_path / "out.csv", NEW_PREDICTIONS).to_pylist()
    for row, i in zip(rows, [*range(39, -1, -1)] * 2, strict=True):
        expected = molecule_line(i)
        remark = "; ".join(filter(None, ["strange", expected.pop("remark")]))
        assert row["remark"] == remark
        assert {key: row[key] for key in expected} == expected


def test_pieces_of_any_size_give_the_same_bytes(shards, tmp_path, monkeypatch):
    contents = set()
    for size in (1, 9, 1000):
        monkeypatch.setattr(collection, "RECORDS_AT_A_TIME", size)
        collect_predictions(make_ledger(), shards, "K", tmp_path / "out.csv")
        contents.add((tmp_path / "out.csv").read_bytes())
    assert len(contents) == 1


def test_what_is_asked_first_comes_first(shards, tmp_path):
    collect_predictions(make_ledger(), shards, "K", tmp_path / "out.csv")
    header = (tmp_path / "out.csv").read_text().splitlines()[0].replace('"', "").split(",")
    first = ["name", "prediction", "low", "high", "flags", "neighbour_1_name", "neighbour_1_label"]
    assert header[:7] == first


def test_a_damaged_shard_is_named(shards, tmp_path):
    shards[3].write_bytes(shards[3].read_bytes()[:-20])
    with pytest.raises(UserError, match=r"shard-3\.parquet is damaged"):
        collect_predictions(make_ledger(), shards, "K", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_table_read_in_pieces_is_the_whole_table(shards, tmp_path, monkeypatch):
    collect_predictions(make_ledger(), shards, "K", tmp_path / "out.csv")
    whole = read_table(tmp_path / "out.csv", NEW_PREDICTIONS)
    monkeypatch.setattr("confaug.tables.engine.PIECE_BYTES", 1500)
    pieces = list(read_in_pieces(tmp_path / "out.csv", NEW_PREDICTIONS))
    assert len(pieces) > 2
    assert pa.concat_tables(pieces).equals(whole)


def test_an_edited_table_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "out.csv").write_text('"name","prediction"\n"a",much\n')
    with pytest.raises(UserError, match="cannot be used as a predictions of new molecules table"):
        list(read_in_pieces(tmp_path / "out.csv", NEW_PREDICTIONS))
