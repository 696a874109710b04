"""What stops a study that cannot work before the long work begins."""


rule check_study:
    input:
        ledger="<results>/molecules/ledger.csv",
        molecules="<results>/molecules/molecules.csv",
    output:
        checked="<results>/molecules/checked.json",
    log:
        "<logs>/check_study.log",
    benchmark:
        "<benchmarks>/check_study.tsv"
    group:
        "molecules"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(400),
        runtime=minutes(5),
    params:
        settings=settings(
            "check_study",
            splits=selected("splits", ["replicates", "train", "folds", "seed"]),
            published_row_splits=config["evaluation"]["published_row_splits"],
        ),
    message:
        "Checking that the molecules suffice"
    script:
        "../scripts/check_study.py"


# Nothing is embedded before; what is embedded stays when the settings that are checked change.
CHECKED = ancient(rules.check_study.output.checked)
