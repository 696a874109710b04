"""What the rules share: lists of wildcard values, settings, input functions and requests."""

from confaug.config.kinds import STRUCTURE_KINDS
from confaug.config.protocols import Protocol
from confaug.config.settings_by_rule import section_part
from confaug.config.roles import (
    RECOMMENDED,
    examined,
    candidates,
    DOMAIN_KIND,
    learned_rows,
    learner_family,
    molecule_kinds,
    needs_conformers,
    plan_consensuses,
)
from confaug.config.settings.variants import Variant
from confaug.costs.facts import StudyFacts
from confaug.costs.order import folds_at_once, seconds_to_end
from confaug.infrastructure.inputs import find_table
from confaug.infrastructure.provenance import code_hash
from confaug.infrastructure.resources import Requests, ROW_MEMORY, ROW_MEMORY_MERGED
from confaug.infrastructure.versions import DECISIVE, installed_versions
from confaug.learning.widths import CALIBRATED, count_columns
from confaug.report.printing import find_browser
from confaug.molecules.sharding import read_manifest, read_work, shard_of

VERSIONS = installed_versions(DECISIVE)
PROTOCOLS = config["embedding"]["protocols"]
# Protocols with a force field minimise the conformers of the one without, embedded once for all of
# them, also if it is not asked for itself.
STARTS = list(dict.fromkeys(Protocol.named(name).start.name for name in PROTOCOLS))
MINIMISED = [name for name in PROTOCOLS if name not in STARTS]
# Descriptors go first, because the longest tunings wait for them.
DESCRIBING_FIRST = 1_000_000
REPEATS = range(1, config["embedding"]["repeats"] + 1)
REPLICATES = range(1, config["splits"]["replicates"] + 1)
VARIANT_SETTINGS = {
    name: Variant(**entry) for name, entry in config["variants"].items()
}
VARIANTS = list(VARIANT_SETTINGS)
TUNED = [name for name in VARIANTS if VARIANT_SETTINGS[name].learner == "lightgbm"]
BASELINES = [name for name in VARIANTS if name not in TUNED]
# A control is there to be compared with, not to be used: none is recommended or in the consensus.
CANDIDATES = candidates(VARIANT_SETTINGS)
CONSENSUSES = plan_consensuses(VARIANT_SETTINGS, config["evaluation"]["consensus_of"])
COMBINED = list(CONSENSUSES)
COMPARED = [*VARIANTS, *COMBINED, RECOMMENDED]
# What is described and embedded is what variants read, and nothing else.
DESCRIBED = [
    kind
    for kind in molecule_kinds(VARIANT_SETTINGS.values())
    if kind in STRUCTURE_KINDS
]
EMBEDDED = PROTOCOLS if any(map(needs_conformers, VARIANT_SETTINGS.values())) else []
# The model that is examined closely: y-randomisation, learning curves, intervals, importance.
MAIN = examined(VARIANT_SETTINGS)
# The variants that the target plain evaluates before there is any conformer, and its model.
PLAIN = [name for name in VARIANTS if not needs_conformers(VARIANT_SETTINGS[name])]
PLAIN_MAIN = examined({name: VARIANT_SETTINGS[name] for name in PLAIN})
Y_RANDOMISATIONS = config["evaluation"]["y_randomisations"]
# Lowest and highest value that the user looks for; None without any.
WANTED = config.get("requirements", {}).get("range")


# What cleaning tells of the rows and molecules.
CLEANED = {"ledger": LEDGER, "molecules": MOLECULES, "labels": LABELS}
# The columns of the user's own, as numbers and as their declaration, if there are any.
HAS_OWN_COLUMNS = bool(config["input"]["feature_columns"])
OWN_DECLARATION = {"declared_columns": DECLARED_COLUMNS} if HAS_OWN_COLUMNS else {}
OWN_NUMBERS = {"own_columns": OWN_COLUMNS} if HAS_OWN_COLUMNS else {}


def any_of(names):
    """Return a pattern that matches one of the given names, and nothing if there are none."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    protocol=any_of(PROTOCOLS),
    kind=any_of(STRUCTURE_KINDS),
    repeat=r"\d+",
    shard=r"\d+",
    replicate=r"\d+",
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


def rows_of(variant):
    """Return the settings that the rows of a variant follow from."""
    chosen = VARIANT_SETTINGS[variant]
    weighted = chosen.conformer_kind in ("boltzmann_3d", "ensemble_statistics_3d")
    weights = part("descriptors", "boltzmann_temperature", "energy_window")
    return {
        "variant": config["variants"][variant],
        "protocols": PROTOCOLS if needs_conformers(chosen) else [],
        **({"descriptors": weights} if weighted else {}),
    }


def tuning_settings(script, variant, **further):
    """Return the settings of a script that tunes, the same for real and for randomised labels."""
    return settings(
        script,
        "tuning",
        property=part("property"),
        **rows_of(variant),
        **further,
    )


def facts_of_study():
    """Return what costs depend on, as far as it is known: molecules are divided during a run."""
    known = [Path(placed(name)) for name in (MANIFEST, OWN_COLUMNS)]
    return facts_at(tuple(one.stat().st_mtime_ns for one in known if one.is_file()))


@functools.cache
def facts_at(times):
    """Return what costs depend on, read once for every state of the files behind it."""
    return StudyFacts.read(config, placed(MANIFEST), placed(OWN_COLUMNS))


def longest_first(rule):
    """Return what makes jobs of a rule start in the order of what the study takes from them on."""

    def priority(wildcards):
        seconds = seconds_to_end(rule, dict(wildcards.items()), facts_of_study())
        return min(round(seconds), DESCRIBING_FIRST - 1)

    return priority


def share_of_cores(rule):
    """Return how many cores a job gets that tunes; results do not depend on it."""

    def threads(wildcards):
        # On the node of a cluster a job has what was asked for it, whatever the node has.
        cores = None if workflow.remote_exec else workflow.resource_settings.cores
        values = dict(wildcards.items())
        return folds_at_once(rule, values, facts_of_study(), TUNED, cores)

    return threads


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


def first_results(wildcards):
    """Return the report of the variants that need no conformers, or that of a study without others."""
    if not EMBEDDED:
        return REPORT
    with exit_with_sentence():
        if not PLAIN:
            raise UserError(
                "all variants of this study need conformers, so there is nothing to evaluate without; "
                "add one that needs none, such as {representation: rdkit_2d, learner: extra_trees}, "
                "or run the study without the target plain"
            )
    return PLAIN_REPORT


def printed_report(wildcards):
    """Return the printed report, if there is a browser that prints it."""
    with exit_with_sentence():
        find_browser()
    return REPORT_PDF


def manifest(wildcards):
    """Return the path of the manifest once the molecules are divided into shards."""
    return checkpoints.shard_molecules.get().output.manifest


def missing_molecules(wildcards):
    """Return the tables of molecules that are missing once the molecules are divided into shards.

    None is. A rule that reads nothing and writes nothing runs whenever it is asked for.
    """
    manifest(wildcards)
    return [path for path in CLEANED.values() if not Path(placed(path)).exists()]


def shard_file(wildcards):
    """Return the file of one shard, which the checkpoint rewrites only when its content changes."""
    manifest(wildcards)
    return SHARD


def per_shard(pattern, **values):
    """Return an input function that expands a pattern over all shards, and over `values`."""

    def expand_shards(wildcards):
        return expand(pattern, shard=list(read_manifest(manifest(wildcards))), **values)

    return expand_shards


def columns_of(kinds, filled):
    """Return the files that hold some kinds of columns, by kind.

    Those of structures lie in shards: `filled` is `per_shard` for all of them, `at` for a job's own.
    """
    return {
        kind: (
            filled(DESCRIPTORS_2D, kind=kind)
            if kind in STRUCTURE_KINDS
            else OWN_COLUMNS
        )
        for kind in kinds
    }


def learning_input(*variants, **files):
    """Return what variants learn from: molecules, their split, and the columns they read.

    Inputs have the names of kinds; a variant waits for its own columns and for no others.
    """
    read = [VARIANT_SETTINGS[name] for name in variants]
    kinds = {kind for variant in read for kind in variant.molecule_kinds}
    of_conformers = {variant.conformer_kind for variant in read} - {None}
    from_distribution = of_conformers & {"distribution_3d"}
    return {
        **columns_of(sorted(kinds), per_shard),
        **({"augmented": AUGMENTED} if of_conformers - from_distribution else {}),
        **({"distribution": DISTRIBUTION} if from_distribution else {}),
        "molecules": MOLECULES,
        "split": SPLIT,
        **files,
    }


def of_variant(wildcards):
    """Return the inputs that the variant of a job learns from."""
    inputs = learning_input(wildcards.variant)
    return {
        name: files(wildcards) if callable(files) else files
        for name, files in inputs.items()
    }


def conformers_to_minimise(wildcards):
    """Return the conformers of the shard that the protocol of a job starts from."""
    start = Protocol.named(wildcards.protocol).start.name
    return at(
        CONFORMERS, protocol=start, repeat=wildcards.repeat, shard=wildcards.shard
    )


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
    """Return the group of the job that a parity plot follows, so that it needs no start of its own.

    The connected jobs of a group have to form one chain: an allocation has room for one at a time.
    """
    return "models" if wildcards.variant in VARIANTS else "parity"


CONFORMERS_PER_JOB = (
    config["embedding"]["conformers_per_repeat"] * config["embedding"]["stereoisomers"]
)
ROWS = CONFORMERS_PER_JOB * len(REPEATS) * len(PROTOCOLS)
ROWS_LEARNED = learned_rows(VARIANT_SETTINGS, ROWS)


def rows_to_learn(variant):
    """Return how many rows of a molecule jobs learn from; wide ones count more, see `Requests`."""
    own = placed(OWN_COLUMNS)
    usual = count_columns(CALIBRATED, len(PROTOCOLS), own)
    return max(
        ROWS_LEARNED.get(name, 1)
        * max(1, count_columns(VARIANT_SETTINGS[name], len(PROTOCOLS), own) / usual)
        for name in ([variant] if variant in VARIANTS else VARIANTS)
    )


REQUESTS = Requests(
    manifest=Path(placed(MANIFEST)),
    read_molecules=read_manifest,
    read_work=read_work,
    conformers=CONFORMERS_PER_JOB,
    rows=ROWS,
    learned_rows=rows_to_learn,
)
memory, minutes = REQUESTS.memory, REQUESTS.minutes
