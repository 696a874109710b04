"""A correction of Snakemake: groups of jobs that do not remember what they were."""

from collections.abc import Iterable
from typing import Any

from snakemake.jobs import GroupJob, GroupJobFactory


def form_groups_anew() -> None:
    """Let Snakemake form its groups of jobs anew whenever it looks at the graph.

    Snakemake (9.27) keeps a group under the name of its first jobs and later merges others into it.
    At the next look, after a checkpoint or in a resumed run, it takes the kept group for one of the
    first jobs alone. Jobs then belong to several groups, run twice, and the run ends early
    (https://github.com/snakemake/snakemake/issues/1217).
    """
    GroupJobFactory.new = _new


def _new(
    factory: GroupJobFactory, name: str, jobs: Iterable[Any], resources: dict[str, Any]
) -> GroupJob:
    """Return a new group, whether or not the same jobs have been a group before."""
    return GroupJob(name, frozenset(jobs), resources)
