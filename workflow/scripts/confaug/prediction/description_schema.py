"""What the description of a bundle has to look like before anything in it is used."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from confaug.config.kinds import OWN_KIND
from confaug.config.settings.study import MAX_COLUMNS, MAX_NAME
from confaug.infrastructure.text import HIDDEN
from confaug.molecules.own_columns.conditions import Conditions, conditions_of
from confaug.molecules.own_columns.declaration import (
    MAX_CATEGORIES,
    MAX_CATEGORY,
    OwnColumn,
    repeated_feature,
)
from confaug.prediction.description import (
    CARD_FILE,
    LARGEST,
    MODEL_FILE,
    NUMBERS_FILE,
    TRAINING_FILE,
    Description,
    MemberFacts,
)

#: Members of a consensus; a study averages a few.
MAX_MEMBERS = 100

_PLAIN = rf"\A[^{HIDDEN}]*\Z"
_TEXT = {"type": "string", "maxLength": 1000, "pattern": _PLAIN}
_NAMES = {"type": "array", "maxItems": 100_000, "uniqueItems": True, "items": _TEXT}
_NUMBER = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
_SIZE = {"type": "integer", "minimum": 1, "maximum": 10**9}
#: The user's names of molecules are free text; tables and pages escape them.
_OWN_NAME = {"type": ["string", "null"], "maxLength": 1_000_000}
_DIGEST = {"type": "string", "pattern": r"\A[0-9a-f]{64}\Z"}
_SMILES = {"type": "string", "maxLength": 20_000, "pattern": r"\A[!-~]+\Z"}
_TRAINING_MOLECULE = {
    "molecule": {**_TEXT, "minLength": 1},
    "smiles": _SMILES,
    **dict.fromkeys(("label", "prediction", "residual"), _NUMBER),
    "standard_deviation": {**_NUMBER, "minimum": 0},
    "fold": {"type": "integer", "minimum": 0},
}
_MEMBER: dict[str, Any] = {
    "name": {**_TEXT, "minLength": 1},
    "features": _NAMES,
    "label_scale": {
        "type": "object",
        "required": ["centre", "scale"],
        "additionalProperties": False,
        "properties": {"centre": _NUMBER, "scale": {**_NUMBER, "exclusiveMinimum": 0}},
    },
    "variant": {"type": "object", "required": ["representation", "learner"]},
}
_LEARNED: dict[str, Any] = {
    "tuned": {
        "type": "object",
        "required": ["parameters"],
        "properties": {"parameters": {"type": "object"}},
    },
    "text_bytes": _SIZE,
    "numbers": {"type": "object", "maxProperties": 100, "additionalProperties": _NUMBER},
    "arrays": {
        "type": "object",
        "maxProperties": 100,
        "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2, "items": _SIZE},
    },
}
#: The user's own columns; bundles of models that read none have no such key.
_OWN_COLUMNS: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_COLUMNS,
    "items": {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {**_TEXT, "minLength": 1, "maxLength": MAX_NAME},
            "categories": {
                "type": ["array", "null"],
                "minItems": 1,
                "maxItems": MAX_CATEGORIES,
                "uniqueItems": True,
                "items": {**_TEXT, "minLength": 1, "maxLength": MAX_CATEGORY},
            },
            "is_condition": {"type": "boolean"},
        },
    },
}
#: What a prediction reads from a bundle's description.
_NEEDED: dict[str, Any] = {
    "config": {"type": "object"},
    "confaug": _TEXT,
    "descriptors_2d": _NAMES,
    "digests": {
        "type": "object",
        "required": [TRAINING_FILE],
        "propertyNames": {"enum": [MODEL_FILE, NUMBERS_FILE, TRAINING_FILE, CARD_FILE]},
        "additionalProperties": _DIGEST,
    },
    "members": {
        "type": "array",
        "minItems": 1,
        "maxItems": MAX_MEMBERS,
        "items": {
            "type": "object",
            "required": list(_MEMBER),
            "properties": {**_MEMBER, **_LEARNED},
        },
    },
    "model": {**_TEXT, "minLength": 1},
    "property": {
        "type": "object",
        "required": ["name", "symbol", "transform", "unit"],
        "properties": {"transform": {"enum": ["none", "log10"]}},
        "additionalProperties": _TEXT,
    },
    "protocols": _NAMES,
    "training_molecules": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": list(_TRAINING_MOLECULE),
            "properties": {
                **_TRAINING_MOLECULE,
                "modelled_smiles": {**_SMILES, "type": ["string", "null"]},
                "repeat_unit": {**_SMILES, "type": ["string", "null"]},
                "conditions": {
                    "type": ["array", "null"],
                    "minItems": 1,
                    "maxItems": MAX_COLUMNS,
                    "items": {"anyOf": [_NUMBER, {**_TEXT, "maxLength": MAX_CATEGORY}]},
                },
                "id": _OWN_NAME,
                "name": _OWN_NAME,
            },
        },
    },
    "versions": {"type": "object", "additionalProperties": _TEXT},
}
_SCHEMA = {
    "type": "object",
    "required": list(_NEEDED),
    "properties": {**_NEEDED, "own_columns": _OWN_COLUMNS},
}


def document_fault(document: Mapping[str, Any]) -> str | None:
    """Say what a prediction would need and a description lacks; None if it lacks nothing."""
    error = best_match(Draft202012Validator(_SCHEMA).iter_errors(document))
    if error is not None:
        return ": ".join([*map(str, error.absolute_path), error.message])
    keys = (("training_molecules", "molecule"), ("members", "name"), ("own_columns", "name"))
    for key, name in keys:
        if _repeats([row[name] for row in document.get(key, ())]):
            return f"{key}: a {name} is repeated"
    return None


def members_fault(description: Description) -> str | None:
    """Say what own columns or members state that cannot be so; None if there is nothing."""
    if name := repeated_feature(description.own_columns):
        return f"own_columns: two features are named {name!r}"
    if OWN_KIND in description.molecule_kinds and not description.own_columns:
        return "own_columns: none are named, but a member reads some"
    wanted = conditions_of(description.own_columns)
    for one in description.training_molecules:
        if one.conditions is not None and not _are_values(one.conditions, wanted):
            return (
                f"training_molecules: {one.molecule}: its conditions are not those of own_columns"
            )
    for number, member in enumerate(description.members):
        if fault := _member_fault(member):
            return f"members: {number}: {fault}"
    return None


def _are_values(conditions: Conditions, columns: Sequence[OwnColumn]) -> bool:
    """Tell whether conditions are values of columns: numbers, or their categories."""
    return len(conditions) == len(columns) and all(
        isinstance(value, float) if column.categories is None else value in column.categories
        for value, column in zip(conditions, columns, strict=True)
    )


def _member_fault(member: MemberFacts) -> str | None:
    """Say what a member states that does not belong to its learner."""
    learner = member.variant.learner
    if member.is_lightgbm and (member.text_bytes is None or member.numbers or member.arrays):
        return f"the learner {learner} has a text and no numbers"
    if not member.is_lightgbm and member.text_bytes is not None:
        return f"the learner {learner} has numbers and no text"
    if (learner == "lightgbm") != (member.tuned is not None):
        return "tuned LightGBM, and nothing else, states the result of its tuning"
    return None


def _repeats(names: Sequence[str]) -> bool:
    """Tell whether a name occurs twice."""
    return len(set(names)) < len(names)
