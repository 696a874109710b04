"""The table of stored conformers."""

import pyarrow as pa

from confaug.tables.columns import MOLECULE
from confaug.tables.engine import TEXT, Column, TableSpec

CONFORMERS = TableSpec(
    "conformers",
    (
        MOLECULE,
        Column(
            "smiles",
            TEXT,
            "canonical SMILES; with hydrogens added in RDKit's order, it gives the atoms",
        ),
        Column("atomic_numbers", pa.list_(pa.uint8()), "elements in the order of the coordinates"),
        Column("conformer", pa.list_(pa.int64()), "index of each conformer"),
        Column(
            "isomer",
            pa.list_(pa.int64()),
            "number of the stereoisomer, from 1; 0 where what is undefined was left to chance",
        ),
        Column("energy", pa.list_(pa.float64()), "force-field energy; NaN without one", "kcal/mol"),
        Column("converged", pa.list_(pa.bool_()), "minimisation converged; true without one"),
        Column("steps", pa.list_(pa.int64()), "limit of minimisation steps"),
        Column(
            "method",
            pa.list_(pa.string()),
            "how the conformer was embedded: as asked, or which fall-back",
        ),
        Column(
            "coordinates",
            pa.list_(pa.float64()),
            "x, y, z of every atom of every conformer, flat",
            "Å",
        ),
    ),
    key=("molecule",),
    continuous=("coordinates", "energy"),
    files=("conformers/{protocol}/repeat-{repeat}/shard-{shard}.parquet",),
)
