"""`snakemake predict`: new molecules for the study's model, or for a bundle from anywhere."""

from confaug.report.console import prediction_line, require_named_study
from confaug.infrastructure.inputs import require_past
from confaug.prediction.origin import outdated_predictions, require_same_table
from confaug.infrastructure.places import require_not_itself
from confaug.prediction.recipe import prediction_config, read_bundle

PREDICTION = config["prediction"]
PREDICTED = []

if PREDICTION["table"]:
    try:
        require_named_study(config, named=NAMED)
        require_past(find_table("prediction.table", PREDICTION["table"]))
        given = PREDICTION["bundle"]
        DOCUMENT = read_bundle(given, config, SCHEMA) if given else None
    except UserError as error:
        sys.exit(f"Error: {error}")
    NEW = prediction_config(
        config, DOCUMENT, given or f"{RESULTS}/models/{MAIN}/replicate-1/bundle", MAIN
    )
    if workflow.is_main_process:
        try:
            require_not_itself(PREDICTION["table"], NEW["pathvars"]["results"])
            require_same_table(PREDICTION["table"], NEW["pathvars"]["results"])
        except UserError as error:
            sys.exit(f"Error: {error}")
        logger.info(prediction_line(config, DOCUMENT, MAIN, NEW["pathvars"]["results"]))
    PREDICTED = [
        f"{NEW['pathvars']['results']}/{name}"
        for name in ("predictions.csv", "index.html")
    ]

    module new_molecules:
        snakefile:
            "new_molecules.smk"
        config:
            NEW

    use rule * from new_molecules exclude clean_molecules, split_molecules as new_*


if workflow.is_main_process:
    for line in outdated_predictions(
        RESULTS, [os.path.dirname(PREDICTED[0])] if PREDICTED else []
    ):
        logger.warning(line)


onsuccess:
    for line in outdated_predictions(RESULTS):
        logger.warning(line)


localrules:
    predict,


rule predict:
    input:
        PREDICTED or asks_for("prediction.table", "the table of new molecules"),
    message:
        "Finished: the predictions are in {input}"
