"""From the user's table to molecules, splits and shards."""


rule clean_molecules:
    input:
        table=input_table(),
    output:
        **OWN_NUMBERS,
        **OWN_DECLARATION,
        ledger=LEDGER,
        molecules=MOLECULES,
        labels=LABELS,
    log:
        "<logs>/clean_molecules.log",
    benchmark:
        "<benchmarks>/clean_molecules.tsv"
    group:
        "molecules"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(400),
        runtime=minutes(10),
    params:
        settings=settings(
            "clean_molecules",
            "input",
            "cleaning",
            property=part("property"),
            splits=part("splits", "group_by"),
        ),
    message:
        "Cleaning the molecules of {input.table}"
    script:
        "../scripts/clean_molecules.py"


rule split_molecules:
    input:
        molecules=MOLECULES,
    output:
        split=SPLIT,
    log:
        "<logs>/split_molecules/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/split_molecules/replicate-{replicate}.tsv"
    group:
        "tables"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings(
            "split_molecules",
            splits=part("splits", "train", "folds", "seed"),
        ),
    message:
        "Splitting the molecules, replicate {wildcards.replicate}"
    script:
        "../scripts/split_molecules.py"


checkpoint shard_molecules:
    input:
        molecules=MOLECULES,
    output:
        manifest=MANIFEST,
    log:
        "<logs>/shard_molecules.log",
    benchmark:
        "<benchmarks>/shard_molecules.tsv"
    group:
        "molecules"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("shard_molecules", "shards"),
        # Checked here, because everything long waits for the shards. A parameter that depends on
        # inputs makes nothing rerun, so other requirements leave the shards as they are.
        requirements=lambda wildcards, input: REQUIREMENTS,
    message:
        "Dividing the molecules into shards"
    script:
        "../scripts/shard_molecules.py"
