"""A fitted model as a folder of readable files: texts, plain numbers and a JSON description.

A model has one member, or several whose mean it is. LightGBM members are stored as LightGBM's text,
the others as numbers. The folder also holds the 2D descriptors of the training molecules, from
which a predictor fits its applicability domain. Nothing else is needed to predict, here or on
another machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path, canonical_json
from confaug.learning.fitted_model import FittedModel
from confaug.learning.lightgbm_learner import LabelTransform, lgb
from confaug.learning.rows import Matrix, select_columns
from confaug.learning.stored_learner import StoredLearner
from confaug.prediction.bundle_files import array_bytes, read_description, seal
from confaug.prediction.description import (
    CARD_FILE,
    LARGEST,
    MODEL_FILE,
    NUMBERS_FILE,
    TRAINING_FILE,
    Description,
    MemberFacts,
    TrainingMolecule,
)
from confaug.prediction.learned_files import read_bundle_files
from confaug.prediction.origin import DOCUMENT_FILE


@dataclass(frozen=True)
class Member:
    """A member of a model, ready to predict.

    Attributes
    ----------
    learned
        The LightGBM model, or the numbers of another learner.
    facts
        Everything else that is known about it.
    transform
        How labels were transformed for it.
    """

    learned: lgb.Booster | StoredLearner
    facts: MemberFacts
    transform: LabelTransform

    def predict_rows(self, X: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Predict rows, in label units.

        Parameters
        ----------
        X
            Shape (n_rows, n_columns).
        names
            Names of the columns; they may be in any order and more than needed.

        Raises
        ------
        UserError
            If a feature of the member is missing, or a prediction is not a usable number.
        """
        needed = select_columns(X, names, self.facts.features)
        # Another author's numbers may overflow; such a prediction is refused.
        with np.errstate(over="ignore", invalid="ignore"):
            if isinstance(self.learned, lgb.Booster):
                values: Any = self.learned.predict(needed, num_threads=1)
            else:
                values = self.learned.predict(needed)
            return _usable(self.transform.inverse(values), (len(X),))

    def contributions(self, X: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the SHAP values of rows, shape (n_rows, n_features + 1), the mean last.

        They are in label units, or in decades under log10, and add up to the prediction, or to
        its logarithm. Only LightGBM calculates them.
        """
        if not isinstance(self.learned, lgb.Booster):
            raise TypeError(f"{self.facts.name} is not a LightGBM model")
        needed = select_columns(X, names, self.facts.features)
        answer = self.learned.predict(needed, num_threads=1, pred_contrib=True)
        values = _usable(answer, (len(X), len(self.facts.features) + 1))
        values *= self.transform.scale
        values[:, -1] += self.transform.centre
        return values


@dataclass(frozen=True)
class Bundle:
    """A model that is ready to predict.

    Attributes
    ----------
    members
        The models whose mean it is; mostly one.
    description
        Everything else that is known about it.
    descriptors_2d
        2D descriptors of the training molecules, in the order of the description.
    """

    members: tuple[Member, ...]
    description: Description
    descriptors_2d: NDArray[np.float64]

    @property
    def only_member(self) -> Member:
        """The one member of a model that is not a consensus."""
        (member,) = self.members
        return member

    @property
    def training_molecules(self) -> tuple[TrainingMolecule, ...]:
        """The training molecules with their labels, folds and out-of-fold predictions."""
        return self.description.training_molecules


def write_bundle(
    members: Sequence[FittedModel],
    description: Description,
    training: pa.Table,
    folder: str | Path,
    card: str | None = None,
) -> Bundle:
    """Write the files of a model, and load it again; equal models give equal bytes.

    Parameters
    ----------
    members
        What the members have learned, in the order of the description.
    training
        DESCRIPTORS_2D of the training molecules, as `training_descriptors` returns it.
    folder
        The bundle's folder.
    card
        The model card in Markdown, if there is one.

    Raises
    ------
    UserError
        If the model cannot be read back, for example because it is too large.
    """
    molecules = [one.molecule for one in description.training_molecules]
    if training["molecule"].to_pylist() != molecules:
        raise ValueError("the descriptors are not those of the training molecules, in their order")
    columns = [name for name in training.column_names if name != "molecule"]
    values = np.column_stack([training[name].to_numpy() for name in columns])
    texts = [_text(one.learned) for one in members]
    numbers = [array.ravel() for one in members for array in _arrays(one.learned).values()]
    contents = {
        MODEL_FILE: b"".join(texts),
        NUMBERS_FILE: array_bytes(np.concatenate([np.empty(0), *numbers])[None]),
        TRAINING_FILE: array_bytes(values),
        **({} if card is None else {CARD_FILE: card.encode()}),
    }
    document = description.document()
    stored = [
        {**facts, **_storage(one.learned, text)}
        for facts, one, text in zip(document["members"], members, texts, strict=True)
    ]
    sealed = seal({**document, "members": stored, "descriptors_2d": columns}, contents)
    contents[DOCUMENT_FILE] = canonical_json(sealed).encode()
    for name, content in contents.items():
        with atomic_path(Path(folder) / name) as temporary:
            temporary.write_bytes(content)
    return load_bundle(folder)


def load_bundle(folder: str | Path) -> Bundle:
    """Load a model from its folder. Nothing in it is executed.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another kind, or if the model is not one that this
        program makes.
    """
    description = read_description(folder)
    contents, descriptors_2d = read_bundle_files(folder, description)
    members = []
    for facts, learned in zip(description.members, contents, strict=True):
        model = _booster(learned, folder) if isinstance(learned, str) else learned
        scale = facts.label_scale
        transform = LabelTransform(description.property.transform, scale.centre, scale.scale)
        members.append(Member(model, facts, transform))
    return Bundle(tuple(members), description, descriptors_2d)


def _booster(text: str, folder: str | Path) -> lgb.Booster:
    """Return the LightGBM model of a checked text."""
    try:
        return lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise UserError(
            f"{Path(folder) / MODEL_FILE} is not a LightGBM model ({error}); fit the model again"
        ) from error


def _text(learned: lgb.Booster | StoredLearner) -> bytes:
    """Return the text of a LightGBM model; others have none."""
    if isinstance(learned, StoredLearner):
        return b""
    # The text contains the number of threads, on which no prediction depends.
    return re.sub(r"\[num_threads: \d+\]", "[num_threads: 1]", learned.model_to_string()).encode()


def _arrays(learned: lgb.Booster | StoredLearner) -> dict[str, NDArray[np.float64]]:
    """Return the arrays of a learner in the order in which they are stored; LightGBM has none."""
    return dict(sorted(learned.arrays.items())) if isinstance(learned, StoredLearner) else {}


def _storage(learned: lgb.Booster | StoredLearner, text: bytes) -> dict[str, Any]:
    """Say in the description what the model files hold of a member."""
    if not isinstance(learned, StoredLearner):
        return {"text_bytes": len(text)}
    shapes = {name: list(array.shape) for name, array in learned.arrays.items()}
    return {"numbers": dict(learned.numbers), "arrays": shapes}


def _usable(values: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return predictions if they have the expected shape and can be calculated with."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != shape or not (np.abs(found) <= LARGEST).all():
        raise UserError(
            f"the model does not return one finite number of at most {LARGEST:g} for each row; fit "
            "the model again"
        )
    return found
