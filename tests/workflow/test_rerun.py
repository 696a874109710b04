"""What runs again when something changes: no less and no more."""

import csv
import json
from collections import Counter

import pyarrow.parquet as pq
import pytest
import yaml

from study import QUICK, Study, rules_of

EMBEDDING = {"embed_conformers", "minimise_conformers", "describe_3d", "describe_2d"}
#: The table that needs every conformer, but neither 2D descriptors nor learning.
CONFORMERS = "results/quick/distribution.parquet"


def edit_table(study: Study, change) -> None:
    path = study.table
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_a_finished_study_has_nothing_to_do(study):
    assert study.planned() == Counter()


def test_a_touched_but_equal_input_reruns_nothing(study):
    study.table.touch()
    assert study.planned() == Counter()


def test_a_changed_label_reruns_learning_but_no_embedding(study):
    def change(rows):
        rows[1][2] = str(float(rows[1][2]) + 10)

    edit_table(study, change)
    ran = rules_of(study.run_and_list())
    assert not EMBEDDING & set(ran)
    assert {"clean_molecules", "merge_augmented", "tune_model", "evaluate_model"} <= set(ran)
    assert study.planned() == Counter()


def test_an_added_molecule_reruns_one_shard(study):
    edit_table(study, lambda rows: rows.append(["Poly(isobutyl vinyl ether)", "CC(C)COC=C", "253"]))
    jobs = study.run_and_list()
    shards = {job.rsplit("shard-")[1] for job in jobs if job.split("/")[0] in EMBEDDING}
    assert len(shards) == 1
    ran = rules_of(jobs)
    assert {rule: ran[rule] for rule in EMBEDDING} == {
        **dict.fromkeys(("embed_conformers", "minimise_conformers", "describe_3d"), 4),
        "describe_2d": 1,
    }
    assert study.planned() == Counter()


def test_an_added_seed_runs_only_its_jobs_and_learning(study):
    study.configure(embedding__repeats=3)
    jobs = study.run_and_list()
    embedded = {job for job in jobs if job.split("/")[0] in EMBEDDING}
    assert embedded == {
        f"{rule}/{name}/repeat-3/shard-{shard}"
        for rule, names in {
            "embed_conformers": ("dg", "etkdg"),
            "minimise_conformers": ("dg_uff", "etkdg_mmff"),
            "describe_3d": ("dg_uff", "etkdg_mmff"),
        }.items()
        for name in names
        for shard in "01"
    }
    assert "clean_molecules" not in jobs


def test_the_two_hundred_and_first_molecule_costs_one_shard(tmp_path):
    study = Study.fresh(tmp_path / "study")
    groups = ["", *"OSNFI", "Cl", "Br", "C#N", "OC", "SC", "NC", "C=O", "C=C", "C#C", "C(=O)O"]
    smiles = ["C" * length + group for length in range(2, 15) for group in groups][:201]
    table = study.folder / "resources" / "many.csv"

    def write(count):
        rows = [f"{text},{100 + number}" for number, text in enumerate(smiles[:count])]
        table.write_text("\n".join(["smiles,tg", *rows, ""]))

    study.configure(
        input={"table": "resources/many.csv", "smiles_column": "smiles", "label_column": "tg"},
        shards__count="auto",
        embedding={"protocols": ["dg"], "repeats": 1, "conformers_per_repeat": 1},
    )
    write(200)
    shards = {job[-1] for job in study.run_and_list(CONFORMERS) if "shard-" in job}
    assert shards == set("0123")
    write(201)
    jobs = study.run_and_list(CONFORMERS)
    (shard,) = {job[-1] for job in jobs if "shard-" in job}
    assert jobs == {
        "clean_molecules",
        "shard_molecules",
        f"embed_conformers/dg/repeat-1/shard-{shard}",
        f"describe_3d/dg/repeat-1/shard-{shard}",
        "merge_distribution",
    }
    assert pq.read_metadata(study.folder / CONFORMERS).num_rows == 201


def test_twenty_seeds_after_four_cost_sixteen(study):
    study.configure(embedding__protocols=["dg_uff"], embedding__repeats=4, shards__count=1)
    study.snakemake(CONFORMERS)
    study.configure(embedding__repeats=20)
    assert study.named(CONFORMERS) == {
        "Merging the distribution table, one row per molecule",
        *(f"Embedding shard 0 with dg, repeat {repeat}" for repeat in range(5, 21)),
        *(f"Minimising shard 0 under dg_uff, repeat {repeat}" for repeat in range(5, 21)),
        *(
            f"Computing the 3D descriptors of shard 0, dg_uff, repeat {repeat}"
            for repeat in range(5, 21)
        ),
    }


@pytest.mark.parametrize(
    ("protocol", "rules"),
    [
        ("dg", {"describe_3d": "dg"}),
        ("dg_mmff", {"minimise_conformers": "dg_mmff", "describe_3d": "dg_mmff"}),
        (
            "kdg_uff",
            {"embed_conformers": "kdg", "minimise_conformers": "kdg_uff", "describe_3d": "kdg_uff"},
        ),
    ],
)
def test_an_added_protocol_costs_its_own_jobs(study, protocol, rules):
    """One of a method that is there embeds nothing."""
    study.configure(embedding__protocols=["dg_uff", "etkdg_mmff", protocol])
    jobs = study.run_and_list(CONFORMERS)
    assert jobs == {
        "merge_distribution",
        *(
            f"{rule}/{name}/repeat-{repeat}/shard-{shard}"
            for rule, name in rules.items()
            for repeat in (1, 2)
            for shard in (0, 1)
        ),
    }


def test_another_limit_of_steps_embeds_nothing(study):
    study.configure(embedding__max_steps=1000)
    planned = study.planned(CONFORMERS)
    assert planned == {"minimise_conformers": 8, "describe_3d": 8, "merge_distribution": 1}


def test_an_added_protocol_leaves_models_without_conformers_as_they_are(study):
    study.configure(embedding__protocols=["dg_uff", "etkdg_mmff", "dg"])
    target = "results/quick/models/{}/replicate-1/cross_validation.csv"
    plain = study.planned(*(target.format(name) for name in ("extra_trees_2d", "lightgbm_2d")))
    assert not {"evaluate_baseline", "tune_model"} & set(plain)
    assert study.planned(target.format("lightgbm_augmented_2d_3d"))["tune_model"] == 1


def test_an_added_replicate_runs_only_its_learning(study):
    study.configure(splits__replicates=2)
    jobs = study.run_and_list()
    per_replicate = {"split_molecules", "tune_model", "fit_model", "evaluate_model"}
    own = {job for job in jobs if job.split("/")[0] in per_replicate}
    assert own
    assert all(job.endswith("replicate-2") for job in own)
    assert not set(rules_of(jobs)) & (EMBEDDING | {"merge_augmented", "tune_randomised"})
    verdict = json.loads((study.results / "comparison/verdict.json").read_text())
    assert "2 random splits" in verdict["scope"]


def test_a_changed_search_bound_reruns_only_tuning_and_after(study):
    study.configure(tuning__space={"num_leaves": {"type": "int", "low": 4, "high": 9}})
    planned = study.planned()
    assert planned["tune_model"] > 0
    assert not set(planned) & (
        EMBEDDING | {"clean_molecules", "merge_augmented", "split_molecules"}
    )


def test_changed_settings_of_extrapolation_rerun_it_and_the_report(study):
    study.configure(evaluation__extrapolation={"share": 0.25, "clusters": 3})
    assert study.planned() == Counter(
        {"measure_extrapolation": 1, "draw_figures": 1, "write_report": 1}
    )
    study.configure(evaluation__extrapolation={"share": 0, "clusters": 0})
    assert set(study.planned()) == {"draw_figures", "write_report"}


def test_swapped_parameter_values_are_noticed(study):
    config = yaml.safe_load((study.folder / QUICK).read_text())
    tuning = config["tuning"]
    assert tuning["initial_points"] != tuning["iterations"]
    study.configure(
        tuning__initial_points=tuning["iterations"], tuning__iterations=tuning["initial_points"]
    )
    assert study.planned()["tune_model"] > 0


def test_a_changed_library_module_reruns_the_rules_that_use_it(study):
    module = study.folder / "workflow" / "scripts" / "confaug" / "report" / "figures" / "parity.py"
    module.write_text(module.read_text() + "\n# a change\n")
    planned = study.planned()
    assert "plot_parity" in planned
    assert not set(planned) & (EMBEDDING | {"tune_model", "fit_model", "evaluate_model"})


def test_a_touched_script_with_equal_content_reruns_nothing(study):
    for script in (study.folder / "workflow" / "scripts").rglob("*.py"):
        script.touch()
    assert study.planned() == Counter()


def test_a_deleted_output_is_made_again(study):
    path = study.results / "models" / "lightgbm_augmented_2d_3d" / "replicate-1" / "metrics.csv"
    before = path.read_bytes()
    path.unlink()
    jobs = study.run_and_list()
    assert rules_of(jobs)["evaluate_model"] == 1
    assert not set(rules_of(jobs)) & (EMBEDDING | {"tune_model", "fit_model"})
    assert path.read_bytes() == before
    (study.results / "models" / "extra_trees_2d" / "replicate-1" / "fits.csv").unlink()
    assert study.planned()["evaluate_baseline"] == 1


def test_an_edited_output_is_named_and_made_again_once_deleted(study):
    path = study.results / "molecules" / "molecules.csv"
    before, told = path.read_text(), f"{path.relative_to(study.folder)} has changed since"
    assert told not in study.snakemake("--dry-run").stdout
    path.touch()
    assert told not in study.snakemake("--dry-run").stdout
    path.write_text(before.replace(".", ".5", 1))
    assert told in study.snakemake("--dry-run").stdout
    path.unlink()
    assert told not in study.snakemake(str(path.relative_to(study.folder))).stdout
    assert path.read_text() == before
    assert told not in study.snakemake("--dry-run").stdout


def test_changed_requirements_make_only_the_report_and_its_facts_again(study):
    study.configure(requirements__mae=30, requirements__range=[250, 350])
    ran = rules_of(study.run_and_list())
    assert set(ran) == {"assess_usability", "draw_figures", "write_report"}
    facts = json.loads((study.results / "comparison" / "usability.json").read_text())
    assert (facts["required"], facts["range"]["low"], facts["range"]["high"]) == (30, 250, 350)
    study.configure(requirements__molecules_per_hour=1000)
    assert set(rules_of(study.run_and_list())) == {"write_report"}
