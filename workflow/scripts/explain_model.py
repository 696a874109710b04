"""What does the model use, and are the descriptors sound? SHAP values and descriptor health."""

from pathlib import Path

from confaug import importance, tables
from confaug.bundle import load_bundle
from confaug.job import job_log
from confaug.learning_data import read_replicate


def main(snakemake):
    """Write importance by descriptor and by group on the training molecules, and the health."""
    output = snakemake.output
    bundle = load_bundle(Path(snakemake.input.bundle).parent)
    data = read_replicate(snakemake.input, snakemake.params.settings)
    rows = data.rows("train", importance.ROWS_PER_MOLECULE)
    explained = (bundle.contributions(rows.X, rows.feature_names), bundle.features, rows.molecule)
    groups = importance.group_importance_table(*explained)
    health = importance.descriptor_health(snakemake.input.augmented)
    unit = importance.contribution_unit(bundle.document["property"])
    summary = {
        "importance": importance.importance_sentence(groups, unit),
        "health": importance.health_summary(health),
    }
    tables.write_table(
        importance.importance_table(*explained), output.importance, tables.IMPORTANCE
    )
    tables.write_table(groups, output.groups, tables.GROUP_IMPORTANCE)
    tables.write_table(health, output.health, tables.DESCRIPTOR_HEALTH)
    tables.write_json(summary, output.summary)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
