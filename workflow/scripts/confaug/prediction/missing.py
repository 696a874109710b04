"""Molecules of which a member of the model knows nothing, and what they lack.

A learner fills in what is missing. Where everything is missing, it would predict much the same
value for every such molecule, with an interval that is not meant for it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from confaug.config.kinds import OF_UNITS, OWN_KIND
from confaug.infrastructure.text import listed, quoted
from confaug.learning.rows import Rows
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.prediction.description import MemberFacts

#: Own columns that a reason names.
MAX_LISTED = 3


def knows(
    rows: Rows, features: Sequence[str], own_columns: Sequence[OwnColumn]
) -> NDArray[np.bool_]:
    """Tell of which molecules at least one feature is there.

    A missing category is 0 in all features of its column.

    Parameters
    ----------
    rows
        The rows of the molecules, with all features of the member.
    features
        The features that the member uses. One that uses none, as a constant, needs none.
    own_columns
        The user's own columns that it may read.

    Returns
    -------
    ndarray
        By molecule, in the order of the rows.
    """
    place = {name: i for i, name in enumerate(rows.feature_names)}
    alternatives = {
        feature: [place[one] for one in column.features if one in place]
        for column in own_columns
        if column.categories is not None
        for feature in column.features
    }
    known = np.full(len(rows.molecule), not features)
    for name in features:
        if known.all():
            break
        if name in alternatives:
            known |= (rows.X[:, alternatives[name]] != 0).any(axis=1)
        else:
            known |= ~np.isnan(rows.X[:, place[name]])
    return np.logical_or.reduceat(known, rows.starts)


def reason_without_prediction(
    member: MemberFacts,
    own_columns: Sequence[OwnColumn],
    molecule: Mapping[str, str | None],
    conformers: int,
    failure: str | None,
) -> str:
    """Say what a molecule lacks of which a member knows nothing, and what to do.

    Parameters
    ----------
    molecule
        Its line of SHARD.
    conformers
        Its number of conformers.
    failure
        Why it has none, where a failure says so.
    """
    variant, lacks = member.variant, []
    if variant.conformer_kind and not conformers:
        lacks.append(f"no conformer could be made ({failure or 'see the failures'})")
    elif variant.conformer_kind:
        lacks.append("no descriptor of its conformers could be calculated")
    units = [kind for kind in variant.molecule_kinds if kind in OF_UNITS]
    if units and molecule["repeat_unit"] is None:
        lacks.append("it has no repeat unit (polymer_note in the ledger says why)")
        units = []
    if OWN_KIND in variant.molecule_kinds:
        names = [quoted(column.name) for column in own_columns]
        lacks.append(f"it has no value in the columns of your own ({listed(names, MAX_LISTED)})")
    others = [kind for kind in variant.molecule_kinds if kind not in (*OF_UNITS, OWN_KIND)]
    if others or units:
        lacks.append(f"nothing of {', '.join([*others, *units])} could be calculated")
    return (
        f"{' and '.join(lacks)}, so {member.name} has nothing to predict it from; predict it with "
        "a model that reads other columns"
    )
