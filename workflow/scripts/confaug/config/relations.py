"""Check what the schema of a configuration cannot express: relations between keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from confaug.config.kinds import AS_GIVEN, OWN_KIND, STRUCTURE_KINDS
from confaug.config.lightgbm_parameters import check_tuned_parameters
from confaug.config.own_columns import check_columns
from confaug.config.roles import (
    CONSENSUS,
    CONSENSUS_2D,
    MANY_ROWS,
    RECOMMENDED,
    candidates,
    plan_consensuses,
)
from confaug.config.settings.molecules import CleaningSettings
from confaug.config.settings.variants import CONFORMER_KINDS, Variant
from confaug.errors import UserError

Config = Mapping[str, Any]
#: The learner that takes counts alone, and the kinds of columns that are counts.
COUNTING = "tanimoto_gaussian_process"
COUNTS = tuple(name for name, kind in STRUCTURE_KINDS.items() if kind.counts)
#: Names that no variant may have, and what they stand for.
RESERVED = {
    CONSENSUS: "the mean of the best variants",
    CONSENSUS_2D: "the mean of the best variants without conformers",
    RECOMMENDED: "the variant that the study recommends",
}


def check_relations(config: Config) -> None:
    """Check the relations between keys of a configuration that satisfies its schema.

    Raises
    ------
    UserError
        Naming the key.
    """
    train = config["splits"]["train"]
    if 1 <= train < 2 or (train > 1 and train != int(train)):
        raise UserError(
            "config key 'splits.train' must be a fraction below 1 or a number of molecules "
            f"(an integer of at least 2), but is {train!r}"
        )
    check_columns(config["input"])
    _check_polymers(config["cleaning"], config["variants"])
    for name, variant in config["variants"].items():
        _check_variant(name, variant)
    _check_model(config)
    _check_measure_next(config)
    _check_range(config["requirements"]["range"])
    for name, bounds in config["tuning"]["space"].items():
        _check_bounds(f"tuning.space.{name}", bounds)
    check_tuned_parameters(config["tuning"]["fixed"], config["tuning"]["space"])


def check_study(config: Config) -> None:
    """Check what a study needs, and predictions by a finished model do not.

    Raises
    ------
    UserError
        Naming the key.
    """
    if not any(variant["learner"] == "lightgbm" for variant in config["variants"].values()):
        raise UserError(
            "config key 'variants' must have at least one variant with the learner lightgbm, "
            "because it is the model that is examined"
        )
    reading = [
        name
        for name, variant in config["variants"].items()
        if OWN_KIND in Variant(**variant).representation
    ]
    if reading and not config["input"]["feature_columns"]:
        raise UserError(
            f"config key 'variants.{reading[0]}' reads {OWN_KIND}, but 'input.feature_columns' "
            "names none; name the columns of your table there"
        )
    if config["input"]["feature_columns"] and not reading:
        raise UserError(
            f"config key 'input.feature_columns' names columns, but no variant reads {OWN_KIND}; "
            "add it to the representation of a variant, or leave the key out"
        )


def _check_polymers(cleaning: Config, variants: Config) -> None:
    """Check that what makes sense only where polymers are modelled is asked for only there."""
    default = CleaningSettings().units
    if cleaning["polymers"] != "oligomer" and cleaning["units"] != default:
        raise UserError(
            f"config key 'cleaning.units' is {cleaning['units']}, but 'cleaning.polymers' is "
            f"{cleaning['polymers']}, which makes no chains; leave it out, or set "
            "cleaning.polymers to oligomer"
        )
    if cleaning["polymers"] != "as_given":
        return
    for name, variant in variants.items():
        described = {
            STRUCTURE_KINDS[kind].structure: kind
            for kind in reversed(Variant(**variant).representation)
            if kind in STRUCTURE_KINDS
        }
        if kind := described.get("repeat_unit"):
            raise UserError(
                f"config key 'variants.{name}.representation' has {kind}, which describes "
                "repeat units, but 'cleaning.polymers' is as_given; set cleaning.polymers to "
                "repeat_unit or oligomer, or leave the variant out"
            )
        if kind := described.get("smiles_as_given"):
            raise UserError(
                f"config key 'variants.{name}.representation' has {kind}, but with "
                "'cleaning.polymers' as_given all kinds describe the structures as given; use "
                f"{kind.removesuffix(AS_GIVEN)}, or set cleaning.polymers to repeat_unit or "
                "oligomer"
            )


def _check_variant(name: str, variant: Config) -> None:
    """Check the name of a variant, and that its learner can take its rows."""
    if name in RESERVED:
        raise UserError(
            f"config key 'variants.{name}' uses the reserved name of {RESERVED[name]}; choose "
            "another name"
        )
    settings = Variant(**variant)
    of_conformers = [kind for kind in settings.representation if kind in CONFORMER_KINDS]
    if len(of_conformers) > 1:
        raise UserError(
            f"config key 'variants.{name}.representation' has {len(of_conformers)} kinds that are "
            f"made of conformers ({', '.join(of_conformers)}); keep one of them"
        )
    many = settings.conformer_kind in MANY_ROWS
    if many and settings.learner != "lightgbm":
        raise UserError(
            f"config key 'variants.{name}' pairs the learner {settings.learner}, which takes "
            f"one row per molecule, with {settings.conformer_kind}, which has one row per "
            "conformer; use the learner lightgbm or another representation"
        )
    if settings.rows_per_molecule and not many:
        raise UserError(
            f"config key 'variants.{name}.rows_per_molecule' limits the rows of "
            f"{', '.join(settings.representation)}, which has one row per molecule; leave it out"
        )
    if settings.learner == COUNTING and not set(settings.representation) <= set(COUNTS):
        raise UserError(
            f"config key 'variants.{name}' pairs the learner {COUNTING}, which compares counts, "
            f"with {', '.join(settings.representation)}; use {' or '.join(COUNTS)}"
        )


def _check_model(config: Config) -> None:
    """Check that the model that the study is to fit on all molecules is one of its own."""
    model = config["prediction"]["model"]
    variants = {name: Variant(**entry) for name, entry in config["variants"].items()}
    known = [RECOMMENDED, CONSENSUS, CONSENSUS_2D, *candidates(variants)]
    if model not in known:
        raise UserError(
            f"config key 'prediction.model' must be one of {', '.join(known)}, but is {model!r}"
        )
    size = config["evaluation"]["consensus_of"]
    if model not in (CONSENSUS, CONSENSUS_2D) or model in plan_consensuses(variants, size):
        return
    if model == CONSENSUS or size < 2:
        raise UserError(
            f"config key 'prediction.model' asks for the {model}, but 'evaluation.consensus_of' "
            f"is {size}; raise it, or name another model"
        )
    raise UserError(
        f"config key 'prediction.model' asks for the {model}, which is made only if some variants "
        "need conformers and at least two kinds of learner do not; name another model"
    )


def _check_measure_next(config: Config) -> None:
    """Check that there is a range if molecules are to be ranked by it."""
    asked = config["prediction"]["measure_next"]
    if asked == "range" and config.get("requirements", {}).get("range") is None:
        raise UserError(
            "config key 'prediction.measure_next' is range, but 'requirements.range' is missing; "
            "give it: the lowest and the highest value that you look for"
        )


def _check_range(values: Sequence[float] | None) -> None:
    """Check that the values that are looked for go from low to high."""
    if values and not values[0] < values[1]:
        raise UserError(
            f"config key 'requirements.range' is {values[0]} to {values[1]}; the first value must "
            "be below the second"
        )


def _check_bounds(key: str, bounds: Config) -> None:
    """Check one entry of the search space."""
    needed = {"values"} if bounds["type"] == "choice" else {"low", "high"}
    if set(bounds) - {"type"} != needed:
        raise UserError(
            f"config key {key!r} of type {bounds['type']} must have {' and '.join(sorted(needed))} "
            f"and nothing else"
        )
    if bounds["type"] == "choice":
        if len({repr(value) for value in bounds["values"]}) < len(bounds["values"]):
            raise UserError(f"config key '{key}.values' must list different values")
        return
    if bounds["type"] == "int" and not (bounds["low"] % 1 == 0 == bounds["high"] % 1):
        raise UserError(f"config key {key!r} of type int must have integers as its bounds")
    if not bounds["low"] < bounds["high"]:
        raise UserError(
            f"config key {key!r} has the bounds {bounds['low']!r} to {bounds['high']!r}; "
            f"low must be below high"
        )
    if bounds["type"] == "log" and bounds["low"] <= 0:
        raise UserError(f"config key '{key}.low' must be above 0 on a logarithmic scale")
