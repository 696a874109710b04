"""The molecules of one replicate for a learner: rows, labels and folds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confaug.config.settings.descriptors import DescriptorSettings
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.representations import build_rows
from confaug.learning.rows import Rows, Values
from confaug.tables.engine import read_table
from confaug.tables.molecules import MOLECULES, SPLIT


@dataclass(frozen=True)
class LearningData:
    """One replicate.

    Attributes
    ----------
    files
        Where the columns that rows are built from are.
    smiles, labels
        By molecule; a molecule without a label has NaN.
    parts, folds
        By molecule: ``train`` or ``test``, and the fold of training molecules.
    variant
        The variant's entry in the configuration.
    protocols
        The study's protocols in configured order.
    descriptors
        Settings of the descriptors.
    """

    files: DescriptorFiles
    smiles: Mapping[str, str]
    labels: Mapping[str, float]
    parts: Mapping[str, str]
    folds: Mapping[str, int]
    variant: Variant
    protocols: tuple[str, ...]
    descriptors: DescriptorSettings = field(default_factory=DescriptorSettings)

    def molecules(self, part: str) -> list[str]:
        """Return the molecules of one part, in ascending order."""
        return sorted(name for name, own in self.parts.items() if own == part)

    def rows(self, part: str, most: int | None = None) -> Rows:
        """Build the rows of one part as the variant says.

        Parameters
        ----------
        part
            ``train`` or ``test``.
        most
            Take no more rows of each molecule than this, even if the variant allows more.
        """
        limits = [limit for limit in (most, self.variant.rows_per_molecule) if limit is not None]
        return build_rows(
            self.variant,
            self.files,
            self.molecules(part),
            protocols=self.protocols,
            rows_per_molecule=min(limits, default=None),
            descriptors=self.descriptors,
        )

    def labels_of(self, molecules: Iterable[str]) -> Values:
        """Return the labels of some molecules."""
        return np.array([self.labels[str(name)] for name in molecules], dtype=np.float64)

    def folds_of(self, molecules: Iterable[str]) -> NDArray[np.int64]:
        """Return the folds of some training molecules."""
        return np.array([self.folds[str(name)] for name in molecules], dtype=np.int64)


def read_learning_data(
    files: DescriptorFiles,
    molecules: str | Path,
    split: str | Path,
    variant: Variant,
    protocols: Iterable[str],
    descriptors: DescriptorSettings | None = None,
) -> LearningData:
    """Read what a learner needs to know of one replicate; descriptors are read later.

    Raises
    ------
    UserError
        If a training molecule has no label or no fold.
    """
    facts = read_table(molecules, MOLECULES).to_pylist()
    entries = read_table(split, SPLIT).to_pylist()
    labels = {m["molecule"]: np.nan if m["label"] is None else m["label"] for m in facts}
    for entry in entries:
        if entry["part"] != "train":
            continue
        if not np.isfinite(labels.get(entry["molecule"], np.nan)):
            raise UserError(f"{molecules}: training molecule {entry['molecule']} has no label")
        if entry["fold"] is None:
            raise UserError(f"{split}: training molecule {entry['molecule']} has no fold")
    return LearningData(
        files,
        {m["molecule"]: m["smiles"] for m in facts},
        labels,
        {entry["molecule"]: entry["part"] for entry in entries},
        {entry["molecule"]: entry["fold"] for entry in entries if entry["part"] == "train"},
        variant,
        tuple(protocols),
        descriptors or DescriptorSettings(),
    )


def read_replicate(files: Any, variant: Variant, settings: Mapping[str, Any]) -> LearningData:
    """Read one replicate, given inputs and settings of a job; see `read_learning_data`."""
    return read_learning_data(
        DescriptorFiles.of(files, variant),
        files.molecules,
        files.split,
        variant,
        settings["protocols"],
        DescriptorSettings(**settings.get("descriptors", {})),
    )
