"""Pages of the site that are made from the code or from files elsewhere in the repository."""

import importlib
import inspect
import os
import pkgutil
import re
from collections import defaultdict
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

import confaug
from confaug.infrastructure.files import write_text
from confaug.report.wording.glossary import GLOSSARY
from confaug.tables.catalog import STAGES, tables_of_stage
from confaug.tables.engine import TableSpec

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
#: Files outside `docs/` that are pages of the site too, and what the pages are called.
COPIED = {
    "config/README.md": "reference/configuration",
    "resources/README.md": "reference/data",
    "CHANGELOG.md": "reference/changelog",
    "CONTRIBUTING.md": "reference/contributing",
}
TYPES = {
    "string": "text",
    "int64": "integer",
    "uint8": "integer",
    "double": "number",
    "bool": "true or false",
}
LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)#\s]+)")


def write(folder: Path) -> None:
    """Write all pages below a folder; a page whose content is the same is left alone."""
    pages = {"tables": tables_page(), "glossary": glossary_page(), **api_pages()}
    for source, page in COPIED.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        pages[page.removeprefix("reference/")] = links_for_site(text, ROOT / source, f"{page}.md")
    for name, text in pages.items():
        write_text(text, folder / f"{name}.md")


def turn_links(app, page: str, content: list[str]) -> None:
    """Turn the links of a page that Sphinx is about to read."""
    if not page.startswith("reference/"):
        content[0] = links_for_site(content[0], DOCS / f"{page}.md", f"{page}.md")


def links_for_site(text: str, source: Path, page: str) -> str:
    """Make links between files of the repository links between pages of the site.

    Parameters
    ----------
    text
        A page in Markdown.
    source
        The file in which it stands.
    page
        The path of the page below `docs/`.
    """

    def link(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(source.parent / match[1])).relative_to(ROOT).as_posix()
        if target in COPIED:
            target = f"docs/{COPIED[target]}.md"
        if not target.startswith("docs/"):
            raise ValueError(f"{source}: {match[1]} is no page of the site")
        return Path(os.path.relpath(ROOT / target, (DOCS / page).parent)).as_posix()

    return LINK.sub(link, text)


def tables_page() -> str:
    """Return the page of every column of every table, stage by stage."""
    parts = [
        "# Output tables\n",
        "Every table that the workflow writes, with its columns as the code declares them in "
        "`confaug/tables/`. Files lie below the folder of results. Words in braces stand for a "
        "protocol, a repeat, a shard, a replicate, a variant or the name of a table of "
        "new molecules. The stages that are run for new molecules write the same tables "
        "below `predictions/{name}/`, and the target `plain` writes those that it makes of all its "
        "variants below `plain/`. An empty field is a missing value. The unit *as configured* "
        "is `property.unit`.\n",
    ]
    for stage in STAGES:
        parts.append(f"## {stage.capitalize()}\n")
        parts += [table_section(table) for table in tables_of_stage(stage)]
    return "\n".join(parts)


def glossary_page() -> str:
    """Return the page of the words that the report explains, from the same place."""
    terms = "\n\n".join(f"{term.name}\n: {term.meaning}" for term in GLOSSARY)
    return f"# Glossary\n\nThe words that reports use, and what they mean.\n\n{terms}\n"


def table_section(table: TableSpec) -> str:
    """Return the section on one table."""
    lines = [f"### {table.name[0].upper()}{table.name[1:]}\n"]
    lines += [f"* `{file}`" for file in table.files]
    if table.key:
        lines.append(f"\nOne row for each {', '.join(f'`{name}`' for name in table.key)}.")
    lines.append("\n| column | type | unit | meaning |\n| --- | --- | --- | --- |")
    for column in table.columns:
        kind = type_name(column.type) + ", may be empty" * column.nullable
        meaning = column.meaning.replace("|", r"\|")
        lines.append(f"| `{column.name}` | {kind} | {column.unit} | {meaning} |")
    if table.further is not None:
        what = "tuned parameter" if table.name == "tuning history" else "descriptor"
        lines.append(f"\nOne more column for each {what}.")
    return "\n".join(lines) + "\n"


def type_name(kind: pa.DataType) -> str:
    """Return what a type of Arrow is called in the documentation."""
    if pa.types.is_list(kind):
        return f"list of {TYPES[str(kind.value_type)]} values"
    return TYPES[str(kind)]


def api_pages() -> dict[str, str]:
    """Return the pages of the library: an overview and one page for each package."""
    packages = defaultdict(list)
    for module in pkgutil.walk_packages(confaug.__path__, "confaug."):
        owner = module.name if module.ispkg else module.name.rpartition(".")[0]
        packages[owner].append(module.name)
    overview = ["# Library\n", "The code behind the workflow, one package for each stage.\n"]
    overview += ["| package | subject |\n| --- | --- |"]
    pages = {}
    for package, modules in sorted(packages.items()):
        pages[f"api/{package}"] = package_page(package, sorted(modules))
        overview.append(f"| [`{package}`](api/{package}.md) | {summary(package)} |")
    tree = "\n".join(
        f"{page.removeprefix('api/').removeprefix('confaug.')} <{page}>" for page in sorted(pages)
    )
    overview.append(f"\n```{{toctree}}\n:hidden:\n\n{tree}\n```\n")
    return {"api": "\n".join(overview), **pages}


def package_page(package: str, modules: list[str]) -> str:
    """Return the page of one package: the docstrings of its modules."""
    parts = [f"# {package}\n"]
    for name in modules:
        if name != package:
            parts.append(f"## {name.rpartition('.')[2]}\n")
        parts.append(f"```{{eval-rst}}\n.. automodule:: {name}\n   :members:\n```\n")
    return "\n".join(parts)


def summary(package: str) -> str:
    """Return the first line of a package's docstring."""
    return (importlib.import_module(package).__doc__ or "").splitlines()[0].rstrip(".")


def mark_up(app, what, name, obj, options, lines: list[str]) -> None:
    """Mark up what docstrings write plainly, before Sphinx reads them.

    References, numbered anew in every docstring, become a list, because footnotes of one page need
    different numbers; and bars around a value are bars.
    """
    for number, line in enumerate(lines):
        line = re.sub(r"^(\s*)\.\. \[\d+\] ", r"\1-  ", line)
        lines[number] = re.sub(r"\|([^|`]+)\|", r"\\|\1\\|", line)


def skip_foreign(app, what, name: str, obj, skip: bool, options) -> bool | None:
    """Leave out classes and methods that come from other packages, imported or inherited."""
    own = str(getattr(obj, "__module__", None) or "").startswith("confaug")
    return None if own or not (inspect.isclass(obj) or inspect.isroutine(obj)) else True


def inline_formula(writer, node) -> NoReturn:
    """Write a formula in a line as MathML, which browsers show without a script."""
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def formula(writer, node) -> NoReturn:
    """Write a formula that stands by itself."""
    writer.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode
