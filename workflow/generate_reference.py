"""Write the schema and the key tables of the configuration, which are generated from its settings.

Run it after a change of workflow/scripts/confaug/config/settings:

    python workflow/generate_reference.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from confaug.config.reference import with_reference  # noqa: E402
from confaug.config.schema import schema_text  # noqa: E402

SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"
KEYS = ROOT / "config" / "README.md"


def generated() -> dict[Path, str]:
    """Return what each generated file must hold."""
    return {SCHEMA: schema_text(), KEYS: with_reference(KEYS.read_text(encoding="utf-8"))}


def main() -> None:
    """Write the files that differ from what the settings say, and name them."""
    for path, content in generated().items():
        if path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
