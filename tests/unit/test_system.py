"""The checks of the interpreter and of the system's shared libraries."""

import ctypes
import sys

import pytest

from confaug import system
from confaug.errors import UserError
from confaug.system import (
    COMPUTING,
    DRAWING,
    SystemLibrary,
    check_python,
    check_system,
    missing_libraries,
)

ABSENT = SystemLibrary("libabsent-from-everywhere.so.9", "libabsent9", "A test", "json")


@pytest.fixture
def lacking(monkeypatch):
    """Return a function that makes the dynamic linker miss some files and find all others."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "find_spec", lambda name: name)

    def lack(*files):
        def load(file):
            if file in files:
                raise OSError(f"{file}: cannot open shared object file")

        monkeypatch.setattr(ctypes, "CDLL", load)

    return lack


def test_this_system_passes():
    check_system()


def test_missing_openmp_is_named_with_its_package(lacking):
    lacking("libgomp.so.1")
    with pytest.raises(UserError) as caught:
        check_system()
    assert str(caught.value) == (
        "LightGBM needs the system library libgomp.so.1: "
        "install it with `sudo apt-get install libgomp1`"
    )


def test_all_missing_libraries_share_one_sentence(lacking):
    lacking("libgomp.so.1", "libXext.so.6", "libXrender.so.1")
    with pytest.raises(UserError) as caught:
        check_system(drawing=True)
    assert str(caught.value) == (
        "LightGBM needs the system library libgomp.so.1 and RDKit's drawing needs the system "
        "libraries libXext.so.6, libXrender.so.1: install them with "
        "`sudo apt-get install libgomp1 libxext6 libxrender1`"
    )


def test_drawing_libraries_are_needed_only_for_drawing(lacking):
    lacking(*(library.file for library in DRAWING))
    check_system()
    with pytest.raises(UserError, match="libx11-6 libxext6 libxrender1"):
        check_system(drawing=True)


def test_the_order_of_the_declaration_is_kept(lacking):
    everything = COMPUTING + DRAWING
    lacking(*(library.file for library in everything))
    assert missing_libraries(everything) == list(everything)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux is probed")
def test_the_real_linker_is_asked():
    assert missing_libraries([ABSENT]) == [ABSENT]


def test_a_package_that_is_not_installed_needs_no_library(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert missing_libraries([ABSENT._replace(python_package="no_such_package")]) == []


def test_other_platforms_are_not_probed(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert missing_libraries([ABSENT]) == []


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_python_passes(version):
    check_python(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 10), (3, 14), (4, 0)])
def test_other_python_is_refused_in_one_sentence(version):
    with pytest.raises(UserError) as caught:
        check_python(version)
    sentence = str(caught.value)
    assert "needs Python 3.11 to 3.13" in sentence
    assert f"is Python {version[0]}.{version[1]}:" in sentence
    assert "\n" not in sentence


def test_the_running_interpreter_is_checked(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    with pytest.raises(UserError, match=r"3\.14"):
        check_system()
