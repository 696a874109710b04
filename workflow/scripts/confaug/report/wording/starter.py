"""A first configuration for a table, with what was found in it as comments."""

import math
from collections.abc import Iterator
from pathlib import Path

import yaml

from confaug.infrastructure.text import counted, one_line, plain_number, quoted
from confaug.molecules.inspection import Inspection, NumericColumn
from confaug.molecules.tolerance import DECADES, RANGE, REPEATS, TIMES, Tolerance
from confaug.report.number_format import whole_percent

#: Columns that are listed as possible labels.
MOST_LISTED = 12
#: Structures from which a fifth of them is enough to judge a model by, and for five folds.
ENOUGH_FOR_A_FIFTH, ENOUGH_FOR_FIVE_FOLDS = 40, 15
BY_DEFAULT = """\
# requirements: {mae: 10} # an error that is good enough; the report then says whether it is reached
# Everything else has a default: which models are compared, how many conformers are made, how models
# are tuned. All keys are explained in config/README.md.
"""


def starter_text(inspection: Inspection, table: str, results: str, command: str) -> str:
    """Return a configuration in YAML that runs as it is.

    Parameters
    ----------
    inspection
        What the table holds.
    table
        Path of the table, relative to the working directory.
    results
        Folder of the results.
    command
        Command that checks the configuration.
    """
    found = inspection.layout
    rows = (
        counted(len(found.rows), "row") if found.complete else f"the first {len(found.rows)} rows"
    )
    lines = [
        f"# A first configuration for {_comment(table)}, made from {rows} below its header.",
        f"# Check it, then run it: {_comment(command)}",
        "",
        "pathvars:",
        f"  results: {_text(results)} # folder of everything that is computed",
        "",
        "input:",
        f"  table: {_text(table)}",
        *_place(inspection),
        f"  smiles_column: {_text(inspection.smiles)} "
        f"# {counted(inspection.structures, 'different structure')}",
        *_label(inspection),
        *_names(inspection),
        *_conditions(inspection),
        "",
        *_property(inspection.label),
        "",
        *_cleaning(inspection),
        "",
        *_splits(inspection.structures),
        "",
    ]
    return "\n".join(lines) + BY_DEFAULT


def _text(value: str) -> str:
    """Write a text so that YAML reads it as what it is, whatever it contains."""
    quoted_text: str = yaml.safe_dump(value, default_style='"', width=math.inf, allow_unicode=True)
    return quoted_text.strip()


def _comment(text: str) -> str:
    """Write a text on one line of a comment."""
    return one_line(quoted(text, 300)[1:-1], 300)


def _place(inspection: Inspection) -> Iterator[str]:
    """Say where in the file the table is."""
    if inspection.layout.sheet is not None:
        yield f"  sheet: {_text(inspection.layout.sheet)} # not the first sheet of the workbook"
    if inspection.layout.header_row is not None:
        yield f"  header_row: {inspection.layout.header_row} # the rows above it are left out"


def _label(inspection: Inspection) -> Iterator[str]:
    """Name the label, and what else it could be."""
    listed = inspection.candidates[:MOST_LISTED]
    likely = [column for column in listed if not column.unlikely]
    if len(likely) > 1:
        yield "  # DECIDE: which of these columns holds the property to predict?"
        yield from (f"  #   {_comment(one.name)}: {_range(one)}" for one in likely)
    yield f"  label_column: {_text(inspection.label.name)} # {_range(inspection.label)}"
    others = [column for column in listed if column.unlikely and column != inspection.label]
    if others:
        yield f"  # other columns of numbers: {_comment(', '.join(one.name for one in others))}"
    if inspection.unlabelled:
        rows = counted(inspection.unlabelled, "row")
        yield f"  # {rows} without a value; to predict them, set cleaning: unlabelled to keep"


def _range(column: NumericColumn) -> str:
    """Say what a column of numbers holds."""
    low, high = plain_number(column.low), plain_number(column.high)
    return f"{counted(column.count, 'number')} from {low} to {high}"


def _names(inspection: Inspection) -> Iterator[str]:
    """Name the columns that are carried along."""
    if inspection.name_column is not None:
        yield f"  name_column: {_text(inspection.name_column)}"
    if inspection.id_column is not None:
        yield f"  id_column: {_text(inspection.id_column)}"


def _conditions(inspection: Inspection) -> Iterator[str]:
    """Say how conditions would be used."""
    if inspection.conditions:
        named = f"[{', '.join(map(_text, inspection.conditions))}]"
        yield "  # These columns differ between rows of one structure. If the property depends on"
        yield "  # them, use the next two lines, and variants that read own_columns (see"
        yield "  # docs/own_columns.md); otherwise the median of such rows is taken."
        yield f"  # feature_columns: {named}"
        yield f"  # condition_columns: {named}"


def _property(label: NumericColumn) -> Iterator[str]:
    """Describe the property."""
    yield "property:"
    yield f"  name: {_text(label.title)} # as it stands on axes and in the report"
    yield f"  symbol: {_text(label.title[:12])}"
    known = "as the heading says" if label.unit else "not known; give it as a text, such as K"
    yield f"  unit: {_text(label.unit)} # {known}"
    if label.low > 0 and label.high / label.low >= DECADES:
        decades = math.floor(math.log10(label.high) - math.log10(label.low))
        yield f"  # transform: log10 # the values span {decades} decades"


def _cleaning(inspection: Inspection) -> Iterator[str]:
    """Say what may have to be decided about structures that occur several times."""
    yield "cleaning:"
    if inspection.polymers:
        yield "  polymers: repeat_unit # the structures are repeat units with two ends (*)"
    found = inspection.tolerance
    yield (
        f"  tolerance: {plain_number(found.value)} # labels of one structure that differ by more "
        "than this are reported"
    )
    yield f"  # {_why_tolerance(found)}"


def _why_tolerance(found: Tolerance) -> str:
    """Say what the tolerance was derived from."""
    if found.source == REPEATS:
        return (
            f"This is {TIMES} times the usual difference, {plain_number(found.usual)}, between "
            f"repeated labels of {counted(found.repeated, 'structure')}."
        )
    if found.source == RANGE:
        return (
            f"This is about {whole_percent(found.share)} of the range of the labels; set it to "
            "what two good measurements may differ by."
        )
    return "Set it to what two good measurements of one structure may differ by."


def _splits(structures: int) -> Iterator[str]:
    """Choose the training part and the folds by the number of structures."""
    share = 0.8 if structures >= ENOUGH_FOR_A_FIFTH else 0.6
    yield "splits:"
    yield f"  train: {share} # share of the molecules that train; the others judge the models"
    yield f"  folds: {5 if structures * share >= ENOUGH_FOR_FIVE_FOLDS else 3}"
    yield "  # replicates: 5 # more random splits take longer and tell more"


def results_folder(table: str) -> str:
    """Return a folder for the results of a table.

    >>> results_folder("data/my table (2).xlsx")
    'results/my_table_2'
    """
    plain = "".join(c if c.isalnum() and c.isascii() else " " for c in Path(table).stem)
    return f"results/{'_'.join(plain.split()) or 'study'}"
