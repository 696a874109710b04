"""A tiny study of real molecules with a fitted bundle, and new molecules for it."""

from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from confaug.config.protocols import Protocol
from confaug.config.settings.embedding import EmbeddingSettings
from confaug.config.settings.tuning import TuningSettings
from confaug.config.settings.variants import Variant
from confaug.conformers.shards import make_conformers
from confaug.descriptors.augmented import merge_augmented
from confaug.descriptors.describe_2d import describe_shard_2d
from confaug.descriptors.describe_3d import describe_shard_3d
from confaug.descriptors.distribution import merge_distribution
from confaug.descriptors.molecule_kinds import columns_of, describe_shard
from confaug.learning.consensus import combine_best
from confaug.learning.datasets import read_learning_data
from confaug.learning.fitted_model import FittedModel
from confaug.learning.fitting import fit_variant
from confaug.learning.lightgbm_learner import LabelTransform
from confaug.learning.molecule_columns import DescriptorFiles
from confaug.molecules.structures import read_structure
from confaug.prediction.bundle import write_bundle
from confaug.prediction.describe_model import describe_model, training_descriptors
from confaug.prediction.description import Description
from confaug.report.wording.model_card import model_card
from confaug.tables.descriptors import DESCRIPTORS_3D
from confaug.tables.engine import write_table
from confaug.tables.failures import FAILURES
from confaug.tables.molecules import MOLECULES, SHARD, SPLIT

PROTOCOLS = ("dg", "etkdg_uff")
EMBEDDING = {
    "protocols": list(PROTOCOLS),
    "repeats": 1,
    "conformers_per_repeat": 2,
    "stereoisomers": 1,
    "max_steps": 200,
    "max_attempts": 20,
    "seconds_per_molecule": 60,
}
SECTIONS = {
    "property": {"name": "Boiling point", "symbol": "Tb", "unit": "K", "transform": "none"},
    "cleaning": {
        "fragments": "keep",
        "duplicates": "median",
        "tolerance": 0,
        "gross_conflict": 5,
        "polymers": "as_given",
        "units": 3,
        "repeat_units": "reject",
        "unlabelled": "reject",
    },
    "descriptors": {
        "engine": "batched",
        "seconds_per_molecule_2d": 60,
        "partial_charges": [],
        "boltzmann_temperature": 298.15,
        "energy_window": 5,
    },
    "embedding": EMBEDDING,
    "evaluation": {"interval_coverage": 0.9},
}
TUNING = {
    "initial_points": 1,
    "iterations": 0,
    "max_rounds": 15,
    "early_stopping_rounds": 5,
    "rows_per_molecule": None,
    "fixed": {"min_molecules_in_leaf": 1, "feature_fraction": 0.3},
    "space": {"num_leaves": {"type": "int", "low": 3, "high": 4}},
}
#: Boiling points in K, rounded; what matters here is that they differ.
TRAINING = {
    "CO": 338,
    "CCO": 351,
    "CCCO": 370,
    "CCCCO": 391,
    "CC(C)O": 356,
    "CCCCC": 309,
    "CCCCCC": 342,
    "C1CCCCC1": 354,
    "CC(C)=O": 329,
    "CCOCC": 308,
    "CC(=O)O": 391,
    "CCN": 290,
}
NEW = ("CCCCCO", "FC(F)(F)c1ccccc1", "CCO")

#: The kinds of columns that are described.
KINDS = ("rdkit_2d", "mordred_2d", "morgan_counts")


@dataclass(frozen=True)
class Files:
    """The files of one shard."""

    shard: pa.Table
    columns: dict[str, Path]
    descriptors_3d: list[Path]
    failures: list[Path]

    @property
    def descriptors_2d(self) -> Path:
        """The file that the applicability domain is measured in."""
        return self.columns["rdkit_2d"]


def learning_files(folder: Path, files: Files) -> DescriptorFiles:
    """Return where a model that was made in a folder has its columns."""
    by_kind = {kind: [path] for kind, path in files.columns.items()}
    return DescriptorFiles(by_kind, folder / "augmented.parquet", folder / "distribution.parquet")


def identifier(smiles: str) -> str:
    return read_structure(smiles).molecule


def make_shard(
    folder: Path, smiles: tuple[str, ...], partial_charges: tuple[str, ...] = ()
) -> Files:
    """Embed and describe molecules as the workflow does."""
    found = sorted((identifier(text), read_structure(text).smiles) for text in smiles)
    shard = pa.Table.from_pylist(
        [{"molecule": m, "smiles": s, "smiles_as_given": s} for m, s in found],
        schema=SHARD.schema(),
    )
    columns = {kind: folder / kind / "shard-0.parquet" for kind in KINDS}
    files = Files(shard, columns, [], [])
    write_table(shard, folder / "shard-0.csv", SHARD)
    for kind, path in columns.items():
        write_table(
            describe_shard(kind, shard, 60, describe_shard_2d)[0], path, columns_of(kind).table
        )
    definitions, settings = map(Protocol.named, PROTOCOLS), EmbeddingSettings(**EMBEDDING)
    made = make_conformers(shard, definitions, 1, settings)
    for protocol, (conformers, failures) in zip(PROTOCOLS, made, strict=True):
        path = folder / protocol / "shard-0.parquet"
        described, _ = describe_shard_3d(conformers, protocol, 1, "batched", partial_charges)
        write_table(described, path, DESCRIPTORS_3D)
        write_table(failures, path.with_suffix(".failures.csv"), FAILURES)
        files.descriptors_3d.append(path)
        files.failures.append(path.with_suffix(".failures.csv"))
    return files


def make_bundle(
    folder: Path,
    files: Files,
    representation: str | tuple[str, ...],
    learner: str = "lightgbm",
    **further: object,
) -> Path:
    """Fit a model of one representation on the training molecules; return its folder."""
    variant = Variant(representation=representation, learner=learner, **further)
    return make_model(
        folder, files, {f"{learner}_of_{'_and_'.join(variant.representation)}": variant}
    )


def make_model(
    folder: Path, files: Files, variants: dict[str, Variant], card: bool = False
) -> Path:
    """Fit variants, whose mean is the model, on the training molecules; return its folder."""
    members, description = fit_members(folder, files, variants)
    molecules = [one.molecule for one in description.training_molecules]
    described = training_descriptors([files.descriptors_2d], molecules)
    text = model_card(description) if card else None
    write_bundle(list(members.values()), description, described, folder / "bundle", text)
    return folder / "bundle"


def fit_members(
    folder: Path, files: Files, variants: dict[str, Variant]
) -> tuple[dict[str, FittedModel], Description]:
    """Fit variants on the training molecules, and describe the model that is their mean."""
    folder.mkdir(parents=True)
    facts = pa.Table.from_pylist(
        [
            {
                "molecule": identifier(smiles),
                "smiles": read_structure(smiles).smiles,
                "group": identifier(smiles),
                "id": f"id {number}",
                "name": f"=compound {number}",
                "label": float(label),
                "n_rows": 1,
                "n_heavy_atoms": read_structure(smiles).n_heavy_atoms,
                "n_components": 1,
                "modelled_smiles": read_structure(smiles).smiles,
            }
            for number, (smiles, label) in enumerate(TRAINING.items())
        ],
        schema=MOLECULES.schema(),
    ).sort_by("molecule")
    split = facts.select(["molecule", "group"])
    split = split.append_column("part", pa.array(["train"] * len(facts)))
    split = split.append_column("fold", pa.array([number % 3 for number in range(len(facts))]))
    write_table(facts, folder / "molecules.csv", MOLECULES)
    write_table(split, folder / "split.csv", SPLIT)
    definitions = {name: Protocol.named(name) for name in PROTOCOLS}
    merge_augmented(
        facts,
        {files.descriptors_2d.stem: facts["molecule"].to_pylist()},
        files.descriptors_3d,
        folder / "augmented.parquet",
    )
    merge_distribution(facts, files.descriptors_3d, definitions, folder / "distribution.parquet")
    data = read_learning_data(
        learning_files(folder, files),
        *(folder / name for name in ("molecules.csv", "split.csv")),
        next(iter(variants.values())),
        PROTOCOLS,
    )
    settings, transform = TuningSettings(**TUNING), LabelTransform("none")
    members = {
        name: fit_variant(replace(data, variant=variant), settings, transform=transform)
        for name, variant in variants.items()
    }
    out_of_fold = {name: [fitted.cross_validation] for name, fitted in members.items()}
    cross_validation = combine_best(out_of_fold, len(members)).parts[0]
    if len(members) == 1:
        (cross_validation,) = next(iter(out_of_fold.values()))
    description = describe_model(
        "consensus" if len(members) > 1 else next(iter(members)),
        members,
        variants,
        cross_validation,
        data,
        SECTIONS,
        {row["molecule"]: row for row in facts.to_pylist()},
    )
    return members, description
