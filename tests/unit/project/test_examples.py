"""The examples in docstrings are true."""

import doctest
import importlib

import pytest
from test_structure import module_name, sources


@pytest.mark.parametrize(
    "module", [module_name(path) for path, text in sources().items() if ">>> " in text]
)
def test_examples_give_what_they_say(module):
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted
    assert not result.failed
