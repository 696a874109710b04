"""The model that a study recommends: candidates made of predictions, in one replicate or in all.

Inside a replicate, a consensus has the members that were chosen there. Over all replicates, the
errors of every molecule are averaged first; the members of a consensus are then chosen anew, by the
same ranking of these pooled errors, because the final model can have one set of members only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from confaug.config.roles import RECOMMENDED
from confaug.errors import UserError
from confaug.evaluation.errors import Predictions
from confaug.evaluation.recommendation import (
    Candidate,
    Recommendation,
    Standing,
    compare,
    recommend,
)
from confaug.learning.consensus import choose_members

#: Absolute out-of-fold error of every training molecule, by variant and molecule.
Errors = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class RecommendedModel:
    """What a study recommends, and why.

    Attributes
    ----------
    model
        The chosen variant or consensus.
    consensuses
        The members of every consensus by pooled out-of-fold errors, whether it is chosen or not.
    needs_conformers
        Whether a new molecule has to be embedded.
    error
        Out-of-fold MAE of the chosen one, pooled over replicates.
    molecules
        Molecules that have an out-of-fold error.
    runner_up
        The other candidate of the lowest out-of-fold error, compared with the chosen one: its error
        is the lower one if the chosen one was taken for being cheaper. A consensus of the same
        members is no other. None without another.
    chosen
        What the rule chose in each replicate, in their order.
    """

    model: str
    consensuses: Mapping[str, tuple[str, ...]]
    needs_conformers: bool
    error: float
    molecules: int
    runner_up: Standing | None
    chosen: tuple[str, ...]

    @property
    def times_chosen(self) -> dict[str, int]:
        """In how many replicates the rule chose which variant, the most frequent first."""
        return dict(sorted(Counter(self.chosen).items(), key=lambda item: (-item[1], item[0])))

    @property
    def members(self) -> tuple[str, ...]:
        """The variants that have to be fitted: the chosen one, or the members of a consensus."""
        return self.members_of(self.model)

    def members_of(self, name: str) -> tuple[str, ...]:
        """Return the variants that a candidate is made of."""
        return self.consensuses.get(name, (name,))

    def to_fit(self, asked: str) -> tuple[str, tuple[str, ...]]:
        """Return the name of the model that a study fits on all molecules, and its members.

        Parameters
        ----------
        asked
            The configuration's `prediction.model`: `recommended`, a consensus or a variant.
        """
        name = self.model if asked == RECOMMENDED else asked
        return name, self.members_of(name)

    def document(self) -> dict[str, Any]:
        """Return the facts as they stand in a JSON document."""
        return {**asdict(self), "members": self.members}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RecommendedModel":
        """Read what `document` gives; other keys are left out."""
        return TypeAdapter(cls).validate_python(document)


def out_of_fold_errors(predictions: Predictions) -> Errors:
    """Return the out-of-fold errors of every variant, averaged over replicates.

    A molecule counts in the replicates whose training part it is in.

    Raises
    ------
    UserError
        If variants have not been cross-validated on the same molecules.
    """
    errors = {variant: _mean_errors(tables.values()) for variant, tables in predictions.items()}
    if len({tuple(found) for found in errors.values()}) > 1:
        raise UserError(
            "variants have not been cross-validated on the same molecules; delete the models of "
            "this study and run it again"
        )
    return errors


def make_candidates(
    errors: Errors,
    needs_conformers: Mapping[str, bool],
    consensuses: Mapping[str, Sequence[str]],
    groups: Mapping[str, str],
) -> list[Candidate]:
    """Return the candidates of the rule.

    Parameters
    ----------
    errors
        As `out_of_fold_errors` gives them.
    needs_conformers
        Whether a variant needs conformers, of every one that is no consensus.
    consensuses
        Variants that each consensus averages, by its name.
    groups
        The group of every molecule.
    """
    molecules = list(next(iter(errors.values()), {}))
    numbers = np.unique([groups[name] for name in molecules], return_inverse=True)[1]
    members = {name: consensuses.get(name, (name,)) for name in errors}
    return [
        Candidate(
            name,
            np.array(list(found.values())),
            any(needs_conformers[member] for member in members[name]),
            len(members[name]),
            numbers,
        )
        for name, found in errors.items()
    ]


def recommend_model(
    predictions: Predictions,
    needs_conformers: Mapping[str, bool],
    families: Mapping[str, str],
    consensuses: Mapping[str, Sequence[str]],
    consensus_of: int,
    chosen: Sequence[str],
    groups: Mapping[str, str],
) -> tuple[RecommendedModel, Recommendation]:
    """Apply the rule to the out-of-fold errors of all replicates.

    Parameters
    ----------
    predictions
        PREDICTIONS tables by candidate and replicate.
    needs_conformers, families
        Of every variant among the candidates.
    consensuses
        Variants that each consensus is chosen from, by its name.
    consensus_of
        How many variants a consensus averages.
    chosen
        What the rule chose in each replicate.
    groups
        The group of every molecule.
    """
    errors = out_of_fold_errors(predictions)
    means = {name: float(np.mean(list(found.values()))) for name, found in errors.items()}
    members = {
        name: choose_members({own: means[own] for own in possible}, consensus_of, families)
        for name, possible in consensuses.items()
    }
    made = make_candidates(errors, needs_conformers, members, groups)
    candidates = {one.name: one for one in made}
    found = recommend(list(candidates.values()))
    taken = candidates[found.name]
    made_of = {name: members.get(name, (name,)) for name in errors}
    others = [one.name for one in found.standings if made_of[one.name] != made_of[found.name]]
    model = RecommendedModel(
        model=found.name,
        consensuses=members,
        needs_conformers=taken.needs_conformers,
        error=taken.error,
        molecules=len(taken.errors),
        runner_up=compare(candidates[others[0]], taken) if others else None,
        chosen=tuple(chosen),
    )
    return model, found


def _mean_errors(tables: Iterable[pa.Table]) -> dict[str, float]:
    """Return the absolute out-of-fold error of every molecule, the mean over PREDICTIONS tables."""
    found: dict[str, list[float]] = {}
    for table in tables:
        rows = table.filter(pc.equal(table["part"], "cross_validation"))
        errors = pc.abs(pc.subtract(rows["prediction"], rows["label"]))
        for name, error in zip(rows["molecule"].to_pylist(), errors.to_pylist(), strict=True):
            found.setdefault(name, []).append(error)
    return {name: float(np.mean(errors)) for name, errors in sorted(found.items())}
