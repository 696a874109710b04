"""Which candidates to measure next, in the order in which they are worth it.

A criterion says what a candidate is worth, and what those that are chosen before it leave of that
(`confaug.trust.diversity`). The criteria:

* coverage: how much more similar all candidates become to something that is measured or chosen
  (facility location, Wei, Iyer and Bilmes 2015).
* novelty: one minus the similarity to the most similar training molecule (as in farthest-first
  choice, Kennard and Stone 1969; Gonzalez 1985).
* deviation: the standard deviation of the prediction, relative to the largest of all candidates;
  for a consensus it is the disagreement of its members (query by committee, Seung et al. 1992).
* range: the share of the model's out-of-fold residuals that, added to the prediction, give a value
  in the wanted range (probability of improvement, Kushner 1964, with the distribution of
  residuals in place of a normal one).

References
----------
.. [1] Kennard, Stone (1969), Computer aided design of experiments, Technometrics 11, 137.
.. [2] Gonzalez (1985), Clustering to minimize the maximum intercluster distance, Theoretical
   Computer Science 38, 293.
.. [3] Seung, Opper, Sompolinsky (1992), Query by committee, Proceedings of COLT, 287.
.. [4] Kushner (1964), A new method of locating the maximum point of an arbitrary multipeak curve in
   the presence of noise, Journal of Basic Engineering 86, 97.
.. [5] Wei, Iyer, Bilmes (2015), Submodularity in data subset selection and active learning,
   Proceedings of ICML, 1954.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rdkit import DataStructs

from confaug.molecules.similarity import fingerprint
from confaug.prediction.description import Description
from confaug.tables.engine import check_table, read_table
from confaug.tables.molecules import SHARD
from confaug.tables.prediction import MEASURE_NEXT, NEW_PREDICTIONS
from confaug.trust.conformal import on_scale
from confaug.trust.diversity import Batch, choose_diverse, choose_representative

Floats = NDArray[np.float64]
#: The criteria, and leaving the choice to the program.
COVERAGE, NOVELTY, DEVIATION, RANGE = "coverage", "novelty", "deviation", "range"
AUTOMATIC = "automatic"
#: The criterion where nothing is asked for or known that another one needs.
FALLBACK = COVERAGE
#: Molecules that are ranked.
RANKED = 100
#: Candidates that they are chosen from, which bounds the work on large tables: those with the
#: highest scores; for coverage, which compares all with all, those whose identifiers come first.
#: Identifiers are hashes, so the latter are a random sample.
SHORTLISTED, SAMPLED = 5000, 2000
#: What is read of every candidate.
READ = (
    *("name", "prediction", "low", "high", "standard_deviation", "similarity", "distance"),
    *("far_in_descriptors", "unlike_training", "row", "id", "smiles", "molecule", "unit"),
)


@dataclass(frozen=True)
class Background:
    """What the model knows already.

    Attributes
    ----------
    structures
        Modelled structures of the training molecules.
    residuals
        Label minus out-of-fold prediction of the training molecules on the scale of `transform`,
        in ascending order, shape (n,).
    transform
        Scale on which the model learns, `none` or `log10`.
    """

    structures: frozenset[str]
    residuals: Floats
    transform: str

    @classmethod
    def of(cls, description: Description) -> "Background":
        """Return what the model of a bundle knows."""
        training, transform = description.training_molecules, description.property.transform
        labels = np.array([one.label for one in training], float)
        expected = np.array([one.prediction for one in training], float)
        nothing = np.zeros(len(training))
        measured, expected = (on_scale(v, nothing, transform)[0] for v in (labels, expected))
        structures = frozenset(one.modelled for one in training)
        return cls(structures, np.sort(measured - expected), transform)


def choose_criterion(asked: str, wanted: Sequence[float] | None) -> str:
    """Return the criterion: as asked, or what is of use where that is left to the program.

    Parameters
    ----------
    asked
        The configuration's `prediction.measure_next`.
    wanted
        Lowest and highest value that the user looks for, if there are such.

    Examples
    --------
    >>> choose_criterion("automatic", None), choose_criterion("automatic", (300.0, 350.0))
    ('coverage', 'range')
    """
    if asked != AUTOMATIC:
        return asked
    return FALLBACK if wanted is None else RANGE


def read_structures(shards: Iterable[str | Path]) -> dict[str, str]:
    """Return the modelled structure of every molecule of some SHARD files."""
    found: dict[str, str] = {}
    for path in shards:
        shard = read_table(path, SHARD)
        found |= zip(shard["molecule"].to_pylist(), shard["smiles"].to_pylist(), strict=True)
    return found


def rank_to_measure(
    predictions: Iterable[pa.Table],
    structures: Mapping[str, str],
    background: Background,
    criterion: str,
    wanted: Sequence[float] | None = None,
) -> pa.Table:
    """Rank the candidates that are worth measuring next.

    Candidates are predicted molecules whose structure the model does not know, each once however
    many rows it has. The result depends neither on the order of the rows nor on their division into
    pieces.

    Parameters
    ----------
    predictions
        NEW_PREDICTIONS, in pieces.
    structures
        Modelled structures by molecule.
    background
        What the model knows already.
    criterion
        What a measurement is to be good for. Without any deviation, `deviation` becomes `coverage`.
    wanted
        Lowest and highest value that the user looks for.

    Returns
    -------
    pyarrow.Table
        MEASURE_NEXT, at most `RANKED` rows; reasons in words are left empty.
    """
    candidates = _candidates(predictions, structures, background)
    deviations = _deviations(candidates, background.transform)
    probabilities = _probabilities(candidates, background, wanted)
    if criterion == DEVIATION and not deviations.any():
        criterion = FALLBACK
    if criterion in (NOVELTY, COVERAGE):
        values = _numbers(candidates, "similarity")
    else:
        values = deviations if criterion == DEVIATION else probabilities
    places, batch = _choose(candidates, structures, criterion, values, _beyond(candidates, wanted))
    facts = {
        "interval_ratio": _relative(_widths(candidates, background.transform)),
        "deviation_ratio": _relative(deviations),
        "probability_in_range": probabilities,
    }
    chosen = {name: values[places] for name, values in facts.items()}
    return _table(candidates.take(places), chosen, batch, criterion)


def _choose(
    candidates: pa.Table,
    structures: Mapping[str, str],
    criterion: str,
    values: Floats,
    beyond: Floats,
) -> tuple[NDArray[np.int64], Batch]:
    """Choose by a criterion; return the places of the chosen candidates, and the batch.

    Parameters
    ----------
    values
        What the criterion looks at: similarity to training, deviation or probability.
    beyond
        Decides between equal scores: the lower comes first.
    """
    if criterion == COVERAGE:
        pool = np.arange(len(candidates))[:SAMPLED]
        batch = choose_representative(values[pool], _prints(candidates, structures, pool), RANKED)
        return pool[batch.places], batch
    if criterion == NOVELTY:
        scores = 1.0 - values
    else:
        scores = values / values.max() if criterion == DEVIATION else values
    pool = np.lexsort((beyond, -scores))[:SHORTLISTED]
    batch = choose_diverse(scores[pool], _prints(candidates, structures, pool), RANKED)
    return pool[batch.places], batch


def _prints(
    candidates: pa.Table, structures: Mapping[str, str], places: NDArray[np.int64]
) -> list[DataStructs.ExplicitBitVect]:
    """Return the fingerprints of the modelled structures of some candidates."""
    names = candidates["molecule"].take(places).to_pylist()
    return [fingerprint(structures[name]) for name in names]


def _candidates(
    predictions: Iterable[pa.Table], structures: Mapping[str, str], background: Background
) -> pa.Table:
    """Return the candidates with what is read of them, in the order of their identifiers."""
    schema = NEW_PREDICTIONS.schema()
    empty = pa.schema([schema.field(name) for name in READ]).empty_table()
    kept = [empty]
    for piece in predictions:
        unknown = pc.and_(
            pc.equal(piece["status"], "predicted"), pc.is_null(piece["training_label"])
        )
        kept.append(piece.filter(unknown).select(READ).cast(empty.schema))
    table = pa.concat_tables(kept).sort_by([("molecule", "ascending"), ("row", "ascending")])
    first: dict[str, int] = {}
    for place, name in enumerate(table["molecule"].to_pylist()):
        first.setdefault(structures[name], place)
    new = [place for structure, place in first.items() if structure not in background.structures]
    return table.take(pa.array(new, pa.int64()))


def _deviations(candidates: pa.Table, transform: str) -> Floats:
    """Return the standard deviations of predictions on the scale of the model."""
    deviations = _numbers(candidates, "standard_deviation")
    return np.nan_to_num(on_scale(_numbers(candidates, "prediction"), deviations, transform)[1])


def _widths(candidates: pa.Table, transform: str) -> Floats:
    """Return the widths of intervals on the scale of the model; NaN without one."""
    nothing = np.zeros(len(candidates))
    low, high = (
        on_scale(_numbers(candidates, end), nothing, transform)[0] for end in ("low", "high")
    )
    return high - low


def _probabilities(
    candidates: pa.Table, background: Background, wanted: Sequence[float] | None
) -> Floats:
    """Return the share of residuals that lead into the wanted range; NaN without a range."""
    if wanted is None:
        return np.full(len(candidates), np.nan)
    nothing, transform = np.zeros(2), background.transform
    low, high = on_scale(np.array(wanted, float), nothing, transform)[0]
    centre = on_scale(_numbers(candidates, "prediction"), np.zeros(len(candidates)), transform)[0]
    above = np.searchsorted(background.residuals, low - centre, side="left")
    below = np.searchsorted(background.residuals, high - centre, side="right")
    return np.asarray((below - above) / len(background.residuals), float)


def _beyond(candidates: pa.Table, wanted: Sequence[float] | None) -> Floats:
    """Return how far predictions are from the wanted range; of equal scores, the nearest counts."""
    if wanted is None:
        return np.zeros(len(candidates))
    centre = _numbers(candidates, "prediction")
    return np.maximum(np.maximum(wanted[0] - centre, centre - wanted[1]), 0.0)


def _relative(values: Floats) -> Floats:
    """Divide by the median; NaN where that is not above zero."""
    known = values[np.isfinite(values)]
    median = float(np.median(known)) if len(known) else 0.0
    return values / median if median > 0 else np.full(len(values), np.nan)


def _table(chosen: pa.Table, facts: Mapping[str, Floats], batch: Batch, criterion: str) -> pa.Table:
    """Put the chosen candidates and the facts behind their ranks into a table."""
    n = len(chosen)
    columns = {name: chosen[name] for name in READ}
    columns |= {name: pa.array(values, from_pandas=True) for name, values in facts.items()}
    columns |= {
        "rank": pa.array(range(1, n + 1), pa.int64()),
        "reason": pa.nulls(n, pa.string()),
        "criterion": pa.array([criterion] * n, pa.string()),
        "score": pa.array(batch.scores, pa.float64()),
        "gain": pa.array(batch.gains, pa.float64()),
        "similarity_above": pa.array(batch.similarities, pa.float64()),
    }
    return check_table(pa.table({name: columns[name] for name in MEASURE_NEXT.names}), MEASURE_NEXT)


def _numbers(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, NaN where it is empty."""
    return np.asarray(table[name].to_numpy(), float)
