"""Tuning, final fit and evaluation of every variant on every replicate."""

TRIALS = config["tuning"]["initial_points"] + config["tuning"]["iterations"]
MODEL = "<results>/models/{variant}/replicate-{replicate}"
LEARNING_INPUT = {
    "augmented": "<results>/augmented.parquet",
    "distribution": "<results>/distribution.parquet",
    "molecules": "<results>/molecules/molecules.csv",
    "split": "<results>/splits/replicate-{replicate}.csv",
}


rule tune_model:
    input:
        **LEARNING_INPUT,
    output:
        history=f"{MODEL}/tuning_history.csv",
        tuned=f"{MODEL}/tuned.json",
        fits=f"{MODEL}/fits.csv",
        cross_validation=f"{MODEL}/cross_validation.csv",
    log:
        "<logs>/tune_model/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/tune_model/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(TUNED),
    group:
        "models"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(10, learned_row=0.002 * TRIALS),
    params:
        settings=lambda wildcards: settings(
            "tune_model",
            "tuning",
            property=selected("property", ["transform"]),
            variant=config["variants"][wildcards.variant],
            protocols=PROTOCOLS,
        ),
    message:
        "Tuning {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/tune_model.py"


rule fit_model:
    input:
        **LEARNING_INPUT,
        tuned=f"{MODEL}/tuned.json",
        cross_validation=f"{MODEL}/cross_validation.csv",
        descriptors_2d=per_shard("<results>/descriptors_2d/shard-{shard}.parquet"),
    output:
        model=f"{MODEL}/bundle/model.txt",
        bundle=f"{MODEL}/bundle/bundle.json",
        training_2d=f"{MODEL}/bundle/training_2d.npy",
    log:
        "<logs>/fit_model/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/fit_model/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(TUNED),
    group:
        "models"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(5, learned_row=0.02),
    params:
        settings=lambda wildcards: settings(
            "fit_model",
            "tuning",
            "property",
            "embedding",
            "descriptors",
            "cleaning",
            variant=config["variants"][wildcards.variant],
            protocols=PROTOCOLS,
        ),
    message:
        "Fitting {wildcards.variant} on all training molecules, replicate {wildcards.replicate}"
    script:
        "../scripts/fit_model.py"


rule evaluate_model:
    input:
        **LEARNING_INPUT,
        cross_validation=f"{MODEL}/cross_validation.csv",
        model=f"{MODEL}/bundle/model.txt",
        bundle=f"{MODEL}/bundle/bundle.json",
    output:
        predictions=f"{MODEL}/predictions.csv",
        metrics=f"{MODEL}/metrics.csv",
    log:
        "<logs>/evaluate_model/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/evaluate_model/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(TUNED),
    group:
        "models"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(5, learned_row=0.01),
    params:
        settings=lambda wildcards: settings(
            "evaluate_model",
            property=selected("property", ["transform"]),
            variant=config["variants"][wildcards.variant],
            protocols=PROTOCOLS,
        ),
    message:
        "Predicting held-out molecules with {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/evaluate_model.py"


rule evaluate_baseline:
    input:
        **LEARNING_INPUT,
    output:
        fits=f"{MODEL}/fits.csv",
        cross_validation=f"{MODEL}/cross_validation.csv",
        predictions=f"{MODEL}/predictions.csv",
        metrics=f"{MODEL}/metrics.csv",
    log:
        "<logs>/evaluate_baseline/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/evaluate_baseline/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(BASELINES),
    group:
        "models"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, molecule=0.5),
        runtime=minutes(10, molecule=1),
    params:
        settings=lambda wildcards: settings(
            "evaluate_baseline",
            property=selected("property", ["transform"]),
            variant=config["variants"][wildcards.variant],
            protocols=PROTOCOLS,
            tuning=selected("tuning", ["metric", "seed"]),
        ),
    message:
        "Fitting and judging {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/evaluate_baseline.py"


rule plot_parity:
    input:
        predictions=f"{MODEL}/predictions.csv",
        metrics=f"{MODEL}/metrics.csv",
    output:
        svg=f"{MODEL}/parity.svg",
        png=f"{MODEL}/parity.png",
    log:
        "<logs>/plot_parity/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/plot_parity/{variant}/replicate-{replicate}.tsv"
    group:
        parity_group
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("plot_parity", "property"),
    message:
        "Drawing the parity plot of {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/plot_parity.py"
