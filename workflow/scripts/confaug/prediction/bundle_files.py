"""The three files of a model bundle, read so that a file from an untrusted source does no harm.

`bundle.json` describes the model, `model.txt` is LightGBM's text, and `training_2d.npy` holds the
2D descriptors of the training molecules as plain numbers: nothing in it is compressed or executed,
and its size follows from its shape. The description has the SHA-256 digests of the other two files
and of itself, so that damage is noticed. An attacker can write correct digests too, so the contents
are checked regardless of them.
"""

import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from numpy.typing import NDArray
from pydantic import ValidationError

from confaug.errors import UserError
from confaug.infrastructure.files import canonical_json
from confaug.infrastructure.text import shorten
from confaug.infrastructure.untrusted_files import parse_foreign_json, read_foreign
from confaug.prediction.description import SCHEMA_VERSION, Description
from confaug.prediction.model_text import MAX_BYTES, check_model_text
from confaug.prediction.origin import DOCUMENT_FILE

MODEL_FILE, TRAINING_FILE = "model.txt", "training_2d.npy"
#: 100,000 training molecules take some 45 MB.
MAX_DOCUMENT_BYTES = 128 << 20
AGAIN = "copy it again, or fit the model again"

# No control character, and none that turns the direction of text or cannot be seen.
_PLAIN = r"\A[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*\Z"
_TEXT = {"type": "string", "maxLength": 1000, "pattern": _PLAIN}
_NAMES = {"type": "array", "maxItems": 100_000, "uniqueItems": True, "items": _TEXT}
#: Further than this from zero, differences between labels would overflow.
_NUMBER = {"type": "number", "minimum": -1e100, "maximum": 1e100}
#: The user's names of molecules are free text; tables and pages escape them.
_OWN_NAME = {"type": ["string", "null"], "maxLength": 1_000_000}
_DIGEST = {"type": "string", "pattern": r"\A[0-9a-f]{64}\Z"}
_TRAINING_MOLECULE = {
    "molecule": {**_TEXT, "minLength": 1},
    "smiles": {"type": "string", "maxLength": 20_000, "pattern": r"\A[!-~]+\Z"},
    **dict.fromkeys(("label", "prediction", "residual"), _NUMBER),
    "standard_deviation": {**_NUMBER, "minimum": 0},
    "fold": {"type": "integer", "minimum": 0},
}
#: What a prediction reads from a bundle's description.
_NEEDED: dict[str, Any] = {
    "config": {"type": "object"},
    "confaug": _TEXT,
    "descriptors_2d": _NAMES,
    "digests": {
        "type": "object",
        "required": [MODEL_FILE, TRAINING_FILE],
        "additionalProperties": _DIGEST,
    },
    "features": {**_NAMES, "minItems": 1},
    "label_scale": {
        "type": "object",
        "required": ["centre", "scale"],
        "additionalProperties": False,
        "properties": {"centre": _NUMBER, "scale": {**_NUMBER, "exclusiveMinimum": 0}},
    },
    "property": {
        "type": "object",
        "required": ["name", "symbol", "transform", "unit"],
        "properties": {"transform": {"enum": ["none", "log10"]}},
        "additionalProperties": _TEXT,
    },
    "protocols": _NAMES,
    "training_molecules": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": list(_TRAINING_MOLECULE),
            "properties": {**_TRAINING_MOLECULE, "id": _OWN_NAME, "name": _OWN_NAME},
        },
    },
    "tuned": {
        "type": "object",
        "required": ["parameters"],
        "properties": {"parameters": {"type": "object"}},
    },
    "variant": {"type": "object", "required": ["representation", "learner"]},
    "versions": {"type": "object", "additionalProperties": _TEXT},
}


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
        If a file is missing, damaged, or of a kind or version that this program does not read.
    """
    for name in (MODEL_FILE, DOCUMENT_FILE):
        if not os.path.lexists(Path(folder) / name):
            raise UserError(f"{folder} is not a model bundle: it lacks {name}")
    path = Path(folder) / DOCUMENT_FILE
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
    _check_contents(document, folder)
    try:
        return Description(**document)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise _damaged(folder, f"{place!r}: {fault['msg']}") from None


def read_model_text(folder: str | Path, description: Description) -> str:
    """Return the text of a bundle's model, checked so that LightGBM can read it safely.

    Raises
    ------
    UserError
        If the file is damaged, or is not the model that the description announces.
    """
    path = Path(folder) / MODEL_FILE
    content = _read_digested(path, description, MAX_BYTES)
    try:
        return check_model_text(content, description.features, description.tuned.parameters)
    except UserError as error:
        raise UserError(f"{path} {error}; {AGAIN}") from error


def read_training(folder: str | Path, description: Description) -> NDArray[np.float64]:
    """Return the 2D descriptors of the training molecules, both in the description's order.

    Raises
    ------
    UserError
        If the file is damaged, or is not an array of that shape.
    """
    path = Path(folder) / TRAINING_FILE
    shape = (len(description.training_molecules), len(description.descriptors_2d))
    size = 8 * shape[0] * shape[1]
    header = _array_header(shape)
    content = _read_digested(path, description, len(header) + size)
    if not content.startswith(header) or len(content) != len(header) + size:
        raise UserError(
            f"{path} is not an array of {shape[0]} rows of {shape[1]} descriptors; {AGAIN}"
        )
    return np.frombuffer(content, "<f8", offset=len(header)).reshape(shape)


def array_bytes(values: NDArray[np.float64]) -> bytes:
    """Return an array as the bytes of a file that `read_training` and `numpy.load` read."""
    rows, columns = values.shape
    return _array_header((rows, columns)) + np.ascontiguousarray(values, dtype="<f8").tobytes()


def _array_header(shape: tuple[int, int]) -> bytes:
    """Return the header of an array in NumPy's file format.

    It is compared but never parsed, because NumPy evaluates it with Python's parser.
    """
    file = io.BytesIO()
    described = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue()


def _read_digested(path: Path, description: Description, most: int) -> bytes:
    """Read a file and compare its digest with that in the description."""
    content = read_foreign(path, most)
    if hashlib.sha256(content).hexdigest() != description.digests[path.name]:
        raise UserError(
            f"{path} is damaged or does not belong to the {DOCUMENT_FILE} in its folder (another "
            f"digest); {AGAIN}"
        )
    return content


def _check_contents(document: Mapping[str, Any], folder: str | Path) -> None:
    """Refuse a description that lacks what a prediction needs."""
    schema = {"type": "object", "required": list(_NEEDED), "properties": _NEEDED}
    error = best_match(Draft202012Validator(schema).iter_errors(document))
    fault = None
    if error is not None:
        fault = ": ".join([*map(str, error.absolute_path), error.message])
    elif _repeats([row["molecule"] for row in document["training_molecules"]]):
        fault = "training_molecules: a molecule is repeated"
    if fault is not None:
        raise _damaged(folder, fault)


def _damaged(folder: str | Path, fault: str) -> UserError:
    """Return what to say of a description that cannot be used."""
    return UserError(
        f"the model bundle {folder} is damaged ({DOCUMENT_FILE}: {shorten(fault, 300)}); {AGAIN}"
    )


def _repeats(names: Sequence[str]) -> bool:
    """Tell whether a name occurs twice."""
    return len(set(names)) < len(names)
