"""What the leakage check found: facts, as they stand in its document."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

#: What is checked: identities that must not cross a split, predictions by part, fits, bundles.
SMILES, BLOCKS, UNITS = "canonical_smiles", "connectivity_block", "repeat_unit"
TEST, TRAIN, OUT_OF_FOLD = "test_predictions", "train_predictions", "out_of_fold_predictions"
FIT_ROWS, BUNDLED = "fits", "bundles"
#: What a violation leads to: the end of the job, or a place in the report.
ERROR, REPORT = "error", "report"


@dataclass(frozen=True)
class Crossing:
    """An identity that is in several parts or folds of a split.

    Attributes
    ----------
    replicate
        Number of the split.
    identity
        A canonical SMILES, connectivity block or repeat unit.
    places
        Each part or fold that it is in, with one molecule that is there.
    """

    replicate: int
    identity: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Check:
    """One kind of check.

    Attributes
    ----------
    kind
        What was checked, such as `BLOCKS`.
    policy
        `ERROR` or `REPORT`; only a check of policy `REPORT` can have violations.
    compared
        How many things were compared.
    violations
        How many of them were found on two sides of a split.
    examples
        The first of them.
    """

    kind: str
    policy: str
    compared: int
    violations: int = 0
    examples: tuple[Crossing, ...] = ()


@dataclass(frozen=True)
class LeakageFindings:
    """What was checked in a study without a leak.

    Attributes
    ----------
    group_by
        `connectivity` or `molecule`: what is kept on one side of a split.
    replicates, variants, molecules, blocks
        How many splits, variants, labelled molecules and connectivity blocks there are.
    checks
        What was checked.
    """

    group_by: str
    replicates: int
    variants: int
    molecules: int
    blocks: int
    checks: tuple[Check, ...]

    @property
    def shared_blocks(self) -> int:
        """How often a connectivity block is in two parts or two folds of a split.

        That is an error unless whole structures are split (`group_by: molecule`), so it is 0
        otherwise.
        """
        return sum(check.violations for check in self.checks if check.policy == REPORT)

    def document(self) -> dict[str, Any]:
        """Return the facts as they stand in a JSON document."""
        return {"leak_free": True, **asdict(self)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "LeakageFindings":
        """Read what `document` gives; other keys are left out."""
        return TypeAdapter(cls).validate_python(document)
