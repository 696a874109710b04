"""The documentation site builds without a warning and without a network, and its links work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from confaug.tables.catalog import STAGES, tables_of_stage

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    path
    for folder in ("", "config", "docs", "resources", "tests/data/studies")
    for path in (ROOT / folder).glob("*.md")
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built by the line of CONTRIBUTING.md in a process that can reach no other host."""
    folder = tmp_path_factory.mktemp("site")
    offline = (
        "import socket, sys\n"
        "def refuse(*arguments): raise OSError('the documentation must not need a network')\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        "from sphinx.cmd.build import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["-q", "-W", "--keep-going", "-d", str(folder / "doctrees"), "docs"]
    done = subprocess.run(
        [sys.executable, "-c", offline, *arguments, str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def test_every_page_is_built(site):
    built = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    written = {path.stem for path in (ROOT / "docs").glob("*.md")}
    made = {"reference/configuration", "reference/tables", "reference/api", "reference/changelog"}
    assert written | made <= built


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = re.compile(
        r"<(?:script|img|iframe)[^>]*\ssrc=\"([^\"]+)\"|<link[^>]*rel=\"stylesheet\"[^>]*"
    )
    for page in site.rglob("*.html"):
        for found in loaded.finditer(page.read_text(encoding="utf-8")):
            assert "//" not in found[0], f"{page.name}: {found[0]}"


def test_every_column_of_every_table_is_described(site):
    page = (site / "reference" / "tables.html").read_text(encoding="utf-8")
    for stage in STAGES:
        for table in tables_of_stage(stage):
            for name in (*table.files, *table.names):
                assert f'<span class="pre">{name}</span>' in page, f"{table.name}: {name}"


def test_every_function_of_the_library_has_its_place(site):
    page = (site / "reference" / "api" / "confaug.molecules.html").read_text(encoding="utf-8")
    assert 'id="confaug.molecules.splitting.split_molecules"' in page


def anchors(page):
    """Return the anchors that the headings of a page of Markdown have in a repository."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_a_page_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        file = (page.parent / target).resolve() if target else page
        if file.relative_to(ROOT).parts[:2] == ("docs", "reference"):
            continue  # made when the site is built, which checks the link
        assert file.exists(), f"{target} does not exist"
        assert not anchor or anchor in anchors(file), f"{target} has no heading {anchor!r}"


LIBRARY = ROOT / "workflow" / "scripts" / "confaug"
PACKAGES = "|".join(path.parent.name for path in LIBRARY.glob("*/__init__.py"))
FILES = re.compile(
    rf"`((?:workflow|config|docs|tests|profiles|envs|resources)/[\w./-]+|(?:{PACKAGES})/[\w/]+\.py)`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_exist(page):
    """Names with a placeholder such as `<rule>` do not match and are not checked."""
    named = FILES.findall(page.read_text(encoding="utf-8"))
    assert [
        name for name in named if not any((top / name).exists() for top in (ROOT, LIBRARY))
    ] == []
