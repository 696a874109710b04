"""What all sections of the settings share: the base class and the types of values."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1)]
#: Marks a list whose items must differ. The check of a configuration reads it from the schema.
UNIQUE = Field(json_schema_extra={"uniqueItems": True})


class Section(BaseModel):
    """Settings that belong together.

    An annotation gives the type and the bounds of a setting, the assigned value its default, and
    the string below it its meaning and unit. An unknown key is an error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
