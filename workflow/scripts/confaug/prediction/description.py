"""The description of a model in its bundle, as stored in `bundle.json`."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from confaug.config.settings.study import PropertySettings
from confaug.config.settings.variants import Variant
from confaug.learning.tuning.tuned import Tuned

#: Increased whenever a reader of older bundles would misunderstand a newer one.
SCHEMA_VERSION = 2


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
    id, name
        What the user calls the molecule.
    label, prediction, residual, standard_deviation
        In label units; the prediction is pooled over `n_rows` rows, whose deviation is the last.
    """

    molecule: str
    smiles: str
    id: str | None = None
    name: str | None = None
    label: float
    fold: int
    prediction: float
    residual: float
    standard_deviation: float
    n_rows: int | None = None


class Description(_Part):
    """Everything that is known about a model besides its trees.

    Attributes
    ----------
    confaug, code, versions
        Releases of this program and of the libraries, and the hash of the code, that made it.
    protocols
        The study's protocols in configured order.
    config
        The sections of the configuration that it was made under, as they were given.
    features
        Names of its features in the model's order.
    tuned
        The result of the tuning.
    descriptors_2d
        Names of the columns of `training_2d.npy`.
    digests, digest
        SHA-256 digests of the bundle's other files by name, and of the description itself.
    """

    schema_version: int = SCHEMA_VERSION
    confaug: str
    code: str | None = None
    versions: dict[str, str]
    variant: Variant
    protocols: tuple[str, ...]
    property: PropertySettings
    config: dict[str, Any]
    label_scale: LabelScale
    features: tuple[str, ...]
    feature_filter: FeatureFilter | None = None
    tuned: Tuned
    training_molecules: tuple[TrainingMolecule, ...]
    descriptors_2d: tuple[str, ...] = ()
    digests: dict[str, str] = {}
    digest: str = ""

    def document(self) -> dict[str, Any]:
        """Return the description as plain values, with those keys that were given."""
        return self.model_dump(exclude_unset=True)
