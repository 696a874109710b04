"""`snakemake check`: what a study will do and cost, before anything expensive is computed."""


rule check:
    input:
        missing_molecules,
    localrule: True
    message:
        "Checked"
