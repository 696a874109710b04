"""What the ledger says of the input rows."""

import pyarrow as pa


def source_rows(ledger: pa.Table) -> list[tuple[str, float]]:
    """Return molecule and label of every input row that has both, as listed in the source.

    Parameters
    ----------
    ledger
        A LEDGER table; rejected rows are left out, and a row that occurred several times in the
        source (`occurrences`) is returned as often.
    """
    rows = []
    for row in ledger.to_pylist():
        if row["molecule"] is not None and row["label"] is not None and row["status"] != "rejected":
            times = 1 if row["occurrences"] is None else row["occurrences"]
            rows.extend([(row["molecule"], row["label"])] * times)
    return rows
