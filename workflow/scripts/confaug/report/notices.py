"""Notices on the first screen and on the console: doubtful labels, and protocols that failed."""

from collections.abc import Mapping
from typing import Any

from confaug.evaluation.protocol_failures import ProtocolFailure, failed_protocols
from confaug.report.results import Results
from confaug.report.wording.notices import label_notices, protocol_notices


def notices(results: Results, config: Mapping[str, Any]) -> list[str]:
    """Return what belongs on the first screen, and on the console, besides the verdict."""
    failed = protocols_without_conformers(results, config)
    protocols = config["embedding"]["protocols"]
    return [*label_notices(results.document("labels")), *protocol_notices(failed, protocols)]


def protocols_without_conformers(
    results: Results, config: Mapping[str, Any]
) -> list[ProtocolFailure]:
    """Return the protocols that failed for most molecules of the study."""
    embedding = config["embedding"]
    return failed_protocols(
        results["failures"],
        len(results["molecules"]),
        embedding["protocols"],
        embedding["repeats"],
    )
