"""From structures to rows of numbers."""


rule describe_2d:
    input:
        shard=shard_file,
    output:
        descriptors=DESCRIPTORS_2D,
        failures=FAILURES_2D,
    log:
        "<logs>/describe_2d/{kind}/shard-{shard}.log",
    benchmark:
        "<benchmarks>/describe_2d/{kind}/shard-{shard}.tsv"
    priority: DESCRIBING_FIRST
    group:
        "shapes"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(500, molecule=0.5),
        runtime=minutes(5, molecule=3),
    params:
        settings=settings(
            "describe_2d",
            descriptors=part("descriptors", "engine", "seconds_per_molecule_2d"),
        ),
    message:
        "Computing {wildcards.kind} of shard {wildcards.shard}"
    script:
        "../scripts/describe_2d.py"


rule describe_3d:
    input:
        conformers=CONFORMERS,
    output:
        descriptors=DESCRIPTORS_3D,
        failures=FAILURES_3D,
    log:
        "<logs>/describe_3d/{protocol}/repeat-{repeat}/shard-{shard}.log",
    benchmark:
        "<benchmarks>/describe_3d/{protocol}/repeat-{repeat}/shard-{shard}.tsv"
    priority: DESCRIBING_FIRST
    group:
        "shapes"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(400, conformer=0.02),
        runtime=minutes(2, conformer=0.1),
    params:
        settings=settings(
            "describe_3d",
            descriptors=part("descriptors", "engine", "partial_charges"),
        ),
    message:
        "Computing the 3D descriptors of shard {wildcards.shard}, {wildcards.protocol}, repeat {wildcards.repeat}"
    script:
        "../scripts/describe_3d.py"
