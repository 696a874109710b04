"""Columns that several tables share."""

from confaug.tables.engine import FLOAT, INT, TEXT, Column

MOLECULE = Column(
    "molecule",
    TEXT,
    "identifier of a unique structure (under its conditions, if there are any), a hash",
)
CONDITIONS = Column(
    "conditions",
    TEXT,
    "conditions of the measurement, if columns of the table are such",
    nullable=True,
)
LABEL = Column("label", FLOAT, "measured property", "as configured", nullable=True)
PROTOCOL = Column("protocol", TEXT, "embedding method and force field")
REPEAT = Column("repeat", INT, "number of the repeat, from 1")
CONFORMER = Column("conformer", INT, "index of the conformer within molecule, protocol and repeat")
ENERGY = Column("energy", FLOAT, "force-field energy; empty without one", "kcal/mol", nullable=True)
VARIANT = Column("variant", TEXT, "name of the variant in the configuration")
REPLICATE = Column("replicate", INT, "number of the random split, from 1")
LOW = Column("low", FLOAT, "lower end of the interval", "as configured", nullable=True)
HIGH = Column("high", FLOAT, "upper end of the interval", "as configured", nullable=True)
