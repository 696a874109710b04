"""The molecules with the largest errors, and their nearest training molecules."""

from dataclasses import dataclass

from confaug.report.results import Results

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
    """Return the held-out molecules with the largest errors of the main variant."""
    molecules = results.by_molecule("molecules")
    flags = {row["molecule"]: row["flags"] for row in results["domain"]}
    found = [
        WorstMolecule(
            molecule=row["molecule"],
            name=results.name_of(row["molecule"]),
            smiles=molecules[row["molecule"]]["smiles"],
            label=row["label"],
            prediction=row["prediction"],
            error=row["prediction"] - row["label"],
            flags=flags.get(row["molecule"]),
            neighbours=_neighbours(results, row["molecule"]),
        )
        for row in results["predictions"]
        if row["part"] == "test" and row["label"] is not None
    ]
    return sorted(found, key=lambda one: (-abs(one.error), one.molecule))[:count]


def _neighbours(results: Results, molecule: str) -> tuple[Neighbour, ...]:
    """Return the nearest training molecules of one molecule."""
    molecules = results.by_molecule("molecules")
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
