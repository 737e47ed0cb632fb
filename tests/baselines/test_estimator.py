"""The line classifier's manners with scikit-learn: parameters, clones, cross-validation, checks."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from baselines import LineClassifier
from corpus import DataError, Page


@pytest.fixture(scope="module")
def sites(pages):
    return [page.site for page in pages]


@pytest.fixture(scope="module")
def fitted(pages, labels):
    return LineClassifier("logreg-text", seed=3).fit(pages, labels)


def decisions(classifier, pages):
    return [both.tobytes() for both in classifier.predict_proba(pages)]


# Parameters


def test_parameters_are_kind_and_seed():
    assert LineClassifier().get_params() == {"kind": "logreg", "seed": 0}
    one = LineClassifier("logreg-text", seed=7)
    assert one.get_params() == one.get_params(deep=False) == {"kind": "logreg-text", "seed": 7}


def test_parameters_are_set_by_name():
    one = LineClassifier()
    assert one.set_params(kind="logreg-text", seed=7) is one
    assert one.get_params() == {"kind": "logreg-text", "seed": 7}
    assert one.set_params() is one


def test_a_name_that_is_no_parameter_is_refused():
    with pytest.raises(ValueError, match="unknown parameter 'depth'; use kind or seed"):
        LineClassifier().set_params(depth=3)
    with pytest.raises(ValueError, match="unknown parameter 'model_'"):
        LineClassifier().set_params(model_=None)


def test_it_shows_how_it_is_made():
    one = LineClassifier("logreg-text", seed=7)
    assert repr(one) == "LineClassifier('logreg-text', seed=7)"
    assert eval(repr(one)).get_params() == one.get_params()  # noqa: S307 # our own text


def test_a_clone_has_the_parameters_and_nothing_that_was_learnt(fitted):
    copy = clone(fitted)
    assert type(copy) is LineClassifier
    assert copy.get_params() == {"kind": "logreg-text", "seed": 3}
    assert vars(copy) == copy.get_params()


def test_it_is_a_classifier_of_two_classes_that_takes_no_matrix():
    tags = get_tags(LineClassifier())
    assert is_classifier(LineClassifier())
    assert not tags.classifier_tags.multi_class
    assert not tags.input_tags.two_d_array
    assert tags.target_tags.required


# Fitted or not


@pytest.mark.parametrize("method", ["predict", "predict_proba", "keep_many"])
@pytest.mark.parametrize("arguments", ["pages", "none"])
def test_before_it_is_fitted_it_decides_nothing(pages, method, arguments):
    with pytest.raises(NotFittedError, match="fit the classifier to pages first, or load a model"):
        getattr(LineClassifier(), method)(pages if arguments == "pages" else [])


def test_before_it_is_fitted_it_keeps_and_scores_nothing(pages, labels):
    with pytest.raises(NotFittedError):
        LineClassifier().keep(pages[0])
    with pytest.raises(NotFittedError):
        LineClassifier().decide(pages[0].lines())
    with pytest.raises(NotFittedError):
        LineClassifier().score(pages, labels)


def test_a_page_is_not_read_before_it_is_fitted():
    unreadable = Page("b", ("<div>" * 10_001).encode(), "html")
    with pytest.raises(NotFittedError):
        LineClassifier().keep(unreadable)


def test_scikit_learn_knows_whether_it_is_fitted(toy, tmp_path, fitted):
    with pytest.raises(NotFittedError):
        check_is_fitted(LineClassifier())
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(fitted))
    check_is_fitted(fitted)
    (tmp_path / "toy.json").write_text(toy.model.to_json(), encoding="utf-8")
    check_is_fitted(LineClassifier.load(tmp_path))


def test_a_fit_that_fails_leaves_it_unfitted(pages):
    one = LineClassifier("logreg-text")
    with pytest.raises(DataError, match="need lines of body and of noise"):
        one.fit(pages, [[0] * 25] * 12)
    with pytest.raises(NotFittedError):
        check_is_fitted(one)


# What scikit-learn checks with matrices, checked with pages


def test_fitting_returns_itself_and_changes_no_parameter(pages, labels):
    one = LineClassifier("logreg-text", seed=5)
    assert one.fit(pages, labels) is one
    assert one.get_params() == {"kind": "logreg-text", "seed": 5}
    assert vars(one).keys() == {"kind", "seed", "model_", "classes_"}


def test_fitting_again_gives_the_same(pages, labels, fitted):
    again = clone(fitted).fit(pages, labels)
    assert decisions(again, pages) == decisions(fitted, pages)
    assert again.fit(pages, labels).model_.to_json() == fitted.model_.to_json()


def test_fitting_changes_neither_pages_nor_labels(pages, labels):
    before = pickle.dumps((pages, labels))
    LineClassifier("logreg-text").fit(pages, labels)
    assert pickle.dumps((pages, labels)) == before


def test_deciding_changes_nothing_in_it(pages, labels, fitted):
    before = {name: id(value) for name, value in vars(fitted).items()}
    text = fitted.model_.to_json()
    fitted.predict(pages)
    fitted.predict_proba(pages)
    fitted.score(pages, labels)
    assert {name: id(value) for name, value in vars(fitted).items()} == before
    assert fitted.model_.to_json() == text


def test_a_page_is_decided_alike_in_any_company(pages, fitted):
    expected = decisions(fitted, pages)
    assert decisions(fitted, pages[::-1]) == expected[::-1]
    assert decisions(fitted, pages[3:5]) == expected[3:5]


def test_pickling_keeps_it(pages, fitted):
    assert decisions(pickle.loads(pickle.dumps(fitted)), pages) == decisions(fitted, pages)  # noqa: S301


# Cross-validation


def test_it_is_cross_validated_by_site(pages, labels, sites):
    scores = cross_val_score(
        LineClassifier("logreg-text"), pages, labels, groups=sites, cv=GroupKFold(3)
    )
    assert scores.shape == (3,)
    assert np.all((scores > 0.95) & (scores <= 1))


def test_its_scores_are_those_of_fits_to_the_other_sites(pages, labels, sites):
    split = GroupKFold(3)
    by_hand = []
    for train, test in split.split(pages, groups=sites):
        assert not {sites[row] for row in train} & {sites[row] for row in test}
        one = LineClassifier("logreg-text").fit(
            [pages[row] for row in train], [labels[row] for row in train]
        )
        by_hand.append(one.score([pages[row] for row in test], [labels[row] for row in test]))
    scores = cross_val_score(LineClassifier("logreg-text"), pages, labels, groups=sites, cv=split)
    assert scores.tolist() == by_hand


def test_its_parameters_are_searched(pages, labels, sites):
    search = GridSearchCV(LineClassifier("logreg-text"), {"seed": [0, 1]}, cv=GroupKFold(3))
    search.fit(pages, labels, groups=sites)
    assert search.best_params_["seed"] in {0, 1}
    check_is_fitted(search.best_estimator_)


# The checks of scikit-learn

APPLIED = (
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
)
LEFT_OUT = {
    "fits a matrix of numbers; done with pages above": (
        "check_dict_unchanged",
        "check_dont_overwrite_parameters",
        "check_estimators_fit_returns_self",
        "check_estimators_overwrite_params",
        "check_estimators_pickle",
        "check_fit_check_is_fitted",
        "check_fit_idempotent",
        "check_fit_score_takes_y",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
    ),
    "X is a matrix of numbers, of a type, layout, size or library": (
        "check_array_api_input",
        "check_classifier_data_not_an_array",
        "check_complex_data",
        "check_dtype_object",
        "check_estimator_sparse_array",
        "check_estimator_sparse_matrix",
        "check_estimator_sparse_tag",
        "check_estimators_dtypes",
        "check_estimators_empty_data_messages",
        "check_estimators_nan_inf",
        "check_f_contiguous_array_estimator",
        "check_fit1d",
        "check_fit2d_1feature",
        "check_fit2d_1sample",
        "check_fit2d_predict1d",
        "check_n_features_in",
        "check_n_features_in_after_fitting",
        "check_pipeline_consistency",
        "check_positive_only_tag_during_fit",
        "check_readonly_memmap_input",
    ),
    "y is one value for each row of a matrix, not one for each line of a page": (
        "check_classifier_not_supporting_multiclass",
        "check_classifiers_classes",
        "check_classifiers_one_label",
        "check_classifiers_regression_target",
        "check_classifiers_train",
        "check_requires_y_none",
        "check_supervised_y_2d",
        "check_supervised_y_no_nan",
    ),
    "fits a matrix of numbers to check what the classifier does not have": (
        "check_classifiers_one_label_sample_weights",
        "check_decision_proba_consistency",
        "check_estimators_partial_fit_n_features",
        "check_non_transformer_estimators_n_iter",
    ),
}


@pytest.fixture(scope="module")
def checks():
    """All checks that scikit-learn has for such an estimator if it took a matrix, by name."""
    from sklearn.utils.estimator_checks import estimator_checks_generator

    class Matrix(LineClassifier):
        def __sklearn_tags__(self):
            tags = super().__sklearn_tags__()
            tags.input_tags.two_d_array = True  # it has nearly no checks for others
            return tags

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Estimator Matrix does not inherit from")
        found = list(estimator_checks_generator(Matrix()))
    named = {}
    for _, check in found:
        inner = check
        while hasattr(inner, "func"):
            inner = inner.func
        named.setdefault(inner.__name__, check)
    return named


@pytest.mark.parametrize("name", APPLIED)
def test_it_passes_the_checks_that_apply(checks, name):
    checks[name](LineClassifier())


def test_every_check_is_applied_or_left_out_with_a_reason(checks):
    left_out = [name for names in LEFT_OUT.values() for name in names]
    assert len({*APPLIED, *left_out}) == len(APPLIED) + len(left_out)
    assert sorted(checks.keys() - {*APPLIED, *left_out}) == []
