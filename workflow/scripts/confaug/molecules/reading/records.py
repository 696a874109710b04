"""Read a user's table, as text or as an Excel workbook, into records with named fields.

What is accepted: CSV with comma, semicolon or tab, and .xlsx workbooks (first visible sheet). The
first line that is neither blank nor a comment is the header. Column names are compared exactly,
except for white space around them; a near match is suggested but not used. Lines that begin with
`#` are comments in text files. A record keeps the number by which a person finds it: the row in a
spreadsheet program, or the line of a text file in which it begins (blank lines, comments and line
breaks within quotation marks count). A record with more or fewer fields than the header is kept
with a note, so that it can be rejected with a reason. If the whole file is unreadable, a
`UserError` is raised.
"""

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from confaug.errors import UserError
from confaug.infrastructure.text import character_name, listed, quoted
from confaug.molecules.reading.columns import SAMPLE, Columns
from confaug.molecules.reading.rows import MAX_RECORDS, TableRow
from confaug.molecules.reading.table_files import open_table, require_file
from confaug.molecules.reading.text_table import TextTable
from confaug.molecules.reading.workbook import SheetTable

#: What finds the columns of a study's table.
FIND = "; `./confaug start {}` writes a configuration with the columns that it finds"
#: What reads a table of new molecules.
SAY_WHICH = "; name the right one with --config 'prediction={smiles_column: ...}'"
#: What reads a table that stands elsewhere in its file.
KEYS = ", or name their place with input: sheet and header_row"
#: Columns among which a misspelt name is looked for.
MAX_COMPARED = 1000
#: How the roles of the user's own columns begin; their number follows.
OWN = "own "


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a user's table; fields are as given, None where blank or not configured.

    Attributes
    ----------
    row
        Row of the spreadsheet, or line of the text file in which the record begins.
    smiles, label, id, name, part, occurrences
        The configured fields. `part` is the column that fixes the split.
    own
        Fields of the user's own feature columns, in the configured order.
    problem
        Why the fields cannot be used, for example a wrong number of fields.
    source
        What messages call the file.
    """

    row: int
    smiles: str | None = None
    label: str | None = None
    id: str | None = None
    name: str | None = None
    part: str | None = None
    occurrences: str | None = None
    own: tuple[str | None, ...] = ()
    problem: str | None = None
    source: str = ""

    @property
    def place(self) -> str:
        """Where a person finds the record."""
        return f"row {self.row}" + (f" of {self.source}" if self.source else "")


@dataclass(frozen=True)
class Records:
    """The records of one file, warnings about it, and remarks on its other columns."""

    records: tuple[Record, ...]
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_records(
    path: str | Path,
    columns: Mapping[str, Any],
    section: str = "input",
    where_present: Mapping[str, str | None] | None = None,
) -> Records:
    """Read a user's table.

    Parameters
    ----------
    path
        A text table (any ending) or an Excel workbook (.xlsx, .xlsm).
    columns
        The `input` section of the configuration: `smiles_column`, and `label_column`,
        `id_column`, `name_column`, `split_column`, `occurrences_column`, each a column name or
        None, and `feature_columns`, a list of names; `sheet` and `header_row` say where in the
        file the table is, if they are given.
    section
        What messages call that section.
    where_present
        Column names by role (`id`, `name`) that are used where no key names the role and the table
        has the column.

    Returns
    -------
    Records
        In the order of the file.

    Raises
    ------
    UserError
        If the file cannot be read as a table, lacks a configured column, names one twice, or
        holds no records.
    """
    path = Path(path)
    require_file(path, section)
    roles = _roles(columns, section)
    with open_table(path, roles, columns) as table:
        header = next(table.rows, None)
        roles |= _present(where_present or {}, roles, header)
        indices = _find_columns(header, roles, path, table, section)
        names = header.fields if header else []
        sample: list[list[str]] = []
        records = tuple(_to_records(table, names, indices, sample))
        records = tuple(_explain_gaps(record, table, indices) for record in records)
        held = Columns(names, indices, sample, section)
        warnings = (*table.warnings(tuple(indices.values())), *held.warnings())
    if not records:
        n_comments = table.n_comments
        hint = f"; {n_comments} lines that begin with # are comments" if n_comments else ""
        raise UserError(f"{path} has a header but no records{hint}")
    return Records(records, warnings, tuple(held.remarks()))


def _roles(columns: Mapping[str, Any], section: str) -> dict[str, str]:
    """Return the configured column name of each role."""
    roles = ("smiles", "label", "id", "name", "split", "occurrences")
    given = {role: str(columns.get(f"{role}_column") or "").strip() for role in roles}
    names = {role: name for role, name in given.items() if name}
    if "smiles" not in names:
        raise UserError(f"{section}: smiles_column is empty; name the column that holds the SMILES")
    if names.get("label") == names["smiles"]:
        raise UserError(
            f"{section}: smiles_column and label_column are both {quoted(names['smiles'])}"
        )
    own = columns.get("feature_columns") or ()
    return {**names, **{f"{OWN}{i}": str(name).strip() for i, name in enumerate(own)}}


def _present(
    wanted: Mapping[str, str | None], roles: Mapping[str, str], header: TableRow | None
) -> dict[str, str]:
    """Return the roles that nothing names and for which the table has the usual column."""
    names = _names(header) if header else []
    return {
        role: name
        for role, name in wanted.items()
        if name and role not in roles and name not in roles.values() and names.count(name) == 1
    }


def _names(header: TableRow) -> list[str]:
    """Return the names of the columns without blanks around them."""
    return [name.strip().strip("\ufeff") for name in header.fields]


def _key(role: str, section: str) -> str:
    """Return what messages say of how a column came to be wanted."""
    if section.startswith("--"):  # an option of a command, not a section of a configuration
        return section
    if not role.startswith(OWN):
        return f"{section}: {role}_column"
    return f"{section}: feature_columns" if section == "input" else "which the model has learned"


def _find_columns(
    header: TableRow | None,
    roles: Mapping[str, str],
    path: Path,
    table: TextTable | SheetTable,
    section: str,
) -> dict[str, int]:
    """Return the index of every configured column."""
    if header is None:
        elsewhere = table.header_elsewhere(roles.values())
        hint = elsewhere or "give a table with a header and at least one record"
        raise UserError(f"{path} is empty; {hint}")
    names = _names(header)
    indices = {}
    for role, wanted in roles.items():
        found = [index for index, name in enumerate(names) if name == wanted]
        if len(found) > 1:
            raise UserError(
                f"{path} has {len(found)} columns named {quoted(wanted)} in its header "
                f"(row {header.number}); rename all but one"
            )
        if not found:
            elsewhere = table.header_elsewhere(roles.values())
            find, keys = "", ""
            if section == "input":
                find, keys = FIND.format(shlex.quote(str(path))), KEYS
            elif section == "prediction" and role == "smiles":
                find = SAY_WHICH
            hint = (
                f"{elsewhere}{keys}" if elsewhere else _suggest(wanted, names, table.comments, find)
            )
            raise UserError(
                f"{path} has no column {quoted(wanted)} ({_key(role, section)}) in its header "
                f"(row {header.number}); {hint}"
            )
        indices[role] = found[0]
    return indices


def _suggest(wanted: str, names: Iterable[str], comments: Sequence[str], find: str) -> str:
    """Suggest the column that may be meant, or list what there is and add what finds columns."""
    if any(wanted in comment for comment in comments):
        return f"is it in {comments[0]}, which is a comment because it begins with #?"
    named = [name for name in names if name][:MAX_COMPARED]
    if len(named) == 1 and re.search(r"\w[\s|:]+\w", named[0]):
        return (
            f"its only column is {quoted(named[0])}; separate the columns by comma, semicolon or "
            "tab"
        )
    by_folded = {name.casefold(): name for name in named}
    near = difflib.get_close_matches(wanted.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return (
            f"did you mean {quoted(by_folded[near[0]])}?{_lookalikes(by_folded[near[0]], wanted)}"
        )
    return f"its columns are {listed([quoted(name, 30) for name in named])}{find}"


def _lookalikes(name: str, wanted: str) -> str:
    """Name the letters of other scripts in a column's name that look like those wanted."""
    foreign = sorted({c for c in name if not c.isascii()} - set(wanted))
    return f" It contains {', '.join(map(character_name, foreign))}." if foreign else ""


def _trimmed(fields: Sequence[str]) -> Sequence[str]:
    """Leave out blank fields at the end, which spreadsheets add."""
    end = len(fields)
    while end and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _to_records(
    table: TextTable | SheetTable,
    header: Sequence[str],
    indices: Mapping[str, int],
    sample: list[list[str]],
) -> Iterator[Record]:
    """Pick the configured fields of every row; note rows of another length than the header.

    All fields of the first rows are kept in `sample`.
    """
    n_named = len(_trimmed(header))
    required = [index for role, index in indices.items() if not role.startswith(OWN)]
    for number, row in enumerate(table.rows, 1):
        if number > MAX_RECORDS:
            raise UserError(
                f"{table.called} has more than {MAX_RECORDS:,} records, the limit; divide it"
            )
        if number <= SAMPLE:
            sample.append(row.fields[:MAX_COMPARED])
        problem = next((row.problems[i] for i in required if i in row.problems), None)
        n_fields = len(row.fields)
        ragged = n_fields < n_named or len(_trimmed(row.fields)) > len(header)
        if table.delimited and ragged:
            problem = (
                f"row {row.number} has {n_fields} fields but the header has {len(header)}; "
                "put fields that contain the separator in quotation marks"
            )
        values: dict[str, str | None] = {
            role: row.fields[index] if index < n_fields and row.fields[index].strip() else None
            for role, index in indices.items()
        }
        own = tuple(value for role, value in values.items() if role.startswith(OWN))
        fields = {role: value for role, value in values.items() if not role.startswith(OWN)}
        part = fields.pop("split", None)
        yield Record(row.number, problem=problem, source=table.called, own=own, part=part, **fields)


def _explain_gaps(
    record: Record, table: TextTable | SheetTable, indices: Mapping[str, int]
) -> Record:
    """Explain a missing SMILES or label if the table can, after it has been read."""
    if record.problem:
        return record
    places = {"smiles": record.smiles, "label": record.label}
    gaps = [indices[role] for role, text in places.items() if text is None and role in indices]
    problem = next(filter(None, (table.gap(record.row, place) for place in gaps)), None)
    return replace(record, problem=problem) if problem else record
