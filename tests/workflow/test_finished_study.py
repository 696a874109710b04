"""What a finished study holds, and that nothing leaks between its parts."""

import csv
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from confaug.report.figures.catalog import FIGURES
from confaug.tables.catalog import STAGES, tables_in, tables_of_stage
from confaug.tables.descriptors import AUGMENTED, DISTRIBUTION
from confaug.tables.engine import read_table
from confaug.tables.evaluation import EXTRAPOLATION_PREDICTIONS
from confaug.tables.learning import METRICS
from confaug.tables.molecules import LEDGER, MOLECULES, SPLIT


def test_every_input_row_is_accounted_for(finished):
    with finished.table.open() as file:
        n_lines = sum(1 for _ in csv.reader(file))
    ledger = read_table(finished.results / "molecules/ledger.csv", LEDGER).to_pandas()
    # The header is row 1.
    assert ledger["row"].tolist() == list(range(2, n_lines + 1))
    assert set(ledger["status"]) <= {"accepted", "merged", "conflict", "rejected"}
    rejected = ledger[ledger["status"] == "rejected"]
    assert rejected["input_smiles"].tolist() == ["O= C1CCCO1"]
    assert "white space" in rejected["reason"].iloc[0]
    log = (finished.results / "logs/clean_molecules.log").read_text()
    assert re.search(rf"read {n_lines - 1} rows", log)


def test_every_table_is_what_is_declared_for_its_path(finished):
    found = {
        path.relative_to(finished.results).as_posix()
        for path in finished.results.rglob("*")
        if path.suffix in (".csv", ".parquet")
    }
    declared = {path: tables_in(path) for path in sorted(found)}
    assert {path for path, tables in declared.items() if len(tables) != 1} == set()
    for path, (table,) in declared.items():
        read_table(finished.results / path, table)
    # New molecules are predicted on demand; the atlas is made of many studies.
    of_study = [stage for stage in STAGES if stage not in ("prediction", "atlas")]
    left = {table.name for stage in of_study for table in tables_of_stage(stage)}
    unread = {"2D descriptors", "backbone descriptors", "Morgan counts", "own columns"}
    unread |= {"RDKit 2D descriptors per atom", "RDKit 2D increments"}  # no variant reads them
    assert left - {table.name for (table,) in declared.values()} == unread


def test_augmented_table_has_one_row_per_conformer(finished):
    table = read_table(finished.results / "augmented.parquet", AUGMENTED, columns=["PBF"])
    molecules = read_table(finished.results / "molecules/molecules.csv", MOLECULES)
    failures = list(csv.DictReader((finished.results / "failures.csv").open()))
    failures = [row for row in failures if row["stage"] == "minimise_conformers"]
    lost = sum(1 for row in failures if row["conformer"])
    whole = [row for row in failures if not row["conformer"]]
    expected = molecules.num_rows * 2 * 2 * 3 - lost - 3 * len(whole)
    assert table.num_rows == expected
    labels = dict(zip(*molecules.select(["molecule", "label"]).to_pydict().values(), strict=True))
    assert all(
        labels[m] == y
        for m, y in zip(table["molecule"].to_pylist(), table["label"].to_pylist(), strict=True)
    )


def test_distribution_table_has_five_statistics_per_descriptor_and_protocol(finished):
    names = pq.read_schema(finished.results / "distribution.parquet").names
    assert len(names) - len(DISTRIBUTION.names) == 5 * 213 * 2
    assert {"min", "25%", "50%", "75%", "max"} == {
        re.match(r"min|max|\d\d%", name)[0] for name in names if "PBF" in name
    }


def test_no_molecule_is_on_both_sides_of_a_split_or_fold(finished):
    split = read_table(finished.results / "splits/replicate-1.csv", SPLIT).to_pandas()
    assert split["molecule"].is_unique
    assert (split.groupby("group")["part"].nunique() == 1).all()
    train = split[split["part"] == "train"]
    assert len(train) == 20
    assert (train.groupby("group")["fold"].nunique() == 1).all()
    assert set(train["fold"]) == {0, 1, 2}
    held_out = set(split.loc[split["part"] == "test", "molecule"])
    for bundle in finished.results.glob("models/*/replicate-1/bundle/bundle.json"):
        seen = json.dumps(json.loads(bundle.read_text()))
        assert not [molecule for molecule in held_out if molecule in seen]


def test_predictions_cover_each_part_exactly(finished):
    split = read_table(finished.results / "splits/replicate-1.csv", SPLIT).to_pandas()
    sizes = split["part"].value_counts()
    for path in finished.results.glob("models/*/replicate-1/predictions.csv"):
        parts = Counter(row["part"] for row in csv.DictReader(path.open()))
        assert parts["test"] == sizes["test"], path
        assert parts["cross_validation"] == sizes["train"], path


def test_metrics_are_those_of_the_predictions(finished):
    model = finished.results / "models/lightgbm_augmented_2d_3d/replicate-1"
    rows = [r for r in csv.DictReader((model / "predictions.csv").open()) if r["part"] == "test"]
    errors = [abs(float(r["label"]) - float(r["prediction"])) for r in rows]
    metrics = read_table(model / "metrics.csv", METRICS).to_pandas()
    test = metrics[(metrics["part"] == "test") & (metrics["level"] == "molecule")].iloc[0]
    assert abs(test["mae"] - sum(errors) / len(errors)) < 1e-9


def test_plots_are_drawn(finished):
    model = finished.results / "models/lightgbm_augmented_2d_3d/replicate-1"
    assert (model / "parity.svg").read_text().lstrip().startswith("<?xml")
    assert (model / "parity.png").read_bytes().startswith(b"\x89PNG")


def test_snakemakes_own_report_holds_every_figure_under_its_heading(study):
    study.snakemake("--report", "report.zip")
    with zipfile.ZipFile(study.folder / "report.zip") as archive:
        files = {Path(name).name for name in archive.namelist()}
        page = archive.read("report/report.html").decode()
    assert {"index.html", *(f"{name}.svg" for name in FIGURES)} <= files
    for entry in FIGURES.values():
        assert entry.category in page
        assert entry.title in page


def test_every_rule_has_its_script_and_every_script_its_rule():
    root = Path(__file__).parents[2]
    rules: dict[str, str] = {}
    for path in (root / "workflow/rules").glob("*.smk"):
        for match in re.finditer(
            r"^(?:rule|checkpoint) (\w+):(.*?)(?=^\S|\Z)", path.read_text(), re.M | re.S
        ):
            rules[match[1]] = match[2]
    scripted = {name: body for name, body in rules.items() if "script:" in body}
    assert scripted
    for name, body in scripted.items():
        assert f"../scripts/{name}.py" in body, name
        assert re.search(rf"\blogs>?/{name}\b", body), name
        assert re.search(rf"\bbenchmarks>?/{name}\b", body), name
        assert "conda:" in body, name
        assert "mem_mb" in body, name
    scripts = {path.stem for path in (root / "workflow/scripts").glob("*.py")}
    assert scripts == set(scripted)


def test_conformers_can_be_exported_for_a_viewer(study):
    from rdkit import Chem

    molecules = read_table(study.results / "molecules/molecules.csv", MOLECULES)
    molecule = molecules["molecule"][0].as_py()
    study.snakemake(f"results/quick/export/{molecule}.sdf")
    entries = list(Chem.SDMolSupplier(str(study.results / f"export/{molecule}.sdf")))
    assert len(entries) == 2 * 2 * 3
    assert {entry.GetProp("protocol") for entry in entries} == {"dg_uff", "etkdg_mmff"}


def test_requests_grow_with_molecules_atoms_conformers_and_attempts(study):
    manifest = study.results / "shards/manifest.json"
    manifest.write_text('{"shards": {"0": 1000, "1": 1000}, "work": {"0": 1000.0, "1": 20000.0}}')
    (study.folder / "probe.smk").write_text(
        'include: "Snakefile"\n'
        "for rule, what, shard, attempt in [\n"
        '    ("embed_conformers", "runtime", "0", 1),\n'
        '    ("embed_conformers", "runtime", "1", 1),\n'
        '    ("embed_conformers", "runtime", "1", 2),\n'
        '    ("minimise_conformers", "mem_mb", "0", 1),\n'
        '    ("merge_augmented", "mem_mb", None, 1),\n'
        "]:\n"
        "    wildcards = {'shard': shard} if shard else {}\n"
        "    asked = workflow.get_rule(rule).resources[what]\n"
        "    print('asked', asked.evaluate(wildcards, attempt=attempt).value)\n"
    )

    def asked():
        output = study.snakemake("--snakefile", "probe.smk", "--dry-run").stdout
        return [int(number) for number in re.findall(r"^asked (\d+)$", output, re.MULTILINE)]

    few = asked()
    study.configure(embedding__conformers_per_repeat=300)
    many = asked()
    assert few[1] > 10 * few[0]  # twenty times the work, in atoms
    assert few[2] == 2 * few[1]  # the second attempt
    assert all(more > 2 * less for more, less in zip(many, few, strict=True))


def test_extrapolation_is_measured_on_models_without_conformers(finished):
    comparison = finished.results / "comparison"
    facts = json.loads((comparison / "extrapolation.json").read_text())
    assert (facts["refusal"], facts["left_out"]) == (None, {})
    assert [end["name"] for end in facts["ends"]] == ["highest", "lowest"]
    table = read_table(
        comparison / "extrapolation_predictions.csv", EXTRAPOLATION_PREDICTIONS
    ).to_pandas()
    assert {"constant", "extra_trees_2d"} <= set(table["variant"])
    assert not any("augmented" in name or "noise" in name for name in table["variant"])
    molecules = read_table(finished.results / "molecules/molecules.csv", MOLECULES).to_pandas()
    labelled = molecules[molecules["label"].notna()]
    folds = table[(table["held_out"] == "folds") & (table["variant"] == "constant")]
    assert sorted(folds["molecule"]) == sorted(labelled["molecule"])
    held = table[(table["held_out"] == "highest") & (table["variant"] == "extra_trees_2d")]
    assert 5 <= len(held) < len(labelled) / 2
    assert (held["label"] > held["training_high"]).all()
    assert (held["prediction"] <= held["training_high"] + 1e-6).all()
    page = (finished.results / "report/index.html").read_text()
    assert 'id="extrapolation"' in page
