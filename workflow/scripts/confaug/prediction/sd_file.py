"""Predictions as an SD file, which programs for structures and for docking read.

Every predicted row is one record: a drawing in two dimensions, then the data that a chemist asks
for first. An SD file has lines with a meaning: a line of four dollar signs ends a record, a line
that begins with ``>`` begins a datum and an empty line ends it. Texts of the user are therefore
written on one line, and one that begins like such a line gets an apostrophe before it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor

from confaug.errors import UserError
from confaug.infrastructure.bounded import GaveUp, bounded_map
from confaug.infrastructure.files import atomic_path
from confaug.infrastructure.text import one_line, quoted

#: Columns of NEW_PREDICTIONS that become data of a record, in this order; empty ones are left out.
DATA = (
    *("name", "id", "row", "conditions", "prediction", "low", "high", "unit", "flags"),
    *("neighbour_1_name", "neighbour_1_label", "neighbour_1_conditions", "neighbour_1_similarity"),
    *("neighbour_1_id", "neighbour_1_smiles", "training_label", "remark", "molecule", "smiles"),
)
#: Those that hold words; the others hold numbers, SMILES and identifiers of confaug.
TEXTS = {
    *("name", "id", "conditions", "unit", "flags", "remark"),
    *("neighbour_1_name", "neighbour_1_id", "neighbour_1_conditions"),
}
#: Characters of a line; the format asks for at most 80 in a title and 200 in a datum.
TITLE_LENGTH, DATUM_LENGTH = 80, 200
#: Processor time for one drawing; an ordinary one takes 0.1 ms.
SECONDS_PER_DRAWING = 20.0
_MARKS = (">", "$$$$")


def write_predictions_sdf(pieces: Iterable[pa.Table], output: str | Path) -> int:
    """Write all predicted rows as an SD file, in the order of the table.

    Parameters
    ----------
    pieces
        NEW_PREDICTIONS, piece by piece, so that memory does not grow with the table.
    output
        The SD file.

    Returns
    -------
    int
        The number of records.

    Raises
    ------
    UserError
        If a structure cannot be read, because the table was edited.
    """
    count = 0
    with atomic_path(output) as temporary, temporary.open("w", encoding="utf-8") as file:
        for piece in pieces:
            rows = piece.filter(pc.equal(piece["status"], "predicted")).to_pylist()
            structures = (row["smiles"] or "" for row in rows)
            blocks = bounded_map(mol_block, structures, SECONDS_PER_DRAWING)
            for row, block in zip(rows, blocks, strict=True):
                file.write(_record(row, block))
            count += len(rows)
    return count


def mol_block(smiles: str) -> str | None:
    """Return a drawn structure as MOL block without its title line; None if it cannot be read."""
    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(smiles)
        if mol is None or not mol.GetNumAtoms():
            return None
        rdDepictor.Compute2DCoords(mol)
    return _without_title(mol)


def _without_title(mol: Chem.Mol) -> str:
    """Write a molecule with its coordinates."""
    block: str = Chem.MolToMolBlock(mol)
    return block.partition("\n")[2]


def _record(row: dict[str, Any], block: str | GaveUp | None) -> str:
    """Return the record of one row."""
    if isinstance(block, GaveUp):  # its drawing is beyond RDKit, but not its atoms and bonds
        mol = Chem.MolFromSmiles(row["smiles"])
        mol.AddConformer(Chem.Conformer(mol.GetNumAtoms()))
        block = _without_title(mol)
    if block is None:
        raise UserError(
            f"row {row['row']} of the predictions has the SMILES {quoted(row['smiles'] or '')}, "
            "which cannot be read; delete predictions.csv and run again"
        )
    title = _line(row["name"] or row["id"] or row["molecule"], TITLE_LENGTH)
    data = "".join(
        f">  <{name}>\n{_datum(name, row[name])}\n\n" for name in DATA if row[name] is not None
    )
    return f"{title}\n{block}{data}$$$$\n"


def _datum(name: str, value: Any) -> str:
    """Return a value as it stands in a record; numbers and SMILES are never shortened."""
    return _line(value, DATUM_LENGTH) if name in TEXTS else str(value)


def _line(text: str, length: int) -> str:
    r"""Return a text of the user as one line that has no meaning in an SD file.

    >>> print(_line("$$$$\n>  <smiles>", 80))
    '$$$$ > <smiles>
    """
    line = one_line(text, length)
    return f"'{line}"[:length] if line.startswith(_MARKS) else line
