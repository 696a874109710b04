"""What the target check says of a small table."""

import pytest

from confaug.config.check import complete_config, read_schema
from confaug.infrastructure.files import write_json
from confaug.infrastructure.snakemake_jobs import PlannedJob
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.reading.records import read_records
from confaug.molecules.sharding import shard_molecules, shard_work, write_shards
from confaug.report.check import CheckedStudy, check_lines
from confaug.report.wording.check import next_lines
from confaug.tables.engine import write_table
from confaug.tables.molecules import LEDGER, MOLECULES

ROWS = [
    *((f"alkane {n}", "C" * n, 10.0 * n) for n in range(1, 13)),
    ("bent", "c1cc2ccc1CCc1ccc(cc1)CC2", 400),
    ("again", "CCC", 31),
    ("contradicts", "CCCC", 99),
    ("centre", "CC(O)CC", 50),
    ("broken", "C1CC", 7),
    ("no number", "CCN", "high"),
]
SCHEMA = "workflow/schemas/config.schema.yaml"
SHAPES = {"representation": "augmented_3d", "learner": "lightgbm"}
PLAIN = {"representation": "rdkit_2d", "learner": "extra_trees"}


@pytest.fixture
def checked(tmp_path, request):
    """A function that cleans the table and checks a study of it."""

    def check(jobs=(), cores=2, **sections):
        table = tmp_path / "mine.csv"
        lines = ["name,smiles,y", *(",".join(map(str, row)) for row in ROWS)]
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        given = {
            "input": {"table": str(table), "smiles_column": "smiles", "label_column": "y"},
            "property": {"name": "Property", "unit": "K"},
            "cleaning": {"tolerance": 5},
            "splits": {"train": 8, "folds": 3},
            "variants": {"plain": PLAIN, "shapes": SHAPES},
        }
        given["input"]["name_column"] = "name"
        config = complete_config(
            {**given, **sections}, read_schema(request.config.rootpath / SCHEMA)
        )
        cleaned = clean_molecules(
            read_records(table, config["input"]).records, CleaningRules.of(config)
        )
        write_table(cleaned.ledger, tmp_path / "ledger.csv", LEDGER)
        write_table(cleaned.molecules, tmp_path / "molecules.csv", MOLECULES)
        write_json(cleaned.labels, tmp_path / "labels.json")
        shards = shard_molecules(cleaned.molecules, 2)
        work = shard_work(shards, cleaned.molecules)
        write_shards(shards, work, tmp_path / "manifest.json")
        study = CheckedStudy(
            config,
            *(tmp_path / name for name in ("ledger.csv", "molecules.csv", "labels.json")),
            manifest=tmp_path / "manifest.json",
            own_columns=tmp_path / "none.parquet",
            configfiles=["my study.yaml"],
        )
        return check_lines(study, jobs, cores)

    return check


def plan(finished=False):
    """Return two jobs of a study, the first of which may have finished."""
    embed = {"protocol": "etkdg_mmff", "repeat": "1", "shard": "0"}
    tune = {"variant": "shapes", "replicate": "1"}
    return [
        PlannedJob("embed_conformers", embed, 1, 900, (), finished),
        PlannedJob("tune_model", tune, 1, 1100, (0,), False),
    ]


def test_every_row_is_accounted_for(checked):
    lines = checked()
    assert lines[0].startswith(f"Rows: {len(ROWS)} rows read = ")
    assert "2 rejected" in lines[0]
    told = "\n".join(lines)
    assert "  row 18 (broken) rejected: " in told
    assert "  row 19 (no number) rejected: " in told
    assert "  row 16 (contradicts) conflict: " in told
    assert "  row 17: undefined stereo centres" in told


def test_what_is_modelled_and_compared_is_told(checked):
    lines = checked()
    assert "Split: 8 molecules train, 6 are held out." in lines
    assert "Compared: 2 variants (plain, shapes)." in lines
    assert "Conformers: 120 of each molecule (6 protocols × 20), 1680 in all." in lines
    two = checked(splits={"train": 8, "folds": 3, "replicates": 2})
    assert "Splits: 2, with 8 molecules for training and 6 held out." in two


def test_slow_molecules_are_named_with_the_reason(checked):
    lines = checked()
    first = lines[lines.index("Slowest molecules:") + 1]
    assert first.startswith("  bent: ")
    assert "benzene ring bent" in first


def test_a_study_without_conformers_says_so(checked):
    told = "\n".join(checked(variants={"plain": PLAIN}))
    assert "Conformers: none" in told
    assert "Slowest" not in told
    assert "First results" not in told


def test_a_small_study_is_warned_of(checked):
    assert any(line.startswith("Note: Nothing can be concluded: ") for line in checked())


def test_cost_time_and_memory_are_those_of_the_plan(checked):
    told = "\n".join(checked(plan()))
    assert "of processor time in 2 jobs" in told
    assert "with 2 cores (--cores)" in told
    assert "jobs ask for up to 1.1 GB, 2 GB for 2 at once" in told
    assert " left." not in told
    assert "up to 1.1 GB. Disk" in "\n".join(checked(plan(), cores=1))


def test_what_is_left_is_told_where_something_has_finished(checked):
    told = "\n".join(checked(plan(finished=True)))
    assert "1 job of about " in told
    every = [PlannedJob("describe_2d", {"kind": "rdkit_2d", "shard": "0"}, 1, 9, (), True)]
    assert "All of them have finished." in "\n".join(checked(every))


def test_the_commands_that_follow_are_told(checked):
    lines = checked()
    assert "Run the study: snakemake --cores 2 --configfile 'my study.yaml'" in lines
    assert lines[-1].endswith("snakemake --cores 2 plain --configfile 'my study.yaml'")


def test_commands_name_the_workflow_where_it_lies_elsewhere():
    lines = next_lines(["my.yaml"], 4, "/con faug/Snakefile", plain=False)
    assert lines == [
        "Run the study: snakemake --cores 4 --snakefile '/con faug/Snakefile' --configfile my.yaml"
    ]
