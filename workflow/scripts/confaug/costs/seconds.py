"""How long each job is expected to keep a processor busy.

One table of what a job of every rule takes whatever it works on, and one of functions for what it
takes beyond that. Both are measured; `tests/unit/costs` compares them with finished studies, and
`tests/benchmarks/benchmark_costs.py` prints both for any results folder.
"""

from collections.abc import Callable, Iterable, Mapping

from confaug.config.protocols import Protocol
from confaug.costs.facts import StudyFacts
from confaug.costs.learning import (
    RANDOMISED,
    fitting_seconds,
    plain_seconds,
    predicting_seconds,
    tuning_seconds,
)
from confaug.infrastructure.sums import sum_in_order

Wildcards = Mapping[str, str]
Growth = Callable[[StudyFacts, Wildcards], float]

#: Processor seconds of a job beside what grows: starting Python, loading libraries, small tables.
USUAL = 0.5
START = {
    **dict.fromkeys(("embed_conformers", "minimise_conformers"), 0.5),
    **dict.fromkeys(("describe_2d", "describe_3d"), 0.8),
    **dict.fromkeys(("tune_model", "tune_randomised", "evaluate_baseline"), 1.4),
    **dict.fromkeys(("fit_model", "evaluate_model", "fit_final_model"), 1.3),
    **dict.fromkeys(("measure_training_sizes", "measure_extrapolation"), 1.6),
    **dict.fromkeys(("measure_learning_curves", "study_row_splits", "explain_model"), 1.6),
    **dict.fromkeys(("clean_molecules", "merge_augmented", "merge_distribution"), 0.9),
    **dict.fromkeys(("calibrate_intervals", "calibrate_plain_intervals"), 1.1),
    **dict.fromkeys(("assess_domain", "assess_plain_domain", "plot_parity"), 0.9),
    **dict.fromkeys(("compare_variants", "compare_plain_variants"), 2.0),
    **dict.fromkeys(("draw_figures", "draw_plain_figures", "draw_polymers"), 3.0),
    **dict.fromkeys(("write_report", "write_plain_report", "print_report"), 3.0),
    "assess_usability": 1.4,
    # Rules that only wait for others.
    **dict.fromkeys(("all", "plain", "predict", "pdf", "check"), 0.0),
}
#: Seconds for each molecule, by kind of columns.
DESCRIBING = {"mordred_2d": 0.01, "rdkit_2d": 0.004, "rdkit_2d_as_given": 0.004}


def expected_seconds(rule: str, wildcards: Wildcards, facts: StudyFacts) -> float:
    """Return the processor seconds that a job is expected to take.

    Use it for sums and for shares of a whole, such as the progress of a run: a single job may well
    take twice or half of it. Where memory and cores suffice, a job takes as long by the clock.

    Parameters
    ----------
    rule
        Name of the rule. One that is not in the tables counts as a short job.
    wildcards
        Wildcards of the job by name.
    facts
        What the costs depend on, see `StudyFacts.read`.

    Examples
    --------
    In a Snakefile, of every job that a run still has to do::

        facts = StudyFacts.read(config, placed(MANIFEST), placed(OWN_COLUMNS))
        {job: expected_seconds(job.rule.name, job.wildcards_dict, facts)
         for job in workflow.dag.needrun_jobs()}
    """
    growth = _GROWTH.get(rule)
    return START.get(rule, USUAL) + (growth(facts, wildcards) if growth else 0.0)


def _embedding(facts: StudyFacts, wildcards: Wildcards) -> float:
    return _shaping(facts, wildcards, Protocol.named(wildcards["protocol"]).method)


def _minimising(facts: StudyFacts, wildcards: Wildcards) -> float:
    return _shaping(facts, wildcards, Protocol.named(wildcards["protocol"]).force_field)


def _shaping(facts: StudyFacts, wildcards: Wildcards, part: str) -> float:
    """Return the seconds of an embedding method or a force field."""
    return facts.conformers_per_job * facts.conformer_seconds(part, wildcards.get("shard"))


def _describing_2d(facts: StudyFacts, wildcards: Wildcards) -> float:
    each = DESCRIBING.get(wildcards["kind"], 0.001)
    return each * facts.molecules_of(wildcards.get("shard"))


def _describing_3d(facts: StudyFacts, wildcards: Wildcards) -> float:
    return 0.0003 * facts.conformers_per_job * facts.work_of(wildcards.get("shard"))


def _merging(facts: StudyFacts, wildcards: Wildcards) -> float:
    return 2e-5 * facts.molecules * facts.rows


def _tuning(facts: StudyFacts, wildcards: Wildcards) -> float:
    return tuning_seconds(facts, wildcards["variant"])


def _randomised(facts: StudyFacts, wildcards: Wildcards) -> float:
    times = int(facts.config["evaluation"]["y_randomisations"])
    return RANDOMISED * times * tuning_seconds(facts, _main(facts))


def _fitting(facts: StudyFacts, wildcards: Wildcards) -> float:
    return fitting_seconds(facts, wildcards["variant"])


def _predicting(facts: StudyFacts, wildcards: Wildcards) -> float:
    return predicting_seconds(facts, wildcards["variant"])


def _plain(facts: StudyFacts, wildcards: Wildcards) -> float:
    return plain_seconds(facts, wildcards["variant"])


def _learning_curves(facts: StudyFacts, wildcards: Wildcards) -> float:
    """Add up the points of the three curves, by the share of the rows that each is fitted on."""
    main, points = _main(facts), facts.config["evaluation"]["learning_curves"]
    rows = facts.rows_of(main)
    protocols = len(facts.protocols) if rows > 1 and len(facts.protocols) > 1 else 0
    shares = [count / rows for count in points["conformers"] if count < rows]
    shares += [1 / max(protocols, 1)] * protocols
    shares += [share for share in points["molecules"] if share < 1]
    return float(sum_in_order(fitting_seconds(facts, main, share) for share in [*shares, 1.0]))


def _training_sizes(facts: StudyFacts, wildcards: Wildcards) -> float:
    """Assume that a plain model is recommended, which fits in a hundredth of a second."""
    return 0.01 * 6 * float(facts.config["evaluation"]["training_orders"])


def _extrapolation(facts: StudyFacts, wildcards: Wildcards) -> float:
    held_out = facts.config["evaluation"]["extrapolation"]
    times = (2 if held_out["share"] else 0) + int(held_out["clusters"])
    return float(0.08 * times * sum_in_order(_untuned(facts, facts.plain)))


def _final_model(facts: StudyFacts, wildcards: Wildcards) -> float:
    """Assume the mean of the models that are not tuned."""
    each = _untuned(facts, facts.candidates)
    return float(sum_in_order(each)) / max(len(each), 1)


def _untuned(facts: StudyFacts, variants: Iterable[str]) -> list[float]:
    """Return what those of some variants take that are not tuned."""
    untuned = [name for name in variants if facts.variants[name].learner != "lightgbm"]
    return [plain_seconds(facts, name) for name in untuned]


def _row_splits(facts: StudyFacts, wildcards: Wildcards) -> float:
    return 2.5 * (1 + len(facts.config["evaluation"]["published_row_splits"]))


def _explaining(facts: StudyFacts, wildcards: Wildcards) -> float:
    return predicting_seconds(facts, _main(facts)) + 1.0


def _main(facts: StudyFacts) -> str:
    assert facts.main is not None  # the rules that ask exist only with it
    return facts.main


def _cleaning(facts: StudyFacts, wildcards: Wildcards) -> float:
    return 0.001 * facts.molecules


_GROWTH: dict[str, Growth] = {
    "clean_molecules": _cleaning,
    "embed_conformers": _embedding,
    "minimise_conformers": _minimising,
    "describe_2d": _describing_2d,
    "describe_3d": _describing_3d,
    "merge_augmented": _merging,
    "merge_distribution": _merging,
    "tune_model": _tuning,
    "tune_randomised": _randomised,
    "fit_model": _fitting,
    "evaluate_model": _predicting,
    "evaluate_baseline": _plain,
    "measure_learning_curves": _learning_curves,
    "measure_training_sizes": _training_sizes,
    "measure_extrapolation": _extrapolation,
    "fit_final_model": _final_model,
    "study_row_splits": _row_splits,
    "explain_model": _explaining,
}
