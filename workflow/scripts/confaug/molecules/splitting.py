"""Random splits into training, test and cross-validation folds, by group of molecules.

A group (by default, molecules with one InChIKey connectivity block or one repeat unit) never has
members on two sides of a split or in two folds. Places are drawn with a hash of the group's name
instead of a stream of random numbers, so that the order of the input does not matter and an added
molecule moves few others.
"""

import logging
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from confaug.errors import UserError
from confaug.infrastructure import random_draws
from confaug.infrastructure.text import counted
from confaug.tables.molecules import SPLIT

logger = logging.getLogger("confaug")
TRAIN, TEST = "train", "test"
#: The draw of the folds of all molecules; replicates count from 1.
ALL_MOLECULES = 0


def split_molecules(
    molecules: pa.Table, train: float, folds: int, seed: int, replicate: int
) -> pa.Table:
    """Draw one replicate of the training part, the test part and the folds in the training part.

    Groups are ranked by a hash of seed, replicate and group name. They go into the training part in
    that order until it has the wanted number of molecules; a group that would overshoot is left to
    the test part. Folds are filled with the largest groups first, always the emptiest fold, so that
    their sizes differ by no more than the largest group has members.

    Molecules without a label take no part and are not in the result. Where the user fixed the part
    of any molecule, `train` is not used: fixed molecules go where they were fixed, together with
    their group, and all others go into the training part, or into the test part if only training
    molecules were fixed. Replicates then differ in their folds only.

    Parameters
    ----------
    molecules
        A MOLECULES table.
    train
        Molecules in the training part: a number from 2, or a fraction below 1 of the labelled ones.
    folds
        Number of cross-validation folds, at least 2.
    seed, replicate
        Together they name the draw; replicates of one seed are independent draws.

    Returns
    -------
    pa.Table
        A SPLIT table sorted by molecule; `fold` is empty in the test part.

    Raises
    ------
    UserError
        If there are too few labelled molecules for the wanted sizes, or if the user fixed members
        of one group in different parts.

    Examples
    --------
    >>> molecules = pa.table({"molecule": list("abcdef"), "group": list("AABCDE"),
    ...                       "label": [1.0] * 6, "fixed_part": pa.nulls(6, pa.string())})
    >>> split = split_molecules(molecules, train=4, folds=2, seed=1, replicate=1)
    >>> split["part"].to_pylist().count("train")
    4
    """
    labelled = molecules.filter(pc.is_valid(molecules["label"]))
    names: list[str] = labelled["molecule"].to_pylist()
    groups: list[str] = labelled["group"].to_pylist()
    sizes = Counter(groups)
    ranked = sorted(sizes, key=lambda group: random_draws.rank(group, seed, replicate))
    fixed = _fixed_parts(names, groups, labelled["fixed_part"].to_pylist())
    if fixed:
        free = TEST if set(fixed.values()) == {TRAIN} else TRAIN
        chosen = {group for group in ranked if fixed.get(group, free) == TRAIN}
    else:
        chosen = _training_groups(ranked, sizes, _training_size(train, len(names)))
    n_train = sum(sizes[group] for group in chosen)
    _check_sizes(len(names), n_train, len(chosen), folds)
    logger.info(
        "replicate %d: %d training and %d test molecules, %d without a label left out",
        *(replicate, n_train, len(names) - n_train, len(molecules) - len(names)),
    )
    fold_of = _assign_folds([group for group in ranked if group in chosen], sizes, folds)
    return _split_table(names, groups, fold_of)


def fold_all_molecules(molecules: pa.Table, folds: int, seed: int) -> pa.Table:
    """Put every labelled molecule into the training part, and assign the folds.

    Parameters
    ----------
    molecules
        A MOLECULES table.
    folds
        Number of cross-validation folds, at least 2.
    seed
        Names the draw; it is none of the replicates of that seed.

    Returns
    -------
    pa.Table
        A SPLIT table sorted by molecule.

    Raises
    ------
    UserError
        If there are fewer groups of molecules than folds.

    Examples
    --------
    >>> molecules = pa.table({"molecule": list("abc"), "group": list("AAB"), "label": [1.0] * 3})
    >>> fold_all_molecules(molecules, folds=2, seed=1)["fold"].to_pylist()
    [0, 0, 1]
    """
    labelled = molecules.filter(pc.is_valid(molecules["label"]))
    names: list[str] = labelled["molecule"].to_pylist()
    groups: list[str] = labelled["group"].to_pylist()
    sizes = Counter(groups)
    _check_folds(folds, len(sizes), len(names))
    ranked = sorted(sizes, key=lambda group: random_draws.rank(group, seed, ALL_MOLECULES))
    return _split_table(names, groups, _assign_folds(ranked, sizes, folds))


def _training_size(train: float, n_molecules: int) -> int:
    """Turn the configured count or fraction into a number of molecules."""
    size = round(train * n_molecules) if train < 1 else int(train)
    if size >= n_molecules:
        raise UserError(
            f"splits.train asks for {size} training molecules, but only {n_molecules} molecules "
            "have a label and some must be held out for the test; set splits.train below "
            f"{n_molecules}"
        )
    return size


def _training_groups(ranked: list[str], sizes: Counter[str], wanted: int) -> set[str]:
    """Take groups in rank order until the wanted number of molecules is reached."""
    chosen: set[str] = set()
    taken = 0
    for group in ranked:
        if taken + sizes[group] <= wanted:
            chosen.add(group)
            taken += sizes[group]
    if taken < wanted:
        logger.warning("only %d of %d training molecules: no further group fits", taken, wanted)
    return chosen


def _fixed_parts(names: list[str], groups: list[str], fixed: list[str | None]) -> dict[str, str]:
    """Return the part of every group that the user fixed, by way of any of its members."""
    parts: dict[str, str] = {}
    first: dict[str, str] = {}
    for name, group, part in sorted(zip(names, groups, fixed, strict=True), key=lambda row: row[0]):
        if part is None:
            continue
        if parts.setdefault(group, part) != part:
            raise UserError(
                f"the split column puts molecule {first[group]} into {parts[group]} and molecule "
                f"{name} into {part}, but both belong to group {group} and must stay together; "
                "give them the same part, or let less stay together (splits.group_by, "
                "cleaning.polymers)"
            )
        first.setdefault(group, name)
    return parts


def _check_sizes(n_molecules: int, n_train: int, n_groups: int, folds: int) -> None:
    """Refuse a split that leaves nothing to test on, or folds empty."""
    if n_train == n_molecules:
        raise UserError(
            f"all {n_molecules} labelled molecules are in the training part and none is left for "
            "the test; lower splits.train, or fix some molecules as test in the split column"
        )
    _check_folds(folds, n_groups, n_train)


def _check_folds(folds: int, n_groups: int, n_train: int) -> None:
    """Refuse folds without a group of molecules."""
    if n_groups < folds:
        fewer = ", or set splits.folds to at most that number" if n_groups > 1 else ""
        raise UserError(
            f"splits.folds is {folds}, but the training part has only "
            f"{counted(n_groups, 'group')} of molecules ({n_train} molecules) that must not be "
            f"divided; raise splits.train{fewer}"
        )


def _split_table(names: list[str], groups: list[str], fold_of: dict[str, int]) -> pa.Table:
    """Return a SPLIT table; a group with a fold is in the training part."""
    rows = sorted(zip(names, groups, strict=True))
    return pa.table(
        {
            "molecule": [name for name, _ in rows],
            "group": [group for _, group in rows],
            "part": [TRAIN if group in fold_of else TEST for _, group in rows],
            "fold": [fold_of.get(group) for _, group in rows],
        },
        schema=SPLIT.schema(),
    )


def _assign_folds(ranked: list[str], sizes: Counter[str], folds: int) -> dict[str, int]:
    """Fill the emptiest fold, largest groups first; sorting is stable, so ranks decide the rest."""
    filled = [0] * folds
    fold_of: dict[str, int] = {}
    for group in sorted(ranked, key=lambda group: -sizes[group]):
        fold = filled.index(min(filled))
        fold_of[group] = fold
        filled[fold] += sizes[group]
    return fold_of
