"""First results without conformers, from which the whole study goes on."""

import json

import pytest

from study import Study, digests, rules_of

OF_CONFORMERS = {"embed_conformers", "minimise_conformers", "describe_3d", "merge_augmented"}
SHAPES = {"representation": "augmented_3d", "learner": "lightgbm"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A study with its first results, and what its run did and said."""
    study = Study.fresh(tmp_path_factory.mktemp("plain") / "study")
    said = study.snakemake("plain").stdout
    return study, set(study.logs()), said


def test_first_results_need_no_conformer(plain):
    study, jobs, said = plain
    assert not OF_CONFORMERS & set(rules_of(jobs))
    assert not (study.results / "conformers").exists()
    assert not (study.results / "report").exists()
    page = (study.results / "plain/report.html").read_text(encoding="utf-8")
    first = page[page.index("<header") : page.index("</header>")]
    assert "Still to come: lightgbm_augmented_2d_3d, lightgbm_gaussian_noise" in first
    section = page[page.index('<section id="variants"') :].split("</section>")[0]
    assert "lightgbm_2d" in section
    assert "lightgbm_augmented" not in section
    assert "Whether augmentation helps is not known yet" in page
    verdict = json.loads((study.results / "plain/comparison/verdict.json").read_text())
    assert "not known yet" in " ".join([verdict["headline"], *verdict["sentences"]])
    assert "Report: results/quick/plain/report.html" in said
    summary = (study.results / "plain/summary.txt").read_text().splitlines()
    assert len(summary) > 2
    assert all(line in said for line in summary)


def test_the_whole_study_goes_on_from_first_results(plain, finished, tmp_path):
    study = plain[0].copy(tmp_path / "study")
    early = digests(study.results / "plain")
    ran = rules_of(study.run_and_list())
    assert not {"clean_molecules", "describe_2d", "evaluate_baseline"} & set(ran)
    assert ran["tune_model"] == 2, "the variants with conformers"
    # The same results as without first results, which stay as they were.
    found = digests(study.results)
    whole = {name: value for name, value in found.items() if not name.startswith("plain/")}
    assert whole == digests(finished.results)
    assert digests(study.results / "plain") == early
    assert study.planned("plain") == {}


def test_a_study_of_shapes_alone_has_no_first_results(fresh):
    fresh.configure(variants={"shapes": SHAPES})
    said = fresh.refused("plain", "--dry-run")
    assert "all variants of this study need conformers" in said
