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


# The shards wait for it, and with them all embedding. When only the settings that are checked change,
# the shards come out as they were and nothing is embedded again.
CHECKED = rules.check_study.output.checked
