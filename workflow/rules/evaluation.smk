"""What the models are worth: the comparison of variants, and how far it can be trusted."""

# Variants of one family err alike: the consensus takes the best of each.
LEARNER_FAMILIES = {name: learner_family(VARIANT_SETTINGS[name]) for name in CANDIDATES}
NEEDS_CONFORMERS = {
    name: needs_conformers(VARIANT_SETTINGS[name]) for name in CANDIDATES
}

# The variants that give every molecule the same value, and the test for chance, if there is one.
CONSTANTS = [name for name in CANDIDATES if LEARNER_FAMILIES[name] == "constant"]
CHANCE = {"y_randomisation": Y_RANDOMISATION} if Y_RANDOMISATIONS else {}


rule combine_models:
    input:
        predictions=lambda wildcards: expand(
            PREDICTIONS,
            variant=CONSENSUSES[wildcards.variant],
            replicate=wildcards.replicate,
        ),
    output:
        cross_validation=CROSS_VALIDATION,
        predictions=PREDICTIONS,
        metrics=METRICS,
        members=MEMBERS,
    log:
        "<logs>/combine_models/{variant}/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/combine_models/{variant}/replicate-{replicate}.tsv"
    wildcard_constraints:
        variant=any_of(CONSENSUSES),
    group:
        "consensus"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=lambda wildcards: settings(
            "combine_models",
            candidates=CONSENSUSES[wildcards.variant],
            families=LEARNER_FAMILIES,
            evaluation=part("evaluation", "consensus_of"),
        ),
    message:
        "Averaging the best variants for {wildcards.variant}, replicate {wildcards.replicate}"
    script:
        "../scripts/combine_models.py"


rule recommend_variant:
    input:
        predictions=expand(
            PREDICTIONS, variant=CANDIDATES + COMBINED, allow_missing=True
        ),
        metrics=expand(METRICS, variant=CANDIDATES + COMBINED, allow_missing=True),
        members=expand(MEMBERS, variant=COMBINED, allow_missing=True),
        molecules=MOLECULES,
    output:
        predictions=at(PREDICTIONS, variant=RECOMMENDED),
        metrics=at(METRICS, variant=RECOMMENDED),
        standings=STANDINGS,
    log:
        "<logs>/recommend_variant/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/recommend_variant/replicate-{replicate}.tsv"
    group:
        "evaluation"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings(
            "recommend_variant",
            needs_conformers=NEEDS_CONFORMERS,
            consensuses=COMBINED,
        ),
    message:
        "Choosing a variant by cross-validation, replicate {wildcards.replicate}"
    script:
        "../scripts/recommend_variant.py"


rule recommend_model:
    input:
        predictions=expand(
            PREDICTIONS, variant=CANDIDATES + COMBINED, replicate=REPLICATES
        ),
        standings=expand(STANDINGS, replicate=REPLICATES),
        molecules=MOLECULES,
    output:
        recommendation=COMPARISON["recommendation"],
        standings=RECOMMENDATION_STANDINGS,
    log:
        "<logs>/recommend_model.log",
    benchmark:
        "<benchmarks>/recommend_model.tsv"
    group:
        "comparison"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings(
            "recommend_model",
            needs_conformers=NEEDS_CONFORMERS,
            families=LEARNER_FAMILIES,
            consensuses=CONSENSUSES,
            evaluation=part("evaluation", "consensus_of"),
        ),
    message:
        "Recommending a model"
    script:
        "../scripts/recommend_model.py"


rule compare_variants:
    input:
        predictions=expand(
            PREDICTIONS,
            variant=COMPARED,
            replicate=REPLICATES,
        ),
        splits=expand(SPLIT, replicate=REPLICATES),
        molecules=MOLECULES,
    output:
        summary=COMPARISON["variants"],
        differences=COMPARISON["differences"],
        replicates=COMPARISON["replicate_errors"],
        molecules=COMPARISON["molecule_errors"],
        verdict=COMPARISON["verdict"],
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
        settings=settings("compare_variants", "variants", "property", to_come=[]),
    message:
        "Comparing the variants"
    script:
        "../scripts/compare_variants.py"


rule check_leakage:
    input:
        molecules=MOLECULES,
        splits=expand(SPLIT, replicate=REPLICATES),
        predictions=expand(
            PREDICTIONS,
            variant=VARIANTS,
            replicate=REPLICATES,
        ),
        fits=expand(
            FITS,
            variant=VARIANTS,
            replicate=REPLICATES,
        ),
        bundles=expand(
            BUNDLE,
            variant=TUNED,
            replicate=REPLICATES,
        ),
    output:
        leakage=COMPARISON["leakage"],
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
        settings=settings("check_leakage", splits=part("splits", "group_by")),
    message:
        "Checking for leakage"
    script:
        "../scripts/check_leakage.py"


rule study_row_splits:
    input:
        ledger=LEDGER,
        molecules=MOLECULES,
        split=at(SPLIT, replicate=1),
        descriptors_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
        augmented=AUGMENTED,
    output:
        row_splits=ROW_SPLITS,
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
            evaluation=part("evaluation", "published_row_splits"),
        ),
    message:
        "Measuring the apparent error under row-wise splits"
    script:
        "../scripts/study_row_splits.py"


rule measure_learning_curves:
    input:
        **learning_input(MAIN),
        tuned=at(TUNED_PARAMETERS, variant=MAIN),
    output:
        table=LEARNING_CURVES,
    log:
        "<logs>/measure_learning_curves/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/measure_learning_curves/replicate-{replicate}.tsv"
    priority: longest_first("measure_learning_curves")
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
            property=part("property"),
            **rows_of(MAIN),
            evaluation=part("evaluation", "learning_curves"),
        ),
    message:
        "Measuring how much data is enough, replicate {wildcards.replicate}"
    script:
        "../scripts/measure_learning_curves.py"


# All randomisations are one job: they share what is read and binned, and end when the answer is clear.
rule tune_randomised:
    input:
        **learning_input(MAIN, split=at(SPLIT, replicate=1)),
        observed=at(CROSS_VALIDATION, variant=MAIN, replicate=1),
    output:
        errors=RANDOMISED_ERRORS,
    log:
        "<logs>/tune_randomised.log",
    benchmark:
        "<benchmarks>/tune_randomised.tsv"
    priority: longest_first("tune_randomised")
    group:
        "y_randomisation"
    conda:
        "../../envs/learning.yaml"
    threads: share_of_cores("tune_randomised")
    resources:
        mem_mb=memory(500, learned_row=ROW_MEMORY),
        runtime=minutes(10, learned_row=0.002 * TRIALS * Y_RANDOMISATIONS),
    params:
        settings=tuning_settings(
            "tune_randomised",
            MAIN,
            splits=part("splits", "seed"),
            evaluation=part("evaluation", "y_randomisations"),
        ),
    message:
        "Tuning on randomised labels"
    script:
        "../scripts/tune_randomised.py"


rule assess_y_randomisation:
    input:
        errors=RANDOMISED_ERRORS,
    output:
        table=Y_RANDOMISATION,
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
        tables=expand(LEARNING_CURVES, replicate=REPLICATES),
    output:
        table=COMPARISON["learning_curves"],
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


rule measure_training_sizes:
    input:
        **{
            name: files
            for name, files in learning_input(*CANDIDATES).items()
            if name != "split"
        },
        splits=expand(SPLIT, replicate=REPLICATES),
        recommendation=COMPARISON["recommendation"],
        tuned=expand(
            TUNED_PARAMETERS,
            variant=[name for name in CANDIDATES if name in TUNED],
            replicate=REPLICATES,
        ),
        grids=expand(
            GRID_PARAMETERS,
            variant=[name for name in CANDIDATES if name in BASELINES],
            replicate=REPLICATES,
        ),
    output:
        sizes=USABILITY["training_sizes"],
        laws=USABILITY["learning_laws"],
    log:
        "<logs>/measure_training_sizes.log",
    benchmark:
        "<benchmarks>/measure_training_sizes.tsv"
    group:
        "usability"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, learned_row=3 * ROW_MEMORY),
        runtime=minutes(30, learned_row=0.1),
    params:
        settings=settings(
            "measure_training_sizes",
            property=part("property"),
            protocols=PROTOCOLS,
            descriptors=part("descriptors", "boltzmann_temperature", "energy_window"),
            variants={name: config["variants"][name] for name in CANDIDATES},
            tuning=part("tuning"),
            evaluation=part("evaluation", "training_orders"),
        ),
    message:
        "Measuring how many molecules are enough"
    script:
        "../scripts/measure_training_sizes.py"


rule assess_usability:
    input:
        **CHANCE,
        predictions=expand(
            PREDICTIONS,
            variant=[*CONSTANTS, RECOMMENDED],
            replicate=REPLICATES,
        ),
        splits=expand(SPLIT, replicate=REPLICATES),
        molecules=MOLECULES,
        verdict=COMPARISON["verdict"],
        sizes=USABILITY["training_sizes"],
        laws=USABILITY["learning_laws"],
    output:
        usability=USABILITY["usability"],
    log:
        "<logs>/assess_usability.log",
    benchmark:
        "<benchmarks>/assess_usability.tsv"
    group:
        "usability"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings(
            "assess_usability",
            # The third key is about measured times, which the report alone knows.
            requirements={
                key: config["requirements"][key] for key in ("mae", "range")
            },
            property=part("property"),
            evaluation=part("evaluation", "interval_coverage"),
        ),
    message:
        "Assessing whether the model is good enough"
    script:
        "../scripts/assess_usability.py"


rule calibrate_intervals:
    input:
        molecules=MOLECULES,
        predictions=expand(
            PREDICTIONS,
            variant=COMPARED,
            replicate=REPLICATES,
        ),
    output:
        intervals=TRUST["intervals"],
        coverage=TRUST["coverage"],
        conformer_deviation=TRUST["conformer_deviation"],
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
            property=part("property"),
            main=MAIN,
            evaluation=part("evaluation", "interval_coverage"),
        ),
    message:
        "Calibrating prediction intervals"
    script:
        "../scripts/calibrate_intervals.py"


rule assess_domain:
    input:
        molecules=MOLECULES,
        descriptors_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
        predictions=at(PREDICTIONS, variant=RECOMMENDED, replicate=1),
    output:
        domain=TRUST["domain"],
        neighbours=TRUST["neighbours"],
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
        ledger=LEDGER,
        labels=LABELS,
        neighbours=TRUST["neighbours"],
        predictions=at(PREDICTIONS, variant=RECOMMENDED, replicate=1),
    output:
        label_outliers=TRUST["label_outliers"],
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
        **learning_input(MAIN, split=at(SPLIT, replicate=1)),
        model=at(MODEL_TEXT, variant=MAIN, replicate=1),
        bundle=at(BUNDLE, variant=MAIN, replicate=1),
    output:
        importance=IMPORTANCE["importance"],
        groups=IMPORTANCE["groups"],
        health=IMPORTANCE["health"],
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
        settings=settings("explain_model", **rows_of(MAIN)),
    message:
        "Finding out what the model uses"
    script:
        "../scripts/explain_model.py"
