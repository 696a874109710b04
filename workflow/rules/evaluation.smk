"""What the models are worth: the comparison of variants, and how far it can be trusted."""

from confaug.config.roles import CONTROLS

# A control is there to be compared with, not to be used: none enters the consensus. Variants of one
# family err alike; it takes the best of each.
CANDIDATES = [
    name for name in VARIANTS if VARIANT_SETTINGS[name].representation not in CONTROLS
] or VARIANTS
LEARNER_FAMILIES = {
    name: VARIANT_SETTINGS[name].learner.removesuffix("_default") for name in CANDIDATES
}
RANDOMISED = "<results>/y_randomisation/randomisation-{randomisation}"


rule combine_models:
    input:
        predictions=expand(
            "<results>/models/{variant}/replicate-{{replicate}}/predictions.csv",
            variant=CANDIDATES,
        ),
    output:
        cross_validation="<results>/models/consensus/replicate-{replicate}/cross_validation.csv",
        predictions="<results>/models/consensus/replicate-{replicate}/predictions.csv",
        metrics="<results>/models/consensus/replicate-{replicate}/metrics.csv",
        members="<results>/models/consensus/replicate-{replicate}/members.csv",
    log:
        "<logs>/combine_models/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/combine_models/replicate-{replicate}.tsv"
    group:
        "evaluation"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings(
            "combine_models",
            candidates=CANDIDATES,
            families=LEARNER_FAMILIES,
            size=config["evaluation"]["consensus_of"],
        ),
    message:
        "Averaging the best variants by cross-validation, replicate {wildcards.replicate}"
    script:
        "../scripts/combine_models.py"


rule compare_variants:
    input:
        predictions=expand(
            "<results>/models/{variant}/replicate-{replicate}/predictions.csv",
            variant=COMPARED,
            replicate=REPLICATES,
        ),
        splits=expand(
            "<results>/splits/replicate-{replicate}.csv", replicate=REPLICATES
        ),
        molecules="<results>/molecules/molecules.csv",
    output:
        summary="<results>/comparison/variants.csv",
        differences="<results>/comparison/differences.csv",
        replicates="<results>/comparison/replicate_errors.csv",
        molecules="<results>/comparison/molecule_errors.csv",
        verdict="<results>/comparison/verdict.json",
    log:
        "<logs>/compare_variants.log",
    benchmark:
        "<benchmarks>/compare_variants.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings("compare_variants", "variants", "property"),
    message:
        "Comparing the variants"
    script:
        "../scripts/compare_variants.py"


rule check_leakage:
    input:
        molecules="<results>/molecules/molecules.csv",
        splits=expand(
            "<results>/splits/replicate-{replicate}.csv", replicate=REPLICATES
        ),
        predictions=expand(
            "<results>/models/{variant}/replicate-{replicate}/predictions.csv",
            variant=VARIANTS,
            replicate=REPLICATES,
        ),
        fits=expand(
            "<results>/models/{variant}/replicate-{replicate}/fits.csv",
            variant=VARIANTS,
            replicate=REPLICATES,
        ),
        bundles=expand(
            "<results>/models/{variant}/replicate-{replicate}/bundle/bundle.json",
            variant=TUNED,
            replicate=REPLICATES,
        ),
    output:
        leakage="<results>/comparison/leakage.json",
    log:
        "<logs>/check_leakage.log",
    benchmark:
        "<benchmarks>/check_leakage.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings("check_leakage", splits=selected("splits", ["group_by"])),
    message:
        "Checking for leakage"
    script:
        "../scripts/check_leakage.py"


rule study_row_splits:
    input:
        ledger="<results>/molecules/ledger.csv",
        molecules="<results>/molecules/molecules.csv",
        split="<results>/splits/replicate-1.csv",
        descriptors_2d=per_shard("<results>/descriptors_2d/shard-{shard}.parquet"),
        augmented="<results>/augmented.parquet",
    output:
        row_splits="<results>/comparison/row_splits.csv",
    log:
        "<logs>/study_row_splits.log",
    benchmark:
        "<benchmarks>/study_row_splits.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(600, table_row=ROW_MEMORY_MERGED),
        runtime=minutes(10, table_row=0.01),
    params:
        settings=settings(
            "study_row_splits",
            evaluation=selected("evaluation", ["published_row_splits"]),
        ),
    message:
        "Measuring the apparent error under row-wise splits"
    script:
        "../scripts/study_row_splits.py"


rule measure_learning_curves:
    input:
        **LEARNING_INPUT,
        tuned=f"<results>/models/{MAIN}/replicate-{{replicate}}/tuned.json",
    output:
        table="<results>/learning_curves/replicate-{replicate}.csv",
    log:
        "<logs>/measure_learning_curves/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/measure_learning_curves/replicate-{replicate}.tsv"
    group:
        "evaluation"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500, learned_row=3 * ROW_MEMORY),
        runtime=minutes(30, learned_row=0.1),
    params:
        settings=settings(
            "measure_learning_curves",
            property=selected("property", ["transform"]),
            variant=config["variants"][MAIN],
            protocols=PROTOCOLS,
            learning_curves=config["evaluation"]["learning_curves"],
        ),
    message:
        "Measuring how much data is enough, replicate {wildcards.replicate}"
    script:
        "../scripts/measure_learning_curves.py"


rule randomise_labels:
    input:
        molecules="<results>/molecules/molecules.csv",
        split="<results>/splits/replicate-1.csv",
    output:
        molecules=f"{RANDOMISED}/molecules.csv",
    log:
        "<logs>/randomise_labels/randomisation-{randomisation}.log",
    benchmark:
        "<benchmarks>/randomise_labels/randomisation-{randomisation}.tsv"
    group:
        "y_randomisation"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("randomise_labels", splits=selected("splits", ["seed"])),
    message:
        "Randomising the labels, randomisation {wildcards.randomisation}"
    script:
        "../scripts/randomise_labels.py"


# The same path as the real study, with randomised labels.
use rule tune_model as tune_randomised with:
    input:
        augmented="<results>/augmented.parquet",
        distribution="<results>/distribution.parquet",
        molecules=f"{RANDOMISED}/molecules.csv",
        split="<results>/splits/replicate-1.csv",
    output:
        history=f"{RANDOMISED}/tuning_history.csv",
        tuned=f"{RANDOMISED}/tuned.json",
        cross_validation=f"{RANDOMISED}/cross_validation.csv",
        fits=f"{RANDOMISED}/fits.csv",
    log:
        "<logs>/tune_randomised/randomisation-{randomisation}.log",
    benchmark:
        "<benchmarks>/tune_randomised/randomisation-{randomisation}.tsv"
    group:
        "y_randomisation"
    params:
        settings=settings(
            "tune_model",
            "tuning",
            property=selected("property", ["transform"]),
            variant=config["variants"][MAIN],
            protocols=PROTOCOLS,
        ),
    message:
        "Tuning on randomised labels, randomisation {wildcards.randomisation}"


rule assess_y_randomisation:
    input:
        observed=f"<results>/models/{MAIN}/replicate-1/cross_validation.csv",
        randomised=expand(
            f"{RANDOMISED}/cross_validation.csv", randomisation=Y_RANDOMISATIONS
        ),
    output:
        table="<results>/comparison/y_randomisation.csv",
        summary="<results>/comparison/y_randomisation.json",
    log:
        "<logs>/assess_y_randomisation.log",
    benchmark:
        "<benchmarks>/assess_y_randomisation.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("assess_y_randomisation", "property"),
    message:
        "Comparing the error with those of y-randomisation"
    script:
        "../scripts/assess_y_randomisation.py"


rule merge_learning_curves:
    input:
        tables=expand(
            "<results>/learning_curves/replicate-{replicate}.csv", replicate=REPLICATES
        ),
    output:
        table="<results>/comparison/learning_curves.csv",
    log:
        "<logs>/merge_learning_curves.log",
    benchmark:
        "<benchmarks>/merge_learning_curves.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("merge_learning_curves"),
    message:
        "Merging the learning curves of all replicates"
    script:
        "../scripts/merge_learning_curves.py"


rule calibrate_intervals:
    input:
        predictions=expand(
            "<results>/models/{variant}/replicate-{replicate}/predictions.csv",
            variant=COMPARED,
            replicate=REPLICATES,
        ),
    output:
        intervals="<results>/trust/intervals.csv",
        coverage="<results>/trust/coverage.csv",
        conformer_deviation="<results>/trust/conformer_deviation.json",
    log:
        "<logs>/calibrate_intervals.log",
    benchmark:
        "<benchmarks>/calibrate_intervals.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings(
            "calibrate_intervals",
            property=selected("property", ["transform"]),
            main=MAIN,
            evaluation=selected("evaluation", ["interval_coverage"]),
        ),
    message:
        "Calibrating prediction intervals"
    script:
        "../scripts/calibrate_intervals.py"


rule assess_domain:
    input:
        molecules="<results>/molecules/molecules.csv",
        descriptors_2d=per_shard("<results>/descriptors_2d/shard-{shard}.parquet"),
        predictions=f"<results>/models/{MAIN}/replicate-1/predictions.csv",
    output:
        domain="<results>/trust/domain.csv",
        neighbours="<results>/trust/neighbours.csv",
    log:
        "<logs>/assess_domain.log",
    benchmark:
        "<benchmarks>/assess_domain.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10, molecule=0.1),
    params:
        settings=settings("assess_domain"),
    message:
        "Assessing the applicability domain"
    script:
        "../scripts/assess_domain.py"


rule find_label_outliers:
    input:
        ledger="<results>/molecules/ledger.csv",
        labels="<results>/molecules/labels.json",
        neighbours="<results>/trust/neighbours.csv",
        predictions=f"<results>/models/{MAIN}/replicate-1/predictions.csv",
    output:
        label_outliers="<results>/trust/label_outliers.csv",
    log:
        "<logs>/find_label_outliers.log",
    benchmark:
        "<benchmarks>/find_label_outliers.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings("find_label_outliers", "property"),
    message:
        "Looking for label outliers"
    script:
        "../scripts/find_label_outliers.py"


rule explain_model:
    input:
        augmented="<results>/augmented.parquet",
        distribution="<results>/distribution.parquet",
        molecules="<results>/molecules/molecules.csv",
        split="<results>/splits/replicate-1.csv",
        model=f"<results>/models/{MAIN}/replicate-1/bundle/model.txt",
        bundle=f"<results>/models/{MAIN}/replicate-1/bundle/bundle.json",
    output:
        importance="<results>/importance/descriptors.csv",
        groups="<results>/importance/groups.csv",
        health="<results>/importance/health.csv",
    log:
        "<logs>/explain_model.log",
    benchmark:
        "<benchmarks>/explain_model.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(10, learned_row=0.01),
    params:
        settings=settings(
            "explain_model", variant=config["variants"][MAIN], protocols=PROTOCOLS
        ),
    message:
        "Finding out what the model uses"
    script:
        "../scripts/explain_model.py"
