"""The JSON schema of the configuration, made from the declared settings.

`workflow/schemas/config.schema.yaml` holds it, so that the rules, which every job reads anew, check
a configuration without building the settings.
"""

from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema

from confaug.config.settings.configuration import Configuration

Schema = dict[str, Any]
HEADER = """\
# Every key, its meaning, unit, default and bounds. Generated from the settings in
# workflow/scripts/confaug/config/settings by workflow/generate_reference.py: change them there.
# A configuration with an input section is completed with these defaults alone; one without is laid
# over config/config.yaml. Unknown keys are errors.
"""


#: The order in which a part of the schema is written; what is not listed follows.
ORDER = ("$schema", "description", "type", "default")


class _AsDeclared(GenerateJsonSchema):
    """Leave keys in the order of their declaration."""

    def sort(self, value: Any, parent_key: str | None = None) -> Any:
        return value


def config_schema() -> Schema:
    """Return the JSON schema of a configuration, without references and titles."""
    raw = Configuration.model_json_schema(schema_generator=_AsDeclared)
    schema: Schema = _plain(raw, raw.pop("$defs"))
    del schema["required"]  # a missing section is empty, so that its missing keys are named
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the content of the schema's file."""
    body = yaml.dump(
        config_schema(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return HEADER + str(body)


class _Dumper(yaml.SafeDumper):
    """Write lists of scalars on one line."""


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    on_one_line = not any(isinstance(value, dict | list) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=on_one_line)


_Dumper.add_representer(list, _represent_list)


def _plain(node: Any, definitions: Schema) -> Any:
    """Put definitions in the place of references, and write every part in its shortest form."""
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rpartition("/")[2]]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    node = {
        key: _plain(value, definitions)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }
    return _in_order(_with_plain_defaults(_with_one_type(node)))


def _with_one_type(node: Schema) -> Schema:
    """Join alternatives that differ in their type alone into one list of types."""
    if isinstance(node.get("description"), str):
        node["description"] = " ".join(node["description"].split())
    if "enum" in node or "const" in node:
        node.pop("type", None)
    branches = node.get("anyOf", [])
    bounded = [branch for branch in branches if len(branch) > 1]
    if branches and all("type" in branch for branch in branches) and len(bounded) < 2:
        types = [branch["type"] for branch in node.pop("anyOf")]
        if "number" in types and "integer" in types:
            types.remove("integer")
        node |= {**(bounded[0] if bounded else {}), "type": types if types[1:] else types[0]}
    return node


def _with_plain_defaults(node: Schema) -> Schema:
    """Give sections the defaults of their keys, and none to a key that may only be left out."""
    for section in node.get("properties", {}).values():
        if "properties" in section:
            section["default"] = {}
    if "default" in node:
        node["default"] = _plain_value(node["default"])
        if node["default"] is None and "null" not in node.get("type", ()):
            del node["default"]
    return node


def _plain_value(value: Any) -> Any:
    """Write a default as in a configuration: without what is not given, 4.0 as 4."""
    if isinstance(value, dict):
        return {key: _plain_value(item) for key, item in value.items() if item is not None}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _in_order(node: Schema) -> Schema:
    """Put first what a reader wants to know first."""
    return {key: node[key] for key in (*ORDER, *node) if key in node}
