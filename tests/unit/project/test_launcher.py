"""The short commands of `./confaug`, in front of a Snakemake that only says how it was called."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

import pytest
from project_imports import ROOT

#: Says how it was called; with `--wait` it goes on until it is interrupted, and counts how often.
FAKE = f"""#!{sys.executable}
import json, pathlib, signal, sys, time
pathlib.Path("called.json").write_text(json.dumps(sys.argv[1:]))
interrupts = []
signal.signal(signal.SIGINT, lambda *_: interrupts.append(1))
if "--wait" in sys.argv:
    pathlib.Path("ready").touch()
    while not interrupts:
        time.sleep(0.01)
    time.sleep(0.5)
    sys.exit(100 + len(interrupts))
sys.exit(7)
"""


class Launcher:
    """A copy of the program with a fake Snakemake, and a folder to work in."""

    def __init__(self, folder):
        self.root = folder / "con faug"
        self.root.mkdir()
        shutil.copy2(ROOT / "confaug", self.root)
        self.here = folder / "here"
        self.here.mkdir()
        for name in ("study.yaml", "new.csv", "a b, {c}'s.csv"):
            (self.here / name).touch()
        self.path = folder / "bin"
        self.install(self.path)

    def install(self, folder):
        folder.mkdir(parents=True)
        program = folder / "snakemake"
        program.write_text(FAKE)
        program.chmod(0o755)
        return program

    def command(self, *words):
        return [sys.executable, str(self.root / "confaug"), *words]

    def run(self, *words, path=None):
        return subprocess.run(
            self.command(*words),
            cwd=self.here,
            env={**os.environ, "PATH": str(path or self.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self, *words):
        """Return what Snakemake was told, and compare it with the command that was printed."""
        done = self.run(*words)
        assert done.returncode == 7, done.stderr
        told = json.loads((self.here / "called.json").read_text())
        (line,) = done.stderr.splitlines()
        assert shlex.split(line)[1:] == told
        return told

    def refused(self, *words, **keywords):
        """Return the one sentence that refuses a command."""
        done = self.run(*words, **keywords)
        assert done.returncode == 2
        assert not (self.here / "called.json").exists()
        (line,) = done.stderr.splitlines()
        assert line.startswith("confaug: ")
        return line


@pytest.fixture
def launcher(tmp_path):
    return Launcher(tmp_path)


@pytest.mark.parametrize("word", ["run", "check", "plain", "pdf", "predict"])
def test_every_word_asks_for_its_target_with_all_cores(launcher, word):
    target = [] if word == "run" else [word]
    snakefile = str(launcher.root / "Snakefile")
    expected = ["--snakefile", snakefile, "--cores", "all", "--configfile", "study.yaml"]
    assert launcher.told(word, "study.yaml") == [*target, *expected]


def test_a_first_configuration_is_written_by_the_program_that_finds_columns(launcher):
    program = launcher.root / "workflow" / "start.py"
    program.parent.mkdir()
    program.write_text("import sys; print(sys.argv[1:])")
    done = launcher.run("start", "new.csv", "-o", "new.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['new.csv', '-o', 'new.yaml']"
    assert shlex.split(done.stderr)[1:] == [str(program), "new.csv", "-o", "new.yaml"]


def test_new_molecules_are_named_beside_the_study(launcher):
    told = launcher.told("predict", "study.yaml", "new.csv", "-n")
    assert told[0] == "predict"
    assert "-n" in told
    assert told[-4:] == ["--config", "prediction={table: new.csv}", "--configfile", "study.yaml"]


def test_a_table_of_an_unusual_name_stays_one_value(launcher):
    told = launcher.told("predict", "study.yaml", "a b, {c}'s.csv")
    assert """prediction={table: "a b, {c}'s.csv"}""" in told


@pytest.mark.parametrize(
    "asked",
    [["--cores", "2"], ["--cores=2"], ["-c2"], ["-c", "2"], ["-j4"], ["--profile", "slurm"]],
)
def test_cores_and_profiles_are_the_users(launcher, asked):
    told = launcher.told("run", "study.yaml", *asked)
    assert "all" not in told
    assert [word for word in told if word in asked] == asked


def test_values_that_snakemake_would_take_the_last_of_are_given_together(launcher):
    further = ["--config", "splits={train: 5}", "--configfile", "more.yaml"]
    told = launcher.told("predict", "study.yaml", "new.csv", *further)
    assert told[-6:] == [
        *("--config", "prediction={table: new.csv}", "splits={train: 5}"),
        *("--configfile", "study.yaml", "more.yaml"),
    ]
    assert launcher.told("run", "study.yaml", "--configfile=more.yaml")[-3:] == told[-3:]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["go", "study.yaml"], "'go' is not known; say start, run, check, plain, pdf, predict"),
        (["run"], "name the configuration file of your study: confaug run STUDY.yaml"),
        (["run", "--cores", "2"], "name the configuration file of your study"),
        (["run", "lost.yaml"], "lost.yaml, a configuration file, is not a file in "),
        (
            ["predict", "study.yaml", "lost.csv"],
            "lost.csv, a table of new molecules, is not a file",
        ),
        (
            ["run", "new.csv"],
            "new.csv is no configuration file; if it is your table, write one for it",
        ),
        (
            ["predict", "new.csv", "study.yaml"],
            "name the study before the table: confaug predict STUDY.yaml NEW.csv",
        ),
    ],
)
def test_a_mistake_ends_in_one_sentence(launcher, words, part):
    assert part in launcher.refused(*words)


def test_a_machine_without_snakemake_is_told_how_to_install_it(launcher, tmp_path):
    told = launcher.refused("run", "study.yaml", path=tmp_path / "nothing")
    assert "Snakemake is not installed" in told
    assert f"cd '{launcher.root}' && python3 -m venv .venv && .venv/bin/pip install" in told
    assert told.endswith("--require-hashes -r requirements.txt")


def test_the_environment_beside_the_program_comes_first(launcher):
    program = launcher.install(launcher.root / ".venv" / "bin")
    done = launcher.run("run", "study.yaml")
    assert shlex.split(done.stderr)[0] == str(program)


def test_an_environment_that_was_moved_is_named(launcher):
    program = launcher.install(launcher.root / ".venv" / "bin")
    program.write_text("#!/nowhere/python\n")
    done = launcher.run("run", "study.yaml")
    assert done.returncode == 2
    assert f"{program} cannot be started" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_words_the_usage_is_shown(launcher):
    done = launcher.run()
    assert done.returncode == 0
    for word in ("run", "check", "plain", "pdf", "predict"):
        assert f"confaug {word} STUDY.yaml" in done.stdout


def test_an_interruption_reaches_snakemake_once(launcher):
    process = subprocess.Popen(
        launcher.command("run", "study.yaml", "--wait"),
        cwd=launcher.here,
        env={**os.environ, "PATH": str(launcher.path)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (launcher.here / "ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 101


def test_the_program_can_be_executed():
    assert os.access(ROOT / "confaug", os.X_OK)
