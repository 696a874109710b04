"""The model to take home: what the study recommends, fitted on all labelled molecules."""


rule fold_molecules:
    input:
        molecules=MOLECULES,
    output:
        split=FINAL_SPLIT,
    log:
        "<logs>/fold_molecules.log",
    benchmark:
        "<benchmarks>/fold_molecules.tsv"
    group:
        "tables"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("fold_molecules", splits=part("splits", "folds", "seed")),
    message:
        "Dividing all labelled molecules into folds"
    script:
        "../scripts/fold_molecules.py"


rule fit_final_model:
    input:
        **learning_input(*CANDIDATES, split=FINAL_SPLIT),
        **OWN_DECLARATION,
        recommendation=COMPARISON["recommendation"],
        variants=COMPARISON["variants"],
        differences=COMPARISON["differences"],
        training_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
    output:
        **FINAL_MODEL,
    log:
        "<logs>/fit_final_model.log",
    benchmark:
        "<benchmarks>/fit_final_model.tsv"
    group:
        "final_model"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(20, molecule=1, learned_row=0.002 * TRIALS),
    params:
        settings=settings(
            "fit_final_model",
            "tuning",
            "property",
            "embedding",
            "descriptors",
            "cleaning",
            variants={name: config["variants"][name] for name in CANDIDATES},
            protocols=PROTOCOLS,
            evaluation=part("evaluation", "interval_coverage"),
            # The other keys of the section are about new molecules.
            prediction={"model": config["prediction"]["model"]},
        ),
    message:
        "Fitting the final model on all labelled molecules"
    script:
        "../scripts/fit_final_model.py"


rule choose_unlabelled:
    input:
        bundle=FINAL_MODEL["bundle"],
        model=[FINAL_MODEL[name] for name in ("text", "numbers", "training_2d")],
        predictions=FINAL_MODEL["predictions"],
        molecules=MOLECULES,
        ledger=LEDGER,
        descriptors_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
    output:
        ranking=UNLABELLED_TO_MEASURE,
    log:
        "<logs>/choose_unlabelled.log",
    benchmark:
        "<benchmarks>/choose_unlabelled.tsv"
    group:
        "final_model"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings(
            "choose_unlabelled",
            evaluation=part("evaluation", "interval_coverage"),
            prediction=part("prediction", "measure_next"),
            wanted=WANTED,
        ),
    message:
        "Choosing which molecules without a label to measure next"
    script:
        "../scripts/choose_unlabelled.py"
