"""Conformers of every molecule, for each protocol and repeat."""


rule embed_conformers:
    input:
        shard=shard_file,
    output:
        conformers=CONFORMERS,
        failures=CONFORMER_FAILURES,
    log:
        "<logs>/embed_conformers/{protocol}/repeat-{repeat}/shard-{shard}.log",
    benchmark:
        "<benchmarks>/embed_conformers/{protocol}/repeat-{repeat}/shard-{shard}.tsv"
    wildcard_constraints:
        protocol=any_of(STARTS),
    priority: DESCRIBING_FIRST
    group:
        "embedding"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(350, conformer=0.02),
        runtime=minutes(2, work=0.05),
    params:
        settings=settings(
            "embed_conformers",
            embedding=part("embedding"),
        ),
    message:
        "Embedding shard {wildcards.shard} with {wildcards.protocol}, repeat {wildcards.repeat}"
    script:
        "../scripts/embed_conformers.py"


rule minimise_conformers:
    input:
        shard=shard_file,
        starts=conformers_to_minimise,
    output:
        conformers=CONFORMERS,
        failures=CONFORMER_FAILURES,
    log:
        "<logs>/minimise_conformers/{protocol}/repeat-{repeat}/shard-{shard}.log",
    benchmark:
        "<benchmarks>/minimise_conformers/{protocol}/repeat-{repeat}/shard-{shard}.tsv"
    wildcard_constraints:
        protocol=any_of(MINIMISED),
    priority: DESCRIBING_FIRST
    group:
        "shapes"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(350, conformer=0.02),
        runtime=minutes(2, work=0.05),
    params:
        settings=settings(
            "minimise_conformers",
            embedding=part("embedding", "max_steps"),
        ),
    message:
        "Minimising shard {wildcards.shard} under {wildcards.protocol}, repeat {wildcards.repeat}"
    script:
        "../scripts/minimise_conformers.py"


rule export_conformers:
    input:
        conformers=conformers_of_molecule,
    output:
        sdf="<results>/export/{molecule}.sdf",
    log:
        "<logs>/export_conformers/{molecule}.log",
    benchmark:
        "<benchmarks>/export_conformers/{molecule}.tsv"
    conda:
        "../../envs/chemistry.yaml"
    resources:
        mem_mb=memory(400),
        runtime=minutes(10),
    params:
        settings=settings("export_conformers"),
    message:
        "Exporting the conformers of {wildcards.molecule} as SDF"
    script:
        "../scripts/export_conformers.py"
