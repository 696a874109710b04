"""Why a descriptor has no value: reason codes and their sentences."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Something that is wrong with a conformer, or with all conformers of a molecule.

    Attributes
    ----------
    code
        One of the codes in ``docs/descriptors.md``, for example ``"no_gasteiger_charge"``.
    text
        The reason as a sentence, with the atoms it is about.
    descriptors
        Names of the descriptors that are NaN for it; empty for a mere warning.
    conformer
        Index of the conformer in the coordinates; None where every conformer is meant.
    """

    code: str
    text: str
    descriptors: tuple[str, ...] = ()
    conformer: int | None = None

    def __str__(self) -> str:
        """Return code, sentence and what is lost, as the failures table shows them."""
        names = self.descriptors
        if not names:
            return f"{self.code}: {self.text}"
        lost = ", ".join(names) if len(names) <= 4 else f"{len(names)} descriptors ({names[0]}, …)"
        return f"{self.code}: {self.text}; NaN: {lost}"
