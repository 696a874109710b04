"""The leakage check, and the apparent error under row-wise splits."""

import math

from confaug.evaluation.leakage_findings import (
    BLOCKS,
    BUNDLED,
    FIT_ROWS,
    OUT_OF_FOLD,
    SMILES,
    TEST,
    TRAIN,
    UNITS,
    Crossing,
    LeakageFindings,
)
from confaug.evaluation.row_split_summary import RowSplitSummary, SplitMeans
from confaug.report.number_format import count, number, percent, whole_percent

#: What each check found nothing against, unless it has violations.
CHECKS = {
    SMILES: "no canonical SMILES is in two parts or two folds of a split",
    BLOCKS: "no connectivity block is in two parts or two folds of a split",
    UNITS: "no repeat unit is in two parts or two folds of a split",
    TEST: "the test predictions cover exactly the test molecules of the split",
    TRAIN: "the training predictions cover exactly the training molecules of the split",
    OUT_OF_FOLD: "the out-of-fold predictions cover exactly the training molecules of the split",
    FIT_ROWS: (
        "filters, scalers, bins and models were fitted on exactly the rows of the training "
        "molecules, without those of the fold that they predict"
    ),
    BUNDLED: "the bundles of tuned models list exactly the training molecules of the split",
}
KEPT_TOGETHER = {
    "connectivity": (
        "Molecules with the same InChIKey connectivity block (the first block) are kept on one "
        "side of a split."
    ),
    "molecule": "Only molecules with the same canonical SMILES are kept on one side of a split.",
}
#: An error that looks smaller by less than this factor hardly looks smaller.
NOTEWORTHY = 1.05


def leakage_heading(findings: LeakageFindings | None) -> str:
    """Say in a heading whether something leaks."""
    if findings is None:
        return "Leakage check"
    return "Possible leakage" if findings.shared_blocks else "No leakage found"


def leakage_sentence(findings: LeakageFindings) -> str:
    """Say what was compared, and what the splits keep together."""
    return (
        "Structures were derived again from the tables and compared across "
        f"{count(findings.replicates, 'split')} of {count(findings.molecules, 'molecule')} "
        f"({count(findings.blocks, 'connectivity block')}) and "
        f"{count(findings.variants, 'variant')}. {KEPT_TOGETHER[findings.group_by]}"
    )


def crossing(found: Crossing) -> str:
    """Say where one structure is."""
    places = " and in ".join(f"{place} ({molecule})" for place, molecule in found.places)
    return f"replicate {found.replicate}: {found.identity} is in {places}"


def row_split_sentence(summary: RowSplitSummary) -> str:
    """Say how many structures a row-wise split lets through, and what that does to the error."""
    return (
        f"In a split by row ({summary.rows}), {whole_percent(summary.row.share_seen)} of the "
        "test rows have their own structure in training, and the error appears "
        f"{_compared(summary.row.mae, summary.molecule.mae)}."
    )


def relative(means: SplitMeans, meaningful: bool) -> str:
    """Write a relative error in brackets, where one means something."""
    if not meaningful or means.relative_error is None:
        return ""
    return f" ({percent(means.relative_error)})"


def _compared(by_row: float, by_molecule: float) -> str:
    """Say how an error under a row-wise split looks beside the one for new molecules."""
    if not by_row < by_molecule:
        return "no smaller than for new molecules in these draws"
    ratio = by_molecule / by_row if by_row else math.inf
    if math.isinf(ratio):
        return "to be zero, which it is not for new molecules"
    if ratio < NOTEWORTHY:
        return "hardly smaller than for new molecules"
    return f"smaller than for new molecules by a factor of {number(ratio, digits=1)}"
