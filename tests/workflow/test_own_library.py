"""A job runs the code of this copy, which its provenance records, and no other."""

import shutil

import pytest

from study import LEDGER

ALIEN = "raise ImportError('an alien library')\n"


def test_another_copy_on_the_python_path_does_not_run(fresh, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(fresh.folder / "workflow" / "scripts", other)
    for module in (other / "confaug").rglob("*.py"):
        module.write_text(ALIEN)
    fresh.snakemake(LEDGER, PYTHONPATH=str(other))
    assert (fresh.folder / LEDGER).exists()


@pytest.mark.parametrize("place", ["path", "study", "study/.snakemake/scripts"])
def test_a_module_of_the_same_name_does_not_run(fresh, tmp_path, place):
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "confaug.py").write_text(ALIEN)
    fresh.snakemake(LEDGER, PYTHONPATH=str(tmp_path / "path"))
    assert (fresh.folder / LEDGER).exists()


def test_a_library_that_python_loads_at_its_start_ends_the_run_in_a_sentence(fresh, tmp_path):
    (tmp_path / "confaug.py").write_text("")
    hook = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import confaug\n"
    (tmp_path / "sitecustomize.py").write_text(hook)
    told = fresh.refused(LEDGER, PYTHONPATH=str(tmp_path))
    assert str(tmp_path / "confaug.py") in told
    assert not (fresh.folder / LEDGER).exists()
