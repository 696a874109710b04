"""Why a descriptor of a molecule has no value: reason codes and their sentences."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Something that leaves descriptors of a molecule without a value.

    Attributes
    ----------
    code
        A short fixed word, for example ``"several_components"``.
    text
        The reason as a sentence, with the atoms it is about.
    descriptors
        Names of the descriptors that are NaN for it.
    molecule
        Index of the molecule in the batch.
    """

    code: str
    text: str
    descriptors: tuple[str, ...]
    molecule: int = 0

    def __str__(self) -> str:
        """Return code, sentence and what is lost, as the failures table shows them."""
        names = self.descriptors
        lost = ", ".join(names) if len(names) <= 4 else f"{len(names)} descriptors ({names[0]}, …)"
        return f"{self.code}: {self.text}; NaN: {lost}"
