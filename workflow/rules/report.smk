"""Figures and the one page that shows them."""

from confaug.report.figures.catalog import (
    FIGURES,
    drawable,
    page_sources,
    report_sources,
)
from confaug.infrastructure.provenance import content_hash

STUDY = {
    "ledger": LEDGER,
    "labels": LABELS,
    "molecules": MOLECULES,
    "failures": FAILURES,
    "split": at(SPLIT, replicate=1),
    **COMPARISON,
    **USABILITY,
    **TRUST,
    **IMPORTANCE,
    "predictions": at(PREDICTIONS, variant=RECOMMENDED, replicate=1),
    "metrics": at(METRICS, variant=RECOMMENDED, replicate=1),
    "main_predictions": at(PREDICTIONS, variant=MAIN, replicate=1),
    "history": at(HISTORY, variant=MAIN, replicate=1),
    "tuned": at(TUNED_PARAMETERS, variant=MAIN, replicate=1),
}
if EMBEDDED:
    STUDY["row_splits"] = ROW_SPLITS
if EXTRAPOLATED:
    STUDY |= EXTRAPOLATION
STUDY |= CHANCE


rule draw_figures:
    input:
        **STUDY,
    output:
        **{
            name: report(
                at(FIGURE, name=name),
                caption=f"../report/{name}.rst",
                category=FIGURES[name].category,
                labels={"figure": FIGURES[name].title},
            )
            for name in drawable(STUDY)
        },
    log:
        "<logs>/draw_figures.log",
    benchmark:
        "<benchmarks>/draw_figures.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=settings("draw_figures", "property", main=MAIN),
    message:
        "Drawing the figures"
    script:
        "../scripts/draw_figures.py"


rule draw_polymers:
    input:
        molecules=MOLECULES,
        ledger=LEDGER,
    output:
        html=POLYMERS,
    log:
        "<logs>/draw_polymers.log",
    benchmark:
        "<benchmarks>/draw_polymers.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(400),
        runtime=minutes(10),
    params:
        settings=settings(
            "draw_polymers",
            "property",
            cleaning={key: config["cleaning"][key] for key in ("polymers", "units")},
            templates=content_hash(page_sources("polymers")),
        ),
    message:
        "Drawing repeat units"
    script:
        "../scripts/draw_polymers.py"


rule write_report:
    input:
        **STUDY,
        table=input_table(),
        figures=expand(FIGURE, name=drawable(STUDY)),
        parity=expand(at(PARITY, replicate=1, format="svg"), variant=COMPARED),
    output:
        html=report(
            REPORT,
            caption="../report/page.rst",
            category="0 The report",
            labels={"figure": "The whole report on one page"},
        ),
        summary=REPORT_SUMMARY,
    log:
        "<logs>/write_report.log",
    benchmark:
        "<benchmarks>/write_report.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(500),
        runtime=minutes(10),
    params:
        settings=report_settings(main=MAIN, to_come=[]),
    message:
        "Writing the report"
    script:
        "../scripts/write_report.py"


rule print_report:
    input:
        html=REPORT,
    output:
        pdf=REPORT_PDF,
    log:
        "<logs>/print_report.log",
    benchmark:
        "<benchmarks>/print_report.tsv"
    group:
        "report"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=memory(1500),
        runtime=minutes(20),
    params:
        settings=settings("print_report"),
    message:
        "Printing the report"
    script:
        "../scripts/print_report.py"


rule pdf:
    input:
        printed_report,
    localrule: True
    message:
        "Finished: the printed report is {input}"
