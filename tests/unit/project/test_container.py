"""The container definition installs what README.md names and copies what the workflow needs."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")


def instructions(name):
    """Return the arguments of all instructions of one kind, in order."""
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def apt_packages(text):
    """Return the packages of the first call of apt-get install."""
    words = re.search(r"apt-get install ([\w .-]+)", text).group(1).split()
    return {word for word in words if not word.startswith("-")}


def reaches_the_image(path):
    """Say whether a path passes .dockerignore, whose last matching line decides."""
    kept = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if pattern and not line.startswith("#"):
            parts = Path(path).parts if line.startswith("**/") else Path(path).parts[:1]
            if any(fnmatch(part, pattern) for part in parts):
                kept = line.startswith("!")
    return kept


def test_the_system_packages_are_those_of_the_readme():
    readme = apt_packages((ROOT / "README.md").read_text(encoding="utf-8"))
    assert apt_packages(DOCKERFILE) == readme - {"git"}  # nothing is cloned inside


def test_python_packages_are_installed_from_the_lock_by_hash():
    installs = [line for line in instructions("RUN") if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes -r /opt/confaug/requirements.txt" in installs[0]


def test_what_is_copied_exists_and_reaches_the_image():
    sources = [line.split()[0] for line in instructions("COPY")]
    assert sources == ["requirements.txt", "."]
    needed = ["Snakefile", "requirements.txt", "config", "profiles", "resources", "workflow"]
    for name in needed:
        assert (ROOT / name).exists()
        assert reaches_the_image(name)
    assert reaches_the_image("workflow/scripts/confaug/learning/tuning/study.py")
    for name in (".git", ".venv", "results", "tests", "workflow/scripts/confaug/__pycache__"):
        assert not reaches_the_image(name)


def test_the_image_runs_this_workflow():
    (entry,) = instructions("ENTRYPOINT")
    assert json.loads(entry) == ["snakemake", "--snakefile", "/opt/confaug/Snakefile"]
