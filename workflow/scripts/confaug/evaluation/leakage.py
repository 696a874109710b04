"""Check that no structure is on two sides of a split."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rdkit import Chem, rdBase

from confaug.errors import UserError
from confaug.evaluation.errors import Predictions, Splits
from confaug.infrastructure.quantity import number

logger = logging.getLogger("confaug")
Row = dict[str, Any]
#: An error that looks smaller by less than this factor hardly looks smaller.
NOTEWORTHY = 1.05
#: FITS tables by variant and replicate.
Fits = Mapping[str, Mapping[int, pa.Table]]
#: A bundle's info by variant and replicate; it lists its `training_molecules`, a dict each.
Bundles = Mapping[str, Mapping[int, Mapping[str, Any]]]


class LeakageError(UserError):
    """A structure, or its label, is on two sides of a split."""


def check_leakage(
    molecules: pa.Table,
    splits: Splits,
    predictions: Predictions,
    fits: Fits,
    bundles: Bundles,
    group_by: str = "connectivity",
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
        `connectivity`: an InChIKey connectivity block (the first block) on two sides is an
        error; `molecule`: it is counted and reported.

    Returns
    -------
    dict
        `leak_free` (True), `group_by`, `replicates`, `variants`, `molecules`
        (labelled), `blocks`, and `checks`, a list of `check` (in words), `compared` (how many
        things were compared), `violations` and `examples`. Only a check of policy `report` can
        have violations.

    Raises
    ------
    LeakageError
        With the first leak that is found.
    """
    identities = _identities(molecules)
    policy = "error" if group_by == "connectivity" else "report"
    checks = [
        _check_crossings(splits, identities, "canonical SMILES", "error"),
        _check_crossings(splits, identities, "connectivity block", policy),
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
        "blocks": len({identity["connectivity block"] for identity in identities.values()}),
        "checks": checks,
    }


def shared_blocks(leakage: Mapping[str, Any]) -> int:
    """Count how often a connectivity block is in two parts or two folds of a split.

    That is an error unless whole structures are split (`group_by: molecule`), so it is 0 otherwise.
    """
    return sum(
        check["violations"] for check in leakage.get("checks", []) if check["policy"] == "report"
    )


def _identities(molecules: pa.Table) -> dict[str, dict[str, str]]:
    """Derive canonical SMILES and connectivity block of every molecule from its structure again."""
    identities = {}
    with rdBase.BlockLogs():
        for row in molecules.select(["molecule", "smiles"]).to_pylist():
            mol = Chem.MolFromSmiles(row["smiles"])
            key = Chem.MolToInchiKey(mol)
            identities[row["molecule"]] = {
                "canonical SMILES": Chem.MolToSmiles(mol),
                "connectivity block": key.split("-")[0] if key else row["molecule"],
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


def in_comparison(by_row: float, by_molecule: float) -> str:
    """Say how an error of a row-wise split looks beside the one for new molecules."""
    if not by_row < by_molecule:
        return "no smaller than for new molecules, in these draws"
    ratio = by_molecule / by_row if by_row else np.inf
    if not np.isfinite(ratio):
        return "like nothing, which it is not for new molecules"
    if ratio < NOTEWORTHY:
        return "hardly smaller than it is for new molecules"
    return f"{number(ratio, digits=1)} times smaller than it is for new molecules"
