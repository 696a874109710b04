"""Find out that a study cannot work before hours of embedding.

What the configuration alone tells is checked when it is read (`check_config`), the rest when the
molecules are known (`require_workable`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from confaug.config.settings.molecules import SplitSettings
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.infrastructure.text import counted
from confaug.molecules.described import undescribed
from confaug.molecules.ledger import source_rows
from confaug.molecules.splitting import TRAIN, split_molecules
from confaug.tables.descriptors import OWN_COLUMNS
from confaug.tables.engine import read_table
from confaug.tables.molecules import LEDGER, MOLECULES

#: Groups of training molecules below which a molecule has no neighbourhood (see `domain`), and what
#: must be left of them for the fits without one fold. Molecules of one group, such as the samples
#: of one structure under different conditions, count once.
FEWEST_TRAINING, FEWEST_WITHOUT_FOLD = 3, 2


def check_config(config: Mapping[str, Any]) -> None:
    """Check how many molecules a complete configuration trains on, as far as it tells.

    Raises
    ------
    UserError
        If the training part is smaller than what learning needs, whatever the table holds.
    """
    train, folds = config["splits"]["train"], config["splits"]["folds"]
    if train < 1 or config["input"]["split_column"] is not None:
        return  # only the molecules tell how many those are
    if train < max(folds, FEWEST_TRAINING):
        raise UserError(
            f"config key 'splits.train' asks for {train:g} training molecules, but {folds} folds "
            f"(splits.folds) need at least {max(folds, FEWEST_TRAINING)}; raise splits.train"
            + (" or lower splits.folds" if folds > FEWEST_TRAINING else "")
        )


def require_workable(molecules: str | Path, requirements: Mapping[str, Any] | None) -> None:
    """Check what was cleaned against what is asked of it.

    Parameters
    ----------
    molecules
        The file of the MOLECULES.
    requirements
        ``ledger`` and ``own_columns``, the files of the LEDGER and of OWN_COLUMNS (None without
        any), and ``splits``, ``published_row_splits`` and ``variants`` of the configuration; None
        where nothing is asked.

    Raises
    ------
    UserError
        With every mistake.
    """
    if requirements is None:
        return
    n_rows = len(source_rows(read_table(requirements["ledger"], LEDGER)))
    own_columns = requirements["own_columns"]
    mistakes = check_study(
        read_table(molecules, MOLECULES),
        n_rows,
        SplitSettings(**requirements["splits"]),
        requirements["published_row_splits"],
        {name: Variant(**entry) for name, entry in requirements["variants"].items()},
        read_table(own_columns, OWN_COLUMNS) if own_columns else None,
    )
    if mistakes:
        raise UserError("; ".join(mistakes))


def check_study(
    molecules: pa.Table,
    n_rows: int,
    splits: SplitSettings,
    published_row_splits: Sequence[int] = (),
    variants: Mapping[str, Variant] = MappingProxyType({}),
    own_columns: pa.Table | None = None,
) -> list[str]:
    """Say why molecules cannot be split, learned from or judged as configured.

    Parameters
    ----------
    molecules
        A MOLECULES table.
    n_rows
        Labelled rows of the source (see `ledger.source_rows`).
    splits
        The settings of the splits.
    published_row_splits
        Training rows of published splits of the same rows.
    variants
        The variants by name.
    own_columns
        The OWN_COLUMNS table of the molecules, if there are such columns.

    Returns
    -------
    list of str
        One sentence for each mistake; nothing if the study can go on.
    """
    mistakes: dict[str, None] = {}  # in order, each once: all replicates tend to make the same
    lacking: dict[str, str] = {}  # by variant, in the first replicate
    for replicate in range(1, splits.replicates + 1):
        try:
            split = _draw_replicate(molecules, splits, replicate)
        except UserError as error:
            mistakes[str(error)] = None
        else:
            lacking = undescribed(variants, molecules, split, own_columns) | lacking
    mistakes |= dict.fromkeys(lacking.values())
    for size in published_row_splits:
        if size >= n_rows:
            mistakes[
                f"evaluation.published_row_splits names {size} training rows, but the table has "
                f"only {n_rows} rows with a molecule and a label, and some must be held out for "
                f"the test; remove {size} from the list"
            ] = None
    return list(mistakes)


def _draw_replicate(molecules: pa.Table, splits: SplitSettings, replicate: int) -> pa.Table:
    """Draw one replicate and refuse a training part that is too small to judge anything."""
    split = split_molecules(molecules, splits.train, splits.folds, splits.seed, replicate)
    train = split.filter(pc.equal(split["part"], TRAIN))
    fold_of = dict(zip(train["group"].to_pylist(), train["fold"].to_pylist(), strict=True))
    largest = max(Counter(fold_of.values()).values())
    if len(fold_of) < FEWEST_TRAINING or len(fold_of) - largest < FEWEST_WITHOUT_FOLD:
        raise UserError(
            f"the training part has only {counted(len(fold_of), 'group')} of molecules that must "
            f"not be divided ({len(train)} of {len(split)} labelled molecules), {largest} of "
            f"them in one fold; at least {FEWEST_TRAINING} are needed, and {FEWEST_WITHOUT_FOLD} "
            "outside of every fold: add molecules of other structures, or raise splits.train or "
            "splits.folds"
        )
    return split
