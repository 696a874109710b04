"""What a run of the atlas says of itself: progress over all of its studies, and its results."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confaug.atlas.gains import BEST_WAY
from confaug.atlas.plan import ATLAS
from confaug.costs.facts import StudyFacts
from confaug.costs.seconds import expected_seconds
from confaug.infrastructure.remaining import Left
from confaug.report.quiet_console import START_UP

Config = Mapping[str, Any]


class AtlasRun:
    """A run that makes the atlas.

    Parameters
    ----------
    workflow
        Snakemake's workflow.
    configs
        The complete configuration of every study, by name.
    folder
        Folder of the atlas' results.
    """

    def __init__(self, workflow: Any, configs: Mapping[str, Config], folder: str) -> None:
        self._workflow = workflow
        self._configs = configs
        self._folder = Path(folder)
        self._facts: dict[tuple[str, bool], StudyFacts] = {}

    def jobs_left(self) -> list[Left]:
        """Return the jobs that are not finished, and what they are expected to take."""
        return [
            Left(
                job.jobid,
                job.rule.name,
                START_UP + self._seconds(job.rule.name, job.wildcards_dict),
                job.rule.is_checkpoint,
            )
            for job in self._workflow.dag.needrun_jobs()
        ]

    def _seconds(self, name: str, wildcards: dict[str, str]) -> float:
        """Return the processor seconds that a job is expected to take."""
        for study in sorted(self._configs, key=len, reverse=True):  # a name may begin another
            prefix, config = f"{ATLAS}_{study}_", self._configs[study]
            if name.startswith(prefix):
                facts = self._facts_of(study, config)
                return expected_seconds(name.removeprefix(prefix), wildcards, facts)
        return 0.0

    def _facts_of(self, study: str, config: Config) -> StudyFacts:
        """Return what the costs of a study depend on, read before it is divided and once after."""
        manifest = self._folder / study / "shards" / "manifest.json"
        key = (study, manifest.is_file())
        if key not in self._facts:
            self._facts[key] = StudyFacts.read(config, manifest, self._folder / study / "none")
        return self._facts[key]

    def conclusion(self) -> list[str]:
        """Return what the atlas says in short, and where it is."""
        file = self._folder / "atlas.json"
        if not file.is_file():
            return []
        summary = json.loads(file.read_text("utf-8"))
        lines = [f"{summary['studies']} studies with {summary['molecules']} labels"]
        found = summary["ways"].get(BEST_WAY, {})
        if counts := found.get("verdicts"):
            lines.append(
                f"Conformers helped in {counts['helped']}, made no difference in "
                f"{counts['no_difference']} and hurt in {counts['hurt']} studies"
            )
        if effect := found.get("effect"):
            lines.append(
                f"Mean gain over the best model without conformers: {effect['mean']:.0f} % "
                f"({effect['low']:.0f} to {effect['high']:.0f} %)"
            )
        return [*lines, f"Atlas: {self._folder / 'gains.svg'}"]
