"""The plan of `snakemake predict`: which model predicts which table, and where the results go."""

from dataclasses import dataclass
from typing import ClassVar

from confaug.config.check import Config
from confaug.errors import UserError
from confaug.infrastructure.inputs import find_table, require_past
from confaug.infrastructure.places import require_not_itself
from confaug.infrastructure.study import is_example, property_in_words
from confaug.prediction.description import Description
from confaug.prediction.origin import require_same_table
from confaug.prediction.recipe import prediction_config, prediction_name, read_bundle


@dataclass(frozen=True)
class PredictionPlan:
    """The prediction that a configuration asks for.

    Attributes
    ----------
    config
        The configuration under which new molecules are cleaned, embedded and described.
    description
        Description of the given bundle; None if the study's own model predicts.
    folder
        Folder of the predictions below the folder of results.
    """

    config: Config
    description: Description | None
    folder: str
    #: What is made in that folder for the user.
    FILES: ClassVar = ("predictions.csv", "predictions.sdf", "index.html")


def plan_prediction(
    config: Config, schema: Config, main: str, *, named: bool
) -> PredictionPlan | None:
    """Plan the prediction that a configuration asks for, and check that it can be made.

    Parameters
    ----------
    config
        The complete configuration of the study.
    schema
        Schema of the configuration.
    main
        The variant whose model predicts, if it is the study's own.
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
    own = f"{config['pathvars']['results']}/models/{main}/replicate-1/bundle"
    return PredictionPlan(
        config=prediction_config(config, description, bundle or own, main),
        description=description,
        folder=f"predictions/{prediction_name(config)}",
    )


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
