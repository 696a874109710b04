"""Groups of jobs are right, and Snakemake still needs the correction."""

import json

import pytest
from new_python import run_python

#: Two jobs of a group and a third that follows them, in the same group.
SNAKEFILE = """
rule last:
    input: "a.txt", "b.txt"
    output: "last.txt"
    group: "g"
    shell: "cat {input} > {output}"

rule first:
    output: "{name}.txt"
    wildcard_constraints: name="[ab]"
    group: "g"
    shell: "touch {output}"
"""
#: Looks at the graph again when the last job is no longer needed, as a resumed run does, and prints
#: which jobs are in groups then.
LOOK_TWICE = """
import json
from snakemake.cli import main
from snakemake.dag import DAG
from confaug.infrastructure.snakemake_groups import form_groups_anew

if {corrected}:
    form_groups_anew()
graphs = []
update = DAG.update_groups

def remember(dag):
    graphs.append(dag)
    update(dag)

DAG.update_groups = remember
try:
    main(["--snakefile", "Snakefile", "--cores", "1", "--dry-run", "--quiet", "all"])
except SystemExit as end:
    assert not end.code
dag = graphs[-1]
dag._finished = set()
dag._needrun = {{job for job in dag.needrun_jobs() if job.rule.name == "first"}}
update(dag)
groups = {{job for group in dag._group.values() for job in group.jobs}}
print(json.dumps(sorted(str(output) for job in groups for output in job.output)))
"""


def grouped(folder, *, corrected: bool) -> list[str]:
    """Return the outputs of the jobs that are in groups after the second look."""
    (folder / "Snakefile").write_text(SNAKEFILE)
    printed = run_python(LOOK_TWICE.format(corrected=corrected), cwd=folder)
    return json.loads(printed.splitlines()[-1])


def test_groups_hold_the_jobs_of_the_latest_look_alone(tmp_path):
    assert grouped(tmp_path, corrected=True) == ["a.txt", "b.txt"]


def test_snakemake_still_needs_the_correction(tmp_path):
    found = grouped(tmp_path, corrected=False)
    if found == ["a.txt", "b.txt"]:
        pytest.fail(
            "this Snakemake forms groups anew by itself: remove "
            "confaug.infrastructure.snakemake_groups and its call in workflow/rules/bootstrap.smk"
        )
    assert found == ["a.txt", "b.txt", "last.txt"]
