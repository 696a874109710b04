"""Which settings of a section reach a rule, so that a changed setting reruns what it concerns."""

from collections.abc import Mapping
from typing import Any

#: Keys that concern single rules only. Every other key of these sections, also a new one, reaches
#: every rule that takes a part of the section.
RESERVED: dict[str, frozenset[str]] = {
    "property": frozenset({"name", "symbol", "unit"}),
    "splits": frozenset({"replicates", "train", "folds", "seed", "group_by"}),
    "embedding": frozenset({"protocols", "repeats", "max_steps"}),
    "descriptors": frozenset(
        {
            "engine",
            "seconds_per_molecule_2d",
            "partial_charges",
            "boltzmann_temperature",
            "energy_window",
        }
    ),
    "tuning": frozenset(
        {
            "initial_points",
            "iterations",
            "acquisition",
            "max_rounds",
            "early_stopping_rounds",
            "pruning",
            "rows_per_molecule",
            "seeds",
            "fixed",
            "space",
        }
    ),
    "evaluation": frozenset(
        {
            "consensus_of",
            "y_randomisations",
            "interval_coverage",
            "published_row_splits",
            "learning_curves",
            "extrapolation",
            "training_orders",
        }
    ),
    "prediction": frozenset(
        {
            "table",
            "model",
            "bundle",
            "name",
            "molecules_per_shard",
            "other_versions",
            "measure_next",
        }
    ),
}


def section_part(config: Mapping[str, Any], section: str, *reserved: str) -> dict[str, Any]:
    """Return a section without the keys that are reserved for other rules.

    Parameters
    ----------
    config
        The complete configuration.
    section
        Name of the section.
    reserved
        Keys of `RESERVED` that the rule uses.

    Raises
    ------
    KeyError
        If a key is not reserved: a rule gets those that are not without asking.

    Examples
    --------
    >>> config = {"property": {"name": "Density", "symbol": "d", "unit": "K", "transform": "none"}}
    >>> section_part(config, "property")
    {'transform': 'none'}
    >>> section_part(config, "property", "unit")
    {'unit': 'K', 'transform': 'none'}
    """
    if unknown := set(reserved) - RESERVED[section]:
        raise KeyError(f"{sorted(unknown)} of {section} are not reserved")
    left_out = RESERVED[section] - set(reserved)
    return {key: value for key, value in config[section].items() if key not in left_out}
