"""Settings of the variants: which representations and learners are compared."""

from typing import Annotated, Literal

from pydantic import Field

from confaug.config.settings.base import Count, Section

Representation = Literal[
    "2d",
    "lowest_energy",
    "mean_pooled",
    "distribution",
    "augmented_3d",
    "augmented_2d_3d",
    "gaussian_noise",
    "duplicated",
]
Learner = Literal[
    "constant", "pls", "ridge", "gaussian_process", "extra_trees", "lightgbm_default", "lightgbm"
]


class Variant(Section):
    """One way to represent the molecules to a learner."""

    representation: Representation
    """How molecules become rows of descriptors."""
    learner: Learner
    """The model. lightgbm is tuned by Bayesian optimisation, the others by small grids of their
    own."""
    rows_per_molecule: Count | None = None
    """Largest number of conformers of each molecule that the model learns from and predicts by,
    spread over the protocols. null takes all. Only for `augmented_3d`, `augmented_2d_3d`,
    `gaussian_noise` and `duplicated`."""


Variants = Annotated[
    dict[str, Variant],
    Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}}),
]
DEFAULT_VARIANTS = {
    "constant": Variant(representation="2d", learner="constant"),
    "pls_2d": Variant(representation="2d", learner="pls"),
    "ridge_2d": Variant(representation="2d", learner="ridge"),
    "gaussian_process_2d": Variant(representation="2d", learner="gaussian_process"),
    "extra_trees_2d": Variant(representation="2d", learner="extra_trees"),
    "lightgbm_default_2d": Variant(representation="2d", learner="lightgbm_default"),
    "lightgbm_2d": Variant(representation="2d", learner="lightgbm"),
    "lightgbm_lowest_energy": Variant(representation="lowest_energy", learner="lightgbm"),
    "lightgbm_mean_pooled": Variant(representation="mean_pooled", learner="lightgbm"),
    "lightgbm_distribution": Variant(representation="distribution", learner="lightgbm"),
    "lightgbm_augmented_3d": Variant(representation="augmented_3d", learner="lightgbm"),
    "lightgbm_augmented_2d_3d": Variant(representation="augmented_2d_3d", learner="lightgbm"),
    "lightgbm_gaussian_noise": Variant(representation="gaussian_noise", learner="lightgbm"),
    "lightgbm_duplicated": Variant(representation="duplicated", learner="lightgbm"),
}
