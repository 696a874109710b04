"""The checks of the interpreter and of the system's shared libraries."""

import ctypes
import json
import os
import subprocess
import sys

import pytest

from confaug.errors import UserError
from confaug.infrastructure import system
from confaug.infrastructure.system import (
    COMPUTING,
    DRAWING,
    SAME_ARITHMETIC,
    SystemLibrary,
    arithmetic_settings,
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


CPUINFO = "processor\t: 0\nflags\t\t: fpu sse2 avx {}\nbugs\t\t: none\n"


def test_processors_with_avx2_are_told_to_compute_alike():
    assert arithmetic_settings("x86_64", CPUINFO.format("avx2 fma avx512f")) == SAME_ARITHMETIC
    assert arithmetic_settings("x86_64", CPUINFO.format("fma avx2")) == SAME_ARITHMETIC


@pytest.mark.parametrize(
    ("machine", "cpuinfo"),
    [
        ("x86_64", CPUINFO.format("fma")),
        ("x86_64", CPUINFO.format("avx2")),
        ("x86_64", ""),
        ("aarch64", CPUINFO.format("avx2 fma")),
    ],
    ids=["no avx2", "no fma", "unknown", "another architecture"],
)
def test_what_other_processors_lack_is_not_asked_of_them(machine, cpuinfo):
    assert arithmetic_settings(machine, cpuinfo) == {}


@pytest.mark.skipif(not arithmetic_settings(), reason="this processor has no AVX2 with FMA")
def test_the_libraries_obey():
    script = (
        "import json, numpy, scipy.linalg, threadpoolctl\n"
        "from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__\n"
        "cores = {one['architecture'] for one in threadpoolctl.threadpool_info()\n"
        "         if one['internal_api'] == 'openblas'}\n"
        "used = [name for name in __cpu_dispatch__ if __cpu_features__[name]]\n"
        "print(json.dumps([sorted(cores), used]))\n"
    )
    environment = {**os.environ, **SAME_ARITHMETIC}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [["Haswell"], ["X86_V3"]]
    assert done.stderr == ""
