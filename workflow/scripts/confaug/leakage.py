"""Prove that no structure is on two sides of a split, and measure what a leak would pretend.

The proof does not trust what made the splits: it derives canonical SMILES and InChIKeys from the
structures again, and compares the molecules that predictions, fits (with their filters, scalers and
bins) and the bundles of tuned models say they are about with those of the split.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from sklearn.base import RegressorMixin, clone
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

from confaug.comparison import Predictions, Splits
from confaug.errors import UserError
from confaug.parquet import CheckedFile
from confaug.quantity import number, percent
from confaug.splitting import group_rank
from confaug.tables import AUGMENTED, ROW_SPLIT_ERRORS, check_table

logger = logging.getLogger("confaug")
Floats = NDArray[np.float64]
Row = dict[str, Any]
#: Conformers of a molecule in a row-wise split; more would only take longer to mislead.
AUGMENTED_ROWS = 6
#: An error that looks smaller by less than this factor hardly looks smaller.
NOTEWORTHY = 1.05
#: FITS tables by variant and replicate.
Fits = Mapping[str, Mapping[int, pa.Table]]
#: A bundle's info by variant and replicate; it lists its `training_molecules`, a dict each.
Bundles = Mapping[str, Mapping[int, Mapping[str, Any]]]


class LeakageError(UserError):
    """A structure, or its label, is on two sides of a split."""


def prove_no_leakage(
    molecules: pa.Table,
    splits: Splits,
    predictions: Predictions,
    fits: Fits,
    bundles: Bundles,
    group_by: str = "skeleton",
) -> dict[str, Any]:
    """Check splits, folds, models and predictions for leaks.

    Parameters
    ----------
    molecules
        A MOLECULES table.
    splits
        SPLIT tables by replicate.
    predictions
        PREDICTIONS tables by variant and replicate, with all three parts.
    fits
        FITS tables by variant and replicate.
    bundles
        Contents of bundle.json by variant and replicate; only variants that have one.
    group_by
        `skeleton`: a skeleton (first block of the InChIKey) on two sides is an error; `molecule`:
        it is counted and reported.

    Returns
    -------
    dict
        The certificate: `leak_free` (True), `group_by`, `replicates`, `variants`, `molecules`
        (labelled), `skeletons`, and `checks`, a list of `check` (in words), `compared` (how many
        things were compared), `violations` and `examples`. Only a check of policy `report` can
        have violations.

    Raises
    ------
    LeakageError
        With the first leak that is found.
    """
    identities = _identities(molecules)
    checks = [
        _check_crossings(splits, identities, "canonical SMILES", "error"),
        _check_crossings(
            splits, identities, "skeleton", "error" if group_by == "skeleton" else "report"
        ),
        _check_parts(splits, predictions, "test", "test"),
        _check_parts(splits, predictions, "train", "train"),
        _check_parts(splits, predictions, "cross_validation", "train"),
        _check_fits(splits, fits, bundles),
        _check_bundles(splits, bundles),
    ]
    return {
        "leak_free": True,
        "group_by": group_by,
        "replicates": len(splits),
        "variants": len(predictions),
        "molecules": len({m for split in splits.values() for m in split["molecule"].to_pylist()}),
        "skeletons": len({identity["skeleton"] for identity in identities.values()}),
        "checks": checks,
    }


def shared_skeletons(certificate: Mapping[str, Any]) -> int:
    """Count how often a certificate found a skeleton in two parts or two folds of a split.

    That is an error unless whole structures are split (`group_by: molecule`), so it is 0 otherwise.
    """
    return sum(
        check["violations"]
        for check in certificate.get("checks", [])
        if check["policy"] == "report"
    )


def _identities(molecules: pa.Table) -> dict[str, dict[str, str]]:
    """Derive canonical SMILES and skeleton of every molecule from its structure again."""
    identities = {}
    with rdBase.BlockLogs():
        for row in molecules.select(["molecule", "smiles"]).to_pylist():
            mol = Chem.MolFromSmiles(row["smiles"])
            key = Chem.MolToInchiKey(mol)
            identities[row["molecule"]] = {
                "canonical SMILES": Chem.MolToSmiles(mol),
                "skeleton": key.split("-")[0] if key else row["molecule"],
            }
    return identities


def _check_crossings(
    splits: Splits, identities: Mapping[str, Mapping[str, str]], what: str, policy: str
) -> Row:
    """Look for one identity in two parts, or in two folds."""
    compared, found = 0, []
    for replicate, split in splits.items():
        places: dict[str, dict[str, str]] = defaultdict(dict)
        for row in split.to_pylist():
            place = row["part"] if row["fold"] is None else f"fold {row['fold']} of training"
            places[identities[row["molecule"]][what]].setdefault(place, row["molecule"])
        compared += len(places)
        found += [
            f"replicate {replicate}: {what} {identity} is in "
            + " and in ".join(f"{place} ({molecule})" for place, molecule in sorted(where.items()))
            for identity, where in sorted(places.items())
            if len(where) > 1
        ]
    if found and policy == "error":
        raise LeakageError(f"leak: {found[0]}; delete the splits and run again")
    return {
        "check": f"no {what} is in two parts or two folds of a split",
        "policy": policy,
        "compared": compared,
        "violations": len(found),
        "examples": found[:5],
    }


def _check_parts(splits: Splits, predictions: Predictions, part: str, split_part: str) -> Row:
    """Check that one part of the predictions has exactly the molecules of the split."""
    compared = 0
    for variant, tables in predictions.items():
        for replicate, table in tables.items():
            found = _molecules_of(table, part)
            _same_molecules(
                found,
                _molecules_of(splits[replicate], split_part),
                f"variant {variant}, replicate {replicate}: the {part} predictions",
                split_part,
            )
            compared += len(found)
    return {
        "check": f"{part} predictions are of exactly the {split_part} molecules of the split",
        "policy": "error",
        "compared": compared,
        "violations": 0,
        "examples": [],
    }


def _check_fits(splits: Splits, fits: Fits, bundles: Bundles) -> Row:
    """Check what filters, scalers, bins and models were fitted on.

    A fit of a fold must have been given exactly the other folds of the training part, the final
    one the whole training part; there must be no others; and its filter, scaler or bins must count
    as many rows as it was given.
    """
    compared = 0
    for variant, tables in fits.items():
        for replicate, table in tables.items():
            fits_of_split = _expected_fits(splits[replicate])
            if unknown := set(table["fit"].to_pylist()) - set(fits_of_split):
                raise LeakageError(
                    f"leak: variant {variant}, replicate {replicate}: there is a fit "
                    f"{sorted(unknown)[0]!r} that the split knows nothing of; "
                    "delete the model's folder and run again"
                )
            for fit, expected in fits_of_split.items():
                own = table.filter(pc.equal(table["fit"], fit))
                in_bundle = fit == "final" and replicate in bundles.get(variant, {})
                if in_bundle and not own.num_rows:
                    continue  # the bundle of a tuned model lists what its final fit was given
                where = f"variant {variant}, replicate {replicate}: the rows of the {fit} fit"
                _same_molecules(set(own["molecule"].to_pylist()), expected, where, "train")
                given, seen = pc.sum(own["rows"]).as_py(), set(own["seen"].to_pylist())
                if seen - {given, None}:
                    raise LeakageError(
                        f"leak: {where} are {given}, but its filter, scaler or bins saw "
                        f"{sorted(seen)[0]}; delete the model's folder and run again"
                    )
                compared += 1
    return {
        "check": "filters, scalers, bins and models were fitted on exactly the rows of training "
        "molecules, without those of the fold that they predict",
        "policy": "error",
        "compared": compared,
        "violations": 0,
        "examples": [],
    }


def _expected_fits(split: pa.Table) -> dict[str, set[str]]:
    """Return the molecules that each fit of a replicate may have seen."""
    folds = {row["molecule"]: row["fold"] for row in split.to_pylist() if row["part"] == "train"}
    held_out = {
        f"fold {fold}": {molecule for molecule, own in folds.items() if own != fold}
        for fold in sorted(set(folds.values()))
    }
    return {**held_out, "final": set(folds)}


def _check_bundles(splits: Splits, bundles: Bundles) -> Row:
    """Check that the bundles of tuned models list exactly the training molecules of the split."""
    compared = 0
    for variant, infos in bundles.items():
        for replicate, info in infos.items():
            where = f"variant {variant}, replicate {replicate}: the model's training molecules"
            if "training_molecules" not in info:
                raise LeakageError(f"{where} are not recorded in its bundle; fit it again")
            found = {entry["molecule"] for entry in info["training_molecules"]}
            _same_molecules(found, _molecules_of(splits[replicate], "train"), where, "train")
            compared += len(found)
    return {
        "check": "tuned models list exactly the training molecules of the split in their bundles",
        "policy": "error",
        "compared": compared,
        "violations": 0,
        "examples": [],
    }


def _molecules_of(table: pa.Table, part: str) -> set[str]:
    """Return the molecules of one part."""
    pairs = zip(table["molecule"].to_pylist(), table["part"].to_pylist(), strict=True)
    return {molecule for molecule, where in pairs if where == part}


def _same_molecules(found: set[str], expected: set[str], where: str, part: str) -> None:
    """Raise if molecules are not those of the split."""
    if found - expected:
        odd = sorted(found - expected)[0]
        raise LeakageError(
            f"leak: {where} include {odd}, which is not in the {part} part of the split; "
            "delete the model's folder and run again"
        )
    if expected - found:
        odd = sorted(expected - found)[0]
        raise LeakageError(
            f"{where} lack {odd} of the {part} part of the split; "
            "delete the model's folder and run again"
        )


# What a row-wise split would pretend


def cheap_learner(seed: int = 0) -> RegressorMixin:
    """Return extremely randomised trees on median-imputed descriptors, which need no tuning."""
    trees = ExtraTreesRegressor(n_estimators=50, max_features=0.1, random_state=seed, n_jobs=1)
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), trees)


def row_split_errors(
    X: Floats,
    labels: Floats,
    molecules: Sequence[str],
    groups: Sequence[str],
    train_rows: int,
    rows: str,
    draws: int = 20,
    seed: int = 1,
    learner: RegressorMixin | None = None,
) -> list[Row]:
    """Compare a row-wise split, which leaks, with a split by molecule of the same share.

    The row-wise number is the mean error over test rows. For the honest number, the rows of a
    molecule get its median label, and its predictions are averaged: an error per molecule.

    Parameters
    ----------
    X, labels
        Descriptors and label of every row, shapes (rows, descriptors) and (rows,).
    molecules, groups
        Molecule and group of every row.
    train_rows
        Rows in training; molecules are split in the same proportion.
    rows
        What the rows are, for the table.
    draws
        Random splits of either kind.
    learner
        A scikit-learn regressor; by default `cheap_learner`.

    Returns
    -------
    list of dict
        Rows of a ROW_SPLIT_ERRORS table.
    """
    X = np.clip(np.where(np.isfinite(X), X, np.nan), -1e30, 1e30)
    names, group_names = np.asarray(molecules), np.asarray(groups)
    learner = learner or cheap_learner()
    share = train_rows / len(labels)
    found = []
    for draw in range(1, draws + 1):
        order = _row_order(names, seed, draw)
        train = np.zeros(len(labels), bool)
        train[order[:train_rows]] = True
        found.append(_row_error(learner, X, labels, names, train))
        train = np.isin(group_names, _first_groups(names, group_names, share, seed, draw))
        found.append(_molecule_error(learner, X, labels, names, train))
        found[-2].update(rows=rows, split_by="row", draw=draw)
        found[-1].update(rows=rows, split_by="molecule", draw=draw)
        logger.info(
            "%s, draw %d of %d: MAE %.3g by row, %.3g by molecule",
            *(rows, draw, draws, found[-2]["mae"], found[-1]["mae"]),
        )
    return found


def row_split_study(
    molecules: pa.Table,
    rows: Sequence[tuple[str, float]],
    descriptors_2d: pa.Table,
    augmented: pa.Table,
    split: pa.Table,
    published: Sequence[int] = (),
) -> pa.Table:
    """Measure what row-wise splits of a study's own tables would have pretended.

    Nothing of the result depends on the order of rows in any table.

    Parameters
    ----------
    molecules
        A MOLECULES table, for the groups.
    rows
        Molecule and label of the input rows, from `splitting.source_rows`.
    descriptors_2d
        A DESCRIPTORS_2D table; what input rows are described by.
    augmented
        An AUGMENTED table with any descriptors; `AUGMENTED_ROWS` conformers of every molecule,
        spread evenly over its rows, are split as rows of their own.
    split
        A SPLIT table; as large a share of the rows as of its molecules goes into training.
    published
        Numbers of training rows of published row-wise splits of the same rows.

    Returns
    -------
    pa.Table
        A ROW_SPLIT_ERRORS table.
    """
    group_of = dict(
        zip(molecules["molecule"].to_pylist(), molecules["group"].to_pylist(), strict=True)
    )
    described = {name: i for i, name in enumerate(descriptors_2d["molecule"].to_pylist())}
    rows = sorted(row for row in rows if row[0] in described)
    names = [name for name, _ in rows]
    share = pc.sum(pc.equal(split["part"], "train")).as_py() / len(split)
    X = _matrix(descriptors_2d)[[described[name] for name in names]]
    labels = np.array([label for _, label in rows])
    groups = [group_of[name] for name in names]
    found: list[Row] = []
    for size in dict.fromkeys([round(share * len(rows)), *published]):
        if 0 < size < len(rows):
            words = f"input rows, {size} of {len(rows)} in training"
            found += row_split_errors(X, labels, names, groups, size, words)
    kept = _spread_rows(augmented)
    names, labels = kept["molecule"].to_pylist(), kept["label"].to_numpy(zero_copy_only=False)
    groups, size = [group_of[name] for name in names], round(share * len(names))
    words = f"conformers, {size} of {len(names)} in training"
    found += row_split_errors(_matrix(kept), labels, names, groups, size, words, draws=3)
    return row_split_table(found)


def _matrix(table: pa.Table) -> Floats:
    """Return the descriptors of a table as a matrix."""
    declared = {"molecule", *AUGMENTED.names}
    columns = [name for name in table.column_names if name not in declared]
    return np.column_stack([table[name].to_numpy() for name in columns])


def read_spread_rows(augmented: str | Path, descriptors: Sequence[str]) -> pa.Table:
    """Read what `row_split_study` takes from an augmented table, and no more.

    Parameters
    ----------
    augmented
        The Parquet file; its row groups are read one after another.
    descriptors
        Names of the descriptors to read.

    Returns
    -------
    pa.Table
        An AUGMENTED table of `AUGMENTED_ROWS` labelled conformers of every molecule.
    """
    file = CheckedFile(augmented)
    places = np.array(_spread_places(file.read([*AUGMENTED.key, "label"])), dtype=np.int64)
    pieces, row = [], 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        here = np.sort(places[(places >= row) & (places < row + size)])
        piece = file.read_row_group(group, [*AUGMENTED.names, *descriptors])
        pieces.append(piece.take(here - row))
        row += size
    return check_table(pa.concat_tables(pieces), AUGMENTED)


def _spread_rows(augmented: pa.Table) -> pa.Table:
    """Take some labelled conformers of every molecule, evenly spread over its rows by key."""
    return augmented.take(_spread_places(augmented))


def _spread_places(augmented: pa.Table) -> list[int]:
    """Return where the rows of `_spread_rows` are."""
    order = pc.sort_indices(
        augmented.select(AUGMENTED.key), [(name, "ascending") for name in AUGMENTED.key]
    )
    rows_of: dict[str, list[int]] = defaultdict(list)
    valid = pc.and_(pc.is_valid(augmented["label"]), pc.is_valid(augmented["conformer"]))
    names = augmented["molecule"].to_pylist()
    usable = valid.to_numpy()
    for i in order.to_pylist():
        if usable[i]:
            rows_of[names[i]].append(i)
    return [
        rows[i]
        for rows in rows_of.values()
        for i in np.unique(np.linspace(0, len(rows) - 1, AUGMENTED_ROWS).round().astype(int))
    ]


def row_split_table(found: Iterable[Row]) -> pa.Table:
    """Return rows of `row_split_errors` as a ROW_SPLIT_ERRORS table."""
    return pa.Table.from_pylist(list(found), schema=ROW_SPLIT_ERRORS.schema())


def row_split_summary(table: pa.Table) -> list[Row]:
    """Summarise a ROW_SPLIT_ERRORS table: means over draws, and a sentence, for each kind of rows.

    A kind of rows of which none has its own structure in training cannot mislead, and is left out.

    Returns
    -------
    list of dict
        `rows`, `sentence`, and under `row` and `molecule` each: `mae`, `mae_sd` (between draws),
        `relative_error`, `share_seen`, `train_rows`, `test_rows`, `train_molecules`,
        `test_molecules` (means).
    """
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in table.to_pylist():
        found[row["rows"]][row["split_by"]].append(row)
    summary = []
    for rows, kinds in found.items():
        means: Row = {kind: _mean_over_draws(of_kind) for kind, of_kind in kinds.items()}
        if {"row", "molecule"} <= set(means) and means["row"]["share_seen"]:
            sentence = (
                f"Split by row ({rows}), {percent(means['row']['share_seen'], decimals=0)} of the "
                "test rows have their own structure in training, and the error looks "
                f"{_in_comparison(means['row']['mae'], means['molecule']['mae'])}."
            )
            summary.append({"rows": rows, "sentence": sentence, **means})
    return summary


def _in_comparison(by_row: float, by_molecule: float) -> str:
    """Say how an error of a row-wise split looks beside the one for new molecules."""
    if not by_row < by_molecule:
        return "no smaller than for new molecules, in these draws"
    ratio = by_molecule / by_row if by_row else np.inf
    if not np.isfinite(ratio):
        return "like nothing, which it is not for new molecules"
    if ratio < NOTEWORTHY:
        return "hardly smaller than it is for new molecules"
    return f"{number(ratio, digits=1)} times smaller than it is for new molecules"


def _mean_over_draws(rows: list[Row]) -> Row:
    """Return the means of all figures over draws."""
    keys = ("mae", "relative_error", "share_seen", "train_rows", "test_rows")
    means: Row = {}
    for key in (*keys, "train_molecules", "test_molecules"):
        values = [row[key] for row in rows if row[key] is not None]
        means[key] = float(np.mean(values)) if values else None
    means["mae_sd"] = float(np.std([r["mae"] for r in rows], ddof=1)) if len(rows) > 1 else None
    return means


def _row_order(names: NDArray[Any], seed: int, draw: int) -> NDArray[np.int64]:
    """Return the rows in a random order that does not depend on their order in the table."""
    times: Counter[str] = Counter()
    ranks = []
    for name in names:
        times[name] += 1
        ranks.append(group_rank(f"{name}\0{times[name]}", seed, draw))
    return np.argsort(np.array(ranks), kind="stable")


def _first_groups(
    names: NDArray[Any], groups: NDArray[Any], share: float, seed: int, draw: int
) -> list[str]:
    """Return groups in random order until they have the share of the molecules."""
    group_of = dict(zip(names.tolist(), groups.tolist(), strict=True))
    sizes = Counter(group_of.values())
    wanted = min(max(round(share * len(group_of)), 1), len(group_of) - 1)
    chosen: list[str] = []
    taken = 0
    for group in sorted(sizes, key=lambda group: group_rank(group, seed, draw)):
        if taken + sizes[group] <= wanted:
            chosen.append(group)
            taken += sizes[group]
    return chosen


def _row_error(
    learner: RegressorMixin, X: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Fit on some rows and judge on the others, row by row."""
    predicted = clone(learner).fit(X[train], labels[train]).predict(X[~train])
    return _figures(predicted, labels[~train], names, train)


def _molecule_error(
    learner: RegressorMixin, X: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Fit on some molecules and judge on the others, molecule by molecule."""
    codes = np.unique(names, return_inverse=True)[1]
    median = np.array([np.median(labels[codes == code]) for code in range(codes.max() + 1)])
    # Rows of one molecule with equal descriptors are one and the same: fitting them once suffices.
    # NaN is unlike itself, so a number stands for it (descriptors are within 1e30).
    comparable = np.where(np.isnan(X), 2e30, X)
    _, first = np.unique(np.column_stack([codes, comparable]), axis=0, return_index=True)
    kept = np.zeros(len(labels), bool)
    kept[first] = True
    fitted = clone(learner).fit(X[train & kept], median[codes[train & kept]])
    tested = ~train & kept
    predicted = np.bincount(codes[tested], fitted.predict(X[tested]), len(median))
    counts = np.bincount(codes[tested], minlength=len(median))
    has = counts > 0
    return _figures(predicted[has] / counts[has], median[has], names[kept], train[kept])


def _figures(
    predicted: Floats, labels: Floats, names: NDArray[Any], train: NDArray[np.bool]
) -> Row:
    """Return the errors and counts of one split."""
    errors = np.abs(predicted - labels)
    seen = np.isin(names[~train], names[train])
    return {
        "train_rows": int(train.sum()),
        "test_rows": int((~train).sum()),
        "train_molecules": len(np.unique(names[train])),
        "test_molecules": len(np.unique(names[~train])),
        "share_seen": float(seen.mean()),
        "mae": float(errors.mean()),
        "relative_error": float(np.mean(errors / np.abs(labels))) if np.all(labels) else None,
    }
