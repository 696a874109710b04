import json
import os
import threading

import pytest

from confaug.errors import UserError
from confaug.infrastructure.untrusted_files import (
    MAX_DEPTH,
    MAX_PARTS,
    parse_foreign_json,
    read_foreign,
)


def test_a_plain_file_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_foreign(path, 5) == b"12345"
    with pytest.raises(UserError, match="has 5 bytes, more than the limit of 4"):
        read_foreign(path, 4)


def make_link(path):
    (path.parent / "target").write_text("secret")
    path.symlink_to(path.parent / "target")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_link, "a link"),
        (lambda path: path.symlink_to(path), "a link"),
        (lambda path: path.symlink_to("/dev/zero"), "a link"),
        (lambda path: path.mkdir(), "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (lambda path: None, "No such file"),
    ],
)
def test_anything_else_is_refused_at_once(tmp_path, make, why):
    make(tmp_path / "file")
    answers = []

    def read():
        with pytest.raises(UserError) as error:
            read_foreign(tmp_path / "file", 100)
        answers.append(str(error.value))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(10)
    assert answers, "a pipe without a writer must not be waited for"
    assert why in answers[0]


def test_a_device_is_refused():
    with pytest.raises(UserError, match="not a regular file"):
        read_foreign("/dev/zero", 100)


def test_plain_json_is_read():
    document = {"a": [1, -2.5, None, True, "ä"], "b": {"c": []}, "d": 2**53}
    assert parse_foreign_json(json.dumps(document).encode()) == document


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": [Infinity]}', "Infinity is not a number"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1e999}', "a number is too large"),
        ('{"a": 9007199254740993}', "an integer is too large"),
        (f'{{"a": {"9" * 5000}}}', "limit"),
        ('{"a": 1, "a": 2}', "a key is repeated"),
        ('{"b": {"a": 1, "a": 1}}', "a key is repeated"),
        ('{"a": "\\ud800"}', "surrogates not allowed"),
        ('{"\\udfff": 1}', "surrogates not allowed"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "nested too deeply"),
        ("[" * (MAX_PARTS + 1), "lists and objects"),
        ("{}{}", "Extra data"),
        ("", "Expecting value"),
    ],
    ids=range(15),
)
def test_what_is_no_json_of_ours_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        parse_foreign_json(text.encode())


def test_other_encodings_are_refused():
    with pytest.raises(ValueError, match="utf-8"):
        parse_foreign_json(b'{"a": "\xff"}')


def test_no_message_steers_the_terminal():
    error = UserError("unit \x1b[31mK\x07\r\n\u202e\x9b and µ, °C, ＝")
    assert str(error) == r"unit \x1b[31mK\x07\r\n\u202e\x9b and µ, °C, ＝"
