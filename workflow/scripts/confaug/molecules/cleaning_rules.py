"""The settings that decide what becomes of the rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confaug.config.settings.molecules import CleaningSettings, SplitSettings
from confaug.config.settings.study import InputSettings, PropertySettings


@dataclass(frozen=True)
class CleaningRules:
    """Settings of several sections, as far as cleaning needs them.

    Attributes
    ----------
    cleaning
        The section `cleaning`.
    decimal
        `input.decimal`: how labels are written.
    transform
        `property.transform`. Cleaning checks that it can be applied to the labels.
    group_by
        `splits.group_by`: what molecules share that stay on one side of every split.
    feature_columns, condition_columns
        The keys of `input` with these names.
    """

    cleaning: CleaningSettings
    decimal: str
    transform: str
    group_by: str
    feature_columns: Sequence[str] = ()
    condition_columns: Sequence[str] = ()

    @classmethod
    def of(cls, sections: Mapping[str, Mapping[str, Any]]) -> "CleaningRules":
        """Read the rules from sections of a configuration; `input` may be missing."""
        given = InputSettings.model_construct(**sections.get("input", {}))
        return cls(
            CleaningSettings(**sections["cleaning"]),
            given.decimal,
            PropertySettings(**sections["property"]).transform,
            SplitSettings(**sections["splits"]).group_by,
            given.feature_columns,
            given.condition_columns,
        )
