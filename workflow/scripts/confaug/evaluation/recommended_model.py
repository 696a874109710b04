"""The model that a study recommends: candidates made of predictions, in one replicate or in all.

Inside a replicate, the consensus has the members that were chosen there. Over all replicates, the
errors of every molecule are averaged first; the members of the consensus are then chosen anew, by
the same ranking of these pooled errors, because the final model can have one set of members only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from confaug.config.roles import CONSENSUS, RECOMMENDED
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
        The chosen variant, or `consensus`.
    consensus
        The members of the consensus by pooled out-of-fold errors, whether it is chosen or not;
        empty without a consensus.
    needs_conformers
        Whether a new molecule has to be embedded.
    error
        Out-of-fold MAE of the chosen one, pooled over replicates.
    molecules
        Molecules that have an out-of-fold error.
    runner_up
        The other candidate of the lowest out-of-fold error, compared with the chosen one: its error
        is the lower one if the chosen one was taken for being cheaper. None without another.
    chosen
        What the rule chose in each replicate, in their order.
    """

    model: str
    consensus: tuple[str, ...]
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
        """The variants that have to be fitted: the chosen one, or the members of the consensus."""
        return self.members_of(self.model)

    def members_of(self, name: str) -> tuple[str, ...]:
        """Return the variants that a candidate is made of."""
        return self.consensus if name == CONSENSUS else (name,)

    def to_fit(self, asked: str) -> tuple[str, tuple[str, ...]]:
        """Return the name of the model that a study fits on all molecules, and its members.

        Parameters
        ----------
        asked
            The configuration's `prediction.model`: `recommended`, `consensus` or a variant.
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
    errors: Errors, needs_conformers: Mapping[str, bool], members: Sequence[str]
) -> list[Candidate]:
    """Return the candidates of the rule.

    Parameters
    ----------
    errors
        As `out_of_fold_errors` gives them.
    needs_conformers
        Whether a variant needs conformers; all but the consensus.
    members
        Variants that the consensus averages; empty without a consensus.
    """
    needs = {**needs_conformers, CONSENSUS: any(needs_conformers[name] for name in members)}
    return [
        Candidate(
            name,
            np.array(list(found.values())),
            needs[name],
            len(members) if name == CONSENSUS else 1,
        )
        for name, found in errors.items()
    ]


def recommend_model(
    predictions: Predictions,
    needs_conformers: Mapping[str, bool],
    families: Mapping[str, str],
    consensus_of: int,
    chosen: Sequence[str],
) -> tuple[RecommendedModel, Recommendation]:
    """Apply the rule to the out-of-fold errors of all replicates.

    Parameters
    ----------
    predictions
        PREDICTIONS tables by candidate and replicate.
    needs_conformers, families
        Of every variant among the candidates.
    consensus_of
        How many variants the consensus averages.
    chosen
        What the rule chose in each replicate.
    """
    errors = out_of_fold_errors(predictions)
    members: tuple[str, ...] = ()
    if CONSENSUS in errors:
        means = {n: float(np.mean(list(errors[n].values()))) for n in errors if n != CONSENSUS}
        members = choose_members(means, consensus_of, families)
    candidates = {one.name: one for one in make_candidates(errors, needs_conformers, members)}
    found = recommend(list(candidates.values()))
    taken = candidates[found.name]
    other = next((one.name for one in found.standings if one.name != found.name), None)
    model = RecommendedModel(
        model=found.name,
        consensus=members,
        needs_conformers=taken.needs_conformers,
        error=taken.error,
        molecules=len(taken.errors),
        runner_up=compare(candidates[other], taken) if other else None,
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
