import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from confaug.errors import UserError
from confaug.tables.descriptors import AUGMENTED
from confaug.tables.engine import check_table, read_table, stream_parquet, write_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import SPLIT


def predictions(**changes: list) -> pa.Table:
    columns = {
        "molecule": ["ma", "mb"],
        "part": ["test", "test"],
        "label": [1.5, None],
        "prediction": [0.1, 1e-300],
        "standard_deviation": [0.0, 2.0],
        "n_rows": [1, 2],
    }
    return pa.table({**columns, **changes})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_round_trip_is_exact(tmp_path, suffix):
    path = tmp_path / f"table.{suffix}"
    write_table(predictions(), path, PREDICTIONS)
    assert read_table(path, PREDICTIONS).equals(check_table(predictions(), PREDICTIONS))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_same_rows_give_the_same_bytes(tmp_path, suffix):
    paths = [tmp_path / f"{name}.{suffix}" for name in "ab"]
    for path in paths:
        write_table(predictions(), path, PREDICTIONS)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"molecule": ["ma", None]}, "empty values in column 'molecule'"),
        ({"molecule": ["ma", "ma"]}, "two rows with the same molecule, part"),
        ({"n_rows": ["one", "two"]}, "does not match its declaration"),
        ({"surprise": [1, 2]}, "takes no further columns, got 'surprise'"),
    ],
)
def test_a_table_that_breaks_its_declaration_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        check_table(predictions(**changes), PREDICTIONS)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="lacks the column 'standard_deviation'"):
        check_table(predictions().drop(["standard_deviation"]), PREDICTIONS)


def test_further_columns_get_their_declared_type():
    table = pa.table(
        {
            "molecule": ["ma"],
            "protocol": ["dg"],
            "repeat": [1],
            "conformer": [0],
            "label": [1.0],
            "energy": pa.array([None], pa.float64()),
            "ABC": [3],
        }
    )
    assert check_table(table, AUGMENTED).schema.field("ABC").type == pa.float64()


def test_an_edited_file_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "split.csv"
    path.write_text("molecule,group,part\nma,g,train\n")
    with pytest.raises(
        UserError, match=r"split.csv cannot be used as a split table .*lacks the column"
    ):
        read_table(path, SPLIT)


def test_a_stream_that_breaks_leaves_no_file(tmp_path):
    path = tmp_path / "stream.parquet"
    schema = pa.schema([("x", pa.int64())])

    def write_and_die() -> None:
        with stream_parquet(path, schema) as writer:
            writer.write_table(pa.table({"x": [1]}))
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        write_and_die()
    assert not path.exists()
    with stream_parquet(path, schema) as writer:
        writer.write_table(pa.table({"x": [1]}))
        writer.write_table(pa.table({"x": [2]}))
    assert pq.read_table(path)["x"].to_pylist() == [1, 2]
