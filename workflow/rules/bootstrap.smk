"""What comes before all rules: find the library, and check the configuration."""

import functools
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path


def root_of(rules, cache):
    """Return the folder of the workflow, given that of its rules.

    A module may name a repository, as `github(...)` does. Snakemake then reads file by file, and a
    copy of the whole is made in its cache, for scripts need the library beside them.
    """
    if rules.is_local:
        return Path(rules).parents[1]
    commit = rules.hosted_repo.repo.commit(rules.ref)
    copy = Path(cache, "confaug", commit.hexsha)
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        unfinished = tempfile.mkdtemp(dir=copy.parent)
        with tempfile.TemporaryFile() as file:
            commit.repo.archive(file, commit.hexsha, format="zip")
            zipfile.ZipFile(file).extractall(unfinished)
        try:
            os.rename(unfinished, copy)
        except OSError:
            shutil.rmtree(unfinished)
            if not copy.exists():  # else another process was faster
                raise
    return copy


# Another workflow may use this one as a module: nothing is looked for where that one lies.
IS_COPY = not workflow.current_basedir.is_local
ROOT = root_of(workflow.current_basedir, workflow.sourcecache.cache_path)
SCRIPTS = ROOT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

import confaug

if Path(str(confaug.__file__)).resolve().parent != (SCRIPTS / "confaug").resolve():
    sys.exit(
        f"Error: Python has loaded another library confaug, {confaug.__file__}, before that of this "
        f"workflow, {SCRIPTS / 'confaug'}; remove it, or what loads it when Python starts "
        "(usercustomize.py, sitecustomize.py or a .pth file)"
    )

from confaug.atlas.plan import is_asked
from confaug.config.check import complete_config, read_schema
from confaug.config.files import check_config_files
from confaug.errors import UserError, exit_with_sentence
from confaug.infrastructure.library import own_library_first
from confaug.infrastructure.records import keep_records
from confaug.infrastructure.snakemake_groups import form_groups_anew
from confaug.infrastructure.snakemake_scheduler import look_again_once
from confaug.infrastructure.system import arithmetic_settings, check_system
from confaug.molecules.feasibility import check_config

# A configuration that names its own input stands on the defaults of the schema alone; any other
# is laid over the default study.
if "input" not in config:

    configfile: str(ROOT / "config" / "config.yaml")


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
elif IS_COPY:  # Snakemake does not run the scripts from there
    own = own_library_first(SCRIPTS, os.environ)
    os.environ.update(PYTHONPATH=own["PYTHONPATH"])

form_groups_anew()
look_again_once()

# The atlas is read in place of a study: by the run that makes it, and by the processes of its jobs.
# Snakemake knows what was asked for only after it has read all rules, so its command is looked at.
ATLAS_FOLDER = f"{workflow.pathvars.apply('<results>')}/atlas"
MAKES_ATLAS = not IS_MODULE and is_asked(sys.argv[1:], ATLAS_FOLDER)


def placed(path):
    """Return where a file of this workflow lies, which the prefix of a module moves."""
    path = workflow.pathvars.apply(path)
    return workflow.modifier.path_modifier.replace_prefix(path)


def unmoved(path):
    """Mark a file of the user's, which the prefix of a module must leave where it is."""
    return path if placed(path) == path else local(path)


def anchored(path):
    """Return a folder of the user's in full if the prefix of a module would move it."""
    return path if placed(path) == path else os.path.abspath(path)


config["pathvars"]["results"] = workflow.pathvars.apply("<results>")
RESULTS = placed("<results>")
# The rules of predictions are read after those of the study, in whose folder their results lie.
keep_records(RESULTS, str(ROOT))
