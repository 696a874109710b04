"""The tables that learning starts from, and the list of everything that failed on the way."""


rule merge_augmented:
    input:
        molecules=MOLECULES,
        shards=per_shard(SHARD),
        descriptors_3d=per_shard(
            DESCRIPTORS_3D,
            protocol=EMBEDDED,
            repeat=REPEATS,
        ),
    output:
        table=AUGMENTED,
    log:
        "<logs>/merge_augmented.log",
    benchmark:
        "<benchmarks>/merge_augmented.tsv"
    priority: DESCRIBING_FIRST
    group:
        "tables"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(400, table_row=ROW_MEMORY_MERGED),
        runtime=minutes(5, table_row=0.002),
    params:
        settings=settings("merge_augmented"),
    message:
        "Merging the augmented table, one row per conformer"
    script:
        "../scripts/merge_augmented.py"


rule merge_distribution:
    input:
        molecules=MOLECULES,
        descriptors_3d=per_shard(
            DESCRIPTORS_3D,
            protocol=EMBEDDED,
            repeat=REPEATS,
        ),
    output:
        table=DISTRIBUTION,
    log:
        "<logs>/merge_distribution.log",
    benchmark:
        "<benchmarks>/merge_distribution.tsv"
    priority: DESCRIBING_FIRST
    group:
        "tables"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(400, table_row=ROW_MEMORY_MERGED),
        runtime=minutes(5, table_row=0.002),
    params:
        settings=settings(
            "merge_distribution",
            protocols=PROTOCOLS,
        ),
    message:
        "Merging the distribution table, one row per molecule"
    script:
        "../scripts/merge_distribution.py"


rule merge_failures:
    input:
        conformers=per_shard(
            CONFORMER_FAILURES,
            protocol=EMBEDDED,
            repeat=REPEATS,
        ),
        describe_2d=per_shard(FAILURES_2D, kind=DESCRIBED),
        describe_3d=per_shard(
            FAILURES_3D,
            protocol=EMBEDDED,
            repeat=REPEATS,
        ),
    output:
        table=FAILURES,
    log:
        "<logs>/merge_failures.log",
    benchmark:
        "<benchmarks>/merge_failures.tsv"
    group:
        "tables"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(300),
        runtime=minutes(5),
    params:
        settings=settings("merge_failures"),
    message:
        "Listing what failed"
    script:
        "../scripts/merge_failures.py"
