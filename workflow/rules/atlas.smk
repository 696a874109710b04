"""`snakemake atlas`: one study of each of many properties, and what they say together.

Read in place of the rules of a study. Every study is this workflow as a module, whose rules are
named `atlas_<study>_<rule>`. The process of a job reads the module of that job alone.
"""

import logging

from confaug.atlas.plan import compared, study_configs, studies_of, variants_of
from confaug.atlas.run import AtlasRun
from confaug.config.roles import needs_conformers
from confaug.infrastructure.job import QUIET_JOBS
from confaug.infrastructure.provenance import code_hash
from confaug.infrastructure.versions import DECISIVE, installed_versions
from confaug.report.console import FailedJobs, causes, guard_run
from confaug.report.quiet_console import QuietConsole
from snakemake.logging import logger


include: "paths.smk"


with exit_with_sentence():
    STUDIES = {
        name: complete_config(study, SCHEMA)
        for name, study in study_configs(ROOT / "config", ATLAS_FOLDER).items()
    }

for STUDY in studies_of(sys.argv[1:], STUDIES):
    MODULE = f"atlas_{STUDY}_"

    module:
        name: MODULE
        snakefile:
            "../Snakefile"
        config:
            STUDIES[STUDY]

    use rule * from MODULE as MODULE*


VERSIONS = installed_versions(DECISIVE)
OF_STUDY = f"{ATLAS_FOLDER}/{{study}}"
READ = below(
    OF_STUDY,
    {
        "molecules": MOLECULES,
        "labels": LABELS,
        "coverage": TRUST["coverage"],
        "splits": SPLIT,
        "standings": STANDINGS,
        "predictions": PREDICTIONS,
    },
)
REPLICATES = {
    name: range(1, study["splits"]["replicates"] + 1) for name, study in STUDIES.items()
}
FAILED = FailedJobs()
RUN = AtlasRun(workflow, STUDIES, ATLAS_FOLDER)
CONSOLE = QuietConsole(
    logger,
    RUN.jobs_left,
    RUN.conclusion,
    keep_errors=workflow.output_settings.show_failed_logs,
)
if IS_GUARDED:
    with exit_with_sentence():
        guard_run(logger, FAILED)
        if not (workflow.output_settings.dryrun or workflow.output_settings.verbose):
            os.environ[QUIET_JOBS] = "1"
            CONSOLE.install()
        logger.info(f"Atlas: {len(STUDIES)} studies; results in {ATLAS_FOLDER}/")
        if workflow.config_settings.configfiles or workflow.config_settings.config:
            logger.warning(
                "The atlas takes nothing but the folder of results from --configfile and "
                "--config; edit config/atlas.yaml or the files in config/atlas/"
            )


onsuccess:
    CONSOLE.end(RUN.conclusion())


onerror:
    CONSOLE.end(causes(FAILED.logs, CONSOLE.just_said), logging.ERROR)


wildcard_constraints:
    study="|".join(STUDIES),


rule atlas:
    input:
        f"{ATLAS_FOLDER}/atlas.json",
        f"{ATLAS_FOLDER}/gains.svg",
    localrule: True
    message:
        f"Finished: the atlas is in {ATLAS_FOLDER}"


rule measure_gains:
    input:
        molecules=READ["molecules"],
        labels=READ["labels"],
        coverage=READ["coverage"],
        splits=lambda wildcards: expand(
            READ["splits"],
            study=wildcards.study,
            replicate=REPLICATES[wildcards.study],
        ),
        standings=lambda wildcards: expand(
            READ["standings"],
            study=wildcards.study,
            replicate=REPLICATES[wildcards.study],
        ),
        predictions=lambda wildcards: expand(
            READ["predictions"],
            study=wildcards.study,
            variant=compared(STUDIES[wildcards.study]),
            replicate=REPLICATES[wildcards.study],
        ),
    output:
        gains=f"{OF_STUDY}/gains.csv",
        study=f"{OF_STUDY}/study.csv",
    log:
        f"{OF_STUDY}/logs/measure_gains.log",
    benchmark:
        f"{OF_STUDY}/benchmarks/measure_gains.tsv"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings=lambda wildcards: {
            "code": code_hash(SCRIPTS / "measure_gains.py"),
            "versions": VERSIONS,
            "variants": STUDIES[wildcards.study]["variants"],
            "property": STUDIES[wildcards.study]["property"],
        },
    message:
        "Measuring what conformers gained in {wildcards.study}"
    script:
        "../scripts/measure_gains.py"


rule summarise_atlas:
    input:
        gains=expand(f"{OF_STUDY}/gains.csv", study=STUDIES),
        studies=expand(f"{OF_STUDY}/study.csv", study=STUDIES),
    output:
        gains=f"{ATLAS_FOLDER}/gains.csv",
        studies=f"{ATLAS_FOLDER}/studies.csv",
        summary=f"{ATLAS_FOLDER}/atlas.json",
        costs=f"{ATLAS_FOLDER}/costs.csv",
    log:
        f"{ATLAS_FOLDER}/logs/summarise_atlas.log",
    benchmark:
        f"{ATLAS_FOLDER}/benchmarks/summarise_atlas.tsv"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings={
            "code": code_hash(SCRIPTS / "summarise_atlas.py"),
            "versions": VERSIONS,
            "coverage": next(iter(STUDIES.values()))["evaluation"][
                "interval_coverage"
            ],
            "logs": {study: f"{ATLAS_FOLDER}/{study}/logs" for study in STUDIES},
            "conformers": {
                name: [
                    variant
                    for variant, one in variants_of(study).items()
                    if needs_conformers(one)
                ]
                for name, study in STUDIES.items()
            },
        },
    message:
        "Summarising the atlas"
    script:
        "../scripts/summarise_atlas.py"


rule draw_atlas:
    input:
        gains=f"{ATLAS_FOLDER}/gains.csv",
        studies=f"{ATLAS_FOLDER}/studies.csv",
        summary=f"{ATLAS_FOLDER}/atlas.json",
    output:
        svg=f"{ATLAS_FOLDER}/gains.svg",
        png=f"{ATLAS_FOLDER}/gains.png",
    log:
        f"{ATLAS_FOLDER}/logs/draw_atlas.log",
    benchmark:
        f"{ATLAS_FOLDER}/benchmarks/draw_atlas.tsv"
    conda:
        "../../envs/learning.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        settings={
            "code": code_hash(SCRIPTS / "draw_atlas.py"),
            "versions": VERSIONS,
        },
    message:
        "Drawing what conformers gained"
    script:
        "../scripts/draw_atlas.py"
