"""Sentences about what the model uses."""

from confaug.report.number_format import whole_percent
from confaug.report.quantity import Quantity
from confaug.trust.importance import ImportanceSummary


def importance_sentence(facts: ImportanceSummary, quantity: Quantity) -> str:
    """Say how much of a prediction comes from 3D descriptors.

    Parameters
    ----------
    quantity
        What SHAP values add up to.
    """
    if set(facts.dimensions) != {"2D", "3D"}:
        return f"The model has {' and '.join(facts.dimensions)} descriptors only."
    in_2d, in_3d = facts.dimensions["2D"], facts.dimensions["3D"]
    return (
        f"3D descriptors account for {whole_percent(in_3d.share)} of the SHAP values. "
        f"Together they move a prediction by {quantity.text(in_3d.joint)} on average, 2D "
        f"descriptors by {quantity.text(in_2d.joint)}. The most used families are "
        f"{', '.join(facts.families[:3])}."
    )
