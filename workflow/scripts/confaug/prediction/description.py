"""The description of a model in its bundle, as stored in `bundle.json`."""

import builtins
from typing import Any

from pydantic import BaseModel, ConfigDict

from confaug.config.roles import molecule_kinds, needs_conformers
from confaug.config.settings.study import PropertySettings
from confaug.config.settings.variants import Variant
from confaug.learning.tuning.tuned import Tuned
from confaug.molecules.own_columns.declaration import OwnColumn

#: Increased whenever a reader of older bundles would misunderstand a newer one.
SCHEMA_VERSION = 4
#: The files of a bundle beside its description.
MODEL_FILE, NUMBERS_FILE, TRAINING_FILE = "model.txt", "model.npy", "training_2d.npy"
CARD_FILE = "README.md"
#: Labels and predictions further from zero are refused: squares of differences would overflow.
LARGEST = 1e100


class _Part(BaseModel):
    """A section of the description. Keys that it does not name are left out."""

    model_config = ConfigDict(frozen=True)


class LabelScale(_Part):
    """What was subtracted from the labels, and what they were then divided by."""

    centre: float
    scale: float


class FeatureFilter(_Part):
    """How many features the model was offered, and which of them it uses."""

    offered: int
    used: int
    rule: str


class TrainingMolecule(_Part):
    """A training molecule with its label, fold and out-of-fold prediction.

    Attributes
    ----------
    modelled_smiles
        The structure that was described and embedded; None where it is `smiles`.
    repeat_unit
        Canonical repeat unit of the polymer, where the molecule was modelled as one.
    id, name
        What the user calls the molecule.
    conditions
        Values of the own columns that are conditions, in their order; None where the model reads
        none.
    label, prediction, residual, standard_deviation
        In label units; the prediction is pooled over `n_rows` rows, whose deviation is the last.
    """

    molecule: str
    smiles: str
    modelled_smiles: str | None = None
    repeat_unit: str | None = None
    id: str | None = None
    name: str | None = None
    conditions: tuple[float | str, ...] | None = None
    label: float
    fold: int
    prediction: float
    residual: float
    standard_deviation: float
    n_rows: int | None = None

    @property
    def modelled(self) -> str:
        """The structure that was described and embedded."""
        return self.modelled_smiles or self.smiles


class HeldOutError(_Part):
    """The error that the study measured for a model of this kind on held-out molecules.

    Attributes
    ----------
    error, low, high
        Mean absolute error in label units and its 95 % interval; without one, the ends are None.
    splits, molecules
        Different splits, and molecules that were held out in any of them.
    beats_constant
        Whether it was shown to be lower than that of a constant value; None if that was not tested.
    """

    error: float
    low: float | None
    high: float | None
    splits: int
    molecules: int
    beats_constant: bool | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether it was tested against that of a constant value, and not shown to be lower."""
        return self.beats_constant is False


class Card(_Part):
    """What the model card says of the training molecules and of the error to expect.

    Attributes
    ----------
    molecules, rows
        Training molecules, and rows of the user's table that they stand for; None if not known.
    folds
        Folds of the cross-validation.
    lowest, highest
        Range of the labels.
    held_out
        The error on molecules that models of splits had not seen; None for such a model itself.
    error, error_low, error_high
        Mean absolute out-of-fold error in label units and its 95 % interval over molecules; without
        an interval, the ends are None.
    error_in_decades
        Mean absolute out-of-fold error of decadic logarithms, where models learn these.
    coverage
        Share of molecules whose value is to be in the prediction interval.
    half_width
        Median half width of prediction intervals, in label units or decades; None without any.
    """

    molecules: int
    rows: int | None
    folds: int
    lowest: float
    highest: float
    error: float
    error_low: float | None
    error_high: float | None
    error_in_decades: float | None
    coverage: float
    half_width: float | None
    held_out: HeldOutError | None = None

    @property
    def expected_error(self) -> float:
        """The mean absolute error to expect, in label units: held out if it is known so."""
        return self.error if self.held_out is None else self.held_out.error


class MemberFacts(_Part):
    """What is known about a member besides what it has learned, which is in the model files.

    Attributes
    ----------
    name
        Name of its variant in the study.
    variant
        The variant's entry in the configuration.
    features
        Names of its features in the member's order.
    tuned
        The result of the tuning; None for learners with a grid of their own.
    text_bytes
        Length of its part of `model.txt`; None for a member that is not of LightGBM.
    numbers
        What it has learned in single values, by name.
    arrays
        Shapes of its arrays by name. `model.npy` holds the arrays in ascending order of names.
    """

    name: str
    variant: Variant
    label_scale: LabelScale
    features: tuple[str, ...]
    feature_filter: FeatureFilter | None = None
    tuned: Tuned | None = None
    text_bytes: int | None = None
    numbers: dict[str, float] = {}
    arrays: dict[str, tuple[int, int]] = {}

    @property
    def is_lightgbm(self) -> bool:
        """Whether it is a LightGBM model, tuned or not; the others are stored as numbers."""
        return self.variant.learner in ("lightgbm", "lightgbm_default")


class Description(_Part):
    """Everything that is known about a model besides what it has learned.

    Attributes
    ----------
    confaug, code, versions
        Releases of this program and of the libraries, and the hash of the code, that made it.
    model
        Name of the model in the study: that of a variant or of a consensus.
    members
        The models whose mean it is; mostly one.
    protocols
        The study's protocols in configured order.
    config
        The sections of the configuration that it was made under, as they were given.
    training_molecules
        The training molecules; their predictions are those of the whole model.
    card
        What the model card says, if there is one.
    descriptors_2d
        Names of the columns of `training_2d.npy`.
    own_columns
        The user's own columns that new molecules must have, if the model reads any.
    digests, digest
        SHA-256 digests of the bundle's other files by name, and of the description itself.
    """

    schema_version: int = SCHEMA_VERSION
    confaug: str
    code: str | None = None
    versions: dict[str, str]
    model: str
    members: tuple[MemberFacts, ...]
    protocols: tuple[str, ...]
    property: PropertySettings
    config: dict[str, Any]
    training_molecules: tuple[TrainingMolecule, ...]
    card: Card | None = None
    descriptors_2d: tuple[str, ...] = ()
    own_columns: tuple[OwnColumn, ...] = ()
    digests: dict[str, str] = {}
    digest: str = ""

    @builtins.property  # `property` is a field here
    def needs_conformers(self) -> bool:
        """Whether a molecule has to be embedded before the model can predict it."""
        return any(needs_conformers(member.variant) for member in self.members)

    @builtins.property
    def molecule_kinds(self) -> list[str]:
        """The kinds of columns of molecules that the model and its domain read, each once."""
        return molecule_kinds(member.variant for member in self.members)

    @builtins.property
    def features(self) -> tuple[str, ...]:
        """Names of the features that any member uses, each once."""
        return tuple(dict.fromkeys(name for member in self.members for name in member.features))

    @builtins.property
    def is_doubtful(self) -> bool:
        """Whether the error that the study measured for it is doubtful, if it measured one."""
        held_out = self.card.held_out if self.card is not None else None
        return held_out is not None and held_out.is_doubtful

    def document(self) -> dict[str, Any]:
        """Return the description as plain values, with those keys that were given."""
        return self.model_dump(exclude_unset=True)
