"""How Sphinx builds the documentation site: `sphinx-build -W docs site`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "workflow" / "scripts"), str(ROOT / "docs")]

import reference_pages  # noqa: E402

from confaug import __version__  # noqa: E402

project = "confaug"
author = "The confaug developers"
project_copyright = f"2026, {author}"
release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["deflist"]  # the glossary
myst_heading_anchors = 4  # headings can be linked to as on a page of a repository
exclude_patterns = ["tutorial/*"]
highlight_language = "text"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
default_role = "literal"  # docstrings put names in single backticks
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_attr_annotations = False

# Attributes of several classes have the same name; their entries need no link.
suppress_warnings = ["ref.python"]

html_math_renderer = "mathml"  # MathJax would be loaded from elsewhere
html_theme = "furo"
html_title = f"confaug {release}"

reference_pages.write(ROOT / "docs" / "reference")


def setup(app):
    """Let links work on the site and in the repository, and docstrings be plain text."""
    app.add_html_math_renderer(
        "mathml", (reference_pages.inline_formula, None), (reference_pages.formula, None)
    )
    app.connect("source-read", reference_pages.turn_links)
    app.connect("autodoc-process-docstring", reference_pages.mark_up, priority=100)
    app.connect("autodoc-skip-member", reference_pages.skip_foreign)
