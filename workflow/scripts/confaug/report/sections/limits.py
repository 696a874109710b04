"""What the study cannot say."""

from dataclasses import dataclass

from confaug.report.quantity import Quantity
from confaug.report.results import Results
from confaug.report.wording.domain import flags_sentence
from confaug.report.wording.limits import limits
from confaug.trust.domain_summary import DomainSummary


@dataclass(frozen=True)
class LimitsView:
    """What the limits depend on.

    Attributes
    ----------
    training_labels
        Labels of the training molecules.
    conflicts
        Input rows that contradict another one.
    fixed_split
        Whether a split column divides the molecules.
    rows_per_molecule
        The most conformers of a molecule that the augmented model uses.
    needs_conformers
        Whether the recommended model needs conformers of new molecules.
    flags
        What the flags of the applicability domain are worth; None if it was not determined.
    extrapolated
        Whether the report has a section on extrapolation.
    """

    quantity: Quantity
    training_labels: list[float]
    conflicts: int
    fixed_split: bool
    rows_per_molecule: int
    needs_conformers: bool
    flags: DomainSummary | None
    extrapolated: bool

    @classmethod
    def of(cls, results: Results) -> "LimitsView":
        """Select what the section needs."""
        training = {row["molecule"] for row in results["split"] if row["part"] == "train"}
        rows = [row for row in results["molecules"] if row["molecule"] in training]
        return cls(
            quantity=results.quantity,
            training_labels=[row["label"] for row in rows if row["label"] is not None],
            conflicts=sum(row["status"] == "conflict" for row in results["ledger"]),
            fixed_split=results.outcome.verdict.splits.fixed > 0,
            rows_per_molecule=max(
                (row["n_rows"] for row in results["main_predictions"]), default=1
            ),
            needs_conformers=results.outcome.recommendation.needs_conformers,
            flags=results.flags,
            extrapolated=results.extrapolation is not None,
        )


def limits_section(view: LimitsView) -> list[str]:
    """Say what the results cannot promise."""
    return limits(
        view.quantity,
        view.training_labels,
        view.conflicts,
        view.fixed_split,
        view.rows_per_molecule,
        view.needs_conformers,
        flags_sentence(view.flags, view.quantity) if view.flags else "",
        view.extrapolated,
    )
