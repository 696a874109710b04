"""What a reader of the report can do next, as the results suggest."""

from collections import Counter

from confaug.evaluation import outlook as outlooks
from confaug.evaluation.usability import CHANCE, NOT_BETTER, NOT_MET
from confaug.evaluation.verdict import TOO_FEW
from confaug.report.results import Results
from confaug.report.wording import next_steps as words
from confaug.report.wording.next_steps import Step

#: Input rows with these statuses are of no use to the study.
UNUSED = ("rejected", "conflict")
#: What the learning curve says where more molecules of the same kind would hardly help.
IN_VAIN = (outlooks.FLAT, outlooks.FLOOR)
#: Where a model is not good enough, something must become better.
NOT_GOOD_ENOUGH = (NOT_BETTER, NOT_MET, CHANCE)


def next_steps(results: Results, *, can_predict: bool) -> list[Step]:
    """Return what to do next, the most useful first.

    Parameters
    ----------
    can_predict
        Whether the page gives a command that predicts new molecules.
    """
    verdict, flags = results.outcome.verdict, results.flags
    counts = Counter(row["status"] for row in results["ledger"])
    unused = sum(counts[status] for status in UNUSED)
    outliers = len(results["label_outliers"])
    return [
        *([words.GO_ON] if results.to_come else []),
        *([words.PREDICT] if can_predict and not _doubted(results) else []),
        *([words.MIND_FLAGS] if flags and flags.informative and verdict.recommends else []),
        *_improve(results),
        *([words.REPLICATES] if verdict.splits.one and not verdict.splits.fixed else []),
        *([words.check_labels(outliers)] if outliers else []),
        *([words.check_rows(unused)] if unused else []),
    ]


def _doubted(results: Results) -> bool:
    """Whether the page advises against relying on the model."""
    return results.usability is not None and results.usability.grade == CHANCE


def _improve(results: Results) -> list[Step]:
    """Say what could make a model good enough that is not, as the learning curve has it."""
    verdict, found = results.outcome.verdict, results.usability
    if verdict.verdict == TOO_FEW or found is None:
        return [] if verdict.recommends else [words.MEASURE_MORE]
    if found.grade not in NOT_GOOD_ENOUGH:
        return []
    if found.outlook is None:
        return [words.MEASURE_MORE]
    return [words.BETTER_DATA if found.outlook.answer in IN_VAIN else words.MEASURE_MORE]
