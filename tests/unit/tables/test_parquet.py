import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from confaug.errors import UserError
from confaug.tables.engine import Column, TableSpec, read_table, stream_parquet, write_table
from confaug.tables.parquet import CheckedFile, check_footer, read_parquet

NUMBERS = pa.float64()
SPEC = TableSpec(
    "sample",
    (
        Column("name", pa.string(), "a text"),
        Column("place", pa.list_(pa.float64()), "a list"),
        Column("number", pa.int64(), "an integer", nullable=True),
    ),
    key=("name",),
    further=NUMBERS,
    continuous=("place", "*"),
)
FLIPS = 300


def sample(rows: int = 60) -> pa.Table:
    draw = random.Random(1)
    numbers = [draw.gauss(0, 1) for _ in range(rows)]
    return pa.table(
        {
            "name": [f"molecule {n}" for n in range(rows)],
            "place": [[x, -x] for x in numbers],
            "number": pa.array([None if n % 7 == 0 else n for n in range(rows)], pa.int64()),
            "descriptor": numbers,
        }
    )


@pytest.fixture
def path(tmp_path) -> Path:
    write_table(sample(), tmp_path / "sample.parquet", SPEC)
    return tmp_path / "sample.parquet"


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def in_pieces(path: Path) -> pa.Table:
    return pa.Table.from_batches(CheckedFile(path).iter_batches(7))


def by_group(path: Path) -> pa.Table:
    file = CheckedFile(path)
    return pa.concat_tables(map(file.read_row_group, range(file.num_row_groups)))


READERS = {
    "table": lambda path: read_table(path, SPEC),
    "whole": read_parquet,
    "pieces": in_pieces,
    "groups": by_group,
    "file": lambda path: CheckedFile(path).read(),
}


def test_any_program_reads_what_is_written(path):
    assert pq.read_table(path, page_checksum_verification=True) == read_table(path, SPEC)


def test_equal_rows_give_equal_bytes_and_a_streamed_file_is_checked_too(path, tmp_path):
    write_table(sample(), tmp_path / "again.parquet", SPEC)
    assert (tmp_path / "again.parquet").read_bytes() == path.read_bytes()
    with stream_parquet(tmp_path / "streamed.parquet", sample().schema) as writer:
        for start in range(0, 60, 20):
            writer.write_table(sample().slice(start, 20))
    assert by_group(tmp_path / "streamed.parquet") == sample()
    check_footer(tmp_path / "streamed.parquet")


@pytest.mark.parametrize("reader", READERS)
def test_a_flipped_bit_is_named_or_changes_nothing(path, reader, tmp_path):
    good, content = READERS[reader](path), path.read_bytes()
    damaged, told = tmp_path / "damaged.parquet", []
    for bit in random.Random(reader).sample(range(8 * len(content)), FLIPS):
        damaged.write_bytes(flipped(content, bit))
        try:
            found = READERS[reader](damaged)
        except UserError as error:
            told.append(str(error))
        else:
            assert found.equals(good), f"bit {bit} of {len(content)} bytes"
    assert len(told) > 0.8 * FLIPS
    assert all(str(damaged) in text and "delete it and run again" in text for text in told)


def test_a_flipped_bit_of_the_footer_is_seen_before_anything_is_read(path):
    content = path.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little")
    marked = content.index(b"footer CRC-32 ")
    unmarked = range(8 * marked, 8 * (marked + len(b"footer CRC-32 00000000")))
    bits = range(8 * (len(content) - 8 - footer), 8 * len(content))
    for bit in random.Random(1).sample([bit for bit in bits if bit not in unmarked], FLIPS):
        path.write_bytes(flipped(content, bit))
        with pytest.raises(ValueError, match=r"checksum of its footer|does not end|no footer"):
            check_footer(path)


@pytest.mark.parametrize("left", [0, 3, 100, -1, -9])
@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_cut_short_is_named(path, left, reader):
    content = path.read_bytes()
    path.write_bytes(content[:left] if left >= 0 else content[: len(content) + left])
    with pytest.raises(UserError, match="delete it and run again"):
        READERS[reader](path)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_not_there_is_not_called_damaged(tmp_path, reader):
    with pytest.raises(FileNotFoundError):
        READERS[reader](tmp_path / "none.parquet")


def test_a_file_of_another_program_is_read(tmp_path):
    pq.write_table(sample(), tmp_path / "other.parquet")
    assert read_parquet(tmp_path / "other.parquet") == sample()
