"""Describe the structures of a table: `python -m confaug.descriptors table.csv -o table.parquet`.

See `docs/engine.md`.
"""

import argparse
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from confaug.errors import UserError, exit_with_sentence
from confaug.infrastructure.system import arithmetic_settings, check_system
from confaug.infrastructure.text import counted

#: Endings of the file that is written.
ENDINGS = (".parquet", ".csv")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = _parser().parse_args(arguments)
    with exit_with_sentence():
        check_system()
        _set_environment()
        _log_to_console(quiet=options.quiet)
        _check_files(options.table, options.output, force=options.force)
        try:
            print(_describe(options))
        except KeyboardInterrupt:
            raise UserError("interrupted; nothing was written") from None
        except OSError as error:
            raise UserError(f"{error.filename or options.output}: {error.strerror}") from error


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m confaug.descriptors",
        description="Describe the structures of a table by 2D descriptors, or make conformers and "
        "describe them by 3D descriptors",
    )
    parser.add_argument("table", type=Path, help="CSV, TSV or XLSX with a column of SMILES")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the file to write, .parquet or .csv"
    )
    parser.add_argument("--smiles", metavar="COLUMN", help="the column; found if there is one")
    parser.add_argument(
        "--kinds",
        type=_names,
        help="descriptors of molecules, for example rdkit_2d,mordred_2d; by default mordred_2d, "
        "with --conformers none",
    )
    parser.add_argument(
        "--conformers", type=int, default=0, help="conformers per molecule, protocol and repeat"
    )
    parser.add_argument(
        "--protocols",
        type=_names,
        default=("etkdg_mmff",),
        help="how conformers are made, for example dg,etkdg_mmff; by default etkdg_mmff",
    )
    parser.add_argument("--repeats", type=int, default=1, help="repeats of each protocol")
    parser.add_argument(
        "--names", type=Path, metavar="FILE", help="the wanted descriptors, one name in a line"
    )
    parser.add_argument("--jobs", type=int, default=1, help="number of processes")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    return parser


def _names(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _check_files(table: Path, output: Path, *, force: bool) -> None:
    """Refuse an output that cannot be written, or must not be."""
    from confaug.descriptors.table_files import failures_path

    if output.suffix not in ENDINGS:
        raise UserError(f"the output {output} ends in neither {' nor '.join(ENDINGS)}; rename it")
    for path in (output, failures_path(output)):
        if path.is_dir():
            raise UserError(f"{path} is a folder; name a file")
        if path.exists() and table.exists() and path.samefile(table):
            raise UserError(f"{path} is the table itself; name another file")
        if path.exists() and not force:
            raise UserError(f"{path} exists already; name another file, or add --force")


def _describe(options: argparse.Namespace) -> str:
    """Describe the table, and return what was written and what failed."""
    from confaug.descriptors.request import Request
    from confaug.descriptors.table_files import describe_table, failures_path

    if options.jobs < 1:
        raise UserError(f"--jobs is {options.jobs}; give the number of processes, at least 1")
    kinds = options.kinds
    if kinds is None:
        kinds = () if options.conformers else ("mordred_2d",)
    names = _read_names(options.names) if options.names else None
    request = Request(kinds, options.conformers, options.protocols, options.repeats, names)
    outcome = describe_table(options.table, options.output, request, options.smiles, options.jobs)
    read = outcome.rows - outcome.unreadable
    sentence = (
        f"wrote {options.output}: {counted(outcome.written, 'row')} with "
        f"{counted(outcome.descriptors, 'descriptor')} each, from {read} of the "
        f"{counted(outcome.rows, 'row')} of {options.table}"
    )
    if outcome.unreadable or outcome.incomplete:
        sentence += (
            f"; not read: {outcome.unreadable}, incomplete: {outcome.incomplete}, "
            f"see {failures_path(options.output)}"
        )
    return sentence


def _read_names(path: Path) -> tuple[str, ...]:
    """Return the names in a file, one in a line; empty lines and comments are left out."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(f"the names in {path} cannot be read: {reason}") from None
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _set_environment() -> None:
    """Make all processors compute alike, each process on one thread; NumPy reads it when loaded."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    for name, value in {**arithmetic_settings(), **one_thread}.items():
        os.environ.setdefault(name, value)


def _log_to_console(*, quiet: bool) -> None:
    """Show progress and warnings about the table, but not every failure, which a file lists."""
    library, table = logging.getLogger("confaug"), logging.getLogger("confaug.table")
    library.addHandler(logging.NullHandler())
    table.propagate = False
    table.addHandler(logging.StreamHandler())
    table.setLevel(logging.WARNING if quiet else logging.INFO)


if __name__ == "__main__":
    main()
