"""A study makes what its variants read, and nothing else."""

import json

MANIFEST = "results/quick/shards/manifest.json"
OF_CONFORMERS = {"embed_conformers", "minimise_conformers", "describe_3d"}
PLAIN = {
    "constant": {"representation": "rdkit_2d", "learner": "constant"},
    "extra_trees": {"representation": ["rdkit_2d", "morgan_counts"], "learner": "extra_trees"},
    "counts": {"representation": "morgan_counts", "learner": "tanimoto_gaussian_process"},
    "lightgbm": {"representation": "mordred_2d", "learner": "lightgbm"},
}


def test_a_study_without_conformers_embeds_nothing(fresh):
    fresh.configure(variants=PLAIN)
    fresh.snakemake(MANIFEST)
    planned = fresh.planned()
    assert planned["describe_2d"] == 2 * 3, "two shards, three kinds of columns"
    assert not OF_CONFORMERS & set(planned)
    fresh.snakemake()
    assert not (fresh.results / "conformers").exists()
    report = (fresh.results / "report/index.html").read_text(encoding="utf-8")
    verdict = json.loads((fresh.results / "comparison/verdict.json").read_bytes())
    for told in (report, " ".join([verdict["headline"], *verdict["sentences"]])):
        assert "No variant of this study asks for conformers" in told
    bundle = json.loads((fresh.results / "final_model/bundle/bundle.json").read_bytes())
    kinds = {member["variant"]["representation"] for member in bundle["members"]}
    assert kinds <= {"rdkit_2d", "morgan_counts", "mordred_2d"}
    (fresh.folder / "new.csv").write_text("smiles\nC=CC(=O)OCC\nC=Cc1ccccc1\n")
    fresh.snakemake("predict", "--config", "prediction={table: new.csv}")
    lines = (fresh.results / "predictions/new/predictions.csv").read_text().splitlines()
    assert len(lines) == 3


def test_a_variant_waits_for_the_columns_that_it_reads_and_no_others(fresh):
    shapes = {"representation": ["rdkit_2d", "augmented_3d"], "learner": "lightgbm"}
    fresh.configure(variants={**PLAIN, "shapes": shapes})
    fresh.snakemake(MANIFEST)
    target = "results/quick/models/{}/replicate-1/fits.csv"
    expected = {"counts": {"morgan_counts"}, "extra_trees": {"rdkit_2d", "morgan_counts"}}
    for variant, kinds in expected.items():
        named = fresh.named(target.format(variant))
        described = {line.split()[1] for line in named if "of shard" in line}
        assert described == kinds, variant
        assert not any(line.startswith("Embedding") for line in named)
    assert set(fresh.planned(target.format("shapes"))) >= OF_CONFORMERS
