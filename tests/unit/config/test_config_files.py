import subprocess
import sys
from pathlib import Path

import pytest

from confaug.config.files import check_config_files, read_config_file
from confaug.errors import UserError

ROOT = Path(__file__).parents[3]


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "line 3"),
        ('a: 1\nb: "open\n\nc: 3\n', "line 5"),
        ("a: 1\nb:\n\t- 1\n", "line 3"),
        ("a: 1\n b: 2\n", "line 2"),
        ("a: b: c\n", "line 1"),
        ("a: *nothing\n", "line 1"),
        ("a: \x00\n", "mine.yaml"),
        ("[" * 5000, "nested too deeply"),
        (b"a: \xff\n", "not UTF-8 (byte 4)"),
        ("a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\n", "'b.c' twice, in lines 3 and 5"),
        ("input: {table: x}\n\ninput: {table: y}\n", "'input' twice, in lines 1 and 3"),
        ('{"a": 1,\n "a": 2}', "'a' twice, in lines 1 and 2"),
        ("a: [{b: 1,\n b: 2}]\n", "'a.b' twice, in lines 1 and 2"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path, content, place):
    path = write(tmp_path, content)
    with pytest.raises(UserError) as caught:
        check_config_files([path])
    assert str(path) in str(caught.value)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "a: 1\nb: {a: 2, c: [{a: 1}, {a: 2}]}\n",
        "a: &x {b: 1}\nc: *x\nd: {<<: *x, b: 2}\n",
        '{\n\t"a": 1\n}',
        "a: &a [*a]\n",
    ],
)
def test_files_without_a_mistake_pass(tmp_path, content):
    check_config_files([write(tmp_path, content)])


def test_presets_pass():
    check_config_files((ROOT / "config").glob("*.yaml"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "must hold keys"),
        ("- a\n", "must hold keys"),
        (None, "exist"),
        ("a: 1\nb: !!python/name:os.system x\n", "line 2"),
        ("? [a]\n: 1\n", "line 1"),
    ],
)
def test_a_file_without_keys_or_none_at_all(tmp_path, content, sentence):
    path = tmp_path / "none.yaml" if content is None else write(tmp_path, content)
    with pytest.raises(UserError, match=sentence):
        read_config_file(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("splits: {folds: 4}\n", "is a valid configuration"),
        ("splits: {folds: [4}\n", "line 1"),
        (
            "a0: &a0 {x: 1}\n"
            + "".join(f"a{i}: &a{i} {{l: *a{i - 1}, r: *a{i - 1}}}\n" for i in range(1, 60)),
            "more than 10000 values",
        ),
        ("splits: {folds: 1}\n", "'splits.folds' must be at least 2"),
        ("input: {table: a.csv}\n", "'input.smiles_column' is missing"),
        ("splits: {train: 4, folds: 5}\n", "'splits.train' asks for 4 training molecules"),
    ],
)
def test_a_configuration_can_be_checked_alone(tmp_path, content, sentence):
    command = [sys.executable, ROOT / "workflow/check_config.py", write(tmp_path, content)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert sentence in done.stdout + done.stderr
    assert (done.returncode == 0) == (not done.stderr)
    assert "Traceback" not in done.stderr
