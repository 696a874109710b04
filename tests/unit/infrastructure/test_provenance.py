from pathlib import Path

from new_python import run_python

from confaug.infrastructure import provenance
from confaug.infrastructure.provenance import (
    code_hash,
    content_hash,
    imported_files,
)

SCRIPTS = Path(__file__).parents[3] / "workflow" / "scripts"


def names(script: str) -> set[str]:
    return {path.name for path in imported_files(SCRIPTS / script)}


def test_modules_behind_modules_are_found():
    assert {"shard_molecules.py", "sharding.py", "engine.py", "errors.py", "job.py"} <= names(
        "shard_molecules.py"
    )


def test_unrelated_modules_are_left_out():
    assert "config.py" not in names("shard_molecules.py")


def test_a_changed_module_changes_the_hash_and_a_touch_does_not(tmp_path, monkeypatch):
    library = tmp_path / "confaug"
    library.mkdir()
    monkeypatch.setattr(provenance, "LIBRARY", library)
    (library / "__init__.py").write_text("")
    (library / "deep.py").write_text("x = 1\n")
    (library / "middle.py").write_text("def f():\n    from confaug import deep\n    return deep\n")
    (library / "other.py").write_text("y = 1\n")
    script = tmp_path / "script.py"
    script.write_text("from confaug.middle import f\n")

    def fresh() -> str:
        code_hash.cache_clear()
        return code_hash(script)

    before = fresh()
    (library / "deep.py").touch()
    (library / "other.py").write_text("y = 2\n")
    assert fresh() == before
    (library / "deep.py").write_text("x = 2\n")
    assert fresh() != before
    code_hash.cache_clear()


def test_every_import_of_a_script_is_there():
    for script in SCRIPTS.glob("*.py"):
        assert len(imported_files(script)) > 1, script


def test_the_hash_does_not_depend_on_the_order_of_sets():
    program = (
        "import sys; from pathlib import Path; "
        "from confaug.infrastructure.provenance import code_hash; "
        "print(code_hash(Path(sys.argv[1])))"
    )
    script = str(SCRIPTS / "describe_3d.py")
    hashes = {run_python(program, script, PYTHONHASHSEED=str(seed)) for seed in range(6)}
    assert len(hashes) == 1


def test_a_content_hash_follows_names_and_bytes_but_not_folders(tmp_path):
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        folder.mkdir()
        (folder / "style.css").write_text("p {}")
        (folder / "page.html").write_text("<p>")
    first, second = (content_hash(folder.iterdir()) for folder in folders)
    assert first == second
    (folders[1] / "style.css").write_text("q {}")
    assert content_hash(folders[1].iterdir()) != first
