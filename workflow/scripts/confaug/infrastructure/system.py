"""What wheels cannot provide: the Python version and shared libraries of the system."""

import ctypes
import platform
import re
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from confaug.errors import UserError

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)


class SystemLibrary(NamedTuple):
    """A shared library that a Python package loads from the system."""

    file: str
    debian_package: str
    needed_by: str
    python_package: str


COMPUTING = (SystemLibrary("libgomp.so.1", "libgomp1", "LightGBM", "lightgbm"),)
DRAWING = (
    SystemLibrary("libX11.so.6", "libx11-6", "RDKit's drawing", "rdkit"),
    SystemLibrary("libXext.so.6", "libxext6", "RDKit's drawing", "rdkit"),
    SystemLibrary("libXrender.so.1", "libxrender1", "RDKit's drawing", "rdkit"),
)

#: Keeps OpenBLAS and NumPy from choosing code by the processor's newest instructions. Sums in
#: another order differ in the last digit, and trees grown on them sometimes by more.
SAME_ARITHMETIC = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}


def arithmetic_settings(machine: str | None = None, cpuinfo: str | None = None) -> dict[str, str]:
    """Return the environment variables under which all x86-64 processors compute alike.

    Processors without AVX2 and FMA (made before 2013) and other architectures have none; there,
    OpenBLAS and NumPy choose.

    Parameters
    ----------
    machine
        Architecture; None for that of this machine.
    cpuinfo
        What Linux says about the processor; None for that of this machine.
    """
    if (machine or platform.machine()) not in ("x86_64", "AMD64"):
        return {}
    if cpuinfo is None:
        source = Path("/proc/cpuinfo")
        cpuinfo = source.read_text(encoding="utf-8") if source.exists() else ""
    flags = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    present = set(flags[1].split()) if flags else set()
    return dict(SAME_ARITHMETIC) if {"avx2", "fma"} <= present else {}


def check_system(*, drawing: bool = False) -> None:
    """Check that this interpreter and this system can run the workflow, in a few milliseconds.

    Parameters
    ----------
    drawing
        Also check the libraries that pictures of molecules need. Nothing else needs them, and the
        nodes of a cluster often lack them.

    Raises
    ------
    UserError
        If the Python version is not supported, or a library is missing; the sentence names the
        Debian packages to install.
    """
    check_python(sys.version_info[:2])
    missing = missing_libraries(COMPUTING + DRAWING if drawing else COMPUTING)
    if missing:
        raise UserError(_installation_advice(missing))


def check_python(version: tuple[int, int]) -> None:
    """Check a Python version, given as (major, minor).

    Raises
    ------
    UserError
        If the pinned packages are not made for that version.
    """
    if OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        return
    oldest, newest, given = (".".join(map(str, v)) for v in (OLDEST_PYTHON, NEWEST_PYTHON, version))
    raise UserError(
        f"confaug needs Python {oldest} to {newest}, but {sys.executable} is Python {given}: "
        f"set up the environment again with, for example, `python{newest} -m venv .venv`"
    )


def missing_libraries(libraries: Iterable[SystemLibrary]) -> list[SystemLibrary]:
    """Return the libraries that installed packages need and that cannot be loaded.

    Only Linux is probed. A library counts only where the package that needs it is installed:
    with one conda environment per rule, the interpreter that reads the Snakefile needs none.

    Examples
    --------
    >>> missing_libraries([SystemLibrary("libc.so.6", "libc6", "Python", "json")])
    []
    """
    if not sys.platform.startswith("linux"):
        return []
    return [
        library
        for library in libraries
        if find_spec(library.python_package) is not None and not _loads(library.file)
    ]


def _loads(file: str) -> bool:
    """Return whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _installation_advice(missing: list[SystemLibrary]) -> str:
    """Return one sentence that names missing libraries, who needs them and how to get them."""
    files_of: dict[str, list[str]] = {}
    for library in missing:
        files_of.setdefault(library.needed_by, []).append(library.file)
    needs = " and ".join(
        f"{user} needs the system {'library' if len(files) == 1 else 'libraries'} "
        + ", ".join(files)
        for user, files in files_of.items()
    )
    packages = " ".join(library.debian_package for library in missing)
    pronoun = "it" if len(missing) == 1 else "them"
    return f"{needs}: install {pronoun} with `sudo apt-get install {packages}`"
