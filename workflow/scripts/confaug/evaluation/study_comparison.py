"""The whole comparison of a study: its four tables and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from confaug.config.roles import assign_roles
from confaug.config.settings.variants import Variant
from confaug.evaluation.champions import compare_groups
from confaug.evaluation.comparison import (
    molecule_errors,
    paired_differences,
    replicate_errors,
    variant_summary,
)
from confaug.evaluation.decades import mean_errors
from confaug.evaluation.errors import Predictions, Splits, collect_errors
from confaug.evaluation.study_size import study_size
from confaug.evaluation.verdict import Verdict, give_verdict
from confaug.molecules.split_draws import describe_draws


@dataclass(frozen=True)
class Comparison:
    """All variants of a study compared.

    Attributes
    ----------
    summary, differences, replicates, molecules
        VARIANT_SUMMARY, PAIRED_DIFFERENCES, REPLICATE_ERRORS and MOLECULE_ERRORS tables.
    verdict
        What follows from them.
    """

    summary: pa.Table
    differences: pa.Table
    replicates: pa.Table
    molecules: pa.Table
    verdict: Verdict


def compare_variants(
    predictions: Predictions,
    splits: Splits,
    molecules: pa.Table,
    variants: Mapping[str, Variant],
    *,
    unit: str,
    transform: str,
) -> Comparison:
    """Compare all variants on all replicates.

    Parameters
    ----------
    predictions
        PREDICTIONS tables by variant and replicate.
    splits
        SPLIT tables by replicate.
    molecules
        A MOLECULES table.
    variants
        The variants of the configuration, which have the roles.
    unit
        Unit of the labels.
    transform
        `log10` if logarithms are learned, else `none`.
    """
    study = collect_errors(predictions, splits)
    roles = assign_roles(variants).present(study.test)
    summary = variant_summary(study)
    differences = paired_differences(study, roles.references)
    verdict = give_verdict(
        summary,
        differences,
        roles,
        unit,
        describe_draws(splits, molecules),
        size=study_size(study, predictions),
        decades=mean_errors(predictions) if transform == "log10" else None,
        groups=compare_groups(study, variants, roles),
    )
    return Comparison(
        summary=summary,
        differences=differences,
        replicates=replicate_errors(study, roles.reference),
        molecules=molecule_errors(study, roles.reference),
        verdict=verdict,
    )
