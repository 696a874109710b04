"""What the costs of a study's jobs depend on: its settings and its molecules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from confaug.config.roles import candidates, examined, learned_rows, needs_conformers
from confaug.config.settings.variants import Variant
from confaug.costs.embedding import TYPICAL, Shape, conformer_seconds, seconds_of_all
from confaug.infrastructure.sums import sum_in_order
from confaug.learning.widths import count_columns
from confaug.molecules.sharding import read_manifest, read_work
from confaug.tables.engine import read_table
from confaug.tables.molecules import SHARD

Config = Mapping[str, Any]
#: Assumed while nothing is cleaned yet: so many molecules in one shard, each as much work as one
#: of 16 heavy atoms.
UNKNOWN = 200


@dataclass(frozen=True)
class StudyFacts:
    """What the costs of a study's jobs depend on.

    Attributes
    ----------
    config
        The complete configuration.
    shards
        Molecules of each shard.
    work
        Work of embedding one conformer of each molecule of a shard (see `sharding.shard_work`).
    training, held_out
        Molecules on both sides of a split.
    own_columns
        The file of OWN_COLUMNS; while it is missing, there are none.
    by_shape
        Seconds of one conformer of every molecule of a shard, by embedding method or force field;
        empty while no structure has been looked at.
    mean_atoms
        Mean number of atoms of what is embedded, with hydrogens.
    """

    config: Config
    shards: Mapping[str, int]
    work: Mapping[str, float]
    training: float
    held_out: float
    own_columns: Path
    by_shape: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    mean_atoms: float = TYPICAL.atoms

    @classmethod
    def read(cls, config: Config, manifest: str | Path, own_columns: str | Path) -> "StudyFacts":
        """Return what is known so far; molecules are assumed while there is no manifest.

        Parameters
        ----------
        manifest
            The file that lists the shards.
        """
        known = Path(manifest).is_file()
        shards = read_manifest(manifest) if known else {"0": UNKNOWN}
        work = read_work(manifest) if known else {"0": float(UNKNOWN)}
        molecules = sum(shards.values())
        return cls(config, shards, work, *_split_sizes(config, molecules), Path(own_columns))

    @property
    def molecules(self) -> int:
        """Molecules of all shards."""
        return sum(self.shards.values())

    def molecules_of(self, shard: str | None) -> int:
        """Return the molecules of a shard; all of them if it is None or not known."""
        return self.shards.get(shard or "") or self.molecules

    def work_of(self, shard: str | None) -> float:
        """Return the work of a shard; that of all if it is None or not known."""
        return self.work.get(shard or "") or float(sum_in_order(self.work.values()))

    def with_splits(self, training: float, held_out: float) -> "StudyFacts":
        """Return the facts with the numbers of molecules on both sides of the splits as drawn."""
        return replace(self, training=training, held_out=held_out)

    def with_shapes(self, shapes: Mapping[str, Collection[Shape]]) -> "StudyFacts":
        """Return the facts with the shapes of the molecules of every shard."""
        by_shape = {shard: seconds_of_all(found) for shard, found in shapes.items()}
        atoms = [shape.atoms for found in shapes.values() for shape in found]
        return replace(self, by_shape=by_shape, mean_atoms=sum(atoms) / max(len(atoms), 1))

    def conformer_seconds(self, part: str, shard: str | None) -> float:
        """Return the seconds of one conformer of every molecule of a shard.

        Parameters
        ----------
        part
            An embedding method or a force field.
        shard
            As for `molecules_of`.
        """
        if part == "none" or not self.by_shape:
            return conformer_seconds(TYPICAL, part) * self.work_of(shard)
        known = (
            [self.by_shape[shard]]
            if shard is not None and shard in self.by_shape
            else self.by_shape.values()
        )
        return float(sum_in_order(seconds[part] for seconds in known))

    @property
    def conformers_per_job(self) -> int:
        """Conformers of a molecule in one job that embeds."""
        embedding = self.config["embedding"]
        return int(embedding["conformers_per_repeat"] * embedding["stereoisomers"])

    @property
    def protocols(self) -> list[str]:
        """The protocols; none if no variant reads conformers."""
        needed = any(map(needs_conformers, self.variants.values()))
        return list(self.config["embedding"]["protocols"]) if needed else []

    @property
    def rows(self) -> int:
        """Rows of a molecule in the augmented table."""
        repeats = int(self.config["embedding"]["repeats"])
        return self.conformers_per_job * repeats * len(self.protocols)

    @cached_property
    def variants(self) -> dict[str, Variant]:
        """The variants by name."""
        return {name: Variant(**entry) for name, entry in self.config["variants"].items()}

    @cached_property
    def candidates(self) -> list[str]:
        """The variants that may be recommended."""
        return candidates(self.variants)

    @cached_property
    def plain(self) -> list[str]:
        """The variants that need no conformers."""
        return [name for name, one in self.variants.items() if not needs_conformers(one)]

    @cached_property
    def main(self) -> str | None:
        """The variant that is examined closely."""
        return examined(self.variants)

    @property
    def distribution_columns(self) -> int:
        """Columns of the distribution table; 0 without conformers."""
        if not self.protocols:
            return 0
        table = Variant(representation=("distribution_3d",), learner="lightgbm")
        return count_columns(table, len(self.protocols), self.own_columns)

    @cached_property
    def _columns(self) -> dict[str, int]:
        n_protocols = len(self.protocols)
        return {
            name: count_columns(variant, n_protocols, self.own_columns)
            for name, variant in self.variants.items()
        }

    def columns_of(self, variant: str) -> int:
        """Return the number of columns of a variant's rows."""
        return self._columns[variant]

    def rows_of(self, variant: str) -> int:
        """Return how many rows of a molecule a variant learns from."""
        return learned_rows(self.variants, self.rows).get(variant, 1)


def shapes_of_shards(manifest: str | Path) -> dict[str, dict[str, Shape]]:
    """Return the shapes of what is embedded, by shard and molecule.

    The shards lie beside their manifest.
    """
    found = {}
    for shard in read_manifest(manifest):
        table = read_table(Path(manifest).with_name(f"shard-{shard}.csv"), SHARD)
        named = zip(table["molecule"].to_pylist(), table["smiles"].to_pylist(), strict=True)
        found[shard] = {molecule: Shape.of(smiles) for molecule, smiles in named}
    return found


def _split_sizes(config: Config, molecules: int) -> tuple[float, float]:
    """Return about how many molecules a split trains on and holds out."""
    train = float(config["splits"]["train"])
    training = train if train >= 1 else train * molecules
    training = min(training, molecules)
    return training, molecules - training
