"""Collect the predictions of all rows of a table of new molecules, in its order."""

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from confaug.tables.engine import stream_csv
from confaug.tables.parquet import read_parquet
from confaug.tables.prediction import MOLECULE_PREDICTIONS, NEW_PREDICTIONS

logger = logging.getLogger("confaug")
#: Rows of the user's table that are put together at a time.
RECORDS_AT_A_TIME = 20_000


def collect_predictions(
    ledger: pa.Table, shards: Sequence[str | Path], unit: str, output: str | Path
) -> Counter[str]:
    """Write the predictions of all rows in the order of the user's table.

    Parameters
    ----------
    ledger
        LEDGER of the new molecules.
    shards
        MOLECULE_PREDICTIONS files; read in pieces, so that memory does not grow with their number.
    unit
        Unit of the labels.
    output
        The CSV file, as declared by NEW_PREDICTIONS.

    Returns
    -------
    Counter
        Rows by status.
    """
    counts: Counter[str] = Counter()
    with stream_csv(output, NEW_PREDICTIONS) as write:
        for start in range(0, ledger.num_rows, RECORDS_AT_A_TIME):
            piece = ledger.slice(start, RECORDS_AT_A_TIME)
            table = _in_order(piece, _of_molecules(shards, piece["molecule"]), unit)
            counts.update(table["status"].to_pylist())
            write(table)
            logger.info("%d of %d rows written", start + piece.num_rows, ledger.num_rows)
    return counts


def _of_molecules(shards: Sequence[str | Path], molecules: pa.ChunkedArray) -> pa.Table:
    """Read the predictions of some molecules from all shards."""
    schema = MOLECULE_PREDICTIONS.schema()
    wanted = pc.field("molecule").isin(pc.unique(molecules.drop_null()))
    found = (read_parquet(path).filter(wanted) for path in shards)
    return pa.concat_tables([schema.empty_table(), *found])


def _in_order(ledger: pa.Table, predictions: pa.Table, unit: str) -> pa.Table:
    """Join a piece of the ledger with the predictions of its molecules."""
    keys = predictions["molecule"].combine_chunks()
    places = pc.index_in(ledger["molecule"].combine_chunks(), value_set=keys, skip_nulls=True)
    found = predictions.take(places)
    reason = pc.coalesce(found["reason"], _rejection(ledger))
    failed = pc.is_valid(reason)
    n = ledger.num_rows
    columns = {
        **{name: found[name] for name in found.column_names if name != "molecule"},
        **{
            name: ledger[name]
            for name in ("row", "id", "name", "input_smiles", "molecule", "smiles")
        },
        "status": pc.if_else(failed, "failed", "predicted"),
        "reason": reason,
        "unit": pa.array([unit or None] * n, pa.string()),
        "remark": _joined(ledger["warning"], found["remark"]),
    }
    return pa.table({name: columns[name] for name in NEW_PREDICTIONS.names})


def _rejection(ledger: pa.Table) -> pa.Array:
    """Return the reason of rejected rows; the others have none."""
    rejected = pc.equal(ledger["status"], "rejected")
    return pc.if_else(rejected, ledger["reason"], pa.scalar(None, pa.string()))


def _joined(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Join two columns of text, either of which may be empty."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, "; "), first, second)
