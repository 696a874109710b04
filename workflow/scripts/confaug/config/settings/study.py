"""Settings of the study as a whole: the folder of results, the input table and the property."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from confaug.config.settings.base import UNIQUE, Count, Section, Text

#: The most columns of the user's own, and characters of a name.
MAX_COLUMNS, MAX_NAME = 1000, 100
ColumnNames = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)], ...],
    Field(max_length=MAX_COLUMNS),
    UNIQUE,
]


class PathSettings(Section):
    """Where outputs go."""

    results: Text = "results"
    """Folder of all outputs. Give every study its own."""


class InputSettings(Section):
    """The table with one molecule and one measured value per row."""

    table: Text
    """CSV, TSV or Excel file with a header line, relative to the working directory."""
    sheet: str | None = None
    """Name of the sheet of an Excel workbook. null takes the first that is not hidden."""
    header_row: Count | None = None
    """Row of the header in the sheet or the text file, if other rows than blank ones and comments
    stand above it."""
    smiles_column: Text
    """Name of the column with the SMILES."""
    label_column: Text
    """Name of the column with the measured property."""
    feature_columns: ColumnNames = ()
    """Names of columns that describe the molecules, for the representation own_columns. A column
    holds numbers if all its values are numbers, otherwise categories, at most 50 of them."""
    condition_columns: ColumnNames = ()
    """Those of the feature columns that are conditions of the measurement, such as temperature or
    solvent. Rows of one structure under different conditions are different samples, which stay on
    one side of every split. A row without a condition is rejected."""
    decimal: Literal["auto", "point", "comma"] = "auto"
    """Decimal sign of the labels, and of each feature column. auto takes the comma if no number of
    the column has a point and at least one has a comma that cannot separate thousands."""
    id_column: str | None = None
    """Name of a column with your own identifiers, which are carried along."""
    name_column: str | None = None
    """Name of a column with compound names, which are carried along."""
    split_column: str | None = None
    """Name of a column that fixes the split: each row holds train, test or nothing."""
    occurrences_column: str | None = None
    """Name of a column that counts how often each row occurred in the source of the table, for the
    study of row-wise splits. An empty field counts as one."""


class PropertySettings(Section):
    """What was measured."""

    name: str = "Property"
    """Name on axes and in the report."""
    symbol: str = "y"
    """Short symbol on axes and in the report."""
    unit: str = ""
    """Physical unit of the labels, shown on every axis and in every table."""
    transform: Literal["none", "log10"] = "none"
    """Scale on which models learn. Predictions are always reported in the unit of the labels."""
