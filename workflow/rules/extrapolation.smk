"""How models behave beyond what they were trained on: at the ends of the labels, and far from them."""

# Models that need conformers would cost minutes; those without are the ones that users ask about.
EXTRAPOLATED = PLAIN if any(config["evaluation"]["extrapolation"].values()) else []


rule measure_extrapolation:
    input:
        **learning_input(*EXTRAPOLATED, split=FINAL_SPLIT),
        recommendation=COMPARISON["recommendation"],
        standings=RECOMMENDATION_STANDINGS,
        tuned=expand(
            TUNED_PARAMETERS,
            variant=[name for name in EXTRAPOLATED if name in TUNED],
            replicate=1,
        ),
        grids=expand(
            GRID_PARAMETERS,
            variant=[name for name in EXTRAPOLATED if name in BASELINES],
            replicate=1,
        ),
    output:
        **EXTRAPOLATION,
    log:
        "<logs>/measure_extrapolation.log",
    benchmark:
        "<benchmarks>/measure_extrapolation.tsv"
    group:
        "usability"
    conda:
        "../../envs/learning.yaml"
    threads: 1
    resources:
        mem_mb=memory(500, molecule=0.5),
        runtime=minutes(10, molecule=1),
    params:
        settings=settings(
            "measure_extrapolation",
            property=part("property"),
            protocols=PROTOCOLS,
            variants={name: config["variants"][name] for name in EXTRAPOLATED},
            tuning={"seed": config["tuning"]["seed"]},
            evaluation=part("evaluation", "extrapolation"),
        ),
    message:
        "Measuring how models extrapolate"
    script:
        "../scripts/measure_extrapolation.py"
