"""What the target check prints, from the cleaned molecules and the plan of the study."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from confaug.config.settings.molecules import SplitSettings
from confaug.costs.facts import StudyFacts, shapes_of_shards
from confaug.costs.study import cost_of, slowest_molecules
from confaug.evaluation.study_size import StudySize
from confaug.infrastructure.snakemake_jobs import PlannedJob
from confaug.molecules.remarks import remark_table
from confaug.molecules.splitting import TRAIN, split_molecules
from confaug.report.wording import check as words
from confaug.report.wording.full_verdict import too_few
from confaug.report.wording.ledger import STATUSES, ledger_sentence
from confaug.report.wording.notices import label_notices
from confaug.tables.engine import read_table
from confaug.tables.molecules import LEDGER, MOLECULES

Config = Mapping[str, Any]
#: Rows or warnings that are listed of each kind, and slow molecules that are named.
MOST_LISTED, MOST_SLOW = 10, 3
#: How many centres or the like a warning is about.
COUNT = re.compile(r" \(\d+\)")


@dataclass(frozen=True)
class CheckedStudy:
    """The files that a check reads, and the configuration.

    Attributes
    ----------
    ledger, molecules, labels, manifest, own_columns
        What cleaning and sharding have written; the last may be missing.
    configfiles
        Configuration files as a command names them.
    snakefile
        Path of the workflow, if it does not lie in the working directory.
    """

    config: Config
    ledger: Path
    molecules: Path
    labels: Path
    manifest: Path
    own_columns: Path
    configfiles: Sequence[str]
    snakefile: str | None = None


def check_lines(study: CheckedStudy, jobs: Sequence[PlannedJob], cores: int) -> list[str]:
    """Return what is to be known before a study is run.

    Parameters
    ----------
    jobs
        All jobs of the study.
    cores
        Number of cores of the run.
    """
    ledger, molecules = read_table(study.ledger, LEDGER), read_table(study.molecules, MOLECULES)
    splits = _draw_splits(molecules, SplitSettings(**study.config["splits"]))
    facts = StudyFacts.read(study.config, study.manifest, study.own_columns)
    return [
        *_of_rows(ledger, molecules, str(study.ledger)),
        *_of_learning(splits, facts),
        *_warnings(study, ledger, molecules, splits),
        *_of_costs(study, facts.with_splits(*_mean_sizes(splits)), molecules, jobs, cores),
    ]


def _draw_splits(molecules: pa.Table, settings: SplitSettings) -> list[pa.Table]:
    """Return the SPLIT table of every replicate."""
    train, folds, seed = settings.train, settings.folds, settings.seed
    return [
        split_molecules(molecules, train, folds, seed, replicate)
        for replicate in range(1, settings.replicates + 1)
    ]


def _sizes(splits: Sequence[pa.Table]) -> tuple[list[int], list[int]]:
    """Return how many molecules train and are held out, for every split."""
    training = [pc.sum(pc.equal(split["part"], TRAIN)).as_py() or 0 for split in splits]
    return training, [len(split) - n for split, n in zip(splits, training, strict=True)]


def _mean_sizes(splits: Sequence[pa.Table]) -> tuple[float, float]:
    """Return how many molecules train and are held out on average."""
    training, held_out = _sizes(splits)
    return sum(training) / len(splits), sum(held_out) / len(splits)


def _of_rows(ledger: pa.Table, molecules: pa.Table, path: str) -> Iterator[str]:
    """Account for every row, and name those that are of no use and kinds of warnings."""
    counts = Counter(ledger["status"].to_pylist())
    labelled = len(molecules) - molecules["label"].null_count
    statuses = {status: counts[status] for status in STATUSES if counts[status]}
    yield f"Rows: {ledger_sentence(statuses, len(molecules), labelled)}"
    rows = ledger.to_pylist()
    for status in ("rejected", "conflict"):
        odd = [row for row in rows if row["status"] == status]
        yield from (words.row_line(row) for row in odd[:MOST_LISTED])
        if len(odd) > MOST_LISTED:
            yield words.more_rows(len(odd) - MOST_LISTED, path)
    yield from _warnings_by_kind(row for row in rows if row["status"] != "rejected")


def _warnings_by_kind(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Name each kind of warning with its first row, the most frequent first."""
    kinds: dict[str, list[int]] = {}
    for row in rows:
        if row["warning"]:
            kinds.setdefault(COUNT.sub("", row["warning"]), []).append(row["row"])
    ranked = sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[1]))
    for kind, places in ranked[:MOST_LISTED]:
        yield words.warning_line(kind, places)


def _of_learning(splits: Sequence[pa.Table], facts: StudyFacts) -> Iterator[str]:
    """Say what is modelled and compared."""
    yield words.split_line(*_sizes(splits))
    yield words.variants_line(list(facts.variants))
    repeats = int(facts.config["embedding"]["repeats"])
    each = facts.conformers_per_job
    yield words.conformers_line(facts.protocols, repeats, each, facts.molecules)


def _warnings(
    study: CheckedStudy, ledger: pa.Table, molecules: pa.Table, splits: Sequence[pa.Table]
) -> Iterator[str]:
    """Say what the report of the study would warn of."""
    size = _study_size(molecules, splits)
    found = [] if size.enough else [too_few(size)]
    found += label_notices(json.loads(study.labels.read_text(encoding="utf-8")))
    found += [line.removeprefix("WARNING: ") for line in remark_table(ledger, molecules)]
    yield from (f"Note: {line}" for line in found)


def _study_size(molecules: pa.Table, splits: Sequence[pa.Table]) -> StudySize:
    """Return how much the study will have to conclude from."""
    training, held_out = _sizes(splits)
    labelled = molecules.filter(pc.is_valid(molecules["label"]))
    tested = [split.filter(pc.not_equal(split["part"], TRAIN)) for split in splits]
    return StudySize(
        labelled=len(labelled),
        held_out=min(held_out),
        training=max(training),
        one_value={},
        labelled_groups=len(pc.unique(labelled["group"])),
        held_out_groups=min(len(pc.unique(split["group"])) for split in tested),
    )


def _of_costs(
    study: CheckedStudy,
    facts: StudyFacts,
    molecules: pa.Table,
    jobs: Sequence[PlannedJob],
    cores: int,
) -> Iterator[str]:
    """Say what takes long, and what the study costs."""
    if facts.protocols:
        shapes = shapes_of_shards(study.manifest)
        facts = facts.with_shapes({shard: found.values() for shard, found in shapes.items()})
        every = {name: shape for found in shapes.values() for name, shape in found.items()}
        names = _names(molecules)
        yield "Slowest molecules:"
        for slow in slowest_molecules(facts, every, MOST_SLOW):
            yield words.slow_line(names[slow.molecule], slow.shape, slow.seconds, slow.share)
    yield from words.cost_lines(cost_of(jobs, facts, cores))
    plain = bool(facts.plain and facts.protocols)
    yield from words.next_lines(study.configfiles, cores, study.snakefile, plain=plain)


def _names(molecules: pa.Table) -> dict[str, str]:
    """Return what the user calls each molecule, or its structure."""
    columns = ["molecule", "name", "id", "smiles"]
    return {
        row["molecule"]: row["name"] or row["id"] or row["smiles"]
        for row in molecules.select(columns).to_pylist()
    }
