import pyarrow as pa

from confaug.molecules.ledger import source_rows
from confaug.tables.molecules import LEDGER


def test_source_rows_are_expanded():
    rows = [("accepted", "m1", 1.0), ("rejected", None, None), ("merged", "m1", 3.0)]
    columns = {field.name: pa.nulls(3, field.type) for field in LEDGER.schema()}
    columns |= {"row": pa.array([1, 2, 3])}
    for i, name in enumerate(["status", "molecule", "label"]):
        columns[name] = pa.array([row[i] for row in rows])
    assert source_rows(pa.table(columns)) == [("m1", 1.0), ("m1", 3.0)]
    columns["occurrences"] = pa.array([2, 5, None], pa.int64())
    assert source_rows(pa.table(columns)) == [("m1", 1.0)] * 2 + [("m1", 3.0)]
