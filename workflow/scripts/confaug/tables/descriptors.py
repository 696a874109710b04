"""Tables of descriptors, by molecule and by conformer."""

from confaug.tables.columns import CONFORMER, ENERGY, LABEL, MOLECULE, PROTOCOL, REPEAT
from confaug.tables.engine import FLOAT, INT, TEXT, Column, TableSpec

DESCRIPTORS_2D = TableSpec(
    "2D descriptors",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=(
        "descriptors_2d/mordred_2d/shard-{shard}.parquet",
        "descriptors_2d/mordred_2d_as_given/shard-{shard}.parquet",
    ),
)
RDKIT_2D = TableSpec(
    "RDKit 2D descriptors",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=(
        "descriptors_2d/rdkit_2d/shard-{shard}.parquet",
        "descriptors_2d/rdkit_2d_as_given/shard-{shard}.parquet",
    ),
)
RDKIT_2D_PER_ATOM = TableSpec(
    "RDKit 2D descriptors per atom",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=("descriptors_2d/rdkit_2d_per_atom/shard-{shard}.parquet",),
)
RDKIT_2D_INCREMENTS = TableSpec(
    "RDKit 2D increments",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=("descriptors_2d/rdkit_2d_increments/shard-{shard}.parquet",),
)
MORGAN_COUNTS = TableSpec(
    "Morgan counts",
    (MOLECULE,),
    key=("molecule",),
    further=INT,
    files=(
        "descriptors_2d/morgan_counts/shard-{shard}.parquet",
        "descriptors_2d/morgan_counts_as_given/shard-{shard}.parquet",
    ),
)
BACKBONE = TableSpec(
    "backbone descriptors",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=("descriptors_2d/backbone/shard-{shard}.parquet",),
)
OWN_COLUMNS = TableSpec(
    "own columns",
    (MOLECULE,),
    key=("molecule",),
    further=FLOAT,
    files=("molecules/own_columns.parquet",),
)
DESCRIPTORS_3D = TableSpec(
    "3D descriptors",
    (MOLECULE, PROTOCOL, REPEAT, CONFORMER, ENERGY),
    key=("molecule", "protocol", "repeat", "conformer"),
    further=FLOAT,
    continuous=("energy", "*"),
    files=("descriptors_3d/{protocol}/repeat-{repeat}/shard-{shard}.parquet",),
)
AUGMENTED = TableSpec(
    "augmented table",
    (
        MOLECULE,
        Column(
            "protocol",
            TEXT,
            "protocol; empty in the one row of a molecule without conformers",
            nullable=True,
        ),
        Column("repeat", INT, "number of the repeat", nullable=True),
        Column("conformer", INT, "index within molecule, protocol and repeat", nullable=True),
        LABEL,
        ENERGY,
    ),
    key=("molecule", "protocol", "repeat", "conformer"),
    further=FLOAT,
    files=("augmented.parquet",),
)
DISTRIBUTION = TableSpec(
    "distribution table",
    (MOLECULE, LABEL),
    key=("molecule",),
    further=FLOAT,
    files=("distribution.parquet",),
)
