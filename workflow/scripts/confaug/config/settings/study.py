"""Settings of the study as a whole: the folder of results, the input table and the property."""

from typing import Literal

from confaug.config.settings.base import Section, Text


class PathSettings(Section):
    """Where outputs go."""

    results: Text = "results"
    """Folder of all outputs. Give every study its own."""


class InputSettings(Section):
    """The table with one molecule and one measured value per row."""

    table: Text
    """CSV, TSV or Excel file with a header line, relative to the working directory."""
    smiles_column: Text
    """Name of the column with the SMILES."""
    label_column: Text
    """Name of the column with the measured property."""
    decimal: Literal["auto", "point", "comma"] = "auto"
    """Decimal sign of the labels. auto takes the comma if no label has a point and at least one has
    a comma that cannot separate thousands."""
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
