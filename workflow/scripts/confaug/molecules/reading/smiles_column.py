"""Find the column of a user's table that holds the SMILES, where nobody has named it."""

import re
from itertools import islice
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure.text import listed, quoted
from confaug.molecules.reading.columns import MAX_COLUMNS, MOSTLY, SAMPLE, Columns
from confaug.molecules.reading.table_files import open_table, require_file


def find_smiles_column(path: str | Path, option: str) -> str:
    """Return the name of the one column that holds SMILES.

    It is the only column, the only one that is called ``smiles`` (in any case, with any signs), or
    the only one whose values are SMILES.

    Parameters
    ----------
    path
        The table, see `records.read_records`.
    option
        What a message tells the user to name the column with.

    Raises
    ------
    UserError
        If the file cannot be read as a table, or if there is no such column or several.
    """
    path = Path(path)
    require_file(path, option)
    with open_table(path, {}) as table:
        header = next(table.rows, None)
        fields = header.fields if header else []
        sample = [row.fields for row in islice(table.rows, SAMPLE)]
    names = [name.strip().strip("\ufeff") for name in fields]
    named = [place for place, name in enumerate(names) if name]
    called = [place for place in named if re.sub(r"[\W_]", "", names[place]).lower() == "smiles"]
    columns = Columns(names, {}, sample)
    for found in (named, called):
        if len(found) == 1:
            return names[found[0]]
    holding = [place for place in named[:MAX_COLUMNS] if columns.share_of_smiles(place) > MOSTLY]
    if len(holding) == 1:
        return names[holding[0]]
    if not named:
        raise UserError(f"{path} is empty; give a table with a header and at least one record")
    which = holding or named
    what = "several columns that hold SMILES" if holding else "no column that is called smiles"
    shown = listed([quoted(names[place], 30) for place in which])
    raise UserError(f"{path} has {what}: name one of {shown} with {option}")
