"""Settings that say what a model has to achieve to be of use."""

from typing import Annotated

from pydantic import Field

from confaug.config.settings.base import Number, Positive, Section

Range = Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)]


class RequirementSettings(Section):
    """What a model has to achieve to be of use to you. All keys are optional."""

    mae: Positive | None = None
    """Largest mean absolute error on new molecules that you can use, in the unit of the labels."""
    range: Range | None = None
    """Lowest and highest value that you look for, in the unit of the labels. The report says how
    often the prediction interval decides whether a molecule is between them."""
    molecules_per_hour: Positive | None = None
    """Number of molecules that one processor core has to predict in an hour."""
