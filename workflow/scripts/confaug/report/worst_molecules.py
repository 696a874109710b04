"""The molecules with the largest errors, and their nearest training molecules."""

from collections.abc import Mapping
from dataclasses import dataclass

from confaug.report.results import Results, Row

WORST = 6
NEIGHBOURS = 2


@dataclass(frozen=True)
class Neighbour:
    """A training molecule that is similar to another molecule.

    Attributes
    ----------
    similarity
        Tanimoto similarity of Morgan fingerprints.
    """

    molecule: str
    name: str
    smiles: str
    label: float
    similarity: float


@dataclass(frozen=True)
class WorstMolecule:
    """A held-out molecule with a large error.

    Attributes
    ----------
    error
        Prediction minus label.
    flags
        Of the applicability domain, in words; None inside.
    neighbours
        The nearest training molecules, the nearest first.
    """

    molecule: str
    name: str
    smiles: str
    label: float
    prediction: float
    error: float
    flags: str | None
    neighbours: tuple[Neighbour, ...]


def worst_molecules(results: Results, count: int = WORST) -> list[WorstMolecule]:
    """Return the held-out molecules with the largest errors of the recommended model."""
    molecules = results.by_molecule("molecules")
    flags = {row["molecule"]: row["flags"] for row in results["domain"]}
    held_out = [
        row for row in results["predictions"] if row["part"] == "test" and row["label"] is not None
    ]
    worst = sorted(held_out, key=lambda row: (-abs(_error(row)), row["molecule"]))[:count]
    return [
        WorstMolecule(
            molecule=row["molecule"],
            name=results.name_of(row["molecule"]),
            smiles=molecules[row["molecule"]]["smiles"],
            label=row["label"],
            prediction=row["prediction"],
            error=_error(row),
            flags=flags.get(row["molecule"]),
            neighbours=_neighbours(results, row["molecule"], molecules),
        )
        for row in worst
    ]


def _error(row: Row) -> float:
    """Return prediction minus label."""
    return float(row["prediction"] - row["label"])


def _neighbours(
    results: Results, molecule: str, molecules: Mapping[str, Row]
) -> tuple[Neighbour, ...]:
    """Return the nearest training molecules of one molecule."""
    rows = [row for row in results["neighbours"] if row["molecule"] == molecule]
    return tuple(
        Neighbour(
            molecule=row["neighbour"],
            name=results.name_of(row["neighbour"]),
            smiles=molecules[row["neighbour"]]["smiles"],
            label=row["neighbour_label"],
            similarity=row["similarity"],
        )
        for row in sorted(rows, key=lambda row: row["rank"])[:NEIGHBOURS]
    )
