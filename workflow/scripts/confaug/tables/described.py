"""The tables that `python -m confaug.descriptors` writes into files of the user's choice."""

from dataclasses import replace

from confaug.tables.columns import CONFORMER, ENERGY, MOLECULE, PROTOCOL, REPEAT
from confaug.tables.engine import FLOAT, TEXT, Column, TableSpec
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import LEDGER

ROW = next(column for column in LEDGER.columns if column.name == "row")
_SMILES = Column("smiles", TEXT, "canonical SMILES")
_OF_CONFORMERS = tuple(
    replace(column, nullable=True) for column in (PROTOCOL, REPEAT, CONFORMER, ENERGY)
)


def described_table(*, conformers: bool) -> TableSpec:
    """Return the declaration of the table of descriptors.

    Parameters
    ----------
    conformers
        Whether it has one row for each conformer, rather than one for each row of the input. A
        molecule without any conformer then has one row, in which protocol, repeat and conformer are
        empty.
    """
    keys = ("row", *(column.name for column in _OF_CONFORMERS[:3])) if conformers else ("row",)
    return TableSpec(
        "table of descriptors",
        (ROW, MOLECULE, _SMILES, *(_OF_CONFORMERS if conformers else ())),
        key=keys,
        further=FLOAT,
        continuous=("energy", "*"),
    )


def not_described_table() -> TableSpec:
    """Return the declaration of the table of what could not be read or calculated."""
    kept = [column for column in FAILURES.columns if column.name != "molecule"]
    molecule = replace(MOLECULE, nullable=True)
    return TableSpec("failures", (ROW, molecule, *kept))
