"""Protocols that gave no conformers of all or most molecules, from the list of what failed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: A protocol that has nothing for more than this share of the molecules is named.
MOST = 0.5


@dataclass(frozen=True)
class ProtocolFailure:
    """A protocol, and of how many of all molecules it gave no conformer or no descriptor at all."""

    protocol: str
    failed: int
    molecules: int

    @property
    def throughout(self) -> bool:
        """Whether it failed for every molecule."""
        return self.failed == self.molecules


def failed_protocols(
    failures: Iterable[Mapping[str, Any]], molecules: int, protocols: Iterable[str], repeats: int
) -> list[ProtocolFailure]:
    """Return the protocols that failed for most molecules, in their order.

    Parameters
    ----------
    failures
        Rows of a FAILURES table.
    molecules
        How many there are.
    protocols
        Those of the configuration.
    repeats
        Repeat jobs of each protocol; a molecule has failed when it has in all of them.
    """
    lost: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in failures:
        if row["protocol"] is not None and row["conformer"] is None:
            lost[row["protocol"], row["molecule"]].add(row["repeat"])
    failed = [protocol for (protocol, _), found in lost.items() if len(found) >= repeats]
    counts = [ProtocolFailure(name, failed.count(name), molecules) for name in protocols]
    return [one for one in counts if one.failed and one.failed > MOST * molecules]
