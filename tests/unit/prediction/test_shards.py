import csv
import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from prediction_study import (
    NEW,
    PROTOCOLS,
    SECTIONS,
    TRAINING,
    identifier,
    learning_files,
    make_bundle,
    make_shard,
)
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from confaug.config.roles import MANY_ROWS
from confaug.errors import UserError
from confaug.learning.datasets import read_learning_data
from confaug.learning.predictions import pool
from confaug.learning.representations import build_rows
from confaug.molecules.cleaning import clean_molecules
from confaug.molecules.cleaning_rules import CleaningRules
from confaug.molecules.own_columns.declaration import OwnColumn
from confaug.molecules.reading.records import Record
from confaug.molecules.structures import molecule_id
from confaug.prediction import collection, shards
from confaug.prediction.collection import collect_predictions
from confaug.prediction.predictor import load_predictor
from confaug.prediction.recipe import check_recipe
from confaug.prediction.shards import predict_shard
from confaug.tables.descriptors import DESCRIPTORS_2D, DESCRIPTORS_3D
from confaug.tables.engine import read_table, write_table
from confaug.tables.prediction import MOLECULE_PREDICTIONS, NEW_PREDICTIONS

REPRESENTATIONS = (
    ("mordred_2d", "augmented_3d"),
    "augmented_3d",
    "mordred_2d",
    "distribution_3d",
    ("mordred_2d", "mean_3d"),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Descriptors of the training molecules and of the new ones, in shards of their own."""
    folder = tmp_path_factory.mktemp("shards")
    return make_shard(folder / "training", tuple(TRAINING)), make_shard(folder / "new", NEW)


@pytest.fixture(scope="module", params=REPRESENTATIONS)
def bundle(request, files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle") / "model"
    return make_bundle(folder, files[0], request.param)


@pytest.fixture(scope="module")
def augmented(files, tmp_path_factory):
    return make_bundle(
        tmp_path_factory.mktemp("one") / "model", files[0], ("mordred_2d", "augmented_3d")
    )


def representation_of(predictor):
    return predictor.bundle.only_member.facts.variant.representation


def needs_none(predictor):
    return representation_of(predictor) == ("mordred_2d",)


def predict(predictor, shard):
    three = [] if needs_none(predictor) else shard.descriptors_3d
    return predict_shard(predictor, shard.shard, shard.columns, three, shard.failures)


def by_molecule(table):
    return {row["molecule"]: row for row in table.to_pylist()}


def test_a_training_molecule_is_predicted_as_in_the_study(bundle, files):
    predictor = load_predictor(bundle, 0.9)
    rows = build_rows(
        predictor.bundle.only_member.facts.variant,
        learning_files(bundle.parent, files[0]),
        [identifier("CCO")],
        protocols=PROTOCOLS,
    )
    expected = predictor.bundle.only_member.predict_rows(rows.X, rows.feature_names)
    row = by_molecule(predict(predictor, files[1]))[identifier("CCO")]
    assert row["prediction"] == pytest.approx(np.mean(expected), rel=1e-14)
    assert row["standard_deviation"] == pytest.approx(np.std(expected), abs=1e-9)
    assert row["training_label"] == TRAINING["CCO"]
    assert "trained on this molecule" in row["remark"]
    assert not row["far_in_descriptors"]
    assert not row["unlike_training"]
    assert row["conformers"] == (0 if needs_none(predictor) else 4)


def with_unit(files, smiles, unit):
    """Return a shard in which one molecule has a repeat unit."""
    shard = files.shard
    own = [unit if one == smiles else None for one in shard["smiles"].to_pylist()]
    place = shard.column_names.index("repeat_unit")
    changed = shard.set_column(place, "repeat_unit", pa.array(own, pa.string()))
    return replace(files, shard=changed)


def with_training_units(predictor, unit):
    """Return a predictor all of whose training molecules have a repeat unit."""
    description = predictor.bundle.description
    training = tuple(
        one.model_copy(update={"repeat_unit": unit}) for one in description.training_molecules
    )
    changed = description.model_copy(update={"training_molecules": training})
    return replace(predictor, bundle=replace(predictor.bundle, description=changed))


def test_another_monomer_of_a_polymer_that_the_model_knows_is_remarked_on(augmented, files):
    predictor = with_training_units(load_predictor(augmented, 0.9), "*CCCCCO*")
    found = [
        by_molecule(predict(predictor, with_unit(files[1], "CCCCCO", unit)))[identifier("CCCCCO")]
        for unit in (None, "*CCCC(*)CO", "*CCCCCO*")
    ]
    assert [row["remark"] for row in found] == [
        None,
        None,
        "the model was trained on this polymer, so the interval does not apply",
    ]
    assert len({row["similarity"] for row in found}) == 1, "the other monomer is a neighbour"


def conditional(predictor, *, sees):
    """Return a predictor of the same molecules under conditions, which it sees or does not."""
    description = predictor.bundle.description
    names = {
        one.molecule: molecule_id(one.smiles, (("T", 298.15),))
        for one in description.training_molecules
    }
    own = (OwnColumn(name="T", is_condition=True),) if sees else ()
    training = tuple(
        one.model_copy(update={"molecule": names[one.molecule]})
        for one in description.training_molecules
    )
    changed = description.model_copy(update={"training_molecules": training, "own_columns": own})
    molecules = tuple(names[name] for name in predictor.domain.molecules)
    return replace(
        predictor,
        bundle=replace(predictor.bundle, description=changed),
        domain=replace(predictor.domain, molecules=molecules),
    )


def test_a_known_structure_is_known_under_any_conditions(augmented, files):
    predictor = load_predictor(augmented, 0.9)
    plain = by_molecule(predict(predictor, files[1]))
    blind = by_molecule(predict(conditional(predictor, sees=False), files[1]))
    assert blind == plain, "it cannot tell the conditions apart"
    seeing = by_molecule(predict(conditional(predictor, sees=True), files[1]))
    ethanol = identifier("CCO")
    assert seeing[ethanol]["training_label"] is None
    assert "trained on this molecule under other conditions or" in seeing[ethanol]["remark"]
    assert seeing[ethanol]["neighbour_1_smiles"] == "CCO", "measured under other conditions"
    assert seeing[ethanol]["neighbour_1_similarity"] == 1.0
    for name, row in seeing.items():
        told = ("training_label", "remark", *(("neighbour_",) if name == ethanol else ()))
        same = {key: value for key, value in row.items() if not key.startswith(told)}
        assert same == {key: plain[name][key] for key in same}


def test_a_molecule_of_which_a_model_knows_nothing_is_not_predicted(augmented, files, tmp_path):
    path, lost = files[1].columns["mordred_2d"], identifier("CCCCCO")
    table = read_table(path, DESCRIPTORS_2D)
    empty = pc.equal(table["molecule"], lost)
    columns = {name: pc.if_else(empty, math.nan, table[name]) for name in table.column_names[1:]}
    blank = tmp_path / "mordred_2d" / "shard-0.parquet"
    write_table(pa.table({"molecule": table["molecule"], **columns}), blank, DESCRIPTORS_2D)
    shard = replace(files[1], columns={**files[1].columns, "mordred_2d": blank})
    shard = without_conformers(shard, lost, tmp_path)
    row = by_molecule(predict(load_predictor(augmented, 0.9), shard))[lost]
    assert row["prediction"] is row["low"] is row["remark"] is None
    assert "no conformer could be made" in row["reason"]
    assert "nothing of mordred_2d could be calculated" in row["reason"]


@pytest.mark.parametrize("representation", MANY_ROWS)
def test_a_model_of_some_rows_predicts_by_as_many(files, tmp_path, representation):
    bundle = make_bundle(tmp_path / "model", files[0], representation, rows_per_molecule=3)
    predictor = load_predictor(bundle, 0.9)
    assert {one.n_rows for one in predictor.bundle.training_molecules} == {3}
    rows = read_learning_data(
        learning_files(tmp_path / "model", files[0]),
        *(tmp_path / "model" / name for name in ("molecules.csv", "split.csv")),
        predictor.bundle.only_member.facts.variant,
        PROTOCOLS,
    ).rows("train")
    means, spreads = pool(
        rows, predictor.bundle.only_member.predict_rows(rows.X, rows.feature_names)
    )
    place = rows.molecules.tolist().index(identifier("CCO"))
    row = by_molecule(predict(predictor, files[1]))[identifier("CCO")]
    assert (row["prediction"], row["standard_deviation"]) == (means[place], spreads[place])
    assert row["conformers"] == 3
    assert "could be made" not in row["remark"]


def test_an_interval_is_as_wide_as_the_residuals_left_out_in_turn(augmented, files):
    predictor = load_predictor(augmented, 0.8)
    document = json.loads((augmented / "bundle.json").read_text())
    sizes = sorted(abs(row["residual"]) for row in document["training_molecules"])
    half = sizes[math.ceil(13 * 0.8) - 1]
    assert not predictor.calibration.scaled, "the formula below is for constant widths"
    for row in predict(predictor, files[1]).to_pylist():
        assert row["high"] - row["prediction"] == pytest.approx(half)
        assert row["prediction"] - row["low"] == pytest.approx(half)


def test_too_few_residuals_give_no_interval(augmented, files):
    for row in predict(load_predictor(augmented, 0.99), files[1]).to_pylist():
        assert row["low"] is None
        assert row["high"] is None
        assert row["prediction"] > 0


def test_neighbours_are_the_most_similar_training_molecules(augmented, files):
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    prints = {s: generator.GetFingerprint(Chem.MolFromSmiles(s)) for s in (*TRAINING, *NEW)}
    rows = by_molecule(predict(load_predictor(augmented, 0.9), files[1]))
    for smiles in NEW:
        others = [text for text in TRAINING if text != smiles]
        best = max(DataStructs.TanimotoSimilarity(prints[smiles], prints[o]) for o in others)
        row = rows[identifier(smiles)]
        assert row["neighbour_1_similarity"] == pytest.approx(best)
        assert row["similarity"] == pytest.approx(best)
        assert row["neighbour_1_similarity"] >= row["neighbour_2_similarity"]
        chosen = row["neighbour_1_smiles"]
        number = list(map(Chem.CanonSmiles, TRAINING)).index(chosen)
        assert row["neighbour_1_label"] == list(TRAINING.values())[number]
        assert row["neighbour_1_id"] == f"id {number}"
        assert row["neighbour_1_name"] == f"=compound {number}"
    strange = rows[identifier("FC(F)(F)c1ccccc1")]
    assert strange["far_in_descriptors"]


def test_memory_is_bounded_without_changing_a_prediction(bundle, files, monkeypatch):
    predictor = load_predictor(bundle, 0.9)
    expected = predict(predictor, files[1])
    monkeypatch.setattr(shards, "ROWS_AT_A_TIME", 5)
    assert predict(predictor, files[1]).equals(expected)


def without_conformers(files, molecule, folder):
    """Copy a shard, without the conformers of one molecule."""
    paths = []
    for path in files.descriptors_3d:
        table = read_table(path, DESCRIPTORS_3D)
        kept = table.filter(pc.not_equal(table["molecule"], molecule))
        paths.append(folder / path.parent.name / path.name)
        write_table(kept, paths[-1], DESCRIPTORS_3D)
    return replace(files, descriptors_3d=paths)


def test_a_molecule_without_conformers_is_predicted_from_2d_or_has_a_reason(
    bundle, files, tmp_path
):
    predictor, lost = load_predictor(bundle, 0.9), identifier("CCCCCO")
    rows = by_molecule(predict(predictor, without_conformers(files[1], lost, tmp_path)))
    if "mordred_2d" not in representation_of(predictor):
        assert "no conformer could be made" in rows[lost]["reason"]
        assert rows[lost]["prediction"] is None
    else:
        assert rows[lost]["reason"] is None
        assert rows[lost]["prediction"] > 0
        expected = (
            ""
            if needs_none(predictor)
            else "no conformer could be made; predicted without conformers"
        )
        assert expected in (rows[lost]["remark"] or "")
    assert rows[identifier("FC(F)(F)c1ccccc1")]["reason"] is None


def test_lost_conformers_are_counted(augmented, files, tmp_path):
    shard = without_conformers(files[1], identifier("CCCCCO"), tmp_path)
    half = replace(shard, descriptors_3d=[shard.descriptors_3d[0], files[1].descriptors_3d[1]])
    row = by_molecule(predict(load_predictor(augmented, 0.9), half))[identifier("CCCCCO")]
    assert row["conformers"] == 2
    assert row["remark"] == "only 2 of 4 conformers could be made"


RECORDS = (
    Record(1, "OCCCCC", id="a", name="=cmd|' /C calc'!A0"),
    Record(2, "", id="b"),
    Record(3, "CCO", id="c"),
    Record(4, "C1CC", id="d"),
    Record(5, "FC(F)(F)c1ccccc1", id="a"),
    Record(6, "C(CCCC)O", id="e"),
)


@pytest.fixture(scope="module")
def ledger():
    settings = {**SECTIONS, "splits": {"group_by": "molecule"}}
    settings["cleaning"] = {**SECTIONS["cleaning"], "unlabelled": "keep"}
    return clean_molecules(RECORDS, CleaningRules.of(settings)).ledger


@pytest.mark.parametrize("records_at_a_time", [1, 4, 1000])
def test_every_row_of_the_table_has_its_line_in_its_place(
    augmented, files, ledger, tmp_path, monkeypatch, records_at_a_time
):
    monkeypatch.setattr(collection, "RECORDS_AT_A_TIME", records_at_a_time)
    predicted = predict(load_predictor(augmented, 0.9), files[1])
    paths = [tmp_path / f"shard-{i}.parquet" for i in range(3)]
    for i, path in enumerate(paths):  # in an order that is not that of the table
        write_table(predicted.slice(2 - i, 1), path, MOLECULE_PREDICTIONS)
    counts = collect_predictions(ledger, paths, "K", tmp_path / "out.csv")
    table = read_table(tmp_path / "out.csv", NEW_PREDICTIONS)
    rows = table.to_pylist()
    assert counts == {"predicted": 4, "failed": 2}
    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["id"] for row in rows] == list("abcdae")
    assert [row["name"] for row in rows][:2] == [RECORDS[0].name, None]
    assert {row["unit"] for row in rows} == {"K"}
    expected = by_molecule(predicted)
    for row in rows:
        if row["status"] == "failed":
            assert row["row"] in (2, 4)
            assert row["prediction"] is None
            assert row["neighbour_1_label"] is None
        else:
            assert row["reason"] is None
            assert row["prediction"] == expected[row["molecule"]]["prediction"]
    assert "the SMILES is empty; give a structure" in rows[1]["reason"]
    assert "unclosed ring" in rows[3]["reason"]
    assert rows[0]["prediction"] == rows[5]["prediction"]


def test_a_spreadsheet_runs_nothing_of_the_output(augmented, files, ledger, tmp_path):
    path = tmp_path / "shard-0.parquet"
    write_table(predict(load_predictor(augmented, 0.9), files[1]), path, MOLECULE_PREDICTIONS)
    collect_predictions(ledger, [path], "K", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["name"] == f"'{RECORDS[0].name}"
    assert rows[0]["neighbour_1_name"].startswith("'=compound")
    assert not [text for row in rows for text in row.values() if text[:1] in ("=", "@", "+")]


def test_a_table_without_any_structure_has_reasons_only(ledger, tmp_path):
    rejected = ledger.filter(pc.equal(ledger["status"], "rejected"))
    assert collect_predictions(rejected, [], "", tmp_path / "out.csv") == {"failed": 2}
    rows = read_table(tmp_path / "out.csv", NEW_PREDICTIONS).to_pylist()
    assert [row["row"] for row in rows] == [2, 4]
    assert rows[0]["unit"] is None


def test_a_bundle_works_wherever_it_is_copied(augmented, files, tmp_path):
    shutil.copytree(augmented, tmp_path / "elsewhere")
    assert str(augmented.parent).encode() not in b"".join(
        path.read_bytes() for path in augmented.iterdir()
    )
    there = predict(load_predictor(tmp_path / "elsewhere", 0.9), files[1])
    assert there.equals(predict(load_predictor(augmented, 0.9), files[1]))


def test_other_numbers_than_those_of_the_model_are_refused(augmented):
    bundle = load_predictor(augmented, 0.9).bundle
    check_recipe(bundle.description, SECTIONS)
    newer = {**SECTIONS, "embedding": {**SECTIONS["embedding"], "a_newer_key": 1}}
    check_recipe(bundle.description, newer)
    other = {**SECTIONS, "embedding": {**SECTIONS["embedding"], "conformers_per_repeat": 3}}
    with pytest.raises(UserError, match="another section embedding of the configuration"):
        check_recipe(bundle.description, other)


def test_predictions_do_not_depend_on_the_order_of_a_shard(augmented, files):
    predictor = load_predictor(augmented, 0.9)
    backwards = files[1].shard.take(pa.array([2, 1, 0]))
    expected = predict(predictor, files[1])
    assert predict(predictor, replace(files[1], shard=backwards)).equals(expected)


@pytest.fixture(scope="module")
def charged(tmp_path_factory):
    """The same shards as `files`, described with moments of partial charges."""
    folder, models = tmp_path_factory.mktemp("charged"), ("gasteiger", "mmff")
    training = make_shard(folder / "training", tuple(TRAINING), models)
    return training, make_shard(folder / "new", NEW, models)


@pytest.mark.parametrize("representation", ["distribution_3d", "ensemble_statistics_3d"])
def test_moments_of_charges_are_descriptors_like_others(representation, files, charged, tmp_path):
    training, new = charged
    predictor = load_predictor(make_bundle(tmp_path / "model", training, representation), 0.9)
    features = predictor.bundle.only_member.facts.features
    assert any("Dipole-gasteiger" in name for name in features)
    assert any("QuadrupoleMin-mmff" in name for name in features)
    rows = predict(predictor, new).to_pylist()
    assert all(row["prediction"] is not None for row in rows)
    with pytest.raises(UserError, match=r"lacks \d+ features.*-gasteiger"):
        predict(predictor, files[1])  # described without them
