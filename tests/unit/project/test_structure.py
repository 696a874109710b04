"""The library keeps its order: imports go down, modules and functions stay short."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIBRARY = ROOT / "workflow" / "scripts" / "confaug"
TESTS = ROOT / "tests" / "unit"
#: Packages in the order in which data flow. A package imports itself and those before it.
ORDER = (
    "errors",
    "infrastructure",
    "tables",
    "config",
    "molecules",
    "conformers",
    "descriptors",
    "learning",
    "costs",
    "evaluation",
    "trust",
    "prediction",
    "report",
    "atlas",
)
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 50
#: Longer modules, with the reason.
LONG_MODULES = {
    "config/lightgbm_parameters.py": "a list of LightGBM's parameters",
    "descriptors/mordred3d/kernels.py": "compiled loops, each in one piece for speed",
}
#: Longer functions, their docstrings not counted, with the reason.
LONG_FUNCTIONS = {
    "descriptors/mordred3d/kernels.py:count_exposed_points": "numba compiles it in one piece",
    "descriptors/mordred3d/kernels.py:sum_over_pairs": "numba compiles it in one piece",
    "descriptors/mordred2d/eigen_loops.py:find_spectra": "compiled in one piece",
    "descriptors/mordred2d/longest_paths.py:longest_paths_in_block": "compiled in one piece",
    "descriptors/mordred2d/path_loops.py:sum_over_paths": "compiled in one piece",
    "descriptors/mordred2d/path_loops.py:sum_over_weighted_paths": "compiled in one piece",
    "descriptors/mordred2d/subgraph_loops.py:sum_over_subgraphs": "compiled in one piece",
    "descriptors/mordred2d/subgraph_loops.py:hash_neighbourhoods": "compiled in one piece",
}


@cache
def sources() -> dict[str, str]:
    """Return the text of every module of the library by its path."""
    paths = sorted(LIBRARY.rglob("*.py"))
    return {str(path.relative_to(LIBRARY)): path.read_text(encoding="utf-8") for path in paths}


def module_name(path: str) -> str:
    """Return the dotted name of a module.

    >>> module_name("tables/engine.py"), module_name("tables/__init__.py")
    ('confaug.tables.engine', 'confaug.tables')
    """
    parts = ("confaug", *Path(path).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


@cache
def imports() -> dict[str, set[str]]:
    """Return the modules of the library that each module imports, inside of functions too."""
    known = set(map(module_name, sources()))
    graph: dict[str, set[str]] = {}
    for path, text in sources().items():
        named: set[str] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                members = {f"{node.module}.{alias.name}" for alias in node.names}
                named |= {name if name in known else node.module for name in members}
        graph[module_name(path)] = (named & known) - {module_name(path)}
    return graph


def package(module: str) -> str:
    """Return the room of a module; that of the library itself has no name."""
    return module.split(".")[1] if "." in module else ""


def functions() -> dict[str, int]:
    """Return the lines of every function without its docstring."""
    found = {}
    for path, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                first = node.body[0]
                described = ast.get_docstring(node) is not None
                docstring = first.end_lineno - first.lineno + 1 if described else 0
                found[f"{path}:{node.name}"] = node.end_lineno - node.lineno + 1 - docstring
    return found


def test_every_package_has_its_place_in_the_order():
    assert {package(name) for name in imports()} - {""} == set(ORDER)


def test_packages_import_those_before_them_alone():
    upward = [
        (name, other)
        for name, others in imports().items()
        for other in others
        if package(other) and ORDER.index(package(other)) > ORDER.index(package(name))
    ]
    assert not upward


def test_modules_do_not_import_each_other_in_a_circle():
    TopologicalSorter(imports()).prepare()  # raises CycleError


def test_modules_are_short():
    long = {path for path, text in sources().items() if len(text.splitlines()) > MOST_LINES}
    assert long == LONG_MODULES.keys()


def test_functions_are_short():
    long = {name for name, lines in functions().items() if lines > MOST_LINES_OF_A_FUNCTION}
    assert long == LONG_FUNCTIONS.keys()


def test_unit_tests_lie_in_folders_of_the_same_names():
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    packages = {path.parent.relative_to(LIBRARY) for path in LIBRARY.rglob("__init__.py")}
    assert folders - {Path("project")} <= packages
