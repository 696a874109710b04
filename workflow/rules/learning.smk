"""Tuning, final fit and evaluation of every variant on every replicate."""

TRIALS = config["tuning"]["initial_points"] + config["tuning"]["iterations"]


rule tune_model:
    input:
        unpack(of_variant),
    output:
        history=HISTORY,
        tuned=TUNED_PARAMETERS,
        fits=FITS,
        cross_validation=CROSS_VALIDATION,
    log:
        "<logs>/tune_model/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/tune_model/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(TUNED),
    priority: longest_first("tune_model")
    group:
        "models"
    conda:
        "../../envs/learning.yaml"
    threads: share_of_cores("tune_model")
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(10, learned_row=0.002 * TRIALS),
    params:
        settings=lambda wildcards: tuning_settings("tune_model", wildcards.variant),
    message:
        "Tuning {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/tune_model.py"


rule fit_model:
    input:
        unpack(of_variant),
        **OWN_DECLARATION,
        tuned=TUNED_PARAMETERS,
        cross_validation=CROSS_VALIDATION,
        training_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
    output:
        model=MODEL_TEXT,
        bundle=BUNDLE,
        numbers=f"{MODEL}/bundle/model.npy",
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
        unpack(of_variant),
        cross_validation=CROSS_VALIDATION,
        model=MODEL_TEXT,
        bundle=BUNDLE,
    output:
        predictions=PREDICTIONS,
        metrics=METRICS,
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
            property=part("property"),
            **rows_of(wildcards.variant),
        ),
    message:
        "Predicting held-out molecules with {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/evaluate_model.py"


rule evaluate_baseline:
    input:
        unpack(of_variant),
    output:
        grid=GRID_PARAMETERS,
        fits=FITS,
        cross_validation=CROSS_VALIDATION,
        predictions=PREDICTIONS,
        metrics=METRICS,
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
            property=part("property"),
            **rows_of(wildcards.variant),
            tuning=part("tuning"),
        ),
    message:
        "Fitting and judging {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/evaluate_baseline.py"


rule plot_parity:
    input:
        predictions=PREDICTIONS,
        metrics=METRICS,
    output:
        svg=at(PARITY, format="svg"),
        png=at(PARITY, format="png"),
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
