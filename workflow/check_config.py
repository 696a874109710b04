"""Check a configuration file without running anything.

python workflow/check_config.py my_study.yaml
"""

import sys
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parent
sys.path.insert(0, str(WORKFLOW / "scripts"))

from confaug.config.check import complete_config, read_schema  # noqa: E402
from confaug.config.files import read_config_file  # noqa: E402
from confaug.config.relations import check_study  # noqa: E402
from confaug.errors import exit_with_sentence  # noqa: E402
from confaug.molecules.feasibility import check_config  # noqa: E402


def main(arguments: list[str]) -> None:
    """Check one file as the workflow would, and say what is wrong with it in one sentence."""
    if len(arguments) != 1:
        sys.exit("Give one configuration file: python workflow/check_config.py my_study.yaml")
    with exit_with_sentence():
        config = read_config_file(arguments[0])
        if "input" not in config:
            from snakemake.utils import update_config

            default = read_config_file(WORKFLOW.parent / "config" / "config.yaml")
            update_config(default, config)
            config = default
        schema = read_schema(WORKFLOW / "schemas" / "config.schema.yaml")
        completed = complete_config(config, schema)
        check_study(completed)
        check_config(completed)
    print(f"{arguments[0]} is a valid configuration")


if __name__ == "__main__":
    main(sys.argv[1:])
