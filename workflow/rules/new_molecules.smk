"""New molecules: the study's rules for structures and descriptors, then a model that is there.

A module of its own (see predict.smk): its configuration holds the recipe of the model bundle, and
its results lie in a folder of their own.
"""

REQUIREMENTS = None  # nothing is split or learned here


include: "bootstrap.smk"
include: "paths.smk"
include: "common.smk"
include: "molecules.smk"
include: "conformers.smk"
include: "descriptors.smk"


from confaug.prediction.plan import model_files

MODEL_FOLDER = config["prediction"]["bundle"]
KNOWN = model_files(config, placed(MODEL_FOLDER))
MODEL_FILES = {
    "bundle": f"{MODEL_FOLDER}/bundle.json",
    "model": [f"{MODEL_FOLDER}/{name}" for name in KNOWN.names],
}
CONFORMER_JOBS = {
    "protocol": PROTOCOLS if KNOWN.needs_conformers else [],
    "repeat": REPEATS,
}
# What the user's own columns hold was decided when the model was made.
OWN_COLUMNS_OF_MODEL = {"bundle": MODEL_FILES["bundle"]} if HAS_OWN_COLUMNS else {}
COVERAGE = part("evaluation", "interval_coverage")


rule clean_unlabelled:
    input:
        **OWN_COLUMNS_OF_MODEL,
        table=unmoved(config["prediction"]["table"]),
    output:
        **OWN_NUMBERS,
        ledger=LEDGER,
        molecules=MOLECULES,
        source="<results>/table.json",
    log:
        "<logs>/clean_unlabelled.log",
    benchmark:
        "<benchmarks>/clean_unlabelled.tsv"
    group:
        "molecules"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(600),
        runtime=minutes(10),
    params:
        settings=settings(
            "clean_unlabelled",
            "cleaning",
            "property",
            input={
                key: config["input"][key]
                for key in ("decimal", "name_column", "id_column")
            },
            prediction=part("prediction"),
            splits=part("splits", "group_by"),
        ),
    message:
        "Cleaning the molecules of {input.table}"
    script:
        "../scripts/clean_unlabelled.py"


rule predict_molecules:
    input:
        **MODEL_FILES,
        **columns_of(KNOWN.molecule_kinds, at),
        shard=shard_file,
        descriptors_3d=expand(DESCRIPTORS_3D, **CONFORMER_JOBS, allow_missing=True),
        failures=expand(CONFORMER_FAILURES, **CONFORMER_JOBS, allow_missing=True),
    output:
        predictions=SHARD_PREDICTIONS,
    log:
        "<logs>/predict_molecules/shard-{shard}.log",
    benchmark:
        "<benchmarks>/predict_molecules/shard-{shard}.tsv"
    group:
        "predictions"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(5, learned_row=0.01),
    params:
        settings=settings(
            "predict_molecules",
            "cleaning",
            "descriptors",
            "embedding",
            "property",
            evaluation=COVERAGE,
        ),
    message:
        "Predicting the molecules of shard {wildcards.shard}"
    script:
        "../scripts/predict_molecules.py"


rule collect_predictions:
    input:
        bundle=MODEL_FILES["bundle"],
        ledger=LEDGER,
        predictions=per_shard(SHARD_PREDICTIONS),
    output:
        table=NEW_PREDICTIONS,
        model="<results>/model.json",
    log:
        "<logs>/collect_predictions.log",
    benchmark:
        "<benchmarks>/collect_predictions.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings("collect_predictions"),
    message:
        "Putting the predictions in the order of the table"
    script:
        "../scripts/collect_predictions.py"


rule choose_next:
    input:
        bundle=MODEL_FILES["bundle"],
        table=NEW_PREDICTIONS,
        shards=per_shard(SHARD),
    output:
        ranking=MEASURE_NEXT,
    log:
        "<logs>/choose_next.log",
    benchmark:
        "<benchmarks>/choose_next.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings(
            "choose_next",
            prediction=part("prediction", "measure_next"),
            wanted=WANTED,
        ),
    message:
        "Choosing what to measure next"
    script:
        "../scripts/choose_next.py"


rule export_predictions:
    input:
        table=NEW_PREDICTIONS,
    output:
        sdf="<results>/predictions.sdf",
    log:
        "<logs>/export_predictions.log",
    benchmark:
        "<benchmarks>/export_predictions.tsv"
    group:
        "export"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(400),
        runtime=minutes(10),
    params:
        settings=settings("export_predictions"),
    message:
        "Writing the predictions as an SD file"
    script:
        "../scripts/export_predictions.py"


rule show_predictions:
    input:
        **MODEL_FILES,
        table=NEW_PREDICTIONS,
        ranking=MEASURE_NEXT,
    output:
        html="<results>/index.html",
    log:
        "<logs>/show_predictions.log",
    benchmark:
        "<benchmarks>/show_predictions.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(600),
        runtime=minutes(10),
    params:
        settings=settings(
            "show_predictions",
            evaluation=COVERAGE,
            source=config["prediction"]["table"],
            wanted=WANTED,
        ),
    message:
        "Writing the page of the predictions"
    script:
        "../scripts/show_predictions.py"
