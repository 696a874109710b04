"""Which new molecules the model was trained on, as far as it can tell them apart."""

import statistics
from collections.abc import Sequence, Set
from dataclasses import dataclass

import pyarrow as pa

from confaug.molecules.polymers import structure_as_given
from confaug.prediction.description import TrainingMolecule


@dataclass(frozen=True)
class Known:
    """The molecules of a shard that the model was trained on.

    Attributes
    ----------
    labels
        Labels of the molecules that the model was trained on. Where it cannot see the conditions of
        a structure, this is the median over them.
    under_other_conditions
        Molecules that it was trained on under other conditions alone. Under the same conditions,
        rows of the new table that differ in further columns of the user's own are among them too.
    polymers
        Molecules whose polymer it was trained on, by way of another monomer or spelling.
    """

    labels: dict[str, float]
    under_other_conditions: Set[str]
    polymers: Set[str]

    @property
    def structures(self) -> set[str]:
        """The molecules whose structure the model was trained on."""
        return {*self.labels, *self.under_other_conditions}


def find_known(
    shard: pa.Table, training: Sequence[TrainingMolecule], *, sees_conditions: bool
) -> Known:
    """Find the molecules of a shard that the model was trained on.

    Identifiers stand for a structure and the conditions that the model's own columns give. A model
    that reads none cannot tell conditions apart, so structures are compared.

    Parameters
    ----------
    shard
        SHARD table.
    training
        The training molecules.
    sees_conditions
        Whether the model reads conditions.
    """
    samples = {one.molecule: one.label for one in training}
    structures: dict[tuple[str, str | None], list[float]] = {}
    for one in training:
        key = structure_as_given(one.smiles), one.repeat_unit
        structures.setdefault(key, []).append(one.label)
    units = {one.repeat_unit for one in training} - {None}
    labels, elsewhere, polymers = {}, set(), set()
    for row in shard.to_pylist():
        name, unit = row["molecule"], row["repeat_unit"]
        of_structure = structures.get((row["smiles_as_given"], unit))
        if name in samples:
            labels[name] = samples[name]
        elif of_structure and sees_conditions:
            elsewhere.add(name)
        elif of_structure:
            labels[name] = statistics.median(of_structure)
        elif unit in units:
            polymers.add(name)
    return Known(labels, elsewhere, polymers)
