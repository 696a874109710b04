"""Check that no structure is on two sides of a split."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rdkit import Chem, rdBase

from confaug.errors import UserError
from confaug.evaluation.errors import Predictions, Splits
from confaug.evaluation.leakage_findings import (
    BLOCKS,
    BUNDLED,
    ERROR,
    FIT_ROWS,
    OUT_OF_FOLD,
    REPORT,
    SMILES,
    TEST,
    TRAIN,
    UNITS,
    Check,
    Crossing,
    LeakageFindings,
)
from confaug.molecules.polymerisation.canonical import canonical_unit, constitution
from confaug.molecules.structures import inchikey

#: FITS tables by variant and replicate.
Fits = Mapping[str, Mapping[int, pa.Table]]
#: A bundle's info by variant and replicate; it lists its `training_molecules`, a dict each.
Bundles = Mapping[str, Mapping[int, Mapping[str, Any]]]
#: Violations that are kept as examples.
MOST_EXAMPLES = 5


class LeakageError(UserError):
    """A structure, or its label, is on two sides of a split."""


def check_leakage(
    molecules: pa.Table,
    splits: Splits,
    predictions: Predictions,
    fits: Fits,
    bundles: Bundles,
    group_by: str,
) -> LeakageFindings:
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
        error, and repeat units are compared without stereochemistry and isotopes; `molecule`:
        such a block is counted and reported, and repeat units are compared as they are.

    Raises
    ------
    LeakageError
        With the first leak that is found.
    """
    identities = _identities(molecules, group_by)
    policy = ERROR if group_by == "connectivity" else REPORT
    return LeakageFindings(
        group_by=group_by,
        replicates=len(splits),
        variants=len(predictions),
        molecules=len({m for split in splits.values() for m in split["molecule"].to_pylist()}),
        blocks=len({identity[BLOCKS] for identity in identities.values()}),
        checks=(
            _check_crossings(splits, identities, SMILES, ERROR),
            _check_crossings(splits, identities, BLOCKS, policy),
            *_check_repeat_units(splits, identities),
            _check_parts(splits, predictions, TEST, "test", "test"),
            _check_parts(splits, predictions, TRAIN, "train", "train"),
            _check_parts(splits, predictions, OUT_OF_FOLD, "cross_validation", "train"),
            _check_fits(splits, fits, bundles),
            _check_bundles(splits, bundles),
        ),
    )


def _identities(molecules: pa.Table, group_by: str) -> dict[str, dict[str, str]]:
    """Derive what identifies every molecule from its structure, and from its repeat unit, again."""
    identities = {}
    as_compared = constitution if group_by == "connectivity" else str
    with rdBase.BlockLogs():
        for row in molecules.select(["molecule", "smiles", "repeat_unit"]).to_pylist():
            mol = Chem.MolFromSmiles(row["smiles"])
            key = inchikey(mol)
            identities[row["molecule"]] = {
                SMILES: Chem.MolToSmiles(mol),
                BLOCKS: key.split("-")[0] if key else row["molecule"],
            }
            if row["repeat_unit"]:
                identities[row["molecule"]][UNITS] = as_compared(canonical_unit(row["repeat_unit"]))
    return identities


def _check_repeat_units(
    splits: Splits, identities: Mapping[str, Mapping[str, str]]
) -> tuple[Check, ...]:
    """Look for one repeat unit on two sides of a split, where molecules have repeat units."""
    if not any(UNITS in identity for identity in identities.values()):
        return ()
    return (_check_crossings(splits, identities, UNITS, ERROR),)


def _check_crossings(
    splits: Splits, identities: Mapping[str, Mapping[str, str]], kind: str, policy: str
) -> Check:
    """Look for one identity in two parts, or in two folds."""
    compared, found = 0, []
    for replicate, split in splits.items():
        places: dict[str, dict[str, str]] = defaultdict(dict)
        for row in split.to_pylist():
            place = row["part"] if row["fold"] is None else f"fold {row['fold']} of training"
            if identity := identities[row["molecule"]].get(kind):
                places[identity].setdefault(place, row["molecule"])
        compared += len(places)
        found += [
            Crossing(replicate, identity, tuple(sorted(where.items())))
            for identity, where in sorted(places.items())
            if len(where) > 1
        ]
    if found and policy == ERROR:
        first = found[0]
        what = {SMILES: "canonical SMILES", BLOCKS: "connectivity block", UNITS: "repeat unit"}[
            kind
        ]
        where = " and in ".join(f"{place} ({molecule})" for place, molecule in first.places)
        raise LeakageError(
            f"leak: replicate {first.replicate}: {what} {first.identity} is in {where}; "
            "delete the splits and run again"
        )
    return Check(kind, policy, compared, len(found), tuple(found[:MOST_EXAMPLES]))


def _check_parts(
    splits: Splits, predictions: Predictions, kind: str, part: str, split_part: str
) -> Check:
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
    return Check(kind, ERROR, compared)


def _check_fits(splits: Splits, fits: Fits, bundles: Bundles) -> Check:
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
                    f"{sorted(unknown)[0]!r} that does not belong to the split; "
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
    return Check(FIT_ROWS, ERROR, compared)


def _expected_fits(split: pa.Table) -> dict[str, set[str]]:
    """Return the molecules that each fit of a replicate may have seen."""
    folds = {row["molecule"]: row["fold"] for row in split.to_pylist() if row["part"] == "train"}
    held_out = {
        f"fold {fold}": {molecule for molecule, own in folds.items() if own != fold}
        for fold in sorted(set(folds.values()))
    }
    return {**held_out, "final": set(folds)}


def _check_bundles(splits: Splits, bundles: Bundles) -> Check:
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
    return Check(BUNDLED, ERROR, compared)


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
