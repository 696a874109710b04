"""Scripts import what they use: jobs are short, and large libraries take most of their start."""

import pytest
from new_python import run_python

LARGE = {"bayes_opt", "lightgbm", "matplotlib", "numba", "pandas", "scipy", "sklearn"}
SEARCH = {"bayes_opt", "sklearn.ensemble", "sklearn.gaussian_process", "sklearn.linear_model"}
TABLES_ALONE = (
    *("assess_y_randomisation", "check_leakage", "collect_predictions", "combine_models"),
    *("find_label_outliers", "fold_molecules", "merge_augmented", "merge_distribution"),
    *("merge_failures", "merge_learning_curves", "recommend_model", "recommend_variant"),
    *("shard_molecules", "split_molecules"),
)


@pytest.mark.parametrize(
    ("scripts", "unused"),
    [
        (TABLES_ALONE, LARGE),
        (("fit_model", "evaluate_model", "explain_model", "predict_molecules"), SEARCH),
    ],
    ids=["tables", "models"],
)
def test_scripts_import_no_library_that_they_do_not_use(scripts, unused):
    code = f"import sys, {', '.join(scripts)}; print(*sorted({unused!r} & set(sys.modules)))"
    assert run_python(code).split() == []
