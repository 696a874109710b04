"""Predict the molecules of a shard.

New molecules go through the same steps as the training molecules. The result is the prediction
pooled over the conformers, its interval, and flags of the applicability domain.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.config.kinds import OWN_KIND
from confaug.config.protocols import Protocol
from confaug.config.roles import DOMAIN_KIND
from confaug.descriptors.augmented import merge_augmented
from confaug.descriptors.distribution import merge_distribution
from confaug.learning.consensus import average
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.predictions import pool
from confaug.learning.representations import FROM_DISTRIBUTION, build_rows
from confaug.learning.rows import Rows, Values
from confaug.molecules.own_columns.conditions import Conditions, read_conditions
from confaug.prediction.description import MemberFacts
from confaug.prediction.known import Known, find_known
from confaug.prediction.missing import knows, reason_without_prediction
from confaug.prediction.neighbours import nearest_samples
from confaug.prediction.predictor import Predictor
from confaug.tables.descriptors import DESCRIPTORS_2D, DESCRIPTORS_3D, OWN_COLUMNS
from confaug.tables.engine import check_table, read_table
from confaug.tables.failures import FAILURES
from confaug.tables.prediction import MOLECULE_PREDICTIONS
from confaug.trust.domain import assess_domain

#: Rows of descriptors that are in memory at a time; with 1826 descriptors some 150 MB.
ROWS_AT_A_TIME = 20_000


def predict_shard(
    predictor: Predictor,
    shard: pa.Table,
    columns: Mapping[str, str | Path],
    descriptors_3d: Sequence[str | Path],
    failures: Iterable[str | Path] = (),
) -> pa.Table:
    """Predict the molecules of one shard.

    Parameters
    ----------
    predictor
        The model.
    shard
        SHARD table.
    columns
        The shard's file of each kind of columns that the model reads or its domain is measured in.
    descriptors_3d
        The shard's DESCRIPTORS_3D files of all protocols and repeats; none for a model that
        needs no conformers.
    failures
        FAILURES files of the shard's embedding, for the reasons of molecules without conformers.

    Returns
    -------
    pyarrow.Table
        MOLECULE_PREDICTIONS, sorted by molecule.
    """
    smiles: dict[str, str] = dict(
        zip(shard["molecule"].to_pylist(), shard["smiles"].to_pylist(), strict=True)
    )
    counts = _count_conformers(descriptors_3d)
    predicted, helpless = _predict(predictor, sorted(smiles), columns, descriptors_3d)
    reasons = _without_prediction(predictor, shard, helpless, counts, failures)
    values = {name: entry["prediction"] for name, entry in predicted.items()}
    described = read_table(columns[DOMAIN_KIND], DESCRIPTORS_2D)
    known = find_known(
        shard, predictor.bundle.training_molecules, sees_conditions=predictor.sees_conditions
    )
    trust = assess_domain(
        predictor.domain,
        smiles,
        described,
        values,
        known=known.structures,
        training_is_inside=True,
    ).to_pylist()
    conditions = _conditions(predictor, columns)
    neighbours = nearest_samples(predictor, smiles, known.labels, conditions)
    lines = []
    for row in trust:
        name = row["molecule"]
        line = {**row, **neighbours[name], "training_label": known.labels.get(name)}
        if name in reasons:
            line |= {"reason": reasons[name], "prediction": None}
        else:
            line |= predicted[name] | {"conformers": predictor.conformers_behind(counts[name])}
            line["remark"] = _remark(predictor, counts[name], _trained_on(known, name))
        lines.append(line)
    schema = MOLECULE_PREDICTIONS.schema()
    return check_table(pa.Table.from_pylist(lines, schema=schema), MOLECULE_PREDICTIONS)


def _conditions(predictor: Predictor, columns: Mapping[str, str | Path]) -> dict[str, Conditions]:
    """Return the conditions that the molecules are to be predicted for, if the model reads any."""
    if OWN_KIND not in columns:
        return {}
    own_columns = predictor.bundle.description.own_columns
    return read_conditions(read_table(columns[OWN_KIND], OWN_COLUMNS), own_columns)


def _count_conformers(descriptors_3d: Iterable[str | Path]) -> Counter[str]:
    """Count the conformers of every molecule."""
    counts: Counter[str] = Counter()
    for path in descriptors_3d:
        counts.update(read_table(path, DESCRIPTORS_3D, columns=[])["molecule"].to_pylist())
    return counts


def _without_prediction(
    predictor: Predictor,
    shard: pa.Table,
    helpless: Mapping[str, MemberFacts],
    counts: Mapping[str, int],
    failures: Iterable[str | Path],
) -> dict[str, str]:
    """Return the reason for every molecule of which a member knows nothing."""
    without = {name for name in helpless if not counts[name]}
    failed: dict[str, str] = {}
    for path in failures if without else ():
        for row in read_table(path, FAILURES).to_pylist():
            if row["molecule"] in without:
                failed.setdefault(row["molecule"], f"{row['protocol']}: {row['reason']}")
    own_columns = predictor.bundle.description.own_columns
    return {
        name: reason_without_prediction(
            helpless[name], own_columns, row, counts[name], failed.get(name)
        )
        for row in shard.to_pylist()
        if (name := row["molecule"]) in helpless
    }


def _predict(
    predictor: Predictor,
    molecules: Sequence[str],
    columns: Mapping[str, str | Path],
    descriptors_3d: Sequence[str | Path],
) -> tuple[dict[str, dict[str, Any]], dict[str, MemberFacts]]:
    """Return prediction, interval and deviation by molecule.

    Molecules of which a member knows nothing are not predicted, but listed with the first of them.
    """
    predicted, helpless = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        files = _merge(predictor, molecules, columns, descriptors_3d, Path(folder))
        for piece in _pieces(molecules, max(1, predictor.conformers_at_most)):
            for name, mean, deviation, member in _predict_piece(predictor, piece, files):
                if member is not None:
                    helpless[name] = member
                    continue
                low, high = predictor.calibration.ends(np.array([mean]), np.array([deviation]))
                known = np.isfinite(high[0])
                predicted[name] = {
                    "prediction": mean,
                    "standard_deviation": deviation,
                    "low": float(low[0]) if known else None,
                    "high": float(high[0]) if known else None,
                }
    return predicted, helpless


def _merge(
    predictor: Predictor,
    molecules: Sequence[str],
    columns: Mapping[str, str | Path],
    descriptors_3d: Sequence[str | Path],
    folder: Path,
) -> DescriptorFiles:
    """Write the tables of conformers that the members' rows are built from; say where all are."""
    unlabelled = pa.table(
        {"molecule": list(molecules), "label": pa.nulls(len(molecules), pa.float64())}
    )
    augmented, distribution = folder / "augmented.parquet", folder / "distribution.parquet"
    description = predictor.bundle.description
    wanted = {member.variant.conformer_kind for member in description.members} - {None}
    if FROM_DISTRIBUTION in wanted:
        protocols = {name: Protocol.named(name) for name in description.protocols}
        merge_distribution(unlabelled, descriptors_3d, protocols, distribution)
    if wanted - {FROM_DISTRIBUTION}:
        shard = Path(columns[DOMAIN_KIND]).stem
        merge_augmented(unlabelled, {shard: molecules}, descriptors_3d, augmented)
    by_kind = {kind: [path] for kind, path in columns.items()}
    return DescriptorFiles(by_kind, augmented, distribution)


def _pieces(molecules: Sequence[str], rows_per_molecule: int) -> Iterator[Sequence[str]]:
    """Divide molecules so that the rows of each piece fit into memory."""
    size = max(1, ROWS_AT_A_TIME // rows_per_molecule)
    for start in range(0, len(molecules), size):
        yield molecules[start : start + size]


def _predict_piece(
    predictor: Predictor, molecules: Sequence[str], files: DescriptorFiles
) -> Iterator[tuple[str, float, float, MemberFacts | None]]:
    """Yield molecule, prediction, deviation, and the first member that knows nothing of it.

    The deviation is that between the rows of the molecule, or between the members of a consensus.
    """
    pooled, known = _pool_members(predictor, molecules, files)
    means, deviations = pooled[0] if len(pooled) == 1 else average([mean for mean, _ in pooled])
    members = [member.facts for member in predictor.bundle.members]
    for place, name in enumerate(sorted(molecules)):
        helpless = (one for one, of_it in zip(members, known, strict=True) if not of_it[place])
        yield name, float(means[place]), float(deviations[place]), next(helpless, None)


def _pool_members(
    predictor: Predictor, molecules: Sequence[str], files: DescriptorFiles
) -> tuple[list[tuple[Values, Values]], list[NDArray[np.bool_]]]:
    """Return the pooled predictions of every member, and of which molecules it knows anything.

    Members that read the same rows share them.
    """
    shared: dict[tuple[tuple[str, ...], int | None], Rows] = {}
    pooled, known = [], []
    for member in predictor.bundle.members:
        variant = member.facts.variant
        key = (variant.representation, variant.rows_per_molecule)
        if key not in shared:
            shared[key] = build_rows(
                variant,
                files,
                molecules,
                protocols=predictor.bundle.description.protocols,
                rows_per_molecule=variant.rows_per_molecule,
                descriptors=predictor.descriptors,
            )
        rows = shared[key]
        pooled.append(pool(rows, member.predict_rows(rows.X, rows.feature_names)))
        own_columns = predictor.bundle.description.own_columns
        known.append(knows(rows, member.facts.features, own_columns))
    return pooled, known


def _trained_on(known: Known, molecule: str) -> str | None:
    """Say what of a molecule the model was trained on, if anything."""
    if molecule in known.labels:
        return "this molecule"
    if molecule in known.under_other_conditions:
        return "this molecule under other conditions or other values of own columns"
    return "this polymer" if molecule in known.polymers else None


def _remark(predictor: Predictor, conformers: int, trained: str | None) -> str | None:
    """Say what is unusual about a prediction, and what of it the model was trained on."""
    remarks = []
    if trained:
        remarks.append(f"the model was trained on {trained}, so the interval does not apply")
    asked = predictor.conformers_asked
    if not conformers and asked:
        remarks.append("no conformer could be made; predicted without conformers")
    elif conformers < asked:
        remarks.append(f"only {conformers} of {asked} conformers could be made")
    return "; ".join(remarks) or None
