"""The plan of `snakemake predict`: which model predicts which table, and where the results go."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from confaug.config.check import Config
from confaug.config.roles import (
    RECOMMENDED,
    candidates,
    molecule_kinds,
    needs_conformers,
    plan_consensuses,
)
from confaug.config.settings.variants import Variant
from confaug.errors import UserError
from confaug.infrastructure.inputs import find_table, require_past
from confaug.infrastructure.places import require_not_itself
from confaug.infrastructure.study import is_example, property_in_words
from confaug.prediction.bundle_files import read_description
from confaug.prediction.description import (
    CARD_FILE,
    MODEL_FILE,
    NUMBERS_FILE,
    TRAINING_FILE,
    Description,
)
from confaug.prediction.origin import DOCUMENT_FILE, require_same_table
from confaug.prediction.recipe import prediction_config, prediction_name, read_bundle

#: Where the study's own model lies below its folder of results.
OWN_MODEL = "final_model/bundle"
#: Its files besides its description.
OWN_FILES = (CARD_FILE, NUMBERS_FILE, MODEL_FILE, TRAINING_FILE)


@dataclass(frozen=True)
class PredictionPlan:
    """The prediction that a configuration asks for.

    Attributes
    ----------
    config
        The configuration under which new molecules are cleaned, embedded and described. Its keys
        `prediction.bundle` and `prediction.model` name the model that predicts.
    description
        Description of the given bundle; None if the study's own model predicts.
    folder
        Folder of the predictions below the folder of results.
    """

    config: Config
    description: Description | None
    folder: str
    #: What is made in that folder for the user.
    FILES: ClassVar = ("predictions.csv", "predictions.sdf", "measure_next.csv", "index.html")


def plan_prediction(config: Config, schema: Config, *, named: bool) -> PredictionPlan | None:
    """Plan the prediction that a configuration asks for, and check that it can be made.

    Parameters
    ----------
    config
        The complete configuration of the study.
    schema
        Schema of the configuration.
    named
        Whether the user named a configuration file.

    Returns
    -------
    PredictionPlan or None
        None if no table of new molecules is given.

    Raises
    ------
    UserError
        If the table or the bundle cannot be used, or if the bundled example's model would predict
        without having been named.
    """
    section = config["prediction"]
    if not section["table"]:
        return None
    require_named_study(config, named=named)
    require_past(find_table("prediction.table", section["table"]))
    bundle = section["bundle"]
    description = read_bundle(bundle, config, schema) if bundle else None
    own = f"{config['pathvars']['results']}/{OWN_MODEL}"
    return PredictionPlan(
        config=prediction_config(config, description, bundle or own),
        description=description,
        folder=f"predictions/{prediction_name(config)}",
    )


@dataclass(frozen=True)
class ModelFiles:
    """The model that predicts, as far as it is known when jobs are planned.

    Attributes
    ----------
    names
        Names of the files of its bundle besides its description, `bundle.json`.
    needs_conformers
        Whether it reads conformers. As long as the study has not made its model, any candidate that
        does counts.
    molecule_kinds
        The kinds of columns of molecules that it reads, likewise.
    """

    names: tuple[str, ...]
    needs_conformers: bool
    molecule_kinds: tuple[str, ...]


def model_files(config: Config, folder: str | Path) -> ModelFiles:
    """Find out what is known about the model that predicts.

    Parameters
    ----------
    config
        The configuration of a `PredictionPlan`.
    folder
        Where its bundle lies, seen from the working directory.
    """
    asked = config["prediction"]["model"]
    description = _made(folder)
    if description and asked in (RECOMMENDED, description.model):
        return ModelFiles(
            tuple(sorted(description.digests)),
            description.needs_conformers,
            tuple(description.molecule_kinds),
        )
    variants = {name: Variant(**entry) for name, entry in config["variants"].items()}
    consensuses = plan_consensuses(variants, config["evaluation"]["consensus_of"])
    names = [asked] if asked in variants else consensuses.get(asked, candidates(variants))
    possible = [variants[name] for name in names]
    return ModelFiles(
        OWN_FILES, any(map(needs_conformers, possible)), tuple(molecule_kinds(possible))
    )


def require_planned(description: Description, inputs: Any) -> None:
    """Check that everything that the model reads was made.

    Parameters
    ----------
    inputs
        Inputs of a job: `descriptors_3d`, and a file of each planned kind under its name.

    Raises
    ------
    UserError
        If the study has made another model since the run was planned.
    """
    lacking = [kind for kind in description.molecule_kinds if not getattr(inputs, kind, None)]
    if lacking or (description.needs_conformers and not inputs.descriptors_3d):
        raise UserError(
            f"the model that predicts has become {description.model}, which reads "
            f"{lacking[0] if lacking else 'conformers'}, while this run was under way; run the "
            "same command again"
        )


def _made(folder: str | Path) -> Description | None:
    """Read the description of a model; None if there is none that can be read yet."""
    if not Path(folder, DOCUMENT_FILE).is_file():
        return None
    try:
        return read_description(folder)
    except UserError:
        return None  # the job that uses it says what is wrong, or the study makes it anew


def require_free_folder(table: str, folder: str) -> None:
    """Check that the predictions of a table can go to a folder.

    Raises
    ------
    UserError
        If the table lies in it, or it holds the predictions of another table.
    """
    require_not_itself(table, folder)
    require_same_table(table, folder)


def require_named_study(config: Config, *, named: bool) -> None:
    """Refuse to predict with the bundled example's model unless that study was named.

    Raises
    ------
    UserError
        If neither a configuration file nor a bundle was named.
    """
    if is_example(config) and not named and not config["prediction"]["bundle"]:
        raise UserError(
            f"{config['prediction']['table']} would be predicted by the bundled example's model of "
            f"{property_in_words(config['property'])}; name your study with --configfile, or the "
            "example with --configfile config/config.yaml"
        )
