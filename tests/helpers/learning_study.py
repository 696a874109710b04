"""A small made-up study in the project's own tables, for tests of the learning stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from confaug.config.settings.variants import Variant
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.learning.representations import build_rows
from confaug.learning.rows import Rows
from confaug.tables.descriptors import AUGMENTED, DESCRIPTORS_2D, DISTRIBUTION
from confaug.tables.engine import write_table
from confaug.tables.molecules import MOLECULES, SPLIT

PROTOCOLS = ("dg", "etkdg_mmff", "etkdg_uff")
NAMES_2D = ("nC", "nO", "MW", "constant2D", "empty2D", "repeated2D")
NAMES_3D = ("DPSA1", "Mor01", "Mor02", "GRAV")


@dataclass(frozen=True)
class Study:
    """Where the tables are, and what is in them."""

    folder: Path
    molecules: tuple[str, ...]
    labels: dict[str, float]

    @property
    def augmented(self) -> Path:
        return self.folder / "augmented.parquet"

    @property
    def distribution(self) -> Path:
        return self.folder / "distribution.parquet"

    @property
    def descriptors_2d(self) -> Path:
        return self.folder / "descriptors_2d.parquet"

    @property
    def files(self) -> DescriptorFiles:
        return DescriptorFiles(
            {"mordred_2d": [self.descriptors_2d]}, self.augmented, self.distribution
        )

    @property
    def split(self) -> Path:
        return self.folder / "split.csv"

    @property
    def facts(self) -> Path:
        return self.folder / "molecules.csv"


def rows_of(
    study: Study,
    representation: str | tuple[str, ...],
    molecules: Sequence[str] | None = None,
    files: DescriptorFiles | None = None,
    **options: Any,
) -> Rows:
    """Build the rows of a study's molecules under a representation."""
    return build_rows(
        Variant(representation=representation, learner="lightgbm"),
        files or study.files,
        study.molecules if molecules is None else molecules,
        protocols=PROTOCOLS,
        names_3d=NAMES_3D,
        **options,
    )


def make_study(
    folder: Path,
    n_molecules: int = 24,
    n_conformers: int = 3,
    bare: tuple[int, ...] = (),
    shuffle: int | None = None,
) -> Study:
    """Write the tables; molecules listed in `bare` have no conformer."""
    rng = np.random.default_rng(7)
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(f"m{i:012x}" for i in range(n_molecules))
    rows, labels, distribution = [], {}, []
    for i, name in enumerate(names):
        carbon, oxygen = float(rng.integers(2, 20)), float(rng.integers(0, 4))
        labels[name] = round(150.0 + 12 * carbon + 20 * oxygen + rng.normal(0, 5), 2)
        two = (carbon, oxygen, 12 * carbon + 16 * oxygen, 1.0, np.nan, carbon)
        protocols = () if i in bare else PROTOCOLS
        for protocol in protocols:
            for j in range(n_conformers):
                three = carbon * np.array([1.0, 2.0, -1.0, 0.5]) + rng.normal(0, 1, 4)
                energy = None if protocol == "dg" else float(rng.normal())
                rows.append((name, protocol, 1, j, labels[name], energy, *two, *three))
        if not protocols:
            rows.append((name, None, None, None, labels[name], None, *two, *[np.nan] * 4))
        distribution.append((name, labels[name], carbon, oxygen))
    if shuffle is not None:
        rows = [rows[i] for i in np.random.default_rng(shuffle).permutation(len(rows))]
    schema = AUGMENTED.schema([*NAMES_2D, *NAMES_3D])
    columns = [
        pa.array(column, f.type) for column, f in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    pq.write_table(
        pa.table(columns, schema=schema), folder / "augmented.parquet", row_group_size=50
    )
    table = pa.Table.from_pylist(
        [
            dict(zip(("molecule", "label", "minDPSA1", "maxDPSA1"), e, strict=True))
            for e in distribution
        ]
    )
    write_table(table, folder / "distribution.parquet", DISTRIBUTION)
    described = {
        row[0]: dict(zip(NAMES_2D, row[6 : 6 + len(NAMES_2D)], strict=True)) for row in rows
    }
    table = pa.Table.from_pylist([{"molecule": name, **described[name]} for name in names])
    write_table(table, folder / "descriptors_2d.parquet", DESCRIPTORS_2D)
    _write_facts(folder, names, labels)
    return Study(folder, names, labels)


def _write_facts(folder: Path, names: tuple[str, ...], labels: dict[str, float]) -> None:
    n_train = 2 * len(names) // 3
    facts = [
        {
            "molecule": name,
            "smiles": "C" * (i + 1),
            "group": name,
            "label": labels[name],
            "n_rows": 1,
            "n_heavy_atoms": i + 1,
            "n_components": 1,
            "modelled_smiles": "C" * (i + 1),
        }
        for i, name in enumerate(names)
    ]
    write_table(
        pa.Table.from_pylist(facts, schema=MOLECULES.schema()), folder / "molecules.csv", MOLECULES
    )
    split = [
        {
            "molecule": name,
            "group": name,
            "part": "train" if i < n_train else "test",
            "fold": i % 4 if i < n_train else None,
        }
        for i, name in enumerate(names)
    ]
    write_table(pa.Table.from_pylist(split, schema=SPLIT.schema()), folder / "split.csv", SPLIT)
