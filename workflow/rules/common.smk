"""What the rules share: the checked configuration, lists of wildcard values, and input functions."""

import os
import sys
from pathlib import Path

# Another workflow may use this one as a module: nothing is looked for where that one lies.
ROOT = Path(workflow.current_basedir).parents[1]
SCRIPTS = ROOT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

import confaug

if Path(str(confaug.__file__)).resolve().parent != (SCRIPTS / "confaug").resolve():
    sys.exit(
        f"Error: Python has loaded another library confaug, {confaug.__file__}, before that of this "
        f"workflow, {SCRIPTS / 'confaug'}; remove it, or what loads it when Python starts "
        "(usercustomize.py, sitecustomize.py or a .pth file)"
    )

from confaug.molecules.checks import check_config
from confaug.config.check import complete_config, read_schema
from confaug.config.files import check_config_files
from confaug.config.parts import section_part
from confaug.errors import UserError, exit_with_sentence
from confaug.infrastructure.inputs import find_table
from confaug.infrastructure.library import own_library_first
from confaug.infrastructure.provenance import code_hash
from confaug.infrastructure.records import keep_records
from confaug.infrastructure.resources import Requests, ROW_MEMORY, ROW_MEMORY_MERGED
from confaug.infrastructure.snakemake_groups import form_groups_anew
from confaug.config.roles import assign_roles, learned_rows
from confaug.config.settings.variants import Variant
from confaug.molecules.sharding import read_manifest, read_work, shard_of
from confaug.infrastructure.system import arithmetic_settings, check_system
from confaug.infrastructure.versions import DECISIVE, installed_versions


include: "paths.smk"


form_groups_anew()

SCHEMA = read_schema(ROOT / "workflow" / "schemas" / "config.schema.yaml")
# A workflow that uses this one as a module decides about the run: its files of configuration, the
# environment of its jobs, and what stands on the console.
IS_MODULE = not workflow.modifier.is_main_snakefile()
IS_GUARDED = workflow.is_main_process and not IS_MODULE

with exit_with_sentence():
    check_system(drawing=True)
    if not IS_MODULE:
        check_config_files(workflow.configfiles)
    config.update(complete_config(config, SCHEMA))
    check_config(config)

# Jobs inherit the environment; what the user has set for these libraries is left alone.
for name, value in arithmetic_settings().items():
    os.environ.setdefault(name, value)
# The library whose code is hashed here is the one that jobs import, whatever else is in their way.
if not IS_MODULE:
    os.environ.update(own_library_first(SCRIPTS, os.environ))


def placed(path):
    """Return where a file of this workflow lies, which the prefix of a module moves."""
    path = workflow.pathvars.apply(path)
    return workflow.modifier.path_modifier.replace_prefix(path)


def unmoved(path):
    """Mark a file of the user's, which the prefix of a module must leave where it is."""
    return path if placed(path) == path else local(path)


VERSIONS = installed_versions(DECISIVE)
config["pathvars"]["results"] = workflow.pathvars.apply("<results>")
RESULTS = placed("<results>")
# The rules of predictions are read after those of the study, in whose folder their results lie.
keep_records(RESULTS, str(ROOT))
PROTOCOLS = config["embedding"]["protocols"]
REPEATS = range(1, config["embedding"]["repeats"] + 1)
REPLICATES = range(1, config["splits"]["replicates"] + 1)
VARIANT_SETTINGS = {
    name: Variant(**entry) for name, entry in config["variants"].items()
}
VARIANTS = list(VARIANT_SETTINGS)
TUNED = [name for name in VARIANTS if VARIANT_SETTINGS[name].learner == "lightgbm"]
BASELINES = [name for name in VARIANTS if name not in TUNED]
COMPARED = VARIANTS + ["consensus"] * bool(config["evaluation"]["consensus_of"])
# The model that is examined closely: y-randomisation, learning curves, intervals, importance.
MAIN = assign_roles(VARIANT_SETTINGS).primary or next(iter(TUNED), None)
Y_RANDOMISATIONS = range(1, config["evaluation"]["y_randomisations"] + 1)


def any_of(names):
    """Return a pattern that matches one of the given names, and nothing if there are none."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    protocol=any_of(PROTOCOLS),
    repeat=r"\d+",
    shard=r"\d+",
    replicate=r"\d+",
    randomisation=r"\d+",
    variant=any_of(COMPARED),
    molecule=r"m[0-9a-f]{12}",


def settings(script, *sections, **further):
    """Return what a rule depends on besides its files, as one parameter.

    Snakemake compares parameters as a set of values, so they stand in one dict, by name. The hash
    of the script and of all modules it imports makes a rule rerun when its code changes, and the
    versions keep shards made by different libraries from being mixed.
    """
    own = {section: config[section] for section in sections}
    code = code_hash(SCRIPTS / f"{script}.py")
    return {"code": code, "versions": VERSIONS, **own, **further}


def part(section, *reserved):
    """Return a section without the keys that are reserved for other rules, which rerun for them."""
    return section_part(config, section, *reserved)


def input_table():
    """Return the path of the user's table; the bundled one is found from any working directory."""
    given = config["input"]["table"]
    # A bundle needs no study, and the rule of another workflow may make the table of a module.
    optional = config["prediction"]["bundle"] or IS_MODULE
    if optional and not (os.path.lexists(given) or os.path.lexists(ROOT / given)):
        return unmoved(given)
    with exit_with_sentence():
        return unmoved(find_table("input.table", given, ROOT))


def asks_for(key, meaning):
    """Return an input function of a rule that cannot run without a configuration key."""

    def ask(wildcards):
        with exit_with_sentence():
            raise UserError(f"config key {key!r} is missing; give it: {meaning}")

    return ask


def manifest(wildcards):
    """Return the path of the manifest once the molecules are divided into shards."""
    return checkpoints.shard_molecules.get().output.manifest


def shard_file(wildcards):
    """Return the file of one shard, which the checkpoint rewrites only when its content changes."""
    manifest(wildcards)
    return SHARD


def per_shard(pattern, **values):
    """Return an input function that expands a pattern over all shards, and over `values`."""

    def expand_shards(wildcards):
        return expand(pattern, shard=list(read_manifest(manifest(wildcards))), **values)

    return expand_shards


def conformers_of_molecule(wildcards):
    """Return the conformer files that hold one molecule."""
    with exit_with_sentence():
        shard = shard_of(wildcards.molecule, manifest(wildcards))
    return expand(
        CONFORMERS,
        protocol=PROTOCOLS,
        repeat=REPEATS,
        shard=shard,
    )


def parity_group(wildcards):
    """Return the group of the job that a parity plot follows, so that it needs no start of its own."""
    return "evaluation" if wildcards.variant == "consensus" else "models"


CONFORMERS_PER_JOB = (
    config["embedding"]["conformers_per_repeat"] * config["embedding"]["stereoisomers"]
)
ROWS = CONFORMERS_PER_JOB * len(REPEATS) * len(PROTOCOLS)
REQUESTS = Requests(
    manifest=Path(placed(MANIFEST)),
    read_molecules=read_manifest,
    read_work=read_work,
    conformers=CONFORMERS_PER_JOB,
    rows=ROWS,
    learned_rows=learned_rows(VARIANT_SETTINGS, ROWS),
    main=MAIN,
)
memory, minutes = REQUESTS.memory, REQUESTS.minutes
