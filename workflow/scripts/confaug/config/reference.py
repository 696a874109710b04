"""The tables of all keys in `config/README.md`, made from the schema of the configuration."""

import json
import re
from collections.abc import Iterator

import yaml

from confaug.config.lightgbm_values import USEFUL
from confaug.config.schema import Schema, config_schema

BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
HEADING = "| key | meaning | values | default |\n| --- | --- | --- | --- |\n"
_BLOCK = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_reference(text: str) -> str:
    """Return a Markdown text with its generated blocks made anew.

    A block stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; for the names see
    `blocks`.
    """
    made = blocks()
    return _BLOCK.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n{found[3]}", text)


def blocks() -> dict[str, str]:
    """Return the generated parts of `config/README.md` by name."""
    sections = config_schema()["properties"]
    return {
        **{f"keys of {name}": _key_table(name, section) for name, section in sections.items()},
        "long defaults": f"```yaml\n{_long_defaults(sections)}```\n",
        "LightGBM parameters": ", ".join(f"`{name}`" for name in sorted(USEFUL)) + "\n",
    }


def _key_table(name: str, section: Schema) -> str:
    """Return the meaning of a section and the table of its keys."""
    rows = "".join(f"| {' | '.join(cells)} |\n" for cells in _key_rows(name, section))
    return f"{section['description']}\n\n{HEADING}{rows}"


def _key_rows(path: str, section: Schema) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, meaning, values and default of each key of a section, nested ones included."""
    entries = section.get("additionalProperties")
    if isinstance(entries, dict):
        yield from _key_rows(f"{path}.<name>", entries)
    for key, node in section.get("properties", {}).items():
        default = "required" if key in section.get("required", ()) else _default(node)
        yield f"`{path}.{key}`", node["description"], _values(node), default
        yield from _key_rows(f"{path}.{key}", node)


def _values(node: Schema) -> str:
    """Say which values a key takes.

    >>> _values({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]})
    '`auto` or integer, ≥ 1'
    """
    if "anyOf" in node:
        one, *others = node["anyOf"]
        named = [
            "a list of them" if other.get("items") == one else _values(other) for other in others
        ]
        return " or ".join([_values(one), *named])
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if isinstance(node["type"], list):
        return " or ".join(_values({**node, "type": kind}) for kind in node["type"])
    if node["type"] == "array":
        return f"list ({_values(node['items'])})"
    name = {"object": "section", "null": "`null`"}.get(node["type"], str(node["type"]))
    if node["type"] not in ("integer", "number"):
        return name
    return ", ".join(
        [name, *(f"{sign} {node[key]}" for key, sign in BOUNDS.items() if key in node)]
    )


def _default(node: Schema) -> str:
    """Show a default; long ones stand below the tables."""
    if "properties" in node or "default" not in node:
        return "—"
    default = node["default"]
    if isinstance(default, dict):
        return "see below"
    if isinstance(default, list):
        default = ", ".join(map(str, default))
    if default == "":
        return "empty"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _long_defaults(sections: Schema) -> str:
    """Return the defaults that are too long for a table, as YAML."""
    tuning = sections["tuning"]["properties"]
    defaults = {
        "variants": sections["variants"]["default"],
        "tuning": {key: tuning[key]["default"] for key in ("fixed", "space")},
    }
    return str(yaml.safe_dump(defaults, sort_keys=False, default_flow_style=None, width=100))
