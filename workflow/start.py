"""Write a first configuration for a table of molecules.

python workflow/start.py my_table.csv [--smiles COLUMN] [--label COLUMN] [-o my_table.yaml]
"""

import argparse
import sys
from pathlib import Path

import yaml

WORKFLOW = Path(__file__).resolve().parent
sys.path.insert(0, str(WORKFLOW / "scripts"))

from confaug.config.check import complete_config, read_schema  # noqa: E402
from confaug.config.files import snakefile_from_here  # noqa: E402
from confaug.errors import UserError, exit_with_sentence  # noqa: E402
from confaug.molecules.inspection import inspect_table  # noqa: E402
from confaug.molecules.reading.records import read_records  # noqa: E402
from confaug.report.wording.check import study_command  # noqa: E402
from confaug.report.wording.starter import results_folder, starter_text  # noqa: E402


def main(arguments: list[str]) -> None:
    """Inspect a table and write its configuration; a file that is there stays as it is."""
    parser = argparse.ArgumentParser(prog="start.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("table", nargs="?", help="CSV, TSV or Excel file")
    parser.add_argument("--smiles", help="name of the column with the SMILES")
    parser.add_argument("--label", help="name of the column with the measured property")
    parser.add_argument("-o", "--output", help="configuration that is written")
    given = parser.parse_args(arguments)
    with exit_with_sentence():
        if given.table is None:
            raise UserError("name the table of your molecules, as in: ./confaug start my_table.csv")
    output = Path(given.output or f"{Path(given.table).stem}.yaml")
    check = study_command([str(output)], 1, "check", snakefile_from_here(WORKFLOW.parent))
    with exit_with_sentence():
        if output.exists():
            raise UserError(f"{output} exists already; name another file with -o")
        inspection = inspect_table(given.table, given.smiles, given.label)
        text = starter_text(inspection, given.table, results_folder(given.table), check)
        schema = read_schema(WORKFLOW / "schemas" / "config.schema.yaml")
        config = complete_config(yaml.safe_load(text), schema)
        read_records(given.table, config["input"])  # as the study will read it
        write_new(output, text)
    print(f"{output} was written for {given.table}. Read it, then run: {check}")


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
