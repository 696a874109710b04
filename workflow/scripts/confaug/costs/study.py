"""What a study costs as a whole, and which of its molecules take longest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confaug.config.protocols import Protocol
from confaug.costs.disk import disk_bytes
from confaug.costs.embedding import Shape, conformer_seconds
from confaug.costs.facts import StudyFacts
from confaug.costs.order import seconds_by_the_clock
from confaug.costs.schedule import clock_seconds
from confaug.costs.seconds import expected_seconds
from confaug.infrastructure.snakemake_jobs import PlannedJob
from confaug.infrastructure.sums import sum_in_order

#: Parts of a study by the rules whose jobs they are; all other jobs are the rest.
CONFORMERS, MODELS, RANDOMISATION, REST = "conformers", "models", "y_randomisation", "rest"
PARTS = {
    "embed_conformers": CONFORMERS,
    "minimise_conformers": CONFORMERS,
    "describe_3d": CONFORMERS,
    "merge_augmented": CONFORMERS,
    "merge_distribution": CONFORMERS,
    "tune_model": MODELS,
    "fit_model": MODELS,
    "evaluate_model": MODELS,
    "evaluate_baseline": MODELS,
    "tune_randomised": RANDOMISATION,
}


@dataclass(frozen=True)
class StudyCost:
    """What a study costs.

    Attributes
    ----------
    jobs, finished
        All jobs, and those whose results are there.
    processor, remaining
        Processor seconds of all jobs, and of those that are not finished.
    clock
        Seconds by the clock that the latter take.
    cores
        Number of cores for which this holds.
    memory, together
        The largest memory that a job asks for, and that of so many jobs as there are cores, in MB.
    disk
        Bytes of all results.
    parts
        Processor seconds of all jobs by part of the study, see `PARTS`.
    """

    jobs: int
    finished: int
    processor: float
    remaining: float
    clock: float
    cores: int
    memory: int
    together: int
    disk: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class SlowMolecule:
    """A molecule whose conformers take long.

    Attributes
    ----------
    seconds
        Processor seconds of all its conformers.
    share
        Their share of those of all molecules.
    """

    molecule: str
    shape: Shape
    seconds: float
    share: float


def cost_of(jobs: Sequence[PlannedJob], facts: StudyFacts, cores: int) -> StudyCost:
    """Return what the jobs of a study cost.

    Parameters
    ----------
    jobs
        All jobs of the study, finished ones included.
    """
    seconds = [expected_seconds(job.rule, job.wildcards, facts) for job in jobs]
    waiting = [not job.finished for job in jobs]
    parts = dict.fromkeys((CONFORMERS, MODELS, RANDOMISATION, REST), 0.0)
    for job, each in zip(jobs, seconds, strict=True):
        parts[PARTS.get(job.rule, REST)] += each
    memory = sorted((job.memory for job in jobs), reverse=True)
    return StudyCost(
        jobs=len(jobs),
        finished=len(jobs) - sum(waiting),
        processor=float(sum_in_order(seconds)),
        remaining=float(
            sum_in_order(each for each, left in zip(seconds, waiting, strict=True) if left)
        ),
        clock=clock_seconds(jobs, seconds_by_the_clock(jobs, seconds, facts), cores),
        cores=cores,
        memory=max(memory, default=0),
        together=sum(memory[: max(1, cores)]),
        disk=disk_bytes(facts, len(jobs)),
        parts=parts,
    )


def slowest_molecules(
    facts: StudyFacts, shapes: Mapping[str, Shape], most: int
) -> list[SlowMolecule]:
    """Return the molecules whose conformers take longest; none if none are embedded.

    Parameters
    ----------
    shapes
        What is embedded, by molecule.
    most
        How many are returned.
    """
    protocols = [Protocol.named(name) for name in facts.protocols]
    embedded = dict.fromkeys(protocol.method for protocol in protocols)  # once for all force fields
    parts = [*embedded, *(protocol.force_field for protocol in protocols)]
    each = facts.conformers_per_job * int(facts.config["embedding"]["repeats"])
    seconds = {
        molecule: each * float(sum_in_order(conformer_seconds(shape, part) for part in parts))
        for molecule, shape in shapes.items()
    }
    whole = float(sum_in_order(seconds.values()))
    ranked = sorted(seconds, key=lambda molecule: (-seconds[molecule], molecule))
    return [
        SlowMolecule(molecule, shapes[molecule], seconds[molecule], seconds[molecule] / whole)
        for molecule in ranked[:most]
        if whole
    ]
