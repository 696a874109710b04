"""The library returns facts: sentences for users are made in one package of the report alone."""

import ast
import re

import pytest
from test_structure import sources

WORDING = "report/wording/"
#: Modules elsewhere that make a sentence, with the reason.
ELSEWHERE = {
    "config/schema.py": "describes the generated schema",
    "config/settings/embedding.py": "describes a key",
    "infrastructure/edits.py": "warns at the start of a run",
    "infrastructure/running.py": "refuses to start",
}
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


def test_sentences_are_made_in_the_wording_of_the_report():
    found = {path: sentences(text) for path, text in sources().items()}
    worded = [path for path, made in found.items() if made and path.startswith(WORDING)]
    assert len(worded) > 10
    elsewhere = {path: made for path, made in found.items() if made and path not in worded}
    assert elsewhere.keys() == ELSEWHERE.keys(), elsewhere


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
