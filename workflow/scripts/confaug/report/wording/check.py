"""What the target check says: what became of the rows, what a study will do, and what it costs."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from confaug.costs.embedding import Shape
from confaug.costs.study import CONFORMERS, MODELS, RANDOMISATION, StudyCost
from confaug.infrastructure.text import counted, one_line
from confaug.report.number_format import data_size, duration, whole_percent

#: Names of variants or protocols, and letters of a molecule's name, in a line.
MOST_NAMES, LONGEST_NAME = 20, 60
#: If less of the processor time than this share is left, the rest is told.
MOSTLY_LEFT = 0.95
PART_NAMES = {
    CONFORMERS: "conformers",
    MODELS: "tuning and fitting models",
    RANDOMISATION: "y-randomisation",
}


def row_line(row: Mapping[str, Any]) -> str:
    """Say why a row is of no use."""
    own = ", ".join(one_line(row[key], LONGEST_NAME) for key in ("id", "name") if row[key])
    return f"  row {row['row']}{f' ({own})' if own else ''} {row['status']}: {row['reason']}"


def more_rows(number: int, ledger: str) -> str:
    """Say where the other rows are listed."""
    return f"  and {number} more such rows, see {ledger}"


def warning_line(kind: str, rows: Sequence[int]) -> str:
    """Say in which rows a structure is unusual.

    >>> warning_line("isotopes", [7]), warning_line("radical electrons", [9, 12])
    ('  row 7: isotopes', '  2 rows, the first is row 9: radical electrons')
    """
    where = f"row {rows[0]}"
    return f"  {where if len(rows) == 1 else f'{len(rows)} rows, the first is {where}'}: {kind}"


def split_line(training: Sequence[int], held_out: Sequence[int]) -> str:
    """Say how many molecules train and are held out.

    >>> split_line([70], [153]), split_line([20, 21], [11, 10])[:25]
    ('Split: 70 molecules train, 153 are held out.', 'Splits: 2, with 20 to 21 ')
    """
    if len(training) == 1:
        return f"Split: {training[0]} molecules train, {held_out[0]} are held out."
    return (
        f"Splits: {len(training)}, with {_range(training)} molecules for training and "
        f"{_range(held_out)} held out."
    )


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"


def variants_line(variants: Sequence[str]) -> str:
    """Name the variants that are compared."""
    named = ", ".join(variants[:MOST_NAMES])
    more = f" and {len(variants) - MOST_NAMES} more" if len(variants) > MOST_NAMES else ""
    return f"Compared: {counted(len(variants), 'variant')} ({named}{more})."


def conformers_line(protocols: Sequence[str], repeats: int, each: int, molecules: int) -> str:
    """Say how many conformers are made; none if there are no protocols."""
    if not protocols:
        return "Conformers: none, because no variant reads them."
    of_each = len(protocols) * repeats * each
    times = f"{counted(repeats, 'repeat')} × " if repeats > 1 else ""
    return (
        f"Conformers: {of_each} of each molecule ({counted(len(protocols), 'protocol')} × {times}"
        f"{each}), {molecules * of_each} in all."
    )


def slow_line(name: str, shape: Shape, seconds: float, share: float) -> str:
    """Say how long the conformers of one molecule take, and why."""
    bent = ", with a benzene ring bent by a short bridge" if shape.bent else ""
    return (
        f"  {one_line(name, LONGEST_NAME)}: {duration(seconds)}, {whole_percent(share)} of the "
        f"time for conformers ({counted(shape.heavy_atoms, 'heavy atom')}, "
        f"{counted(shape.rotatable_bonds, 'rotatable bond')}, "
        f"{counted(shape.rings, 'ring')}{bent})"
    )


def cost_lines(cost: StudyCost) -> list[str]:
    """Say what the study costs, as a whole and what is left of it."""
    named = [(name, cost.parts[part]) for part, name in PART_NAMES.items() if cost.parts[part]]
    shares = ", ".join(f"{name} {whole_percent(each / cost.processor)}" for name, each in named)
    whole = (
        f"Cost: about {duration(cost.processor)} of processor time in {counted(cost.jobs, 'job')}"
        f"{f' ({shares})' if shares else ''}."
    )
    left = cost.jobs - cost.finished
    if not left:
        return [f"{whole} All of them have finished."]
    if cost.remaining < MOSTLY_LEFT * cost.processor:
        whole += f" {counted(left, 'job')} of about {duration(cost.remaining)} left."
    at_once = f", {data_size(1e6 * cost.together)} for {cost.cores} at once"
    return [
        whole,
        f"Time: about {duration(cost.clock)} with {counted(cost.cores, 'core')} (--cores). Memory: "
        f"jobs ask for up to {data_size(1e6 * cost.memory)}{at_once if cost.cores > 1 else ''}. "
        f"Disk: about {data_size(cost.disk)}.",
        "The study may take half or twice that.",
    ]


def study_command(
    configfiles: Sequence[str], cores: int, target: str = "", snakefile: str | None = None
) -> str:
    """Return the command that runs a target of a study; the whole study without one.

    Parameters
    ----------
    snakefile
        Path of the workflow, if it does not lie in the working directory.

    Examples
    --------
    >>> study_command(["my study.yaml"], 2, "plain")
    "snakemake --cores 2 plain --configfile 'my study.yaml'"
    """
    words = ["snakemake", "--cores", str(cores), *([target] if target else [])]
    words += ["--snakefile", snakefile] if snakefile else []
    return shlex.join([*words, *(["--configfile", *configfiles] if configfiles else [])])


def next_lines(
    configfiles: Sequence[str], cores: int, snakefile: str | None, *, plain: bool
) -> list[str]:
    """Say how the study is started.

    Parameters
    ----------
    snakefile
        As for `study_command`.
    plain
        Whether there are first results without conformers.
    """
    whole, first = (study_command(configfiles, cores, name, snakefile) for name in ("", "plain"))
    lines = [f"Run the study: {whole}", f"First results, without conformers: {first}"]
    return lines if plain else lines[:1]
