"""The transformer is a well-behaved step of scikit-learn's pipelines, and its values are ours."""

import pickle

import numpy as np
import pandas as pd
import pytest
from rdkit import Chem
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import SkipTestWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

from confaug.descriptors.mordred2d import Mordred2D
from confaug.descriptors.names import NAMES_2D, NAMES_3D
from confaug.descriptors.request import Request
from confaug.descriptors.structures import describe_structures
from confaug.learning import descriptor_transformer
from confaug.learning.descriptor_transformer import POOLING, DescriptorTransformer
from confaug.learning.ensemble_statistics import statistic_columns

SMILES = ["OCC", "c1ccccc1O", "CC(=O)O", "CCO", "CCCCCC", "[Fe]", "CCN"]
NAMES = ["MW", "nHeavyAtom", "SLogP"]


def small(**others):
    return DescriptorTransformer(names=NAMES, **others)


# scikit-learn's own checks

ON_NUMBERS = "gives numbers as input"
#: Checks that scikit-learn makes of transformers of numbers, and why they say nothing here.
DO_NOT_APPLY = dict.fromkeys(
    """
    check_fit_score_takes_y check_estimators_overwrite_params check_dont_overwrite_parameters
    check_estimators_fit_returns_self check_readonly_memmap_input check_n_features_in_after_fitting
    check_positive_only_tag_during_fit check_estimators_dtypes check_dtype_object
    check_estimators_empty_data_messages check_pipeline_consistency check_estimators_nan_inf
    check_estimator_sparse_tag check_estimator_sparse_array check_estimator_sparse_matrix
    check_estimators_pickle check_f_contiguous_array_estimator check_transformer_data_not_an_array
    check_transformer_general check_transformer_preserve_dtypes check_methods_subset_invariance
    check_methods_sample_order_invariance check_fit2d_1sample check_fit2d_1feature
    check_dict_unchanged check_fit_idempotent check_fit_check_is_fitted check_n_features_in
    check_fit1d check_fit2d_predict1d check_transformers_unfitted_stateless check_complex_data
    check_array_api_input
    """.split(),  # noqa: SIM905 (a list of one name per line would be long)
    ON_NUMBERS,
)


class OfNumbers(DescriptorTransformer):
    """Says of itself that it takes numbers, so that scikit-learn makes all of its checks."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


def checks():
    """All checks that scikit-learn has for transformers, by name."""
    return {
        check.func.__name__: check
        for _, check in estimator_checks_generator(OfNumbers(), legacy=True)
    }


@pytest.mark.parametrize("name", sorted(checks().keys() - DO_NOT_APPLY.keys()))
def test_checks_of_scikit_learn_pass(name):
    checks()[name](DescriptorTransformer())


def test_only_checks_on_numbers_are_left_out():
    assert DO_NOT_APPLY.keys() < checks().keys()
    assert len(checks().keys() - DO_NOT_APPLY.keys()) >= 9


def test_scikit_learn_knows_that_texts_are_expected():
    with pytest.warns(SkipTestWarning, match="string=True"):
        check_estimator(DescriptorTransformer())


# the same promises, on SMILES


def test_fitting_changes_nothing():
    describe = small()
    before = dict(vars(describe))
    X = np.array(SMILES, dtype=object)
    assert describe.fit(X, range(len(X))) is describe
    first = describe.transform(X)
    np.testing.assert_array_equal(describe.fit(X).transform(X), first)
    np.testing.assert_array_equal(small().fit_transform(X), first)
    np.testing.assert_array_equal(small().transform(X), first)  # without a fit
    assert vars(describe) == before
    assert X.tolist() == SMILES


def test_a_row_depends_on_its_own_molecule_alone(monkeypatch):
    whole = small().transform(SMILES)
    monkeypatch.setattr(descriptor_transformer, "MOLECULES_OF_A_BATCH", 2)
    for part in ([3], [5, 1, 1], range(len(SMILES))):
        np.testing.assert_array_equal(
            small().transform([SMILES[i] for i in part]), whole[list(part)]
        )
    np.testing.assert_array_equal(small(n_jobs=2).transform(SMILES), whole)


def test_copies_are_equal():
    describe = small(conformers=2, pooling="ensemble_statistics")
    for copy in (clone(describe), pickle.loads(pickle.dumps(describe))):
        assert copy.get_params() == describe.get_params()
        np.testing.assert_array_equal(copy.transform(SMILES[:2]), describe.transform(SMILES[:2]))


@pytest.mark.parametrize(
    "shape",
    [
        list,
        tuple,
        np.array,
        pd.Series,
        lambda smiles: pd.DataFrame({"smiles": smiles}),
        lambda smiles: np.array(smiles, dtype=object)[:, None],
    ],
    ids=["list", "tuple", "array", "series", "frame", "column"],
)
def test_texts_may_come_in_any_shape(shape):
    np.testing.assert_array_equal(small().transform(shape(SMILES)), small().transform(SMILES))


@pytest.mark.parametrize(
    ("X", "sentence"),
    [
        ("CCO", "one text was given"),
        ([], "found 0 samples"),
        (pd.DataFrame({"a": SMILES, "b": SMILES}), r"shape \(7, 2\)"),
        ([1.0, 2.0], "molecule 0 .* is no text"),
        (["CCO", None], "molecule 1 .* None is no text"),
        (["CCO", "c1cc"], "molecule 1 .*unclosed ring"),
    ],
)
def test_other_input_is_refused(X, sentence):
    with pytest.raises(ValueError, match=sentence):
        small().transform(X)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"pooling": "median"}, "pooling is 'median', not one of mean, lowest_energy"),
        ({"unreadable": "ignore"}, "unreadable is 'ignore'"),
        ({"kinds": "mordred"}, "'mordred' is no kind of columns"),
        ({"names": ["MW", "weight"]}, "'weight' is no descriptor"),
        ({"n_jobs": 0}, "n_jobs is 0"),
    ],
)
def test_parameters_without_meaning_are_refused_by_fit(parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        DescriptorTransformer().set_params(**parameters).fit(SMILES)


def test_frames_come_out_with_names_and_index():
    describe = small().set_output(transform="pandas")
    frame = describe.fit_transform(pd.DataFrame({"smiles": SMILES}, index=list("abcdefg")))
    assert list(frame.columns) == NAMES == describe.get_feature_names_out().tolist()
    assert list(frame.index) == list("abcdefg")


def test_it_is_a_step_of_pipelines():
    frame = pd.DataFrame({"smiles": SMILES * 3, "temperature": range(21)})
    y = np.arange(21.0)
    columns = ColumnTransformer(
        [("molecule", small(), "smiles"), ("rest", "passthrough", ["temperature"])]
    )
    model = make_pipeline(columns, SimpleImputer(), Ridge())
    predicted = cross_val_predict(model, frame, y, cv=3)
    assert predicted == pytest.approx(y, abs=1.0)
    assert model.fit(frame, y)[:-1].get_feature_names_out().tolist() == [
        *(f"molecule__{name}" for name in NAMES),
        "rest__temperature",
    ]


# values


def test_values_are_those_of_the_engine():
    readable = [Chem.MolFromSmiles(smiles) for smiles in SMILES]
    expected, _ = Mordred2D()(readable)
    found = DescriptorTransformer().fit_transform(SMILES)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)  # other orders of atoms
    assert DescriptorTransformer().get_feature_names_out().tolist() == list(NAMES_2D)


def test_unreadable_texts_may_be_rows_of_nan():
    found = small(unreadable="missing").transform(["CCO", "c1cc", None, "CC"])
    assert np.isnan(found[1:3]).all()
    assert np.isfinite(found[[0, 3]]).all()


@pytest.mark.parametrize("pooling", POOLING)
def test_conformers_are_pooled_as_named(pooling):
    request = Request((), 4, ("dg", "etkdg_uff", "etkdg_mmff"))
    table, _ = describe_structures(["CCO"], request)
    frame = table.to_pandas()
    expected = {
        "mean": frame[list(NAMES_3D)].mean(),
        "lowest_energy": frame.loc[
            frame["energy"].where(frame["protocol"] == "etkdg_uff").idxmin(), list(NAMES_3D)
        ],
    }
    describe = DescriptorTransformer((), conformers=4, protocols=request.protocols, pooling=pooling)
    (row,) = describe.transform(["OCC"])
    names = describe.get_feature_names_out().tolist()
    if pooling != "ensemble_statistics":
        assert names == list(NAMES_3D)
        np.testing.assert_allclose(row, expected[pooling].to_numpy(float), rtol=1e-12)
        return
    assert names == statistic_columns(NAMES_3D)
    found = dict(zip(names, row, strict=True))
    energies = frame["energy"].where(frame["protocol"] == "etkdg_uff")
    weights = np.exp(-(energies - energies.min()) / (0.0019872042586 * 298.15)).fillna(0)
    for name in ("PBF", "DPSA1", "Mor05m"):
        values = frame[name]
        assert found[f"mean_{name}"] == pytest.approx(values.mean())
        assert found[f"sd_{name}"] == pytest.approx(values.std(ddof=0))
        assert (found[f"min_{name}"], found[f"max_{name}"]) == (values.min(), values.max())
        boltzmann = np.average(values, weights=weights)
        assert found[f"boltzmann_{name}"] == pytest.approx(boltzmann, rel=1e-6)


@pytest.mark.parametrize("pooling", POOLING)
def test_a_molecule_without_conformers_has_only_its_2d_values(pooling):
    describe = DescriptorTransformer(names=["MW", "PBF"], conformers=1, pooling=pooling)
    iron, ethanol = describe.transform(["[Fe]", "CCO"])
    assert np.isfinite(iron[0])
    assert np.isnan(iron[1:]).all()
    assert np.isfinite(ethanol).all()
