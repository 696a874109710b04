"""The workflow through either Snakefile, and as a module of another workflow."""

import copy
import shutil
import subprocess

import pytest
import yaml

from study import LEDGER, QUICK, ROOT, Study, digests

#: A workflow that makes a table and uses two studies as modules; `{confaug}` is the Snakefile.
OUTER = """
configfile: "config.yaml"

module polymers:
    snakefile: "{confaug}"
    config: config["polymers"]
    prefix: "polymers"

use rule * from polymers as polymers_*

module others:
    snakefile: "{confaug}"
    config: config["others"]
    pathvars:
        results="out/others"

use rule * from others as others_*

rule make_table:
    output: "made/table.csv"
    shell: "cp {table} {{output}}"

rule own:
    input: "polymers/results/quick/molecules/ledger.csv"
    output: "own.txt"
    shell: 'python -c "import tool; print(tool.NAME)" > {{output}}'
"""
POLYMERS = "polymers/results/quick"


class Outer(Study):
    """A workflow that uses this one; its Snakefile names its configuration file."""

    configuration = "config.yaml"

    def run(self, *arguments: str, **environment: str) -> str:
        """Run Snakemake and return what it printed."""
        return self.snakemake(*arguments, configs=(), **environment).stdout


@pytest.fixture
def outer(tmp_path) -> Outer:
    confaug = Study.fresh(tmp_path / "confaug")
    folder = tmp_path / "outer"
    folder.mkdir()
    entry = confaug.folder / "workflow" / "Snakefile"
    snakefile = OUTER.format(confaug=entry, table=confaug.table)
    (folder / "Snakefile").write_text(snakefile)
    (folder / "tool.py").write_text("NAME = 'the tool of the outer workflow'\n")
    quick = yaml.safe_load((confaug.folder / QUICK).read_text())
    quick["input"]["table"] = "made/table.csv"
    others = copy.deepcopy(quick)
    del others["pathvars"]
    config = {"polymers": quick, "others": {**others, "prediction": {"table": "new.csv"}}}
    (folder / "new.csv").write_text("smiles\nCCO\n")
    (folder / Outer.configuration).write_text(yaml.safe_dump(config, sort_keys=False))
    return Outer(folder)


@pytest.mark.parametrize("snakefile", ["Snakefile", "workflow/Snakefile"])
def test_either_snakefile_runs_from_another_folder(tmp_path, snakefile):
    workflow = Study.fresh(tmp_path / "confaug").folder
    study = Study(tmp_path / "elsewhere")
    study.folder.mkdir()
    call = ("--snakefile", str(workflow / snakefile), LEDGER)
    configs = [str(workflow / QUICK)]
    plan = study.snakemake("--dry-run", *call[:2], configs=configs).stdout
    assert "write_report" in plan
    assert "Using workflow specific profile" in plan
    study.snakemake(*call, configs=configs)
    assert (study.folder / LEDGER).exists()
    assert "Nothing to be done" in study.snakemake(*call, configs=configs).stdout


def test_a_module_leaves_the_run_and_the_files_of_the_outer_workflow_alone(outer):
    said = outer.run("own.txt", "out/others/molecules/ledger.csv")
    assert "Study: " not in said
    assert (outer.folder / "own.txt").read_text() == "the tool of the outer workflow\n"
    made = {path.name for path in outer.folder.iterdir() if not path.name.startswith(".")}
    given = {"Snakefile", "config.yaml", "tool.py", "new.csv"}
    assert made - {"__pycache__"} == given | {"made", "own.txt", "polymers", "out"}
    first, second = (
        (outer.folder / folder / "molecules" / "ledger.csv").read_bytes()
        for folder in (POLYMERS, "out/others")
    )
    assert first == second
    for folder in (POLYMERS, "out/others"):
        assert (outer.folder / folder / "records" / "molecules" / "ledger.csv.json").exists()
        assert (outer.folder / folder / "logs" / "clean_molecules.log").exists()
    assert "Nothing to be done" in outer.run("own.txt", "out/others/molecules/ledger.csv")
    plan = outer.run("--dry-run", "others_predict")
    assert "out/others/predictions/new/predictions.csv" in plan


def test_a_setting_of_one_module_reruns_nothing_of_another(outer):
    ledgers = [f"{folder}/molecules/ledger.csv" for folder in (POLYMERS, "out/others")]
    outer.run(*ledgers)
    outer.configure(others__cleaning__tolerance=7)
    plan = outer.run("--dry-run", *ledgers)
    assert "others_clean_molecules" in plan
    assert "polymers_clean_molecules" not in plan


def test_a_module_makes_the_same_study(outer, finished):
    outer.run("polymers_all")
    outer.run("polymers_all", "--report", "report.zip")
    assert (outer.folder / "report.zip").stat().st_size > 100_000
    made, expected = digests(outer.folder / POLYMERS), digests(finished.results)
    bundle = f"{POLYMERS}/models/lightgbm_2d/replicate-1/bundle"
    outer.configure(polymers__prediction={"table": "new.csv", "bundle": bundle})
    plan = outer.run("--dry-run", "polymers_predict")
    assert f"{POLYMERS}/predictions/new/predictions.csv" in plan
    # These name the table, which is another one here.
    differing = {name for name in made if made[name] != expected.get(name)}
    assert differing <= {"report/index.html"}
    assert set(expected) - set(made) == {"study.json"}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_module_is_read_from_a_repository(tmp_path):
    """The repository lies here; git takes its folder for the address of the host."""
    repository = Study.fresh(tmp_path / "host" / "owner" / "confaug").folder
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@y.z", "-c", "init.defaultBranch=main")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], cwd=repository, check=True)
    outer = Outer(tmp_path / "outer")
    outer.folder.mkdir()
    (outer.folder / "Snakefile").write_text(
        'configfile: "config.yaml"\n'
        "module confaug:\n"
        '    snakefile: github("owner/confaug", path="workflow/Snakefile", branch="main")\n'
        "    config: config\n"
        "use rule * from confaug\n"
    )
    shutil.copy(repository / QUICK, outer.folder / "config.yaml")
    place = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path}/host/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }
    assert "write_report" in outer.run("--dry-run", **place)
    outer.run(LEDGER, **place)
    assert (outer.folder / LEDGER).exists()
    assert "Nothing to be done" in outer.run(LEDGER, **place)


def test_workflow_folder_finds_the_profiles_of_the_root():
    assert (ROOT / "workflow" / "profiles").resolve() == ROOT / "profiles"
    assert shutil.which("git") is None or (ROOT / "workflow" / "profiles").is_symlink()
