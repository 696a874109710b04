"""Which of many predicted rows a page shows: the best, the doubtful, and the first of the table."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.report.wording.domain import FLAG_WORDS

Places = NDArray[np.int64]
#: More rows than this make a page slow; the files beside it have all.
ROWS_SHOWN = 1000
#: Rows in the figure of single predictions, so that marks can be told apart.
MARKED = 300
#: Structures drawn of each kind.
DRAWN = 6


@dataclass(frozen=True)
class Ranking:
    """Places of predicted rows in their order; rows of one structure count once.

    Attributes
    ----------
    by_prediction
        Rows without a flag, the highest prediction first. Molecules that the model was trained on
        are left out, because their values are known.
    doubtful
        Rows with a flag: those with most flags first, the farthest from training first among them.
    """

    by_prediction: Places
    doubtful: Places

    @property
    def is_short(self) -> bool:
        """Whether the highest and the lowest predictions would be the same rows."""
        return len(self.by_prediction) <= 2 * DRAWN


def rank(predicted: pa.Table) -> Ranking:
    """Rank the predicted rows of NEW_PREDICTIONS."""
    flags = np.column_stack([_numbers(predicted, flag) for flag in FLAG_WORDS])
    count = np.nan_to_num(flags).sum(axis=1)
    _, first = np.unique(predicted["molecule"].to_numpy(), return_index=True)
    places = np.sort(first)
    flagged = count[places] > 0
    known = predicted["training_label"].is_valid().to_numpy()[places]
    plain, doubtful = places[~flagged & ~known], places[flagged]
    highest = np.argsort(-_numbers(predicted, "prediction")[plain], kind="stable")
    distance = np.nan_to_num(_numbers(predicted, "distance"))
    order = np.lexsort((-distance[doubtful], -count[doubtful]))
    return Ranking(plain[highest], doubtful[order])


def shown_rows(
    ranking: Ranking, rows: int, most: int = ROWS_SHOWN
) -> tuple[Places, dict[str, int]]:
    """Choose rows for a page, a quarter of each kind.

    Parameters
    ----------
    ranking
        What `rank` gives.
    rows
        Number of predicted rows.
    most
        Number of rows to show at most.

    Returns
    -------
    tuple
        Places of the rows in the order of the table, and how many are there as the `highest`,
        `lowest`, `doubtful` and `first`. All rows have no such numbers.
    """
    if rows <= most:
        return np.arange(rows), {}
    quarter = most // 4
    by_prediction = ranking.by_prediction
    kinds = {
        "highest": by_prediction[:quarter],
        "lowest": by_prediction[quarter:][-quarter:][::-1],
        "doubtful": ranking.doubtful[:quarter],
    }
    chosen = np.concatenate(list(kinds.values()))
    others = np.setdiff1d(np.arange(min(rows, 2 * most)), chosen)
    kinds["first"] = others[: most - len(chosen)]
    counts = {kind: len(places) for kind, places in kinds.items()}
    return np.sort(np.concatenate([chosen, kinds["first"]])), counts


def _numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column as numbers, NaN where it is empty."""
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), float)
