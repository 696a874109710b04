"""A page is printed by an installed browser, or one sentence says why not."""

import re

import pytest
from browser import IN_BROWSER

from confaug.errors import UserError
from confaug.report.printing import BROWSERS, find_browser, print_page

PAGE = (
    "<!DOCTYPE html><html><body><h1>Report</h1><p style='break-before: page'>Two</p></body></html>"
)


def install(folder, monkeypatch, script):
    """Let a script be the only browser there is."""
    browser = folder / BROWSERS[0]
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert find_browser() == str(browser)


@pytest.mark.browser
@IN_BROWSER[1]
def test_the_same_page_gives_the_same_file(tmp_path):
    page = tmp_path / "a page.html"
    page.write_text(PAGE)
    for name in ("one.pdf", "two.pdf"):
        print_page(page, tmp_path / name)
    content = (tmp_path / "one.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert (tmp_path / "two.pdf").read_bytes() == content
    assert re.search(rb"/Count 2\b", content)
    dates = re.findall(rb"D:\d{14}", content)
    assert set(dates) == {b"D:20000101000000"}


def test_without_a_browser_the_user_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"none of the commands chromium, .*apt-get install"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [("echo first >&2; echo no display >&2; exit 3", "no display"), ("exit 0", "no reason")],
)
def test_a_browser_that_does_not_print_ends_in_one_sentence(tmp_path, monkeypatch, script, reason):
    install(tmp_path, monkeypatch, script)
    with pytest.raises(UserError, match=f"could not print .*page.html: .*{reason}"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()
