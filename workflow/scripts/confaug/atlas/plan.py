"""Which studies the atlas consists of, and which of them a process of Snakemake has to read."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from snakemake.utils import update_config

from confaug.config.files import read_config_file
from confaug.config.roles import RECOMMENDED, plan_consensuses
from confaug.config.settings.variants import Variant
from confaug.errors import UserError

#: The target, the name of its folders and that of the file with what all studies have in common.
ATLAS = "atlas"
#: The rules of the atlas itself; all others belong to one of its studies.
OWN_RULES = ("measure_gains", "summarise_atlas", "draw_atlas")
#: Options of Snakemake with a value, or with several, that may look like a target of the atlas.
WITH_VALUE = ("-d", "--directory", "-s", "--snakefile", "--profile", "--workflow-profile")
WITH_VALUES = ("--configfile", "--configfiles", "-C", "--config")


def is_asked(words: Iterable[str], folder: str) -> bool:
    """Tell whether a command makes the atlas, and not the study of the configuration.

    Parameters
    ----------
    words
        Words of the command. That of a job names its rule, with wildcards behind a colon.
    folder
        Folder of the atlas' results.

    Examples
    --------
    >>> is_asked(["--cores", "2", "atlas"], "results/atlas")
    True
    >>> is_asked(["--target-jobs", "atlas_dipole_tune_model:variant=ridge"], "results/atlas")
    True
    >>> is_asked(["--directory", "atlas", "results/splits/a.csv"], "results/atlas")
    False
    """
    return any(
        word == ATLAS or Path(word).is_relative_to(folder) or _names_job(word)
        for word in _without_values(words)
    )


def _without_values(words: Iterable[str]) -> Iterator[str]:
    """Leave out the values of options, as far as they are names that the user has chosen."""
    several = one = False
    for word in words:
        if word.startswith("-"):
            several, one = word in WITH_VALUES, word in WITH_VALUE
        elif one:
            one = False
        elif not several:
            yield word


def _names_job(word: str) -> bool:
    """Tell whether a word names a job of the atlas, or a rule of its own."""
    return word in OWN_RULES or (":" in word and _belongs(_rule_in(word)))


def _rule_in(word: str) -> str:
    """Return the name of the rule of a job as the command of its process names it."""
    return word.partition(":")[0]


def _belongs(rule: str) -> bool:
    """Tell whether a rule is one of the atlas or of its studies."""
    return rule in OWN_RULES or rule.startswith(f"{ATLAS}_")


def study_configs(folder: str | Path, results: str) -> dict[str, dict[str, Any]]:
    """Return the configuration of every study by its name, in alphabetical order.

    Parameters
    ----------
    folder
        Holds `atlas.yaml`, with what all studies have in common, and `atlas/<study>.yaml`.
    results
        Folder of the atlas' results; every study has a folder in it.

    Raises
    ------
    UserError
        If there is no study, a file cannot be read, or its name cannot be that of a study.
    """
    folder = Path(folder)
    files = sorted((folder / ATLAS).glob("*.yaml"))
    if not files:
        raise UserError(f"{folder / ATLAS} has no study; add a configuration such as my_study.yaml")
    configs = {}
    for file in files:
        if not re.fullmatch(r"[A-Za-z0-9_]+", file.stem):
            raise UserError(
                f"{file} has a name that cannot be that of a study; use letters, digits and _ alone"
            )
        config = read_config_file(folder / f"{ATLAS}.yaml")
        update_config(config, read_config_file(file))
        config["pathvars"] = {"results": f"{results}/{file.stem}"}
        configs[file.stem] = config
    return configs


def studies_of(words: Iterable[str], studies: Collection[str]) -> list[str]:
    """Return the studies that a process of Snakemake has to read: those of its jobs, or all.

    Parameters
    ----------
    words
        Words of the command that started it.
    studies
        Names of all studies.

    Examples
    --------
    >>> studies_of(["--target-jobs", "atlas_dipole_tune_model:"], ["dipole", "flash_point"])
    ['dipole']
    >>> studies_of(["atlas"], ["dipole", "flash_point"])
    ['dipole', 'flash_point']
    >>> studies_of(["--target-jobs", "summarise_atlas:"], ["dipole", "flash_point"])
    []
    """
    rules = [rule for word in words if _belongs(rule := _rule_in(word)) and ":" in word]
    return [
        study
        for study in studies
        if not rules or any(rule.startswith(f"{ATLAS}_{study}_") for rule in rules)
    ]


def compared(config: dict[str, Any]) -> list[str]:
    """Return what the atlas compares of a study: its variants, their means, and what was chosen."""
    variants = variants_of(config)
    consensuses = plan_consensuses(variants, config["evaluation"]["consensus_of"])
    return [*variants, *consensuses, RECOMMENDED]


def variants_of(config: dict[str, Any]) -> dict[str, Variant]:
    """Return the variants of a configuration."""
    return {name: Variant(**entry) for name, entry in config["variants"].items()}
