"""How much the results of a study take on disk, in bytes; measured, see docs/scale.md."""

from confaug.config.kinds import OWN_KIND
from confaug.config.roles import molecule_kinds
from confaug.costs.facts import StudyFacts
from confaug.descriptors.molecule_kinds import columns_of

#: For each atom of a conformer its coordinates, and for each conformer its descriptors, which the
#: augmented table repeats.
ATOM, CONFORMER = 27, 2900
#: For each number of the distribution table and of descriptors without conformers.
NUMBER = 8
#: For each molecule in all other files, for each job with its logs and records, and for the report.
MOLECULE, JOB, REPORT = 40_000, 30_000, 6_000_000
#: For each fitted model.
MODEL = 500_000


def disk_bytes(facts: StudyFacts, jobs: int) -> float:
    """Return the bytes that all results of a study take.

    Parameters
    ----------
    jobs
        Number of its jobs.
    """
    conformers = facts.molecules * facts.rows
    kinds = [kind for kind in molecule_kinds(facts.variants.values()) if kind != OWN_KIND]
    columns = sum(len(columns_of(kind).names) for kind in kinds)
    columns += facts.distribution_columns
    return (
        conformers * (CONFORMER + ATOM * facts.mean_atoms)
        + facts.molecules * (MOLECULE + NUMBER * columns)
        + len(facts.variants) * int(facts.config["splits"]["replicates"]) * MODEL
        + jobs * JOB
        + REPORT
    )
