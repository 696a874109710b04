"""What the members of a bundle have learned, read and checked completely before use."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from confaug.errors import UserError
from confaug.prediction.bundle_files import (
    AGAIN,
    Floats,
    check_card,
    damaged,
    read_array,
    read_digested,
    read_training,
)
from confaug.prediction.description import MODEL_FILE, NUMBERS_FILE, Description, MemberFacts
from confaug.prediction.model_text import MAX_BYTES, check_model_text

if TYPE_CHECKING:  # the rules read bundles, and most bundles need no other learners
    from confaug.learning.stored_learner import StoredLearner

#: Of all numbers together; extremely randomised trees have some 16 kB for a training molecule.
MAX_NUMBER_BYTES = 1 << 30


def read_bundle_files(
    folder: str | Path, description: Description
) -> "tuple[list[str | StoredLearner], Floats]":
    """Read all files beside the description.

    Returns
    -------
    list
        What each member has learned: the text that LightGBM may read, or numbers.
    numpy.ndarray
        2D descriptors of the training molecules.

    Raises
    ------
    UserError
        If a file is damaged, or is not what the description announces.
    """
    texts = _read_texts(Path(folder), description)
    numbers = _read_numbers(Path(folder), description)
    learned = [texts.get(one.name) or numbers[one.name] for one in description.members]
    check_card(folder, description)
    return learned, read_training(folder, description)


def _read_texts(folder: Path, description: Description) -> dict[str, str]:
    """Return the checked texts of the LightGBM members by name."""
    path = folder / MODEL_FILE
    members = [member for member in description.members if member.is_lightgbm]
    sizes = [member.text_bytes or 0 for member in members]
    if not members and path.name not in description.digests:
        return {}
    if sum(sizes) > MAX_BYTES:
        raise damaged(folder, f"members: more than {MAX_BYTES} bytes of text")
    content = read_digested(path, description, sum(sizes))
    if len(content) != sum(sizes):
        raise UserError(f"{path} has {len(content)} bytes instead of {sum(sizes)}; {AGAIN}")
    texts = {}
    for member, end in zip(members, np.cumsum(sizes).tolist(), strict=True):
        piece = content[end - (member.text_bytes or 0) : end]
        parameters = member.tuned.parameters if member.tuned else {}
        try:
            texts[member.name] = check_model_text(piece, member.features, parameters)
        except UserError as error:
            raise UserError(f"{path} {error}; {AGAIN}") from error
    return texts


def _read_numbers(folder: Path, description: Description) -> "dict[str, StoredLearner]":
    """Return the checked numbers of the other members by name."""
    path = folder / NUMBERS_FILE
    members = [member for member in description.members if not member.is_lightgbm]
    count = sum(rows * columns for member in members for rows, columns in member.arrays.values())
    if 8 * count > MAX_NUMBER_BYTES:
        raise damaged(folder, f"members: more than {MAX_NUMBER_BYTES} bytes of numbers")
    values = np.empty((1, 0))
    if count or path.name in description.digests:
        values = read_array(path, description, (1, count))
    learned, start = {}, 0
    for member in members:
        size = sum(rows * columns for rows, columns in member.arrays.values())
        learned[member.name] = _stored(path, member, values[0, start : start + size])
        start += size
    return learned


def _stored(path: Path, member: MemberFacts, values: Floats) -> "StoredLearner":
    """Return the numbers of a member as its learner, checked so that it predicts safely."""
    from confaug.learning.stored_learner import StoredLearner, StoredLearnerError, check_stored

    arrays, start = {}, 0
    for name, (rows, columns) in sorted(member.arrays.items()):
        arrays[name] = values[start : start + rows * columns].reshape(rows, columns)
        start += rows * columns
    stored = StoredLearner(member.variant.learner, member.numbers, arrays)
    try:
        check_stored(stored, len(member.features))
    except StoredLearnerError as error:
        raise UserError(
            f"{path} does not hold what {member.name} has learned ({error}); {AGAIN}"
        ) from error
    return stored
