"""Find variants that could learn nothing, because most molecules lack what their columns describe.

Some kinds of columns describe repeat units, or values of the user's own, which not every molecule
has. Learners use a column if at least half of the training molecules have a value in it.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from confaug.config.kinds import OF_UNITS, OWN_KIND
from confaug.config.settings.variants import Variant
from confaug.molecules.splitting import TRAIN

#: Share of the training molecules that must have a value.
LEAST = 0.5


def undescribed(
    variants: Mapping[str, Variant],
    molecules: pa.Table,
    split: pa.Table,
    own_columns: pa.Table | None = None,
) -> dict[str, str]:
    """Say of which variants no kind of columns describes most training molecules.

    Parameters
    ----------
    variants
        The variants by name.
    molecules
        A MOLECULES table.
    split
        The SPLIT of its molecules.
    own_columns
        The OWN_COLUMNS table of the molecules, if there are such columns.

    Returns
    -------
    dict
        A sentence for each such variant, by name.
    """
    told: dict[str, str] = {}
    for name, variant in variants.items():
        kinds = set(variant.representation)
        if variant.learner == "constant" or not kinds <= {*OF_UNITS, OWN_KIND}:
            continue
        for part, training in _fits(split):
            reasons = []
            if kinds & set(OF_UNITS):
                reasons.append(_without_units(molecules, training))
            if OWN_KIND in kinds:
                reasons.append(_without_values(own_columns, training))
            if all(reasons):
                told[name] = (
                    f"the variant {name} reads {' and '.join(variant.representation)} alone, but "
                    f"of the {len(training)} training molecules{part} {' and '.join(reasons)}; add "
                    "a kind that every structure has, such as rdkit_2d, or leave the variant out"
                )
                break
    return told


def _fits(split: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Yield the molecules of every fit of a split: of the training part, and without each fold."""
    train = split.filter(pc.equal(split["part"], TRAIN))
    yield "", train["molecule"].combine_chunks()
    for fold in sorted(set(train["fold"].to_pylist())):
        rest = train.filter(pc.not_equal(train["fold"], fold))
        yield f" outside of fold {fold}", rest["molecule"].combine_chunks()


def _without_units(molecules: pa.Table, training: pa.Array) -> str:
    """Say how few molecules have a repeat unit; nothing if enough have one."""
    units = molecules["repeat_unit"].take(pc.index_in(training, molecules["molecule"]))
    found = len(units) - units.null_count
    if found >= LEAST * len(training):
        return ""
    return f"only {found} have a repeat unit (polymer_note in ledger.csv says why)"


def _without_values(own_columns: pa.Table | None, training: pa.Array) -> str:
    """Say that own columns have too few values that differ; nothing if one has enough."""
    if own_columns is not None:
        places = pc.index_in(training, own_columns["molecule"])
        for column in own_columns.drop_columns("molecule").itercolumns():
            values = column.take(places).to_numpy().astype(np.float32)
            known = values[np.isfinite(values)]
            if len(known) >= LEAST * len(values) and known.min() < known.max():
                return ""
    return "fewer than half have a value in any own column whose values differ"
