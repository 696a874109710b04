from snakemake.utils import min_version

min_version("9.27")


pathvars:
    logs="<results>/logs",
    benchmarks="<results>/benchmarks",


include: "workflow/rules/bootstrap.smk"


if MAKES_ATLAS:

    include: "workflow/rules/atlas.smk"

else:

    include: "workflow/rules/paths.smk"
    include: "workflow/rules/common.smk"
    include: "workflow/rules/console.smk"
    include: "workflow/rules/molecules.smk"
    include: "workflow/rules/conformers.smk"
    include: "workflow/rules/descriptors.smk"
    include: "workflow/rules/tables.smk"
    include: "workflow/rules/learning.smk"
    include: "workflow/rules/evaluation.smk"
    include: "workflow/rules/final_model.smk"
    include: "workflow/rules/extrapolation.smk"
    include: "workflow/rules/report.smk"
    include: "workflow/rules/plain.smk"
    include: "workflow/rules/check.smk"
    include: "workflow/rules/predict.smk"
    include: "workflow/rules/folder_checks.smk"

    # A workflow that uses this one as a module writes the introduction to its own report.
    if not IS_MODULE:

        report: "workflow/report/workflow.rst"

    # Every output that is promised to stay is named, so that one that is deleted is made again.
    rule all:
        input:
            LEDGER,
            MOLECULES,
            POLYMERS if config["cleaning"]["polymers"] != "as_given" else [],
            [AUGMENTED, DISTRIBUTION] if EMBEDDED else [],
            FAILURES,
            expand([PREDICTIONS, METRICS], variant=COMPARED, replicate=REPLICATES),
            expand(FITS, variant=VARIANTS, replicate=REPLICATES),
            expand(GRID_PARAMETERS, variant=BASELINES, replicate=REPLICATES),
            expand([HISTORY, MODEL_TEXT, BUNDLE], variant=TUNED, replicate=REPLICATES),
            expand(at(PARITY, replicate=1), variant=COMPARED, format=["svg", "png"]),
            expand(STANDINGS, replicate=REPLICATES),
            RECOMMENDATION_STANDINGS,
            list(FINAL_MODEL.values()),
            UNLABELLED_TO_MEASURE if config["cleaning"]["unlabelled"] == "keep" else [],
            REPORT,
            REPORT_SUMMARY,
        localrule: True
        message:
            f"Finished: the report is {RESULTS}/report/index.html"
