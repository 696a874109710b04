"""What a reader of the report can do next, as the results suggest."""

from collections import Counter

from confaug.report.results import Results
from confaug.report.wording import next_steps as words
from confaug.report.wording.next_steps import Step

#: Input rows with these statuses are of no use to the study.
UNUSED = ("rejected", "conflict")


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
        *([words.PREDICT] if can_predict else []),
        *([words.MIND_FLAGS] if flags and flags.informative and verdict.recommends else []),
        *([] if verdict.recommends else [words.MEASURE_MORE]),
        *([words.REPLICATES] if verdict.splits.one and not verdict.splits.fixed else []),
        *([words.check_labels(outliers)] if outliers else []),
        *([words.check_rows(unused)] if unused else []),
    ]
