"""A study makes what its variants read, and nothing else."""

import json

import pytest

from study import Study

MANIFEST = "results/quick/shards/manifest.json"
OF_CONFORMERS = {"embed_conformers", "describe_3d"}
PLAIN = {
    "constant": {"representation": "rdkit_2d", "learner": "constant"},
    "extra_trees": {"representation": ["rdkit_2d", "morgan_counts"], "learner": "extra_trees"},
    "counts": {"representation": "morgan_counts", "learner": "tanimoto_gaussian_process"},
    "lightgbm": {"representation": "mordred_2d", "learner": "lightgbm"},
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A study of models without conformers, with its molecules divided into shards."""
    study = Study.fresh(tmp_path_factory.mktemp("plain") / "study")
    study.configure(variants=PLAIN)
    study.snakemake(MANIFEST)
    return study


def test_a_study_without_conformers_embeds_nothing(plain, tmp_path):
    planned = plain.planned()
    assert planned["describe_2d"] == 2 * 3, "two shards, three kinds of columns"
    assert not OF_CONFORMERS & set(planned)
    study = plain.copy(tmp_path / "study")
    study.snakemake()
    assert not (study.results / "conformers").exists()
    report = (study.results / "report/index.html").read_text(encoding="utf-8")
    assert "Whether augmentation helped was not tested" in report
    bundle = json.loads((study.results / "final_model/bundle/bundle.json").read_bytes())
    kinds = {member["variant"]["representation"] for member in bundle["members"]}
    assert kinds <= {"rdkit_2d", "morgan_counts", "mordred_2d"}
    (study.folder / "new.csv").write_text("smiles\nC=CC(=O)OCC\nC=Cc1ccccc1\n")
    study.snakemake("predict", "--config", "prediction={table: new.csv}")
    lines = (study.results / "predictions/new/predictions.csv").read_text().splitlines()
    assert len(lines) == 3


def test_a_variant_waits_for_the_columns_that_it_reads_and_no_others(tmp_path):
    study = Study.fresh(tmp_path / "study")
    shapes = {"representation": ["rdkit_2d", "augmented_3d"], "learner": "lightgbm"}
    study.configure(variants={**PLAIN, "shapes": shapes})
    study.snakemake(MANIFEST)
    target = "results/quick/models/{}/replicate-1/fits.csv"
    expected = {"counts": {"morgan_counts"}, "extra_trees": {"rdkit_2d", "morgan_counts"}}
    for variant, kinds in expected.items():
        named = study.named(target.format(variant))
        described = {line.split()[1] for line in named if "of shard" in line}
        assert described == kinds, variant
        assert not any(line.startswith("Embedding") for line in named)
    assert set(study.planned(target.format("shapes"))) >= OF_CONFORMERS
