"""The files of a model bundle, read so that a file from an untrusted source does no harm.

`bundle.json` describes the model. `model.txt` is the text of its LightGBM members, one after the
other, and `model.npy` the arrays of its other members. `training_2d.npy` holds the 2D descriptors
of the training molecules, and `README.md`, if there is one, is the model card. Arrays are plain
numbers: nothing in them is compressed or executed, and their size follows from the description. The
description has the SHA-256 digests of the other files and of itself, so that damage is noticed. An
attacker can write correct digests too, so the contents are checked regardless of them.
"""

import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from confaug.errors import UserError
from confaug.infrastructure.files import canonical_json
from confaug.infrastructure.text import shorten
from confaug.infrastructure.untrusted_files import parse_foreign_json, read_foreign
from confaug.prediction.description import (
    CARD_FILE,
    SCHEMA_VERSION,
    TRAINING_FILE,
    Description,
)
from confaug.prediction.description_schema import document_fault, members_fault
from confaug.prediction.origin import DOCUMENT_FILE

Floats = NDArray[np.float64]
#: 100,000 training molecules take some 45 MB.
MAX_DOCUMENT_BYTES = 128 << 20
MAX_CARD_BYTES = 1 << 20
AGAIN = "copy it again, or fit the model again"


def seal(document: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return a description with the digests of the other files and of itself.

    Parameters
    ----------
    files
        Contents of the other files by name.
    """
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    sealed = {**document, "digests": digests}
    return {**sealed, "digest": digest_of(sealed)}


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest of a description without its own key `digest`."""
    content = {name: value for name, value in document.items() if name != "digest"}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def read_description(folder: str | Path) -> Description:
    """Read the description of a model from its folder.

    Raises
    ------
    UserError
        If it is missing, damaged, or of a kind or version that this program does not read, or if a
        file that it announces is missing.
    """
    path = Path(folder) / DOCUMENT_FILE
    if not os.path.lexists(path):
        raise UserError(f"{folder} is not a model bundle: it lacks {DOCUMENT_FILE}")
    content = read_foreign(path, MAX_DOCUMENT_BYTES)
    try:
        document = parse_foreign_json(content)
        found = document["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{path} is not the description of a model bundle ({shorten(str(error), 200)}); {AGAIN}"
        ) from error
    if found != SCHEMA_VERSION:
        raise UserError(
            f"{path} is of version {shorten(str(found), 20)}, but this program reads version "
            f"{SCHEMA_VERSION}; fit the model again"
        )
    if document.get("digest") != digest_of(document):
        raise UserError(f"{path} is damaged (its digest does not match its content); {AGAIN}")
    if fault := document_fault(document):
        raise damaged(folder, fault)
    description = _described(document, folder)
    for name in description.digests:
        if not os.path.lexists(Path(folder) / name):
            raise UserError(f"{folder} is not a complete model bundle: it lacks {name}")
    return description


def read_training(folder: str | Path, description: Description) -> Floats:
    """Return the 2D descriptors of the training molecules, both in the description's order.

    Raises
    ------
    UserError
        If the file is damaged, or is not an array of that shape.
    """
    shape = (len(description.training_molecules), len(description.descriptors_2d))
    return read_array(Path(folder) / TRAINING_FILE, description, shape)


def check_card(folder: str | Path, description: Description) -> None:
    """Make sure that the model card, if there is one, is that of this model.

    Raises
    ------
    UserError
        If it is another one.
    """
    if CARD_FILE in description.digests:
        read_digested(Path(folder) / CARD_FILE, description, MAX_CARD_BYTES)


def read_array(path: Path, description: Description, shape: tuple[int, int]) -> Floats:
    """Return an array of the given shape.

    Raises
    ------
    UserError
        If the file is damaged, or is not an array of that shape.
    """
    size = 8 * shape[0] * shape[1]
    header = _array_header(shape)
    content = read_digested(path, description, len(header) + size)
    if not content.startswith(header) or len(content) != len(header) + size:
        raise UserError(
            f"{path} is not an array of {shape[0]} rows and {shape[1]} columns; {AGAIN}"
        )
    return np.frombuffer(content, "<f8", offset=len(header)).reshape(shape)


def array_bytes(values: Floats) -> bytes:
    """Return an array as the bytes of a file that `read_array` and `numpy.load` read."""
    rows, columns = values.shape
    return _array_header((rows, columns)) + np.ascontiguousarray(values, dtype="<f8").tobytes()


def read_digested(path: Path, description: Description, most: int) -> bytes:
    """Read a file of limited size and compare its digest with that in the description.

    Raises
    ------
    UserError
        If it is damaged or larger, or if the description does not announce it.
    """
    if path.name not in description.digests:
        raise damaged(path.parent, f"digests: {path.name!r} is missing")
    content = read_foreign(path, most)
    if hashlib.sha256(content).hexdigest() != description.digests[path.name]:
        raise UserError(
            f"{path} is damaged or does not belong to the {DOCUMENT_FILE} in its folder (another "
            f"digest); {AGAIN}"
        )
    return content


def damaged(folder: str | Path, fault: str) -> UserError:
    """Return what to say of a description that cannot be used."""
    return UserError(
        f"the model bundle {folder} is damaged ({DOCUMENT_FILE}: {shorten(fault, 300)}); {AGAIN}"
    )


def _described(document: Mapping[str, Any], folder: str | Path) -> Description:
    """Return a description from a document whose form has been checked."""
    try:
        description = Description(**document)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise damaged(folder, f"{place!r}: {fault['msg']}") from None
    if members := members_fault(description):
        raise damaged(folder, members)
    return description


def _array_header(shape: tuple[int, int]) -> bytes:
    """Return the header of an array in NumPy's file format.

    It is compared but never parsed, because NumPy evaluates it with Python's parser.
    """
    file = io.BytesIO()
    described = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue()
