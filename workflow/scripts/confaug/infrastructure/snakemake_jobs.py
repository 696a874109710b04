"""The jobs that a target of the workflow takes, as Snakemake itself plans them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlannedJob:
    """A job of a plan.

    Attributes
    ----------
    memory
        Memory that it asks for, in MB.
    needs
        Places in the plan of the jobs that it waits for.
    finished
        Whether its results are there already.
    priority
        Of several jobs that could start, Snakemake starts the one of the highest priority.
    """

    rule: str
    wildcards: Mapping[str, str]
    threads: int
    memory: int
    needs: tuple[int, ...]
    finished: bool
    priority: float = 0.0


def plan_jobs(workflow: Any, target: str) -> list[PlannedJob]:
    """Return the jobs of a target in an order in which they can run.

    The plan is one of its own beside that of the run. It ends at checkpoints that have not run.

    Parameters
    ----------
    workflow
        Snakemake's workflow, in a run whose own jobs have ended.
    target
        Name of a rule without wildcards.
    """
    from snakemake.dag import DAG

    own = workflow.dag
    plan = DAG(
        workflow,
        workflow.rules,
        targetfiles=set(),
        targetrules={workflow.get_rule(target)},
        ignore_incomplete=True,
    )
    workflow._dag = plan  # jobs ask the workflow for its plan
    try:
        workflow.async_run(plan.init())
        workflow.async_run(plan.update_checkpoint_dependencies())
        return _described(plan)
    finally:
        workflow._dag = own


def _described(plan: Any) -> list[PlannedJob]:
    """Return the jobs of a plan, those that others wait for first."""
    ordered = [job for level in plan.toposorted() for job in sorted(level, key=str)]
    place = {job: number for number, job in enumerate(ordered)}
    return [
        PlannedJob(
            rule=job.rule.name,
            wildcards={name: str(value) for name, value in job.wildcards_dict.items()},
            threads=int(job.threads),
            memory=int(job.resources.get("mem_mb", 0)),
            needs=tuple(sorted(place[other] for other in plan.dependencies[job])),
            finished=not plan.needrun(job),
            priority=float(job.rule.expand_priority(job.wildcards_dict, job.input, job.attempt)),
        )
        for job in ordered
    ]
