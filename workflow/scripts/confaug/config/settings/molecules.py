"""Settings of cleaning, splitting and sharding."""

from typing import Annotated, Literal

from pydantic import Field

from confaug.config.settings.base import Count, Positive, Section, Seed


class CleaningSettings(Section):
    """How input rows become unique molecules."""

    fragments: Literal["keep", "largest", "reject"] = "keep"
    """What to do with structures of several components (salts, mixtures, two-component
    monomers)."""
    duplicates: Literal["median", "mean", "reject_conflicts"] = "median"
    """Label of a structure that occurs in several rows. reject_conflicts leaves out structures
    whose labels differ by more than the tolerance."""
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """Largest difference between labels of one structure that is not a conflict, in the unit of the
    labels."""
    gross_conflict: Positive | None = 5
    """A molecule is left out if the labels of its rows differ by more than this many robust
    standard deviations of all labels and by more than a factor of two: one of them is probably a
    typing error. Positive labels that span decades are compared as logarithms, and a factor of 100
    is always too much. null pools all labels."""
    polymers: Literal["as_given", "repeat_unit", "oligomer"] = "as_given"
    """Which structure is described and embedded: the one given, or that of the polymer which it
    makes, as its repeat unit closed by hydrogen or as a short chain of such units. Monomers become
    repeat units by polymerisation rules, structures with two attachment points (*) are repeat
    units already. Where no rule fits, the structure as given is taken. Molecules with one repeat
    unit stay on one side of every split."""
    units: Annotated[int, Field(ge=2, le=5)] = 3
    """Repeat units in a chain, where `polymers` is oligomer."""
    repeat_units: Literal["reject", "cap_hydrogen", "cap_methyl"] = "reject"
    """What to do with attachment points (*) of polymer repeat units, unless `polymers` joins
    them."""
    unlabelled: Literal["reject", "keep"] = "reject"
    """What to do with rows without a label (empty, n/a, nan, - and the like). keep makes them
    molecules that the tuned models predict (part unlabelled of predictions.csv) but do not learn
    from."""


class SplitSettings(Section):
    """Training and test parts and cross-validation folds, always by whole molecules."""

    replicates: Annotated[int, Field(ge=1, le=1000)] = 1
    """Number of independent random splits. With a fixed split (`input.split_column`) replicates
    differ only in their folds and count as one."""
    train: Positive = 0.8
    """Training molecules, as a number (2 or more) or as a fraction (below 1)."""
    folds: Annotated[int, Field(ge=2, le=100)] = 5
    """Cross-validation folds within the training part."""
    seed: Seed = 1
    """Seed of the splits."""
    group_by: Literal["connectivity", "molecule"] = "connectivity"
    """What stays on one side of every split: all molecules with the same InChIKey connectivity
    block, or each canonical SMILES by itself. Stereoisomers, isotopologues and some tautomers share
    the block, as do most acids and bases with their ions (carboxylates, phenolates, ammonium).
    Alkoxides, deprotonated amines, enolates, carbanions and salts have blocks of their own."""


class ShardSettings(Section):
    """Division of the molecules into jobs."""

    count: Literal["auto"] | Annotated[int, Field(ge=1, le=10000)] = "auto"
    """Number of shards. Changing it recomputes everything."""
    molecules: Literal["auto"] | Count = "auto"
    """Average number of molecules per shard that the automatic number of shards does not exceed.
    auto is 64, or twice the square root of the number of molecules if that is more. Changing it
    recomputes everything."""
