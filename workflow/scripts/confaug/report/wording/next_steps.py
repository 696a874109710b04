"""What a reader of the report can do next, in words."""

from typing import NamedTuple

from confaug.report.number_format import count


class Step(NamedTuple):
    """One thing to do: a sentence, and the section of the page that says more, if one does."""

    sentence: str
    section: str = ""
    link: str = ""


PREDICT = Step(
    "Predict new molecules with the command above. Measure a few of them, and compare the values "
    "with their predictions and intervals. This is the best test of the model.",
)
MEASURE_MORE = Step(
    "Measure more molecules, and run the study again.", "enough", "How much is enough"
)
BETTER_DATA = Step(
    "Look for better labels or other descriptors before you measure more molecules of this kind: "
    "the learning curve does not show that more of them would be enough.",
    "enough",
    "How much is enough",
)
GO_ON = Step("Run the whole study, which adds the variants that need conformers.")
REPLICATES = Step(
    "Raise splits.replicates, for example to 10: so far, everything rests on one division into "
    "training and test molecules.",
    "verdict",
    "The verdict in full",
)
MIND_FLAGS = Step(
    "Trust predictions with a flag of the applicability domain less: their errors were larger.",
    "domain",
    "Domain",
)


def check_labels(outliers: int) -> Step:
    """Ask for a look at labels that may be wrong.

    >>> check_labels(1).sentence
    'Check 1 label that may be wrong at its source.'
    """
    whose = "its source" if outliers == 1 else "their sources"
    labels = count(outliers, "label")
    return Step(
        f"Check {labels} that may be wrong at {whose}.", "label-outliers", "Possibly mislabelled"
    )


def check_rows(rows: int) -> Step:
    """Ask for a look at input rows that were left out.

    >>> check_rows(1).sentence
    'Look at 1 row of your table that could not be used or contradicts others.'
    """
    contradict = "contradicts" if rows == 1 else "contradict"
    return Step(
        f"Look at {count(rows, 'row')} of your table that could not be used or {contradict} "
        "others.",
        "data",
        "Data",
    )
