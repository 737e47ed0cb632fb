"""The line classifier's manners with scikit-learn: parameters, clones, cross-validation, checks."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from baselines import LineClassifier, out_of_fold
from corpus import DataError, Page
from labels import LABELS, Label


@pytest.fixture(scope="module")
def sites(pages):
    return [page.site for page in pages]


@pytest.fixture(scope="module")
def fitted(pages, labels):
    return LineClassifier("logreg-text", seed=3).fit(pages, labels)


def decisions(classifier, pages):
    return [both.tobytes() for both in classifier.predict_proba(pages)]


# Other classifiers


@pytest.fixture(scope="module")
def forest(pages, labels):
    estimator = RandomForestClassifier(20, random_state=0)
    return LineClassifier(estimator=estimator).fit(pages, labels)


def test_any_classifier_of_scikit_learn_decides(forest, pages, labels):
    """One for each view: pages with HTML and pages of text."""
    assert set(forest.model_.estimators) == {"html", "text"}
    assert forest.score(pages, labels) > 0.95
    for (noise_and_body), kept in zip(
        forest.predict_proba(pages), forest.predict(pages), strict=True
    ):
        assert noise_and_body.sum(axis=1).tolist() == pytest.approx([1] * 25)
        assert noise_and_body[kept, 1].min() > noise_and_body[~kept, 1].max()


def test_it_is_fitted_to_a_copy_by_lines_with_weights(pages, labels):
    class Spy(DecisionTreeClassifier):
        weights = []  # noqa: RUF012 - the same of all copies

        def fit(self, X, y, sample_weight=None):  # noqa: N803 - theirs
            self.weights.append(sample_weight)
            return super().fit(X, y, sample_weight)

    estimator = Spy(max_depth=1)
    optional = [["mixed", *(LABELS[code] for code in codes[1:])] for codes in labels]
    LineClassifier("logreg-text", estimator=estimator).fit(pages, optional)
    (weights,) = Spy.weights
    assert not hasattr(estimator, "tree_")
    assert len(weights) == 12 * 24  # all lines but the optional ones
    assert weights.mean() == pytest.approx(1)
    assert weights.min() < 0.5 * weights.max()


def test_a_classifier_without_weights_or_names_of_columns_serves_as_well(pages, labels):
    near = LineClassifier("logreg-text", estimator=KNeighborsClassifier(3)).fit(pages, labels)
    assert near.score(pages, labels) > 0.9
    bayes = make_pipeline(StandardScaler(), GaussianNB())
    assert (
        LineClassifier("logreg-text", estimator=bayes).fit(pages, labels).score(pages, labels) > 0
    )


def test_one_without_probabilities_is_refused(pages, labels):
    with pytest.raises(DataError, match="LinearSVC has no predict_proba; use a classifier that"):
        LineClassifier(estimator=LinearSVC()).fit(pages, labels)


def test_it_knows_body_alone(forest, pages):
    labelled = forest.label(pages[0])
    assert set(labelled.tolist()) == {Label.BODY.code, Label.NOISE.code}
    with pytest.raises(DataError, match="profile 'with-title': this classifier distinguishes body"):
        forest.keep(pages[0], "with-title")


def test_it_is_cloned_with_its_estimator(pages, labels):
    one = LineClassifier("logreg-text", estimator=DecisionTreeClassifier(max_depth=1))
    again = clone(one)
    assert again.estimator is not one.estimator
    assert again.estimator.max_depth == 1
    search = GridSearchCV(one, {"estimator__max_depth": [1, 3]}, cv=2).fit(pages, labels)
    assert set(search.best_params_) == {"estimator__max_depth"}


# Files and texts


def test_what_is_saved_is_loaded_and_decides_alike(fitted, pages, tmp_path):
    path = tmp_path / "mine.json"
    fitted.save(path)
    assert decisions(LineClassifier.load(path), pages) == decisions(fitted, pages)
    fitted.save(tmp_path / "again.json")
    assert path.read_bytes() == (tmp_path / "again.json").read_bytes()


def test_another_classifier_is_not_pickled(forest, tmp_path):
    with pytest.raises(DataError, match=r"^RandomForestClassifier cannot be saved: .* a run file"):
        forest.save(tmp_path / "forest.json")
    assert list(tmp_path.iterdir()) == []


def test_the_body_of_a_page_is_extracted_as_text(forest, labelled_pages):
    labelled = labelled_pages[0]
    body = "\n".join(np.array(labelled.texts, object)[labelled.labels == Label.BODY.code])
    assert forest.extract(labelled.page.raw) == body
    assert forest.extract(labelled.page.raw.decode()) == body
    assert forest.extract("") == ""


def test_text_with_letters_of_all_scripts_and_lone_surrogates_is_extracted(forest, labelled_pages):
    html = labelled_pages[0].page.raw.decode().replace("ferry", "연락선\ud800")
    assert "연락선" in forest.extract(html)


# Decisions about pages that were not seen


def test_out_of_fold_no_page_is_decided_by_weights_that_saw_its_site(pages, labels, monkeypatch):
    seen = []

    def fit(self, X, y):  # noqa: N803 - theirs
        self.sites = {page.site for page in X}
        seen.append(len(y))
        return self

    def predict(self, X):  # noqa: N803 - theirs
        assert not self.sites.intersection(page.site for page in X)
        return [np.full(len(page.lines()), True) for page in X]

    monkeypatch.setattr(LineClassifier, "fit", fit)
    monkeypatch.setattr(LineClassifier, "predict", predict)
    kept = out_of_fold(LineClassifier(), pages, labels, folds=3)
    assert seen == [8, 8, 8]
    assert [len(of_page) for of_page in kept] == [25] * 12


def test_out_of_fold_decisions_are_in_the_order_of_the_pages(pages, labels):
    kept = out_of_fold(LineClassifier("logreg-text"), pages, labels, folds=2, seed=1)
    for of_page, codes in zip(kept, labels, strict=True):
        assert of_page[codes == Label.BODY.code].all()


def test_more_folds_than_sites_are_refused(pages, labels):
    with pytest.raises(DataError, match="pages of 6 sites are too few to cross-validate in 7"):
        out_of_fold(LineClassifier(), pages, labels, folds=7)


# Parameters


def test_parameters_are_kind_seed_and_estimator():
    assert LineClassifier().get_params() == {"kind": "logreg", "seed": 0, "estimator": None}
    one = LineClassifier("logreg-text", seed=7)
    assert one.get_params() == one.get_params(deep=False)
    assert one.get_params() == {"kind": "logreg-text", "seed": 7, "estimator": None}


def test_parameters_are_set_by_name():
    one = LineClassifier()
    assert one.set_params(kind="logreg-text", seed=7) is one
    assert one.get_params() == {"kind": "logreg-text", "seed": 7, "estimator": None}
    assert one.set_params() is one


def test_parameters_of_the_estimator_are_reached_through_it():
    tree = DecisionTreeClassifier(max_depth=2)
    one = LineClassifier(estimator=tree)
    assert one.get_params()["estimator__max_depth"] == 2
    assert "estimator__max_depth" not in one.get_params(deep=False)
    one.set_params(estimator__max_depth=3)
    assert tree.max_depth == 3
    with pytest.raises(ValueError, match="unknown parameter 'estimator__max_depth'"):
        LineClassifier().set_params(estimator__max_depth=3)


def test_a_name_that_is_no_parameter_is_refused():
    with pytest.raises(ValueError, match="unknown parameter 'depth'; use kind, seed or estimator"):
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
    assert copy.get_params() == {"kind": "logreg-text", "seed": 3, "estimator": None}
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
    assert one.get_params() == {"kind": "logreg-text", "seed": 5, "estimator": None}
    assert vars(one).keys() == {"kind", "seed", "estimator", "model_", "classes_"}


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
