"""`snakemake predict`: new molecules for the study's model, or for a bundle from anywhere."""

from confaug.prediction.origin import outdated_predictions
from confaug.prediction.plan import plan_prediction, require_free_folder
from confaug.report.wording.console import prediction_line

if given := config["prediction"]["bundle"]:
    config["prediction"]["bundle"] = anchored(given)
with exit_with_sentence():
    PLAN = plan_prediction(config, SCHEMA, named=NAMED)

if PLAN:

    module new_molecules:
        snakefile:
            "new_molecules.smk"
        config:
            PLAN.config

    use rule * from new_molecules exclude clean_molecules, split_molecules as new_*


PREDICTED = [f"<results>/{PLAN.folder}/{name}" for name in PLAN.FILES] if PLAN else []
RENEWED = [f"{RESULTS}/{PLAN.folder}"] if PLAN else []
if IS_GUARDED:
    with exit_with_sentence():
        for folder in RENEWED:
            require_free_folder(config["prediction"]["table"], folder)
            logger.info(prediction_line(config, PLAN.description, folder))
    for line in outdated_predictions(RESULTS, RENEWED):
        logger.warning(line)


onsuccess:
    CONSOLE.end(conclusion())
    for line in outdated_predictions(RESULTS):
        logger.warning(line)


rule predict:
    input:
        PREDICTED or asks_for("prediction.table", "the table of new molecules"),
    localrule: True
    message:
        "Finished: the predictions are in {input}"
