"""Collect the predictions of all rows of a table of new molecules, in its order."""

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from confaug.tables.engine import TEXT, read_table, stream_csv
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
        MOLECULE_PREDICTIONS files.
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
    predictions = _read_shards(shards)
    molecules = predictions["molecule"].combine_chunks()
    predictions = predictions.drop_columns(MOLECULE_PREDICTIONS.key)
    places = pc.index_in(ledger["molecule"], value_set=molecules, skip_nulls=True)
    with stream_csv(output, NEW_PREDICTIONS) as write:
        for start in range(0, ledger.num_rows, RECORDS_AT_A_TIME):
            piece = ledger.slice(start, RECORDS_AT_A_TIME)
            found = predictions.take(places.slice(start, RECORDS_AT_A_TIME))
            table = _joined(piece, found, unit)
            counts.update(table["status"].to_pylist())
            write(table)
            logger.info("%d of %d rows written", start + piece.num_rows, ledger.num_rows)
    return counts


def _read_shards(shards: Sequence[str | Path]) -> pa.Table:
    """Read all shards; texts are kept once, because most are about the same training molecules."""
    schema = MOLECULE_PREDICTIONS.schema()
    coded = pa.schema(
        field.with_type(pa.dictionary(pa.int32(), TEXT))
        if field.type == TEXT and field.name != "molecule"
        else field
        for field in schema
    )
    tables = [read_table(path, MOLECULE_PREDICTIONS).cast(coded) for path in shards]
    together = pa.concat_tables([coded.empty_table(), *tables])
    return together.unify_dictionaries().combine_chunks()


def _joined(ledger: pa.Table, found: pa.Table, unit: str) -> pa.Table:
    """Join a piece of the ledger with the predictions of its molecules, row by row."""
    schema = MOLECULE_PREDICTIONS.schema()
    found = found.cast(pa.schema([schema.field(name) for name in found.column_names]))
    reason = pc.coalesce(found["reason"], _rejection(ledger))
    failed = pc.is_valid(reason)
    n = ledger.num_rows
    columns = {
        **{name: found[name] for name in found.column_names},
        **{
            name: ledger[name]
            for name in ("row", "id", "name", "input_smiles", "molecule", "smiles", "conditions")
        },
        "status": pc.if_else(failed, "failed", "predicted"),
        "reason": reason,
        "unit": pa.array([unit or None] * n, pa.string()),
        "remark": _both(ledger["warning"], found["remark"]),
    }
    return pa.table({name: columns[name] for name in NEW_PREDICTIONS.names})


def _rejection(ledger: pa.Table) -> pa.Array:
    """Return the reason of rejected rows; the others have none."""
    rejected = pc.equal(ledger["status"], "rejected")
    return pc.if_else(rejected, ledger["reason"], pa.scalar(None, pa.string()))


def _both(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Join two columns of text, either of which may be empty."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, "; "), first, second)
