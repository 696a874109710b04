"""Settings of the conformers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from confaug.config.settings.base import UNIQUE, Count, Positive, Section

Protocol = Annotated[
    str,
    StringConstraints(pattern=r"^(dg|kdg|etdg|etkdg|sretkdg)(_(mmff|mmff94s|uff))?$"),
    Field(description="For example dg, etkdg_mmff or etdg_uff."),
]


class EmbeddingSettings(Section):
    """Conformers."""

    protocols: Annotated[tuple[Protocol, ...], Field(min_length=1), UNIQUE] = (
        "dg",
        "dg_mmff",
        "dg_uff",
        "etkdg",
        "etkdg_mmff",
        "etkdg_uff",
    )
    """Embedding method (dg, kdg, etdg, etkdg, sretkdg), alone or with the force field (_mmff,
    _mmff94s, _uff) that minimises the embedded structures. Protocols of one method share these."""
    repeats: Annotated[int, Field(ge=1, le=10000)] = 1
    """Number of repeat jobs per protocol. Raising it computes the new ones only."""
    conformers_per_repeat: Annotated[int, Field(ge=1, le=10000)] = 20
    """Conformers per molecule, protocol and repeat."""
    stereoisomers: Annotated[int, Field(ge=1, le=64)] = 1
    """Up to this many stereoisomers are enumerated where stereocentres or double bonds are
    undefined, each with conformers_per_repeat conformers. With 1, what is undefined is left to
    chance in each conformer."""
    max_steps: Count = 2000
    """Limit of force-field minimisation steps per conformer."""
    max_attempts: Count = 200
    """Limit of embedding attempts per conformer and fall-back."""
    seconds_per_molecule: Positive = 600
    """Time limit for structures that never finish, in seconds of processor time per molecule and
    repeat, for embedding by each method and for minimising under each protocol."""

    @property
    def conformers(self) -> int:
        """Conformers that a molecule has over all protocols and repeats if none fails."""
        return len(self.protocols) * self.repeats * self.conformers_per_repeat
