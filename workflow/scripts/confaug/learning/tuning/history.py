"""The history of a tuning study on disk, from which an interrupted study continues."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from confaug.config.lightgbm_values import ParameterValue
from confaug.infrastructure.files import full_disk_named, write_text

logger = logging.getLogger("confaug")


@dataclass(frozen=True)
class Trial:
    """One trial of a study.

    Attributes
    ----------
    error
        Lowest error of the pooled out-of-fold predictions, in label units.
    rounds
        Boosting rounds at which it was reached.
    pruned
        Whether the trial ended early because it could not become the best.
    """

    trial: int
    parameters: dict[str, ParameterValue]
    error: float
    rounds: int
    pruned: bool = False


class History:
    """Trials on disk, one JSON object per line, the first line being the study's fingerprint.

    The history of another study is replaced. An incomplete last line, left by a kill, is dropped.
    Every trial carries a checksum of itself and the fingerprint: a trial that a disk error changed
    is dropped together with those after it, and run again.
    """

    def __init__(self, path: str | Path | None, fingerprint: str) -> None:
        self.path = None if path is None else Path(path)
        self.fingerprint = fingerprint

    def read(self) -> list[Trial]:
        """Return the trials of this study so far and make the file ready for more."""
        if self.path is None:
            return []
        trials = self._parse(self.path.read_bytes()) if self.path.exists() else []
        lines = [{"fingerprint": self.fingerprint}, *map(self._entry, trials)]
        write_text("".join(json.dumps(line) + "\n" for line in lines), self.path)
        return trials

    def _parse(self, content: bytes) -> list[Trial]:
        lines = content.split(b"\n")[:-1]  # what follows the last line break is not complete
        entries: list[dict[str, Any]] = []
        for line in lines:
            try:
                entries.append(json.loads(line))
            except ValueError:  # the end was damaged, as by a power cut
                break
        if entries[:1] != [{"fingerprint": self.fingerprint}]:
            logger.info("the history belongs to other data or settings; the study starts again")
            return []
        trials: list[Trial] = []
        for entry in entries[1:]:
            trial = self._trial(entry)
            if trial is None:
                logger.warning("WARNING: %s has a damaged trial; it is run again", self.path)
                break
            if trial.trial == len(trials):  # a job that outlived its workflow repeats others
                trials.append(trial)
        return trials

    def append(self, trial: Trial) -> None:
        """Write a trial at once."""
        if self.path is None:
            return
        with full_disk_named(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self._entry(trial)) + "\n")

    def _entry(self, trial: Trial) -> dict[str, Any]:
        """Return a trial as it is written."""
        values = asdict(trial)
        return {**values, "checksum": self._checksum(values)}

    def _trial(self, entry: Any) -> Trial | None:
        """Read a trial; None if it is not what was written."""
        values = dict(entry) if isinstance(entry, dict) else {}
        intact = values.pop("checksum", None) == self._checksum(values)
        return Trial(**values) if intact else None

    def _checksum(self, values: Mapping[str, Any]) -> str:
        text = json.dumps([self.fingerprint, values], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
