"""First results, within minutes: what the variants that need no conformers tell.

Each of them is evaluated by the rules of the whole study, which goes on from there. What is made of
all of them together has files of its own, so that neither report overwrites the other.
"""

PLAIN_COMPARISON = in_plain(COMPARISON)
PLAIN_TRUST = in_plain(TRUST)
PLAIN_RECOMMENDED = in_plain(
    {
        name: at(path, variant=RECOMMENDED)
        for name, path in {"predictions": PREDICTIONS, "metrics": METRICS}.items()
    }
)
PLAIN_STANDINGS = in_plain({"replicate": STANDINGS, "study": RECOMMENDATION_STANDINGS})
# The consensus of these variants, if there is one, is that of the study.
PLAIN_CONSENSUSES = {
    name: members for name, members in CONSENSUSES.items() if set(members) <= set(PLAIN)
}
PLAIN_EVALUATED = [*PLAIN, *PLAIN_CONSENSUSES]
PLAIN_PREDICTIONS = [
    *expand(PREDICTIONS, variant=PLAIN_EVALUATED, replicate=REPLICATES),
    *expand(PLAIN_RECOMMENDED["predictions"], replicate=REPLICATES),
]
TO_COME = [name for name in VARIANTS if name not in PLAIN]
PLAIN_SETTINGS = {name: config["variants"][name] for name in PLAIN}
PLAIN_NEEDS = {name: NEEDS_CONFORMERS[name] for name in PLAIN}
PLAIN_STUDY = {
    **{name: STUDY[name] for name in ("ledger", "labels", "molecules", "split")},
    **{
        name: path
        for name, path in PLAIN_COMPARISON.items()
        if name != "learning_curves"
    },
    **PLAIN_TRUST,
    **{name: at(path, replicate=1) for name, path in PLAIN_RECOMMENDED.items()},
}
if PLAIN_MAIN:
    PLAIN_STUDY |= {
        "main_predictions": at(PREDICTIONS, variant=PLAIN_MAIN, replicate=1),
        "history": at(HISTORY, variant=PLAIN_MAIN, replicate=1),
        "tuned": at(TUNED_PARAMETERS, variant=PLAIN_MAIN, replicate=1),
    }


rule plain:
    input:
        first_results,
    localrule: True
    message:
        "Finished without conformers: the report is {input}"


use rule recommend_variant as recommend_plain_variant with:
    input:
        predictions=expand(PREDICTIONS, variant=PLAIN_EVALUATED, allow_missing=True),
        metrics=expand(METRICS, variant=PLAIN_EVALUATED, allow_missing=True),
        members=expand(MEMBERS, variant=PLAIN_CONSENSUSES, allow_missing=True),
        molecules=MOLECULES,
    output:
        **PLAIN_RECOMMENDED,
        standings=PLAIN_STANDINGS["replicate"],
    log:
        "<logs>/recommend_plain_variant/replicate-{replicate}.log",
    benchmark:
        "<benchmarks>/recommend_plain_variant/replicate-{replicate}.tsv"
    params:
        settings=settings(
            "recommend_variant",
            needs_conformers=PLAIN_NEEDS,
            consensuses=list(PLAIN_CONSENSUSES),
        ),
    message:
        "Choosing a variant without conformers by cross-validation, replicate {wildcards.replicate}"


use rule recommend_model as recommend_plain_model with:
    input:
        predictions=expand(PREDICTIONS, variant=PLAIN_EVALUATED, replicate=REPLICATES),
        standings=expand(PLAIN_STANDINGS["replicate"], replicate=REPLICATES),
        molecules=MOLECULES,
    output:
        recommendation=PLAIN_COMPARISON["recommendation"],
        standings=PLAIN_STANDINGS["study"],
    log:
        "<logs>/recommend_plain_model.log",
    benchmark:
        "<benchmarks>/recommend_plain_model.tsv"
    params:
        settings=settings(
            "recommend_model",
            needs_conformers=PLAIN_NEEDS,
            families={name: LEARNER_FAMILIES[name] for name in PLAIN},
            consensuses=PLAIN_CONSENSUSES,
            evaluation=part("evaluation", "consensus_of"),
        ),
    message:
        "Recommending a model without conformers"


use rule compare_variants as compare_plain_variants with:
    input:
        predictions=PLAIN_PREDICTIONS,
        splits=expand(SPLIT, replicate=REPLICATES),
        molecules=MOLECULES,
    output:
        summary=PLAIN_COMPARISON["variants"],
        differences=PLAIN_COMPARISON["differences"],
        replicates=PLAIN_COMPARISON["replicate_errors"],
        molecules=PLAIN_COMPARISON["molecule_errors"],
        verdict=PLAIN_COMPARISON["verdict"],
    log:
        "<logs>/compare_plain_variants.log",
    benchmark:
        "<benchmarks>/compare_plain_variants.tsv"
    params:
        settings=settings(
            "compare_variants", "property", variants=PLAIN_SETTINGS, to_come=TO_COME
        ),
    message:
        "Comparing the variants without conformers"


use rule check_leakage as check_plain_leakage with:
    input:
        molecules=MOLECULES,
        splits=expand(SPLIT, replicate=REPLICATES),
        predictions=expand(PREDICTIONS, variant=PLAIN, replicate=REPLICATES),
        fits=expand(FITS, variant=PLAIN, replicate=REPLICATES),
        bundles=expand(
            BUNDLE,
            variant=[name for name in PLAIN if name in TUNED],
            replicate=REPLICATES,
        ),
    output:
        leakage=PLAIN_COMPARISON["leakage"],
    log:
        "<logs>/check_plain_leakage.log",
    benchmark:
        "<benchmarks>/check_plain_leakage.tsv"
    message:
        "Checking the variants without conformers for leakage"


use rule calibrate_intervals as calibrate_plain_intervals with:
    input:
        molecules=MOLECULES,
        predictions=PLAIN_PREDICTIONS,
    output:
        **{
            name: PLAIN_TRUST[name]
            for name in ("intervals", "coverage", "conformer_deviation")
        },
    log:
        "<logs>/calibrate_plain_intervals.log",
    benchmark:
        "<benchmarks>/calibrate_plain_intervals.tsv"
    params:
        settings=settings(
            "calibrate_intervals",
            property=part("property"),
            main=PLAIN_MAIN or RECOMMENDED,
            evaluation=part("evaluation", "interval_coverage"),
        ),
    message:
        "Calibrating prediction intervals without conformers"


use rule assess_domain as assess_plain_domain with:
    input:
        molecules=MOLECULES,
        descriptors_2d=per_shard(DESCRIPTORS_2D, kind=DOMAIN_KIND),
        predictions=at(PLAIN_RECOMMENDED["predictions"], replicate=1),
    output:
        domain=PLAIN_TRUST["domain"],
        neighbours=PLAIN_TRUST["neighbours"],
    log:
        "<logs>/assess_plain_domain.log",
    benchmark:
        "<benchmarks>/assess_plain_domain.tsv"
    message:
        "Assessing the applicability domain without conformers"


use rule find_label_outliers as find_plain_label_outliers with:
    input:
        ledger=LEDGER,
        labels=LABELS,
        neighbours=PLAIN_TRUST["neighbours"],
        predictions=at(PLAIN_RECOMMENDED["predictions"], replicate=1),
    output:
        label_outliers=PLAIN_TRUST["label_outliers"],
    log:
        "<logs>/find_plain_label_outliers.log",
    benchmark:
        "<benchmarks>/find_plain_label_outliers.tsv"
    message:
        "Looking for label outliers without conformers"


use rule draw_figures as draw_plain_figures with:
    input:
        **PLAIN_STUDY,
    output:
        **{name: at(PLAIN_FIGURE, name=name) for name in drawable(PLAIN_STUDY)},
    log:
        "<logs>/draw_plain_figures.log",
    benchmark:
        "<benchmarks>/draw_plain_figures.tsv"
    params:
        settings=settings("draw_figures", "property", main=PLAIN_MAIN),
    message:
        "Drawing the figures of the variants without conformers"


use rule write_report as write_plain_report with:
    input:
        **PLAIN_STUDY,
        table=input_table(),
        figures=expand(PLAIN_FIGURE, name=drawable(PLAIN_STUDY)),
        parity=expand(
            at(PARITY, replicate=1, format="svg"),
            variant=PLAIN_EVALUATED,
        ),
    output:
        html=PLAIN_REPORT,
        summary=PLAIN_SUMMARY,
    log:
        "<logs>/write_plain_report.log",
    benchmark:
        "<benchmarks>/write_plain_report.tsv"
    params:
        settings=report_settings(
            main=PLAIN_MAIN,
            to_come=TO_COME,
        ),
    message:
        "Writing the report of the variants without conformers"
