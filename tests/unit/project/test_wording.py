"""The library's analyses return facts: sentences for users are made in the report alone."""

import ast
import re

import pytest
from test_structure import sources

#: Packages that make no sentence.
WITHOUT_WORDS = ("conformers", "descriptors", "evaluation", "learning", "trust")
#: What looks like a sentence: a capital, at least four words from there, and a full stop.
SENTENCE = re.compile(r"\b[A-Z]\S*(\s+\S+){3,}?\.(\s|$)", re.DOTALL)


def is_for_developers(node):
    """Tell whether texts below a node are no sentences for users: errors, logs and docstrings."""
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called.endswith("Error") or called.split(".")[0] in ("logger", "logging", "warnings")


def texts(node):
    """Return the texts below a node, with a word in place of what is put into them."""
    if is_for_developers(node):
        return []
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
        put_in = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return ["".join(parts), *(text for part in put_in for text in texts(part))]
    return [text for child in ast.iter_child_nodes(node) for text in texts(child)]


def sentences(text):
    """Return what looks like a sentence in the text of a module."""
    return [found for found in texts(ast.parse(text)) if SENTENCE.search(found)]


@pytest.mark.parametrize("package", WITHOUT_WORDS)
def test_analyses_make_no_sentences(package):
    modules = {path: text for path, text in sources().items() if path.startswith(f"{package}/")}
    assert modules
    found = {path: made for path, text in modules.items() if (made := sentences(text))}
    assert not found, "word these in report/wording"


def test_the_report_makes_its_sentences_in_one_place():
    modules = {path: text for path, text in sources().items() if path.startswith("report/")}
    found = {
        path: made
        for path, text in modules.items()
        if not path.startswith("report/wording/") and (made := sentences(text))
    }
    assert not found, "word these in report/wording"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('x = "It is better than all others."', 1),
        ('x = f"It is {word} than {other}. "', 1),
        ('x = "So it goes: " "three more words."', 1),
        ('x = "no capital in any of these words."', 0),
        ('x = "A heading without an end"', 0),
        ('def f():\n    """Return what is asked for here."""', 0),
        ('raise UserError("The file is not there at all.")', 0),
        ('logger.info("The job has ended as it should.")', 0),
    ],
)
def test_sentences_are_told_from_other_texts(code, count):
    assert len(sentences(code)) == count
