"""Processor time is counted for what it was spent on."""

from confaug.atlas.costs import count_costs

LOGS = {
    "clean_molecules": 1.0,
    "describe_2d/rdkit_2d/shard-0": 2.0,
    "embed_conformers/etkdg/repeat-1/shard-0": 10.0,
    "minimise_conformers/etkdg_mmff/repeat-1/shard-0": 20.0,
    "merge_augmented": 0.5,
    "evaluate_baseline/ridge/replicate-1": 3.0,
    "evaluate_baseline/trees_mean/replicate-1": 5.0,
    "tune_model/rows/replicate-2": 7.0,
}


def test_time_is_counted_by_what_it_was_spent_on(tmp_path):
    for name, seconds in LOGS.items():
        path = tmp_path / "one" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"2026-11-27 18:31:50,393 INFO finished in 0.1 s (processor {seconds} s, "
            "peak memory 147 MB)\n"
        )
    unfinished = tmp_path / "one" / "tune_model" / "rows" / "replicate-3.log"
    unfinished.write_text("2026-11-27 18:31:50,393 INFO trial 1\n")
    (row,) = count_costs(
        {"one": str(tmp_path / "one")}, {"one": ["rows", "trees_mean"]}
    ).to_pylist()
    assert row == {"study": "one", "plain": 6.0, "conformers": 30.5, "learning": 12.0}
