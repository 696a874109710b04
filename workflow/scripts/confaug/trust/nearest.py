"""The most similar training molecules of a molecule, and their labels."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from confaug.molecules.similarity import fingerprint, similarities
from confaug.tables.trust import NEIGHBOURS
from confaug.trust.domain import Domain


def nearest_training(
    domain: Domain,
    smiles: Mapping[str, str],
    count: int = 3,
    *,
    known: Collection[str] | None = None,
    conditions: Mapping[str, str | None] | None = None,
) -> pa.Table:
    """List the most similar training molecules of every molecule, of other structures (NEIGHBOURS).

    Each structure is listed once, by the molecule with the median label.

    Parameters
    ----------
    domain, smiles, known
        As for `assess_domain`.
    count
        Most neighbours of a molecule.
    conditions
        Conditions by molecule. Training molecules that were measured under others are left out,
        because their labels are not comparable. None compares the structures alone.
    """
    columns: dict[str, list[Any]] = {name: [] for name in NEIGHBOURS.names}
    own = domain.own_structures(smiles, known)
    asked = conditions or {}
    by_conditions = _stand_ins(domain, domain.conditions if asked else [None] * len(domain.labels))
    for name in sorted(smiles):
        similar = similarities([fingerprint(smiles[name])], domain.fingerprints)[0]
        order = np.argsort(-similar, kind="stable").tolist()
        stand_ins = by_conditions.get(asked.get(name), {})
        usable = (place for place in order if place != own.get(name) and place in stand_ins)
        others = list(islice(usable, count))
        listed = [stand_ins[place] for place in others]
        columns["molecule"] += [name] * len(others)
        columns["rank"] += range(1, len(others) + 1)
        columns["neighbour"] += [domain.molecules[i] for i in listed]
        columns["similarity"] += similar[others].tolist()
        columns["neighbour_label"] += domain.labels[listed].tolist()
    return pa.table(columns, schema=NEIGHBOURS.schema())


def _stand_ins(
    domain: Domain, conditions: Sequence[str | None]
) -> dict[str | None, dict[int, int]]:
    """Return the place of the molecule with the median label, by conditions and structure.

    Of an even number it is the lower of the two in the middle.
    """
    found: dict[str | None, dict[int, int]] = {}
    for structure, places in enumerate(domain.structures.values()):
        alike: dict[str | None, list[int]] = {}
        for place in places:
            alike.setdefault(conditions[place], []).append(place)
        for condition, some in alike.items():
            ranked = sorted(some, key=lambda place: float(domain.labels[place]))
            found.setdefault(condition, {})[structure] = ranked[(len(ranked) - 1) // 2]
    return found
