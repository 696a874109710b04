"""Every setting reaches the parameters of a rule, so that a change of it reruns something."""

import json
import subprocess
import sys

import yaml

from study import ROOT

#: Prints, for every rule, the keys of each section of the configuration among its parameters.
PRINT_KEYS = """
import gc, json
from types import SimpleNamespace
from snakemake.cli import main
from snakemake.workflow import Workflow

try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code
(workflow,) = [found for found in gc.get_objects() if type(found) is Workflow]
some = SimpleNamespace(variant="lightgbm_2d", protocol="dg_uff", kind="mordred_2d")
several = SimpleNamespace(variant="consensus")
keys = {{}}
for rule in workflow.rules:
    settings = rule.params.get("settings", {{}})
    if callable(settings):
        settings = settings(several if rule.name == "combine_models" else some)
    keys[rule.name] = {{
        section: sorted(part) for section, part in settings.items() if isinstance(part, dict)
    }}
print(json.dumps(keys))
"""
#: Keys that are in no rule's parameters, and why a change of them needs none.
ELSEWHERE = {
    "pathvars.results": "names the folder; records move with it",
    "splits.replicates": "decides which jobs there are",
    "prediction.table": "is the input of a rule",
    "prediction.bundle": "is the input of a rule",
    "prediction.name": "names the folder",
    "prediction.other_versions": "decides whether to predict at all",
    "requirements.molecules_per_hour": "is judged by the report alone, which knows the times",
    "prediction.molecules_per_shard": "becomes the number of molecules in shards",
}
#: The report shows the whole configuration, and so would reach every key by itself.
SHOWS_ALL = "write_report"


def keys_of_rules(tmp_path) -> dict[str, dict[str, list[str]]]:
    """Return the keys of each section by rule, those of predictions included."""
    (tmp_path / "new.csv").write_text("smiles\nCCO\n")
    arguments = [
        *("--snakefile", str(ROOT / "Snakefile"), "--cores", "1", "--list-rules"),
        *("--config", "prediction={table: new.csv}"),
        *("--configfile", str(ROOT / "config" / "quick.yaml")),
    ]
    done = subprocess.run(
        [sys.executable, "-c", PRINT_KEYS.format(arguments=arguments)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_key_reaches_a_rule(tmp_path):
    rules = keys_of_rules(tmp_path)
    assert {"tune_model", "new_predict_molecules", SHOWS_ALL} <= set(rules)
    reached = {
        f"{section}.{key}"
        for rule, sections in rules.items()
        if rule != SHOWS_ALL
        for section, keys in sections.items()
        for key in keys
    }
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    known = {
        f"{section}.{key}"
        for section, part in schema["properties"].items()
        for key in part.get("properties", {})
    }
    assert known - reached == set(ELSEWHERE)


def test_settings_of_single_rules_reach_no_others(tmp_path):
    rules = keys_of_rules(tmp_path)
    assert rules["embed_conformers"]["embedding"] == [
        *("conformers_per_repeat", "max_attempts", "seconds_per_molecule", "stereoisomers"),
    ]
    assert rules["minimise_conformers"]["embedding"] == [
        *("conformers_per_repeat", "max_attempts", "max_steps"),
        *("seconds_per_molecule", "stereoisomers"),
    ]
    assert rules["describe_2d"]["descriptors"] == ["engine", "seconds_per_molecule_2d"]
    assert rules["describe_3d"]["descriptors"] == ["engine", "partial_charges"]
    assert rules["clean_molecules"]["splits"] == ["group_by"]
    assert rules["evaluate_baseline"]["tuning"] == ["metric", "seed"]
    assert rules["study_row_splits"]["evaluation"] == ["published_row_splits"]
    assert rules["calibrate_intervals"]["evaluation"] == ["interval_coverage"]
    assert rules["tune_model"]["property"] == ["transform"]
