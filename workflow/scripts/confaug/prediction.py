"""Predict molecules that nobody has measured, with a model bundle and nothing else.

A shard of molecules goes through the same steps as those that the model was trained on; what comes
out is the prediction pooled over the conformers, its interval, and how far it can be trusted. The
shards are then put in the order of the user's table, a piece at a time.
"""

import logging
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rdkit import Chem

from confaug.bounded import bounded_map
from confaug.bundle import Bundle, load_bundle
from confaug.bundle_files import read_training
from confaug.config import protocol_definition
from confaug.conformal import Calibration, calibrate_out_of_fold
from confaug.domain import Domain, assess_domain, fingerprint, fit_domain, nearest_training
from confaug.errors import UserError
from confaug.evaluation import pool
from confaug.learning_data import rows_per_molecule
from confaug.merging import merge_augmented, merge_distribution
from confaug.parquet import read_parquet
from confaug.recipe import recipe_of
from confaug.representations import build_rows
from confaug.tables import (
    DESCRIPTORS_2D,
    DESCRIPTORS_3D,
    FAILURES,
    MOLECULE_PREDICTIONS,
    N_SHOWN_NEIGHBOURS,
    NEW_PREDICTIONS,
    check_table,
    read_table,
    stream_csv,
)

logger = logging.getLogger("confaug")

#: Rows of descriptors that are in memory at a time; with 1826 descriptors some 150 MB.
ROWS_AT_A_TIME = 20_000
#: Rows of the user's table that are put together at a time.
RECORDS_AT_A_TIME = 20_000
#: A training molecule's structure is read in milliseconds; one that is made to last is refused.
SECONDS_PER_STRUCTURE = 10.0
#: Without any conformer these have nothing to go by; the others still have 2D descriptors.
ONLY_3D = ("augmented_3d", "distribution")


@dataclass(frozen=True)
class Predictor:
    """A model with what is needed to say how far it can be trusted.

    Attributes
    ----------
    bundle
        The model and its description.
    domain
        The training molecules as an applicability domain.
    calibration
        What makes intervals of predictions.
    """

    bundle: Bundle
    domain: Domain
    calibration: Calibration

    @property
    def representation(self) -> str:
        """How molecules are shown to the model."""
        return str(self.bundle.document["variant"]["representation"])

    @property
    def conformers_asked(self) -> int:
        """Conformers that a molecule has if none fails; 0 if the model needs none."""
        if self.representation == "2d":
            return 0
        embedding = self._embedding
        protocols, seeds = embedding["protocols"], embedding["seeds"]
        return len(protocols) * int(seeds) * int(embedding["conformers_per_seed"])

    @property
    def rows_per_molecule(self) -> int | None:
        """How many rows of a molecule it is predicted by; None for all."""
        return rows_per_molecule(self.bundle.document["variant"])

    @property
    def conformers_at_most(self) -> int:
        """Conformers that a molecule can have, with all stereoisomers that are enumerated."""
        return self.conformers_asked * int(self._embedding.get("stereoisomers", 1))

    @property
    def _embedding(self) -> Mapping[str, Any]:
        section: Mapping[str, Any] = self.bundle.document["config"]["embedding"]
        return section


def load_predictor(folder: str | Path, coverage: float) -> Predictor:
    """Load everything that predicts from the folder of a model bundle.

    Parameters
    ----------
    folder
        The bundle's folder.
    coverage
        Share of molecules whose value is to be in the interval.

    Raises
    ------
    UserError
        If a file of the bundle is missing or not what it should be.
    """
    bundle = load_bundle(folder)
    training = bundle.training_molecules
    _check_structures(training, folder)
    facts = pa.table(
        {key: [row[key] for row in training] for key in ("molecule", "smiles", "label")}
    )
    values = read_training(folder, bundle.document)
    columns = zip(bundle.document["descriptors_2d"], values.T, strict=True)
    described = pa.table({"molecule": facts["molecule"], **dict(columns)})
    return Predictor(
        bundle,
        fit_domain(facts, described, facts["molecule"].to_pylist()),
        calibrate_out_of_fold(
            np.array([row["label"] for row in training], float),
            np.array([row["prediction"] for row in training], float),
            np.array([row["spread"] for row in training], float),
            coverage,
            bundle.document["property"]["transform"],
        ),
    )


def check_recipe(bundle: Bundle, config: Mapping[str, Any]) -> None:
    """Make sure that the numbers at hand were made as the model's were.

    A key that the bundle does not know yet decides nothing: its default is what there was before.

    Parameters
    ----------
    config
        The sections of the configuration that the numbers were made under.

    Raises
    ------
    UserError
        If a section differs from what the bundle says.
    """
    for section, wanted in recipe_of(bundle.document).items():
        if any(config[section].get(key) != value for key, value in wanted.items()):
            raise UserError(
                f"the model was made with another section {section} of the configuration than the "
                "new molecules; fit the model again, or predict with prediction: bundle"
            )


def predict_shard(
    predictor: Predictor,
    shard: pa.Table,
    descriptors_2d: str | Path,
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
    descriptors_2d
        The shard's DESCRIPTORS_2D file.
    descriptors_3d
        The shard's DESCRIPTORS_3D files of all protocols and seeds; none for a model on 2D
        descriptors.
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
    reasons = _without_prediction(predictor, smiles, counts, failures)
    predicted = _predict(predictor, sorted(smiles), descriptors_2d, descriptors_3d)
    values = {name: entry["prediction"] for name, entry in predicted.items() if name not in reasons}
    described = read_table(descriptors_2d, DESCRIPTORS_2D)
    domain = predictor.domain
    trust = assess_domain(domain, smiles, described, values, training_is_inside=True).to_pylist()
    neighbours = _neighbours(predictor, smiles)
    labels = dict(zip(domain.molecules, domain.labels.tolist(), strict=True))
    lines = []
    for row in trust:
        name = row["molecule"]
        line = {**row, **neighbours[name], "training_label": labels.get(name)}
        if name in reasons:
            line |= {"reason": reasons[name], "prediction": None}
        else:
            behind = min(counts[name], predictor.rows_per_molecule or counts[name])
            line |= predicted[name] | {"conformers": behind}
            line["remark"] = _remark(predictor, counts[name], name in labels)
        lines.append(line)
    columns = MOLECULE_PREDICTIONS.schema()
    return check_table(pa.Table.from_pylist(lines, schema=columns), MOLECULE_PREDICTIONS)


def collect_predictions(
    ledger: pa.Table, shards: Sequence[str | Path], unit: str, output: str | Path
) -> Counter[str]:
    """Write the predictions of all rows in the order of the user's table.

    Parameters
    ----------
    ledger
        LEDGER of the new molecules.
    shards
        MOLECULE_PREDICTIONS files; read in pieces, so that memory does not grow with their number.
    unit
        Unit of the labels.
    output
        The CSV file, as declared by NEW_PREDICTIONS.

    Returns
    -------
    Counter
        Rows by status.
    """
    counts: Counter[str] = Counter()
    with stream_csv(output, NEW_PREDICTIONS) as write:
        for start in range(0, ledger.num_rows, RECORDS_AT_A_TIME):
            piece = ledger.slice(start, RECORDS_AT_A_TIME)
            table = _in_order(piece, _of_molecules(shards, piece["molecule"]), unit)
            counts.update(table["status"].to_pylist())
            write(table)
            logger.info("%d of %d rows written", start + piece.num_rows, ledger.num_rows)
    return counts


def _check_structures(training: Sequence[Mapping[str, Any]], folder: str | Path) -> None:
    """Make sure that the structures of a bundle can be read, and in time."""
    smiles = (row["smiles"] for row in training)
    outcomes = bounded_map(_is_structure, smiles, SECONDS_PER_STRUCTURE)
    for row, outcome in zip(training, outcomes, strict=True):
        if outcome is not True:
            raise UserError(
                f"the model bundle {folder} has a training molecule, {row['molecule']}, whose "
                f"structure {row['smiles'][:100]!r} cannot be read; fit the model again"
            )


def _is_structure(smiles: str) -> bool:
    """Tell whether a SMILES is that of at least one atom, and has a fingerprint."""
    mol = Chem.MolFromSmiles(smiles)
    return mol is not None and mol.GetNumAtoms() > 0 and fingerprint(smiles) is not None


def _count_conformers(descriptors_3d: Iterable[str | Path]) -> Counter[str]:
    """Count the conformers of every molecule."""
    counts: Counter[str] = Counter()
    for path in descriptors_3d:
        counts.update(read_table(path, DESCRIPTORS_3D, columns=[])["molecule"].to_pylist())
    return counts


def _without_prediction(
    predictor: Predictor,
    smiles: Iterable[str],
    counts: Mapping[str, int],
    failures: Iterable[str | Path],
) -> dict[str, str]:
    """Return the reason for every molecule that cannot be predicted."""
    if predictor.representation not in ONLY_3D:
        return {}
    lacking = {name for name in smiles if not counts[name]}
    reasons: dict[str, str] = {}
    for path in failures if lacking else ():
        for row in read_table(path, FAILURES).to_pylist():
            if row["molecule"] in lacking:
                reasons.setdefault(row["molecule"], f"{row['protocol']}: {row['reason']}")
    advice = "predict it with a model that has 2D descriptors too"
    return {
        name: f"no conformer could be made ({reasons.get(name, 'see the failures')}); {advice}"
        for name in sorted(lacking)
    }


def _predict(
    predictor: Predictor,
    molecules: Sequence[str],
    descriptors_2d: str | Path,
    descriptors_3d: Sequence[str | Path],
) -> dict[str, dict[str, Any]]:
    """Return prediction, interval and spread by molecule."""
    predicted = {}
    with tempfile.TemporaryDirectory() as folder:
        tables = _merge(predictor, molecules, descriptors_2d, descriptors_3d, Path(folder))
        for piece in _pieces(molecules, max(1, predictor.conformers_at_most)):
            for name, mean, spread in _predict_piece(predictor, piece, tables):
                low, high = predictor.calibration.ends(np.array([mean]), np.array([spread]))
                known = np.isfinite(high[0])
                predicted[name] = {
                    "prediction": mean,
                    "spread": spread,
                    "low": float(low[0]) if known else None,
                    "high": float(high[0]) if known else None,
                }
    return predicted


def _merge(
    predictor: Predictor,
    molecules: Sequence[str],
    descriptors_2d: str | Path,
    descriptors_3d: Sequence[str | Path],
    folder: Path,
) -> tuple[Path, Path]:
    """Write the one table that the model's rows are built from; return where both would be."""
    unlabelled = pa.table(
        {"molecule": list(molecules), "label": pa.nulls(len(molecules), pa.float64())}
    )
    augmented, distribution = folder / "augmented.parquet", folder / "distribution.parquet"
    if predictor.representation == "distribution":
        names = predictor.bundle.document["protocols"]
        protocols = {name: protocol_definition(name) for name in names}
        merge_distribution(unlabelled, descriptors_3d, protocols, distribution)
    else:
        merge_augmented(unlabelled, [descriptors_2d], descriptors_3d, augmented)
    return augmented, distribution


def _pieces(molecules: Sequence[str], rows_per_molecule: int) -> Iterator[Sequence[str]]:
    """Divide molecules so that the rows of each piece fit into memory."""
    size = max(1, ROWS_AT_A_TIME // rows_per_molecule)
    for start in range(0, len(molecules), size):
        yield molecules[start : start + size]


def _predict_piece(
    predictor: Predictor, molecules: Sequence[str], tables: tuple[Path, Path]
) -> Iterator[tuple[str, float, float]]:
    """Yield molecule, prediction and spread."""
    document = predictor.bundle.document
    rows = build_rows(
        predictor.representation,
        *tables,
        molecules,
        protocols=document["protocols"],
        rows_per_molecule=predictor.rows_per_molecule,
    )
    means, spreads = pool(rows, predictor.bundle.predict_rows(rows.X, rows.feature_names))
    yield from zip(rows.molecules.tolist(), means.tolist(), spreads.tolist(), strict=True)


def _neighbours(predictor: Predictor, smiles: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the columns about the nearest training molecules, by molecule."""
    training = {row["molecule"]: row for row in predictor.bundle.training_molecules}
    found: dict[str, dict[str, Any]] = {name: {} for name in smiles}
    for row in nearest_training(predictor.domain, smiles, N_SHOWN_NEIGHBOURS).to_pylist():
        known, which = training[row["neighbour"]], f"neighbour_{row['rank']}"
        found[row["molecule"]] |= {
            f"{which}_id": known.get("id"),
            f"{which}_name": known.get("name"),
            f"{which}_smiles": known["smiles"],
            f"{which}_similarity": row["similarity"],
            f"{which}_label": row["neighbour_label"],
        }
    return found


def _remark(predictor: Predictor, conformers: int, trained: bool) -> str | None:
    """Say what is unusual about a prediction."""
    remarks = []
    if trained:
        remarks.append("the model was trained on this molecule, so its interval does not apply")
    asked = predictor.conformers_asked
    if not conformers and asked:
        remarks.append("no conformer could be made; predicted from 2D descriptors alone")
    elif conformers < asked:
        remarks.append(f"only {conformers} of {asked} conformers could be made")
    return "; ".join(remarks) or None


def _of_molecules(shards: Sequence[str | Path], molecules: pa.ChunkedArray) -> pa.Table:
    """Read the predictions of some molecules from all shards."""
    schema = MOLECULE_PREDICTIONS.schema()
    wanted = pc.field("molecule").isin(pc.unique(molecules.drop_null()))
    found = (read_parquet(path).filter(wanted) for path in shards)
    return pa.concat_tables([schema.empty_table(), *found])


def _in_order(ledger: pa.Table, predictions: pa.Table, unit: str) -> pa.Table:
    """Join a piece of the ledger with the predictions of its molecules."""
    keys = predictions["molecule"].combine_chunks()
    places = pc.index_in(ledger["molecule"].combine_chunks(), value_set=keys, skip_nulls=True)
    found = predictions.take(places)
    reason = pc.coalesce(found["reason"], _rejection(ledger))
    failed = pc.is_valid(reason)
    n = ledger.num_rows
    columns = {
        **{name: found[name] for name in found.column_names if name != "molecule"},
        **{
            name: ledger[name]
            for name in ("row", "id", "name", "input_smiles", "molecule", "smiles")
        },
        "status": pc.if_else(failed, "failed", "predicted"),
        "reason": reason,
        "unit": pa.array([unit or None] * n, pa.string()),
        "remark": _joined(ledger["warning"], found["remark"]),
    }
    return pa.table({name: columns[name] for name in NEW_PREDICTIONS.names})


def _rejection(ledger: pa.Table) -> pa.Array:
    """Return the reason of rejected rows; the others have none."""
    rejected = pc.equal(ledger["status"], "rejected")
    return pc.if_else(rejected, ledger["reason"], pa.scalar(None, pa.string()))


def _joined(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Join two columns of text, either of which may be empty."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, "; "), first, second)
