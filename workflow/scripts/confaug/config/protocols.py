"""Protocols: an embedding method with a force field, as their names in the configuration say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Protocol:
    """How conformers are made.

    Attributes
    ----------
    method
        Embedding method, such as ``etkdg``.
    force_field
        Force field that minimises what was embedded, such as ``mmff``, or ``none``.
    """

    method: str
    force_field: str = "none"

    @classmethod
    def named(cls, name: str) -> "Protocol":
        """Return the protocol that a name in the configuration stands for.

        >>> Protocol.named("etkdg_mmff")
        Protocol(method='etkdg', force_field='mmff')
        >>> Protocol.named("dg")
        Protocol(method='dg', force_field='none')
        """
        method, _, force_field = name.partition("_")
        return cls(method, force_field or "none")

    @property
    def name(self) -> str:
        """The name that stands for this protocol in the configuration."""
        return self.method if self == self.start else f"{self.method}_{self.force_field}"

    @property
    def start(self) -> "Protocol":
        """The protocol whose conformers this one minimises; without a force field, it itself.

        >>> Protocol.named("etkdg_mmff").start.name
        'etkdg'
        """
        return Protocol(self.method)
