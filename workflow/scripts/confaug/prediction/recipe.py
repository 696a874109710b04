"""The recipe of a model: how its molecules were cleaned, embedded and described.

New molecules are treated in the same way. Nothing here loads LightGBM, so that the rules can use
this module.
"""

import re
from pathlib import Path

from confaug import __version__
from confaug.config.check import Config, complete_config
from confaug.config.kinds import OWN_KIND
from confaug.config.protocols import Protocol
from confaug.config.roles import RECOMMENDED
from confaug.config.settings.variants import Variant
from confaug.descriptors.molecule_kinds import columns_of
from confaug.descriptors.names import EVERY_3D, feature_name
from confaug.errors import UserError
from confaug.infrastructure.text import quoted, shorten
from confaug.infrastructure.versions import CHEMISTRY, MODEL, installed_versions
from confaug.molecules.own_columns.declaration import feature_names
from confaug.prediction.bundle_files import read_description
from confaug.prediction.description import Description
from confaug.prediction.learned_files import read_bundle_files

#: Other releases of these may make other conformers or descriptors of the same molecule.
DESCRIBING = ("confaug", *CHEMISTRY)
#: Sections of the configuration that decide about the descriptors of a molecule.
SECTIONS = ("cleaning", "descriptors", "embedding", "property")


def recipe_of(description: Description) -> Config:
    """Return the sections of the configuration under which a model was made."""
    return {name: description.config.get(name) for name in SECTIONS}


def read_bundle(folder: str | Path, config: Config, schema: Config) -> Description:
    """Read the description of a bundle, and check that it can predict here.

    Parameters
    ----------
    folder
        The bundle's folder.
    config
        The complete configuration; its key `prediction.other_versions` says whether to
        `refuse` or `accept` a bundle that other releases made.
    schema
        Schema of the configuration, which the bundle's recipe must satisfy.

    Raises
    ------
    UserError
        If its predictions would be wrong or are impossible; the sentence says why.
    """
    description = read_description(folder)
    _check_versions(description, folder, config["prediction"]["other_versions"])
    _check_features(description, folder)
    _check_smiles_column(config, description, folder)
    try:
        complete_config(_as_study(config, description), schema)
    except (UserError, KeyError, TypeError) as error:
        raise UserError(
            f"the model bundle {folder} asks for protocols, descriptors or cleaning that this "
            f"program does not have ({shorten(str(error), 300)}); fit the model again"
        ) from error
    if list(description.protocols) != description.config["embedding"]["protocols"]:
        raise UserError(
            f"the model bundle {folder} is inconsistent: its protocols are not those of its "
            "section embedding; fit the model again"
        )
    read_bundle_files(folder, description)
    return description


def check_recipe(description: Description, config: Config) -> None:
    """Check that new molecules were cleaned, embedded and described like those of a model.

    A key that the bundle does not have was added later; its default keeps the earlier behaviour.

    Parameters
    ----------
    config
        The sections of the configuration under which the new molecules were described.

    Raises
    ------
    UserError
        If a section differs from that of the bundle.
    """
    for section, wanted in recipe_of(description).items():
        if any(config[section].get(key) != value for key, value in wanted.items()):
            raise UserError(
                f"the model was made with another section {section} of the configuration than the "
                "new molecules; fit the model again, or predict with the key prediction: bundle"
            )


def version_differences(description: Description) -> list[str]:
    """Say which releases differ from those that made a bundle, those of its descriptors first."""
    here = {"confaug": __version__, **installed_versions(MODEL)}
    there = {"confaug": description.confaug, **description.versions}
    order = sorted(here, key=lambda name: (name not in DESCRIBING, name))
    return [
        f"{name} {there.get(name)} (here {here[name]})"
        for name in order
        if there.get(name) != here[name]
    ]


def prediction_config(config: Config, description: Description | None, folder: str) -> Config:
    """Return the configuration under which new molecules are cleaned, embedded and described.

    Parameters
    ----------
    config
        The complete configuration of the study.
    description
        Description of a given bundle, whose recipe, variants and own columns then replace those of
        the study; None for the study's own model.
    folder
        The bundle's folder.
    """
    prediction = {**config["prediction"], "bundle": folder, "name": prediction_name(config)}
    prediction["smiles_column"] = _smiles_column(config)
    adapted = {**config, "prediction": prediction}
    if description is not None:
        adapted = _as_study(adapted, description)
    results = f"{config['pathvars']['results']}/predictions/{prediction['name']}"
    return {
        **adapted,
        "pathvars": {**config["pathvars"], "results": results},
        "shards": {"count": "auto", "molecules": prediction["molecules_per_shard"]},
    }


def prediction_name(config: Config) -> str:
    """Return the name of the folder of the predictions: as configured, or that of the table.

    >>> prediction_name({"prediction": {"name": None, "table": "data/my new.csv"}})
    'my_new'
    """
    section = config["prediction"]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(section["table"]).stem).lstrip("._-")
    return str(section["name"] or plain or "new")


def _as_study(config: Config, description: Description) -> Config:
    """Replace what a configuration says of a study by what a bundle says of its own."""
    variants = {
        member.name: member.variant.model_dump(exclude_unset=True) for member in description.members
    }
    prediction = {**config["prediction"], "model": RECOMMENDED}  # the study's own is not asked for
    return {
        **config,
        **recipe_of(description),
        "variants": variants,
        "prediction": prediction,
        "input": _roles(config, description),
    }


def _roles(config: Config, description: Description) -> Config:
    """Return the section `input` with the roles that columns have in a table of new molecules.

    A column of the model may have the name of one that has another role in the study. The roles of
    label and split, which nothing reads here but which have to be filled, go to the SMILES.
    """
    study = config["input"]
    smiles = _smiles_column(config)
    return {
        **study,
        **dict.fromkeys(("id_column", "name_column", "occurrences_column")),
        **dict.fromkeys(("smiles_column", "label_column"), smiles),
        "split_column": smiles if study.get("split_column") else None,
        "feature_columns": [column.name for column in description.own_columns],
        "condition_columns": [],
    }


def _smiles_column(config: Config) -> str:
    """Return the name of the column of SMILES in a table of new molecules."""
    return str(config["prediction"]["smiles_column"] or config["input"]["smiles_column"])


def _check_smiles_column(config: Config, description: Description, folder: str | Path) -> None:
    """Refuse to read the SMILES from a column that the model reads."""
    smiles = _smiles_column(config)
    if smiles in [column.name for column in description.own_columns]:
        raise UserError(
            f"the model bundle {folder} reads a column {quoted(smiles)} of the table, so the "
            "SMILES cannot be in it; name their column in prediction: smiles_column"
        )


def _check_versions(description: Description, folder: str | Path, other_versions: str) -> None:
    """Refuse a bundle whose descriptors were made with other releases."""
    differences = [one for one in version_differences(description) if one.startswith(DESCRIBING)]
    if differences and other_versions == "refuse":
        raise UserError(
            f"the model bundle {folder} was made with {', '.join(differences)}, which may make "
            "other conformers or descriptors of the same molecule: fit the model again, install "
            "those versions, or set prediction: other_versions to accept"
        )


def _check_features(description: Description, folder: str | Path) -> None:
    """Refuse a bundle whose features are not descriptors of this program."""
    for member in description.members:
        known = _known_features(member.variant, description)
        unknown = [name for name in member.features if name not in known]
        if unknown:
            raise UserError(
                f"the model bundle {folder} was made with other descriptors: this program does not "
                f"have {quoted(unknown[0], 100)} ({len(unknown)} of {len(member.features)} are "
                "unknown); fit the model again"
            )


def _known_features(variant: Variant, description: Description) -> set[str]:
    """Return the names of all features that a representation can have here."""
    known = {
        feature_name(kind, column)
        for kind in variant.molecule_kinds
        if kind != OWN_KIND
        for column in columns_of(kind).names
    }
    if OWN_KIND in variant.molecule_kinds:
        known |= set(feature_names(description.own_columns))
    if variant.conformer_kind == "distribution_3d":
        from confaug.descriptors.distribution import distribution_columns

        definitions = {name: Protocol.named(name) for name in description.protocols}
        known |= set(distribution_columns(definitions, EVERY_3D))
    elif variant.conformer_kind == "boltzmann_3d":
        from confaug.learning.ensemble_statistics import boltzmann_columns

        known |= set(boltzmann_columns(EVERY_3D))
    elif variant.conformer_kind == "ensemble_statistics_3d":
        from confaug.learning.ensemble_statistics import statistic_columns

        known |= set(statistic_columns(EVERY_3D))
    elif variant.conformer_kind:
        known |= set(EVERY_3D)
    return known
