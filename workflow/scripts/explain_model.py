"""What does the model use, and are the descriptors sound? SHAP values and descriptor health."""

from pathlib import Path

from confaug.config.settings.variants import Variant
from confaug.infrastructure.job import Job, job_log
from confaug.learning.datasets import read_replicate
from confaug.prediction.bundle import load_bundle
from confaug.tables.engine import write_table
from confaug.tables.trust import DESCRIPTOR_HEALTH, GROUP_IMPORTANCE, IMPORTANCE
from confaug.trust.descriptor_quality import descriptor_health
from confaug.trust.importance import (
    ROWS_PER_MOLECULE,
    group_importance_table,
    importance_table,
)


def main(snakemake: Job) -> None:
    """Write importance by descriptor and by group on the training molecules, and the health."""
    settings, output = snakemake.params.settings, snakemake.output
    model = load_bundle(Path(snakemake.input.bundle).parent).only_member
    data = read_replicate(snakemake.input, Variant(**settings["variant"]), settings)
    rows = data.rows("train", ROWS_PER_MOLECULE)
    shares = model.contributions(rows.X, rows.feature_names)
    explained = (shares, list(model.facts.features), rows.molecule)
    groups = group_importance_table(*explained)
    health = descriptor_health(rows)
    write_table(importance_table(*explained), output.importance, IMPORTANCE)
    write_table(groups, output.groups, GROUP_IMPORTANCE)
    write_table(health, output.health, DESCRIPTOR_HEALTH)


snakemake: Job  # given by Snakemake

if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
