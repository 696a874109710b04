"""Settings of the variants: which representations and learners are compared."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_serializer

from confaug.config.kinds import MOLECULE_KINDS
from confaug.config.settings.base import UNIQUE, Count, Section

#: The kinds of columns that are made of conformers.
CONFORMER_KINDS: tuple[str, ...] = (
    "lowest_energy_3d",
    "mean_3d",
    "boltzmann_3d",
    "ensemble_statistics_3d",
    "distribution_3d",
    "augmented_3d",
    "noise_3d",
    "duplicated_3d",
)
Learner = Literal[
    "constant",
    "pls",
    "ridge",
    "gaussian_process",
    "tanimoto_gaussian_process",
    "extra_trees",
    "lightgbm_default",
    "lightgbm",
]
if TYPE_CHECKING:
    _Kind = str
else:
    _Kind = Literal[(*MOLECULE_KINDS, *CONFORMER_KINDS)]
_Kinds = Annotated[tuple[_Kind, ...], Field(min_length=1), UNIQUE]


def _as_tuple(value: Any) -> Any:
    """Make a list of a single name."""
    return (value,) if isinstance(value, str) else value


class Variant(Section):
    """One way to represent the molecules to a learner."""

    representation: Annotated[
        _Kinds, BeforeValidator(_as_tuple, json_schema_input_type=_Kind | _Kinds)
    ]
    """How molecules become rows of numbers: one kind of columns, or a list of kinds that stand next
    to each other. At most one of them is made of conformers (`_3d`)."""
    learner: Learner
    """The model. lightgbm is tuned by Bayesian optimisation, the others by small grids of their
    own."""
    rows_per_molecule: Count | None = None
    """Largest number of conformers of each molecule that the model learns from and predicts by,
    spread over the protocols. null takes all. Only with `augmented_3d`, `noise_3d` or
    `duplicated_3d`."""

    @property
    def molecule_kinds(self) -> tuple[str, ...]:
        """Its kinds with one row per molecule, in order."""
        return tuple(kind for kind in self.representation if kind in MOLECULE_KINDS)

    @property
    def conformer_kind(self) -> str | None:
        """Its kind that is made of conformers, if there is one."""
        return next((kind for kind in self.representation if kind in CONFORMER_KINDS), None)

    @field_serializer("representation")
    def _one_or_several(self, kinds: tuple[str, ...]) -> str | list[str]:
        """Write a single kind as it is written in a configuration."""
        return kinds[0] if len(kinds) == 1 else list(kinds)


def _variant(representation: str, learner: str, *further: str) -> Variant:
    """Make a default variant."""
    return Variant.model_validate(
        {"representation": [representation, *further], "learner": learner}
    )


Variants = Annotated[
    dict[str, Variant],
    Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}}),
]
DEFAULT_VARIANTS = {
    "constant": _variant("rdkit_2d", "constant"),
    "ridge_2d": _variant("rdkit_2d", "ridge"),
    "gaussian_process_2d": _variant("rdkit_2d", "gaussian_process"),
    "gaussian_process_counts": _variant("morgan_counts", "tanimoto_gaussian_process"),
    "extra_trees_2d": _variant("rdkit_2d", "extra_trees"),
    "extra_trees_mordred": _variant("mordred_2d", "extra_trees"),
    "lightgbm_default_2d": _variant("rdkit_2d", "lightgbm_default"),
    "lightgbm_2d": _variant("rdkit_2d", "lightgbm"),
    "extra_trees_ensemble": _variant("rdkit_2d", "extra_trees", "ensemble_statistics_3d"),
    "lightgbm_augmented": _variant("rdkit_2d", "lightgbm", "augmented_3d"),
    "lightgbm_gaussian_noise": _variant("rdkit_2d", "lightgbm", "noise_3d"),
    "lightgbm_duplicated": _variant("rdkit_2d", "lightgbm", "duplicated_3d"),
}
