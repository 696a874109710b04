"""Planted outliers are flagged, molecules of the training kind are not."""

import json
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from rdkit import DataStructs

from confaug.errors import UserError
from confaug.molecules.similarity import fingerprint
from confaug.report.wording.domain import with_flags
from confaug.tables.engine import check_table
from confaug.tables.learning import PREDICTIONS
from confaug.tables.molecules import MOLECULES
from confaug.tables.trust import DOMAIN, NEIGHBOURS
from confaug.trust import proximity
from confaug.trust.domain import (
    FLAGS,
    LEAST_SIMILARITY,
    Domain,
    assess_domain,
    fit_domain,
)
from confaug.trust.domain_summary import domain_summary, held_out_errors, judge_study
from confaug.trust.nearest import nearest_training


def alcohols(n):
    return {f"m{i:03d}": "C" * (i % 20 + 1) + "O" + "C" * (i // 20) for i in range(n)}


def make_study(n=60, n_train=40, seed=1, p=30):
    rng = np.random.default_rng(seed)
    smiles = alcohols(n)
    names = list(smiles)
    latent = rng.normal(size=(n, 3))
    values = latent @ rng.normal(size=(3, p)) + 0.1 * rng.normal(size=(n, p))
    columns = {field.name: pa.nulls(n, field.type) for field in MOLECULES.schema()}
    columns |= {"molecule": pa.array(names), "modelled_smiles": pa.array(list(smiles.values()))}
    columns |= {"label": pa.array(100.0 + np.arange(n) % n_train)}
    descriptors = {"molecule": names, **{f"d{j}": values[:, j] for j in range(p)}}
    return pa.table(columns), pa.table(descriptors), names[:n_train], smiles


def replaced(table, molecule, value):
    """Set every descriptor of one molecule."""
    i = table["molecule"].to_pylist().index(molecule)
    columns = {"molecule": table["molecule"]}
    for name in table.column_names[1:]:
        values = table[name].to_numpy().copy()
        values[i] = value
        columns[name] = values
    return pa.table(columns)


def outside(row):
    """Whether a molecule carries any flag."""
    return any(row[flag] for flag in FLAGS)


def test_a_model_knows_the_molecules_that_it_was_trained_on():
    molecules, descriptors, training, smiles = make_study()
    descriptors = replaced(descriptors, "m001", 50.0)
    smiles = {**smiles, "m002": "c1ccc2c(c1)[nH]c1ccccc12", "m051": "c1ccc2c(c1)oc1ccccc12"}
    facts = molecules.to_pylist()
    known = [{**row, "modelled_smiles": smiles[row["molecule"]]} for row in facts]
    domain = fit_domain(pa.Table.from_pylist(known, molecules.schema), descriptors, training)
    among = assess_domain(domain, smiles, descriptors, {}).to_pylist()
    alone = {row["molecule"] for row in among if outside(row)}
    assert {"m001", "m002"} <= alone, "they stand alone among the training molecules"
    rows = assess_domain(domain, smiles, descriptors, {}, training_is_inside=True).to_pylist()
    assert not [row for row in rows if row["molecule"] in training and outside(row)]
    for row, other in zip(rows, among, strict=True):
        assert (row["distance"], row["similarity"]) == (other["distance"], other["similarity"])
        if row["molecule"] not in training:
            assert row == other


def test_planted_outliers_are_flagged():
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    descriptors = replaced(descriptors, "m050", 50.0)
    smiles = {**smiles, "m051": "c1ccc2c(c1)[nH]c1ccccc12"}
    predictions = dict.fromkeys(smiles, 120.0) | {"m052": 139.0, "m053": 90.0}
    table = assess_domain(domain, smiles, descriptors, predictions)
    check_table(with_flags(table), DOMAIN)
    rows = {row["molecule"]: row for row in table.to_pylist()}
    assert rows["m050"]["far_in_descriptors"]
    assert rows["m051"]["unlike_training"]
    assert rows["m052"]["edge_of_labels"]
    assert rows["m053"]["edge_of_labels"]
    assert not any(rows[name]["edge_of_labels"] for name in smiles if name < "m052")


def test_a_molecule_unlike_all_others_is_flagged_however_unlike_those_are_to_each_other():
    molecules, descriptors, _, smiles = make_study()
    kinds = ["CCCCO", "c1ccccc1", "N#CCC#N", "C1CC1F", "BrC=C", "[Na+].[I-]", "NC=O"]
    training = list(smiles)[: len(kinds)]
    smiles = {**smiles, **dict(zip(training, kinds, strict=True)), "m050": "CC(O)CC"}
    rows = [{**row, "modelled_smiles": smiles[row["molecule"]]} for row in molecules.to_pylist()]
    domain = fit_domain(pa.Table.from_pylist(rows, molecules.schema), descriptors, training)
    prints = map(fingerprint, kinds)
    assert all(DataStructs.TanimotoSimilarity(*two) < 0.35 for two in combinations(prints, 2))
    asked = {name: smiles[name] for name in ("m011", "m050")}
    alcohol, other = assess_domain(domain, asked, descriptors, {}).to_pylist()
    assert alcohol["similarity_limit"] == LEAST_SIMILARITY
    assert 0.1 < other["similarity"] < 0.35 < alcohol["similarity"]
    assert (alcohol["unlike_training"], other["unlike_training"]) == (False, True)


def test_about_one_in_twenty_of_the_training_kind_is_far():
    shares = []
    for seed in range(8):
        molecules, descriptors, training, smiles = make_study(400, 200, seed)
        domain = fit_domain(molecules, descriptors, training)
        new = {name: smiles[name] for name in smiles if name not in training}
        table = assess_domain(domain, new, descriptors, {})
        shares.append(np.mean(table["far_in_descriptors"].to_pylist()))
    assert 0.03 <= np.mean(shares) <= 0.07


def test_training_molecules_are_compared_with_the_others():
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    table = assess_domain(domain, {n: smiles[n] for n in training}, descriptors, {})
    assert min(table["distance"].to_pylist()) > 0
    assert sum(table["far_in_descriptors"].to_pylist()) <= 0.05 * len(training)
    assert not any(table["edge_of_labels"].to_pylist())


def test_nothing_is_learned_from_other_molecules():
    molecules, descriptors, training, _ = make_study()
    changed = replaced(descriptors, "m050", 1e6)
    a, b = (fit_domain(molecules, table, training) for table in (descriptors, changed))
    assert json.dumps(a.to_dict()) == json.dumps(b.to_dict())


def test_missing_and_constant_descriptors_do_no_harm():
    molecules, descriptors, training, smiles = make_study()
    n = len(descriptors)
    descriptors = descriptors.append_column("constant", pa.array(np.ones(n)))
    descriptors = descriptors.append_column("missing", pa.array(np.full(n, np.nan)))
    domain = fit_domain(molecules, descriptors, training)
    assert len(domain.descriptors) == 30
    descriptors = replaced(descriptors, "m055", np.nan)
    rows = assess_domain(domain, smiles, descriptors, {}).to_pylist()
    assert all(np.isfinite(row["distance"]) for row in rows)


def test_domain_survives_json():
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    copy = Domain.from_dict(json.loads(json.dumps(domain.to_dict())))
    a, b = (assess_domain(d, smiles, descriptors, {}) for d in (domain, copy))
    assert a.equals(b)


def test_nearest_training_molecules():
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    table = nearest_training(domain, {"m005": smiles["m005"], "new": "CCCCO"}, 2)
    rows = check_table(table, NEIGHBOURS).to_pylist()
    assert [(row["molecule"], row["rank"]) for row in rows] == [
        ("m005", 1),
        ("m005", 2),
        ("new", 1),
        ("new", 2),
    ]
    assert rows[0]["neighbour"] != "m005"
    assert (rows[2]["neighbour"], rows[2]["similarity"]) == ("m003", 1.0)
    assert rows[2]["neighbour_label"] == 103.0


def mean_nearest(values, training, itself):
    """Compare a molecule with all others, in the plainest way."""
    distances = np.sqrt(np.mean((training - values) ** 2, axis=1))
    others = [distance for i, distance in enumerate(distances) if i != itself]
    return np.mean(sorted(others)[:5])


@pytest.mark.parametrize("n_train", [3, 5, 6, 40, 60])
def test_distances_are_those_to_the_nearest_to_the_last_digit(n_train):
    molecules, descriptors, _, smiles = make_study(n_train=n_train)
    descriptors = replaced(descriptors, "m001", -1e9)
    descriptors = replaced(descriptors, "m055", 1e9)
    for name in descriptors.column_names[1:26]:  # whole numbers: many are equally near
        place = descriptors.column_names.index(name)
        rounded = pa.array(np.round(descriptors[name].to_numpy()))
        descriptors = descriptors.set_column(place, name, rounded)
    domain = fit_domain(molecules, descriptors, sorted(smiles)[:n_train])
    columns = [descriptors[name].to_numpy() for name in domain.descriptors]
    z = np.clip((np.column_stack(columns) - domain.centre) / domain.scale, -10, 10)
    rows = assess_domain(domain, smiles, descriptors, {}).to_pylist()
    places = {name: i for i, name in enumerate(domain.molecules)}
    for row, values in zip(rows, z, strict=True):
        assert row["distance"] == mean_nearest(values, domain.training, places.get(row["molecule"]))


def test_molecules_are_assessed_alike_alone_and_with_many(monkeypatch):
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    rows = assess_domain(domain, smiles, descriptors, {}).to_pylist()
    monkeypatch.setattr(proximity, "MOLECULES_AT_A_TIME", 7)
    assert assess_domain(domain, smiles, descriptors, {}).to_pylist() == rows
    for row in rows[::9]:
        one = {row["molecule"]: smiles[row["molecule"]]}
        assert assess_domain(domain, one, descriptors, {}).to_pylist() == [row]


def test_summary_tells_whether_flags_matter():
    molecules, descriptors, training, smiles = make_study()
    domain = fit_domain(molecules, descriptors, training)
    predictions = {name: 139.0 if name < "m030" else 120.0 for name in smiles}
    table = assess_domain(domain, smiles, descriptors, predictions)
    flagged = {row["molecule"]: outside(row) for row in table.to_pylist()}
    worse = {name: 20.0 + i % 7 if flagged[name] else i % 7 for i, name in enumerate(smiles)}
    summary = domain_summary(table, worse)
    assert summary.informative
    assert summary.by_flag["edge_of_labels"] == 30
    assert summary.flagged == sum(flagged.values())
    same = domain_summary(table, {name: float(i % 7) for i, name in enumerate(smiles)})
    assert not same.informative
    assert same.p_value > 0.05
    none = domain_summary(table, {})
    assert (none.molecules, none.p_value) == (0, None)


def test_too_few_training_molecules_are_refused():
    molecules, descriptors, _, _ = make_study()
    with pytest.raises(UserError, match="of at least 3 structures, but there are 2; raise"):
        fit_domain(molecules, descriptors, ["m000", "m001"])


def under_conditions(molecules, descriptors, smiles, n_conditions):
    """Copy every sample as many times as there are conditions; its label grows with them."""
    samples = [
        (f"{name}_{n}", name, n) for name in smiles for n in range(n_conditions)
    ]  # names of one structure are not adjacent to those of another
    rows = {row["molecule"]: row for row in molecules.to_pylist()}
    described = {row["molecule"]: row for row in descriptors.to_pylist()}
    facts = [
        {**rows[name], "molecule": sample, "conditions": f"T={n}",
         "label": rows[name]["label"] + 1000 * n}
        for sample, name, n in samples
    ]  # fmt: skip
    repeated = [{**described[name], "molecule": sample} for sample, name, _ in samples]
    return (
        pa.Table.from_pylist(facts, molecules.schema),
        pa.Table.from_pylist(repeated, descriptors.schema),
        {sample: smiles[name] for sample, name, _ in samples},
    )


def test_samples_of_a_structure_under_other_conditions_leave_the_domain_as_it_is():
    molecules, descriptors, training, smiles = make_study(60, 24)
    domain = fit_domain(molecules, descriptors, training)
    table, described, samples = under_conditions(molecules, descriptors, smiles, 6)
    learned = [name for name in samples if name[:4] in training]
    many = fit_domain(table, described, learned)
    assert len(many.molecules) == len(many.labels) == 6 * 24
    for name in ("descriptors", "distance_limit", "similarity_limit"):
        assert getattr(many, name) == getattr(domain, name)
    assert domain.distance_limit > 0
    assert domain.similarity_limit < 1
    rows = {
        row["molecule"]: row for row in assess_domain(domain, smiles, descriptors, {}).to_pylist()
    }
    for row in assess_domain(many, samples, described, {}).to_pylist():
        assert {**row, "molecule": row["molecule"][:4]} == rows[row["molecule"][:4]]


def test_neighbours_are_other_structures_under_the_same_conditions():
    molecules, descriptors, training, smiles = make_study(60, 24)
    nearest = nearest_training(fit_domain(molecules, descriptors, training), smiles)
    table, described, samples = under_conditions(molecules, descriptors, smiles, 6)
    domain = fit_domain(table, described, [name for name in samples if name[:4] in training])
    conditions = {row["molecule"]: row["conditions"] for row in table.to_pylist()}
    found = nearest_training(domain, samples, conditions=conditions).to_pylist()
    for n in range(6):
        own = [row for row in found if row["molecule"].endswith(f"_{n}")]
        expected = [
            {**row, "molecule": f"{row['molecule']}_{n}", "neighbour": f"{row['neighbour']}_{n}",
             "neighbour_label": row["neighbour_label"] + 1000 * n}
            for row in nearest.to_pylist()
        ]  # fmt: skip
        assert own == expected
    elsewhere = nearest_training(domain, {"new": "CCCCO"}, conditions={"new": "T=99"})
    assert elsewhere.num_rows == 0, "labels under other conditions are no evidence"
    any_conditions = nearest_training(domain, {"new": "CCCCO"}, 1).to_pylist()
    assert any_conditions[0]["neighbour"] == "m003_2", "it has the lower median of six labels"


def test_monomers_of_one_modelled_structure_count_once():
    molecules, descriptors, training, smiles = make_study()
    rows = [*molecules.to_pylist()]
    twin = {**rows[0], "molecule": "twin", "label": 500.0}
    described = descriptors.to_pylist()
    table = pa.Table.from_pylist([*rows, twin], molecules.schema)
    values = pa.Table.from_pylist(
        [*described, {**described[0], "molecule": "twin"}], descriptors.schema
    )
    alone = fit_domain(molecules, descriptors, training)
    both = fit_domain(table, values, [*training, "twin"])
    assert (both.distance_limit, both.similarity_limit) == (
        alone.distance_limit,
        alone.similarity_limit,
    )
    asked = {"m000": smiles["m000"], "twin": smiles["m000"], "new": smiles["m000"]}
    new = pa.Table.from_pylist(
        [{**described[0], "molecule": name} for name in asked], descriptors.schema
    )
    found = {row["molecule"]: row for row in assess_domain(both, asked, new, {}).to_pylist()}
    assert found["m000"]["distance"] == found["twin"]["distance"] > found["new"]["distance"]
    assert found["twin"]["similarity"] < 1.0 == found["new"]["similarity"]
    first = {row["molecule"]: row for row in nearest_training(both, asked, 1).to_pylist()}
    assert first["new"]["neighbour"] == "m000"
    assert first["twin"]["neighbour"] == first["m000"]["neighbour"] not in ("m000", "twin")


def test_three_samples_of_one_structure_are_no_neighbourhood():
    molecules, descriptors, _, smiles = make_study()
    table, described, samples = under_conditions(molecules, descriptors, smiles, 6)
    with pytest.raises(UserError, match="but there are 1"):
        fit_domain(table, described, list(samples)[:6])


def test_a_study_is_judged_by_its_predictions():
    molecules, descriptors, training, smiles = make_study()
    parts = [("train" if name in training else "test", name) for name in smiles]
    parts += [("cross_validation", name) for name in training]
    rows = [
        {"molecule": name, "part": part, "label": 120.0, "standard_deviation": 0.0, "n_rows": 1,
         "prediction": 125.0 if part == "test" else 120.0 if part == "train" else 121.0}
        for part, name in parts
    ]  # fmt: skip
    predictions = pa.Table.from_pylist(rows, schema=PREDICTIONS.schema())
    trust = judge_study(molecules, descriptors, predictions)
    found = {row["molecule"]: row for row in trust.table.to_pylist()}
    assert len(found) == 60
    assert found["m000"]["prediction"] == 121.0
    summary = domain_summary(trust.table, held_out_errors(predictions))
    assert summary.molecules == 20
    assert summary.mae_inside == 5.0
    assert len(trust.neighbours) == 180


def test_isotopologues_are_alike():
    for labelled, ordinary in (("[2H]C(Cl)(Cl)Cl", "ClC(Cl)Cl"), ("[13CH3]CO", "CCO")):
        assert fingerprint(labelled) == fingerprint(ordinary)
