"""What conformers gained in one study, by the way in which they were used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcNumRotatableBonds

from confaug.config.roles import CONSENSUS, CONSENSUS_2D, RECOMMENDED, candidates
from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import (
    GroupComparison,
    best_in_each,
    by_need_of_conformers,
    compare_two,
    of_groups,
)
from confaug.evaluation.comparison import HELPED, HURT, by_split, judge
from confaug.evaluation.confidence_intervals import crossed_interval
from confaug.evaluation.errors import Floats, Study
from confaug.tables.atlas import GAINS, STUDIES
from confaug.tables.engine import check_table

#: How conformers are used: one row for each, or one row of numbers made of all of them.
WAYS = {
    "rows": "augmented_3d",
    "statistics": "ensemble_statistics_3d",
    "boltzmann": "boltzmann_3d",
    "mean": "mean_3d",
    "lowest_energy": "lowest_energy_3d",
}
#: What cross-validation chose of all ways, and what the rule of the recommendation chose of all.
BEST_WAY, RULE = "best_way", RECOMMENDED
#: What a way is compared with: the best without conformers, or the best of the same learners.
PLAIN, SAME_LEARNERS = "plain", "same_learners"
#: Comparisons with random signs that are made for every study.
NULL_VERDICTS = 1000


def measure_gains(name: str, study: Study, variants: Mapping[str, Variant]) -> pa.Table:
    """Compare every way to use conformers with the best of the study without them.

    In every replicate, the variant of the lowest out-of-fold error is chosen for the way and for
    its reference, and both are judged on the molecules that the replicate held out. References are
    all variants without conformers, and those with the learners and the other columns of the way.

    Parameters
    ----------
    name
        Name of the study.
    study
        Errors of its variants and of what was recommended.
    variants
        The variants of its configuration.

    Returns
    -------
    pyarrow.Table
        GAINS, a row for every way that the study has variants of, then `BEST_WAY` and `RULE`;
        and again for every way with the same learners. An error of zero has no gain.
    """
    with_conformers, plain = by_need_of_conformers(variants)
    groups: dict[str, list[str]] = {
        way: [one for one in with_conformers if variants[one].conformer_kind == kind]
        for way, kind in WAYS.items()
    }
    groups[BEST_WAY], groups[RULE] = with_conformers, [RECOMMENDED]
    pairs = [(way, names, PLAIN, plain) for way, names in groups.items()]
    for way in WAYS:
        pairs.append((way, groups[way], SAME_LEARNERS, _same(groups[way], plain, variants)))
    rows = [
        _gain(name, way, against, found)
        for way, names, against, reference in pairs
        if (found := compare_two(study, {way: names, against: reference})) and found.errors[1]
    ]
    return check_table(pa.Table.from_pylist(rows, schema=GAINS.schema()), GAINS)


def _same(names: Sequence[str], plain: Sequence[str], variants: Mapping[str, Variant]) -> list[str]:
    """Return the variants that have the learner and the columns of others, but for conformers."""
    return [
        one
        for one in plain
        if any(
            variants[one].learner == variants[name].learner
            and set(variants[one].representation) < set(variants[name].representation)
            for name in names
        )
    ]


def _gain(name: str, way: str, against: str, found: GroupComparison) -> dict[str, Any]:
    """Return a row of GAINS; a gain is a difference of errors in per cent, with the other sign."""
    difference, (mae, reference_mae) = found.difference, found.errors
    percent = -100 / reference_mae

    def scaled(value: float | None, by: float = percent) -> float | None:
        return None if value is None else value * by + 0.0  # no -0

    chosen, reference = found.times_chosen
    return {
        "study": name,
        "way": way,
        "against": against,
        "variant": next(iter(chosen)),
        "reference": next(iter(reference)),
        "mae": mae,
        "reference_mae": reference_mae,
        "gain": scaled(difference.difference),
        "low": scaled(difference.high),
        "high": scaled(difference.low),
        "standard_error": scaled(difference.standard_error, -percent),
        "verdict": difference.verdict,
    }


def describe_study(
    name: str,
    study: Study,
    variants: Mapping[str, Variant],
    molecules: pa.Table,
    *,
    property_: Mapping[str, str],
    label_scatter: float | None,
    recommended: Sequence[str],
    coverage: pa.Table,
    seed: int = 1,
) -> pa.Table:
    """Say what a study consists of, what its models achieve, and how the instrument did (STUDIES).

    Parameters
    ----------
    name, study, variants
        See `measure_gains`.
    molecules
        MOLECULES table.
    property_
        The section of the configuration.
    label_scatter
        Standard deviation of repeated measurements, if there are any.
    recommended
        What the rule recommended in each replicate.
    coverage
        COVERAGE table of the prediction intervals of what was recommended.
    seed
        Of the random signs.
    """
    _, plain = by_need_of_conformers(variants)
    constant = [one for one in variants if variants[one].learner == "constant"]
    chosen = best_in_each(study, plain)
    means = [one for one in (CONSENSUS, CONSENSUS_2D) if one in study.test]
    errors = {one: _mae(study.test[one]) for one in (*candidates(variants), *means)}
    best = min(errors, key=lambda one: (errors[one], one))
    null = null_verdicts(study, variants, np.random.default_rng(seed))
    intervals = coverage.to_pylist()
    row = {
        "study": name,
        "property": property_["name"],
        "unit": property_.get("unit") or None,
        "molecules": int(np.isfinite(study.labels).sum()),
        "training": int(study.train_sizes.max()),
        "replicates": len(set(study.split_numbers.tolist())),
        "rotatable_bonds": _rotatable_bonds(molecules),
        "label_sd": float(np.nanstd(study.labels, ddof=1)),
        "label_scatter": label_scatter,
        "constant_mae": errors[constant[0]] if constant else None,
        "plain": Counter(chosen).most_common(1)[0][0],
        "plain_mae": _mae(of_groups(study, {PLAIN: chosen}).test[PLAIN]),
        "recommended": Counter(recommended).most_common(1)[0][0],
        "recommended_mae": _mae(study.test[RECOMMENDED]),
        "consensus_2d_mae": errors.get(CONSENSUS_2D),
        "best": best,
        "best_mae": errors[best],
        "covered": sum(one["covered"] for one in intervals),
        "intervals": sum(one["test_molecules"] for one in intervals),
        "null_verdicts": len(null),
        "null_helped": null.count(HELPED),
        "null_hurt": null.count(HURT),
    }
    return check_table(pa.Table.from_pylist([row], schema=STUDIES.schema()), STUDIES)


def null_verdicts(
    study: Study, variants: Mapping[str, Variant], rng: np.random.Generator
) -> list[str]:
    """Return verdicts on differences that are those of the study but for their signs.

    The differences of all molecules of a group, in all replicates, get one random sign, after their
    mean has been taken off. So nothing is better or worse, while errors are distributed, repeated
    and correlated as in the study. What a training set does to all molecules alike is lost with the
    signs, so that the verdicts are those on a study without it. Compared are what cross-validation
    chose with conformers and without; there are no verdicts if the study has none of either.
    """
    with_conformers, plain = by_need_of_conformers(variants)
    if not (with_conformers and plain):
        return []
    chosen = {
        BEST_WAY: best_in_each(study, with_conformers),
        PLAIN: best_in_each(study, plain),
    }
    own = of_groups(study, chosen)
    differences = by_split(study, np.abs(own.test[BEST_WAY]) - np.abs(own.test[PLAIN]))
    centred = differences - np.nanmean(differences)
    verdicts = []
    for _ in range(NULL_VERDICTS):
        signs = rng.choice([-1.0, 1.0], int(study.groups.max()) + 1)[study.groups]
        estimate = crossed_interval(centred * signs, study.groups, study.overlap)
        verdicts.append(judge(estimate, len(centred), None))
    return verdicts


def _mae(errors: Floats) -> float:
    """Return the mean over replicates of the mean absolute error, shape (replicates, molecules)."""
    return float(np.mean(np.nanmean(np.abs(errors), axis=1)))


def _rotatable_bonds(molecules: pa.Table) -> float:
    """Return the median number of rotatable bonds of the structures as given."""
    counts = [
        CalcNumRotatableBonds(mol)
        for smiles in molecules["smiles"].to_pylist()
        if (mol := Chem.MolFromSmiles(smiles)) is not None
    ]
    return float(median(counts))
