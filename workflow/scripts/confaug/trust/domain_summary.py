"""What the applicability domain says about the molecules of a study."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import stats

from confaug.trust.domain import FLAGS, assess_domain, fit_domain
from confaug.trust.nearest import nearest_training

#: Largest p-value with which flagged molecules are said to be predicted worse.
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class DomainSummary:
    """How many held-out molecules are flagged, and how large their errors are.

    Attributes
    ----------
    molecules, flagged
        Held-out molecules with a label, and those of them with a flag.
    by_flag
        Held-out molecules by flag.
    mae_inside, mae_flagged
        Mean absolute errors in label units; None without any such molecule.
    p_value
        Of the test of Mann and Whitney for larger errors of flagged molecules; None if either side
        has no molecule.
    """

    molecules: int
    flagged: int
    by_flag: Mapping[str, int]
    mae_inside: float | None
    mae_flagged: float | None
    p_value: float | None

    @property
    def informative(self) -> bool:
        """Whether flagged molecules are shown to be predicted worse."""
        if self.p_value is None or self.mae_flagged is None or not self.mae_inside:
            return False
        return self.p_value < SIGNIFICANT and self.mae_flagged > self.mae_inside


@dataclass(frozen=True)
class StudyDomain:
    """What `judge_study` gives: DOMAIN, without flags in words, and NEIGHBOURS."""

    table: pa.Table
    neighbours: pa.Table


def domain_summary(domain_table: pa.Table, errors: Mapping[str, float]) -> DomainSummary:
    """Compare the errors of flagged held-out molecules with those of the others.

    Parameters
    ----------
    domain_table
        A DOMAIN table; its flags in words may be missing.
    errors
        Absolute error of every held-out molecule that has a label.
    """
    rows = [row for row in domain_table.to_pylist() if row["molecule"] in errors]
    outside = [any(row[flag] for flag in FLAGS) for row in rows]
    values = np.array([errors[row["molecule"]] for row in rows])
    flagged, inside = values[np.array(outside, bool)], values[~np.array(outside, bool)]
    both = len(flagged) > 0 and len(inside) > 0
    return DomainSummary(
        molecules=len(rows),
        flagged=len(flagged),
        by_flag={flag: sum(row[flag] for row in rows) for flag in FLAGS},
        mae_inside=float(inside.mean()) if len(inside) else None,
        mae_flagged=float(flagged.mean()) if len(flagged) else None,
        p_value=(
            float(stats.mannwhitneyu(flagged, inside, alternative="greater").pvalue)
            if both
            else None
        ),
    )


def held_out_errors(predictions: pa.Table) -> dict[str, float]:
    """Return the absolute error of every held-out molecule that has a label (PREDICTIONS)."""
    return {
        row["molecule"]: abs(row["prediction"] - row["label"])
        for row in predictions.to_pylist()
        if row["part"] == "test" and row["label"] is not None
    }


def judge_study(
    molecules: pa.Table, descriptors_2d: pa.Table, predictions: pa.Table
) -> StudyDomain:
    """Assess every molecule of a study against the training molecules of its predictions.

    Training molecules are assessed with their out-of-fold predictions.

    Parameters
    ----------
    molecules, descriptors_2d
        MOLECULES and DESCRIPTORS_2D tables.
    predictions
        A PREDICTIONS table with all parts.
    """
    rows = predictions.to_pylist()
    training = [row["molecule"] for row in rows if row["part"] == "train"]
    facts = molecules.select(["molecule", "modelled_smiles", "conditions"]).to_pylist()
    smiles = {one["molecule"]: one["modelled_smiles"] for one in facts}
    conditions = {one["molecule"]: one["conditions"] for one in facts}
    predicted = {row["molecule"]: row["prediction"] for row in rows if row["part"] != "train"}
    domain = fit_domain(molecules, descriptors_2d, training)
    table = assess_domain(domain, smiles, descriptors_2d, predicted)
    return StudyDomain(table, nearest_training(domain, smiles, conditions=conditions))
