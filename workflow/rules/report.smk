"""Figures and the one page that shows them."""

from confaug.report.figures.catalog import FIGURES, drawable, report_sources
from confaug.infrastructure.provenance import content_hash

EXAMINED = f"<results>/models/{MAIN}/replicate-1"
STUDY = {
    "ledger": "<results>/molecules/ledger.csv",
    "labels": "<results>/molecules/labels.json",
    "molecules": "<results>/molecules/molecules.csv",
    "failures": "<results>/failures.csv",
    "split": "<results>/splits/replicate-1.csv",
    "variants": "<results>/comparison/variants.csv",
    "differences": "<results>/comparison/differences.csv",
    "replicate_errors": "<results>/comparison/replicate_errors.csv",
    "molecule_errors": "<results>/comparison/molecule_errors.csv",
    "verdict": "<results>/comparison/verdict.json",
    "leakage": "<results>/comparison/leakage.json",
    "row_splits": "<results>/comparison/row_splits.csv",
    "learning_curves": "<results>/comparison/learning_curves.csv",
    "intervals": "<results>/trust/intervals.csv",
    "coverage": "<results>/trust/coverage.csv",
    "domain": "<results>/trust/domain.csv",
    "neighbours": "<results>/trust/neighbours.csv",
    "label_outliers": "<results>/trust/label_outliers.csv",
    "conformer_deviation": "<results>/trust/conformer_deviation.json",
    "importance": "<results>/importance/descriptors.csv",
    "groups": "<results>/importance/groups.csv",
    "health": "<results>/importance/health.csv",
    "predictions": f"{EXAMINED}/predictions.csv",
    "metrics": f"{EXAMINED}/metrics.csv",
    "history": f"{EXAMINED}/tuning_history.csv",
    "tuned": f"{EXAMINED}/tuned.json",
}
if Y_RANDOMISATIONS:
    STUDY["y_randomisation"] = "<results>/comparison/y_randomisation.csv"


rule draw_figures:
    input:
        **STUDY,
    output:
        **{
            name: report(
                f"<results>/report/figures/{name}.svg",
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


rule write_report:
    input:
        **STUDY,
        table=input_table(),
        figures=expand("<results>/report/figures/{name}.svg", name=drawable(STUDY)),
        parity=expand(
            "<results>/models/{variant}/replicate-1/parity.svg", variant=COMPARED
        ),
    output:
        html=report(
            "<results>/report/index.html",
            caption="../report/page.rst",
            category="0 The report",
            labels={"figure": "The whole report on one page"},
        ),
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
        settings=settings(
            "write_report",
            templates=content_hash(report_sources()),
            main=MAIN,
            config=dict(config),
            logs=f"{RESULTS}/logs",
        ),
    message:
        "Writing the report"
    script:
        "../scripts/write_report.py"
