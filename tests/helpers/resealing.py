"""Make all digests of a changed bundle right, as a hostile author would."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from confaug.infrastructure.files import canonical_json
from confaug.prediction.bundle_files import seal
from confaug.prediction.description import MODEL_FILE
from confaug.prediction.origin import DOCUMENT_FILE

Files = dict[str, bytes]
Edit = Callable[[dict[str, Any]], object]


def reseal(files: Files, edit: Edit = lambda document: None) -> Files:
    """Return the files of a bundle with an edited description and right digests."""
    document = json.loads(files[DOCUMENT_FILE])
    edit(document)
    others = {name: content for name, content in files.items() if name != DOCUMENT_FILE}
    return {**files, DOCUMENT_FILE: canonical_json(seal(document, others)).encode()}


def with_text(files: Files, text: bytes) -> Files:
    """Return the files of a bundle of one LightGBM model with another text, its size and digest."""

    def state_size(document: dict[str, Any]) -> None:
        for member in document["members"]:
            if "text_bytes" in member:
                member["text_bytes"] = len(text)

    return reseal({**files, MODEL_FILE: text}, state_size)


def forge(bundle: Path, edit: Edit = lambda document: None) -> None:
    """Edit the description of a bundle in its folder and make all digests right."""
    files = {path.name: path.read_bytes() for path in bundle.iterdir() if path.is_file()}
    (bundle / DOCUMENT_FILE).write_bytes(reseal(files, edit)[DOCUMENT_FILE])
