"""Check a configuration against its schema and complete it with defaults.

A mistake ends in one sentence that names the key, what is wrong with it and what would be right.
The schema is generated from the settings (`confaug.config.schema`) and read from its file, so that
the rules, which every job reads anew, load in milliseconds.
"""

import copy
import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

from confaug.config.relations import check_relations
from confaug.config.renamed import key_hint, value_hint
from confaug.config.values import (
    LARGEST_INTEGER,
    check_numbers,
    check_size,
    join,
    named,
    settle_paths,
)
from confaug.errors import UserError
from confaug.infrastructure.text import counted

Config = dict[str, Any]
#: What messages call the types of JSON.
TYPE_NAMES = {
    "object": "a section of keys",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _whole_pattern(
    validator: Any, pattern: str, instance: Any, schema: Config
) -> Iterator[ValidationError]:
    """Match a pattern with the whole string: `$` alone also matches before a line break."""
    if validator.is_type(instance, "string") and not re.fullmatch(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


#: The JSON schema, with patterns that are anchored at both ends.
Validator = extend(Draft202012Validator, {"pattern": _whole_pattern})


def read_schema(path: str | Path) -> Config:
    """Read a JSON schema that is written in YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, where LibYAML is there
    schema: Config = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader)
    return schema


def complete_config(config: Mapping[str, Any], schema: Config) -> Config:
    """Return a copy of a configuration that is checked and has every default filled in.

    Raises
    ------
    UserError
        With one sentence about the most telling mistake.
    """
    check_size(config)
    completed: Config = _typed(dict(config), schema)
    _fill_defaults(completed, schema)
    check_numbers(completed)
    error = best_match(Validator(schema).iter_errors(completed))
    if error is not None:
        raise UserError(_sentence(error))
    settle_paths(completed)
    check_relations(completed)
    return completed


def _typed(instance: Any, schema: Config) -> Any:
    """Copy, converting strings to numbers, booleans or null where the schema asks for those.

    Snakemake passes every value inside ``--config 'embedding={repeats: 4}'`` as a string, and YAML
    reads ``1e1`` as one. Whole numbers become integers, so that equal settings stay equal however
    they are written, and because LightGBM does not accept 31.0 for an integer parameter.
    """
    if isinstance(instance, Mapping):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        rest = others if isinstance(others, dict) else {}
        return {key: _typed(value, known.get(key, rest)) for key, value in instance.items()}
    if isinstance(instance, list):
        return [_typed(value, schema.get("items", {})) for value in instance]
    types, value = _types(schema), instance
    if isinstance(instance, str):
        try:
            value = json.loads(instance)
        except (ValueError, RecursionError):
            return instance
        scalars = [kind for kind in types if kind in ("number", "integer", "boolean", "null")]
        if not any(Validator({"type": kind}).is_valid(value) for kind in scalars):
            return instance
    if "integer" in types or ("number" in types and _is_small(value)):
        return _whole(value)
    return value


def _types(schema: Config) -> list[str]:
    """Return the types that a schema names."""
    branches = schema.get("anyOf", [schema])
    named = [branch["type"] for branch in branches if "type" in branch]
    return [kind for entry in named for kind in ([entry] if isinstance(entry, str) else entry)]


def _whole(value: Any) -> Any:
    """Return a whole number as an integer, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_small(value: Any) -> bool:
    """Tell whether a number is one that integers may have; measurements may be larger."""
    return isinstance(value, int | float) and abs(value) <= LARGEST_INTEGER


def _fill_defaults(instance: Any, schema: Config) -> None:
    """Set missing keys to the defaults of the schema, level by level."""
    if not isinstance(instance, dict):
        return
    for key, subschema in schema.get("properties", {}).items():
        if key not in instance and "default" in subschema:
            instance[key] = copy.deepcopy(subschema["default"])
        if key in instance:
            _fill_defaults(instance[key], subschema)


def _sentence(error: ValidationError) -> str:
    """Return one sentence about what is wrong and what would be right."""
    schema: Any = error.schema
    given: Any = error.instance
    rule: Any = error.validator_value
    path = ".".join(part for part in error.absolute_path if isinstance(part, str))
    if error.validator == "additionalProperties" and isinstance(given, dict):
        return _unknown_key(path, given, list(schema.get("properties", {})))
    if error.validator == "required":
        missing = next(key for key in rule if key not in given)
        meaning = schema["properties"][missing].get("description", "")
        return f"config key {join(path, missing)!r} is missing; give it: {meaning}"
    expectations: dict[str, Callable[[], str]] = {
        "enum": lambda: "one of " + ", ".join(str(item) for item in rule),
        "type": lambda: " or ".join(
            TYPE_NAMES[name] for name in (rule if isinstance(rule, list) else [rule])
        ),
        "minimum": lambda: f"at least {rule}",
        "maximum": lambda: f"at most {rule}",
        "exclusiveMinimum": lambda: f"greater than {rule}",
        "exclusiveMaximum": lambda: f"less than {rule}",
        "pattern": lambda: f"a name of the form {rule}",
        "minItems": lambda: f"a list of at least {counted(rule, 'value')}",
        "minProperties": lambda: f"a section with at least {rule} entry",
        "maxItems": lambda: f"a list of at most {counted(rule, 'value')}",
        "minLength": lambda: "a string that is not empty",
        "maxLength": lambda: f"a string of at most {rule} characters",
        "uniqueItems": lambda: "a list without repetition",
        "anyOf": lambda: " or ".join(map(_alternative, rule)),
    }
    expectation = expectations.get(str(error.validator))
    must = f"must be {expectation()}, but is {given!r}" if expectation else error.message
    meaning = f" ({schema['description']})" if schema.get("description") else ""
    subject = named(error.absolute_path)
    if renamed := value_hint(path, given):
        return f"{subject} {must}; {renamed}"
    return f"{subject} {must}{meaning}"


def _alternative(schema: Config) -> str:
    """Say what one of several schemas asks for."""
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema["type"] == "array" and "enum" in schema["items"]:
        return "a list of such names"
    return TYPE_NAMES[schema["type"]]


def _unknown_key(path: str, given: Config, known: list[str]) -> str:
    """Name the first unknown key of a section and the nearest known one."""
    unknown = sorted(str(key) for key in given if key not in known)[0]
    if renamed := key_hint(join(path, unknown)):
        return f"config key {join(path, unknown)!r} is not known; {renamed}"
    near = difflib.get_close_matches(unknown, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys here: {', '.join(known)}"
    return f"config key {join(path, unknown)!r} is not known; {hint}"
