"""How many columns the rows of a variant have, as far as it is known before any is calculated.

The rules use this module, so it loads no learner.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from confaug.config.kinds import OWN_KIND
from confaug.config.settings.variants import Variant
from confaug.descriptors.molecule_kinds import columns_of
from confaug.descriptors.names import EVERY_3D

#: The variant that requests for memory were calibrated on.
CALIBRATED = Variant(representation=("mordred_2d", "augmented_3d"), learner="lightgbm")


def count_columns(variant: Variant, n_protocols: int, own_columns: str | Path) -> int:
    """Return the number of columns of a variant's rows.

    Parameters
    ----------
    variant
        The variant.
    n_protocols
        Number of protocols of the study.
    own_columns
        The file of OWN_COLUMNS. While it is missing, there are none.

    Examples
    --------
    >>> count_columns(CALIBRATED, 6, "none.parquet")
    1836
    """
    count = _count_3d(variant.conformer_kind, n_protocols)
    for kind in variant.molecule_kinds:
        count += _count_own(own_columns) if kind == OWN_KIND else len(columns_of(kind).names)
    return count


def _count_own(path: str | Path) -> int:
    """Return the number of features of the user's own columns."""
    try:
        return len(pq.read_schema(path).names) - 1  # without the molecule
    except (OSError, pa.ArrowException):
        return 0  # the job that reads a damaged file says so


def _count_3d(kind: str | None, n_protocols: int) -> int:
    """Return the number of columns that are made of conformers."""
    if kind is None:
        return 0
    if kind == "distribution_3d":
        from confaug.descriptors.distribution import STATISTICS as OF_PROTOCOL

        return len(OF_PROTOCOL) * n_protocols * len(EVERY_3D)
    if kind == "ensemble_statistics_3d":
        from confaug.learning.ensemble_statistics import STATISTICS

        return len(STATISTICS) * len(EVERY_3D)
    return len(EVERY_3D)
