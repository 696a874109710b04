"""What the applicability domain says of a study and of new molecules."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

from confaug.infrastructure.quantity import number, of_unit
from confaug.trust.domain import FLAGS, Trust, assess_domain, fit_domain, nearest_training


def domain_summary(
    domain_table: pa.Table, errors: Mapping[str, float], unit: str
) -> dict[str, Any]:
    """Say how many held-out molecules are flagged, and whether flagged ones are predicted worse.

    Parameters
    ----------
    domain_table
        A DOMAIN table.
    errors
        Absolute error of every held-out molecule that has a label.

    Returns
    -------
    dict
        `molecules`, `flagged`, `by_flag` (counts), `mae_inside`, `mae_flagged` (None if there is no
        such molecule), `p_value` (Mann and Whitney, flagged larger; None likewise), `informative`
        and `sentence`.
    """
    rows = [row for row in domain_table.to_pylist() if row["molecule"] in errors]
    flagged = np.array([errors[row["molecule"]] for row in rows if row["flags"]])
    inside = np.array([errors[row["molecule"]] for row in rows if not row["flags"]])
    both = len(flagged) > 0 and len(inside) > 0
    p_value = (
        float(stats.mannwhitneyu(flagged, inside, alternative="greater").pvalue) if both else None
    )
    summary = {
        "molecules": len(rows),
        "flagged": len(flagged),
        "by_flag": {flag: sum(row[flag] for row in rows) for flag in FLAGS},
        "mae_inside": float(inside.mean()) if len(inside) else None,
        "mae_flagged": float(flagged.mean()) if len(flagged) else None,
        "p_value": p_value,
        "informative": p_value is not None and p_value < 0.05,
    }
    words, quantity = (
        f"{len(flagged)} of {len(rows)} held-out molecules carry a flag",
        of_unit(unit),
    )
    if p_value is not None:
        than = "" if summary["informative"] else "; the difference may be chance"
        words += (
            f": their mean error is {quantity.text(flagged.mean())}, that of the others "
            f"{quantity.text(inside.mean())} (p = {number(p_value)}){than}"
        )
    return {**summary, "sentence": f"{words}."}


def judge_study(
    molecules: pa.Table, descriptors_2d: pa.Table, predictions: pa.Table, unit: str
) -> Trust:
    """Assess every molecule of a study against the training molecules of its predictions.

    Training molecules are assessed with their out-of-fold predictions.

    Parameters
    ----------
    molecules, descriptors_2d
        MOLECULES and DESCRIPTORS_2D tables.
    predictions
        A PREDICTIONS table with all parts.
    unit
        Unit of the labels, for the sentence.
    """
    rows = predictions.to_pylist()
    training = [row["molecule"] for row in rows if row["part"] == "train"]
    smiles = dict(
        zip(molecules["molecule"].to_pylist(), molecules["smiles"].to_pylist(), strict=True)
    )
    predicted = {row["molecule"]: row["prediction"] for row in rows if row["part"] != "train"}
    errors = {
        row["molecule"]: abs(row["prediction"] - row["label"])
        for row in rows
        if row["part"] == "test" and row["label"] is not None
    }
    domain = fit_domain(molecules, descriptors_2d, training)
    table = assess_domain(domain, smiles, descriptors_2d, predicted)
    return Trust(table, nearest_training(domain, smiles), domain_summary(table, errors, unit))
