"""What the comparison of a study found, as the first screen of the report needs it."""

from collections.abc import Mapping
from dataclasses import dataclass

from confaug.evaluation.recommended_model import RecommendedModel
from confaug.evaluation.rows import VariantErrors
from confaug.evaluation.verdict import Verdict
from confaug.report.quantity import Quantity


@dataclass(frozen=True)
class Outcome:
    """The verdict with the errors that it rests on.

    Attributes
    ----------
    quantity
        The measured property.
    main
        The augmented variant, which is judged.
    verdict
        Facts of the verdict.
    recommendation
        Which model the rule takes.
    variants
        Errors by variant, best first.
    to_come
        Variants that the whole study evaluates besides, if these are its first results.
    """

    quantity: Quantity
    main: str
    verdict: Verdict
    recommendation: RecommendedModel
    variants: Mapping[str, VariantErrors]
    to_come: tuple[str, ...] = ()

    def error(self, variant: str | None) -> str:
        """Write the held-out error of a variant; a dash if it is not known."""
        row = self.variants.get(variant or "")
        return self.quantity.text(row.mae if row else None)

    def decades(self, variant: str) -> float | None:
        """Return the held-out error of a variant in decades, if it was judged so."""
        return (self.verdict.decades or {}).get(variant, {}).get("held_out")
