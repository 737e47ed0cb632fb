import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corpus import Page
from labels import codes
from labels.annotation.agreement import (
    MISSING,
    agreement,
    agreements,
    cohens_kappa,
    coincidences,
    confusion,
    disputes,
    krippendorffs_alpha,
    total_confusion,
)
from labels.annotation.drafts.annotators import PageAnnotations

KINDS = 5


def alpha(*rows, kinds=6):
    """Krippendorff's alpha of rows like those he prints: a digit is a label, a dot is none."""
    table = np.array([[MISSING if c == "." else int(c) for c in row] for row in rows], np.int8)
    return float(krippendorffs_alpha(coincidences(table, kinds)))


def page(name="p", texts=None, **labels):
    """A page of which each annotator labels the lines as one letter each says."""
    letters = {"b": "body", "t": "title", "c": "caption", "n": "navigation", "a": "advert"}
    given_labels = {who: codes([letters[c] for c in chosen]) for who, chosen in labels.items()}
    n = len(next(iter(labels.values())))
    return PageAnnotations(
        Page(name, b"", "text"), texts or [f"line {k}" for k in range(n)], given_labels
    )


# Published examples


def test_kappa_of_cohens_example():
    # Cohen (1960), A coefficient of agreement for nominal scales: 140 of 200 agree, 82 by chance.
    table = np.array([[88.0, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert cohens_kappa(table) == pytest.approx((140 - 82) / (200 - 82))
    assert round(float(cohens_kappa(table)), 3) == 0.492


def test_kappa_of_fleiss_example():
    # Fleiss (1981), Statistical methods for rates and proportions, chapter 13: psychosis, neurosis
    # and organic, by two raters of 100 patients.
    table = np.array([[75.0, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert round(float(cohens_kappa(table)), 3) == 0.676


def test_alpha_of_krippendorffs_example_of_two_observers_and_two_values():
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, A: ten articles.
    assert round(alpha("0100000010", "1110010000"), 3) == 0.095


def test_alpha_of_krippendorffs_example_of_two_observers_and_five_values():
    # The same, B: a to e are 0 to 4.
    assert round(alpha("001132224330", "101112224333"), 3) == 0.692


def test_alpha_of_krippendorffs_example_of_four_observers_with_missing_values():
    # The same, C: 40 of 41 values can be paired.
    rows = ("1233214 12...".replace(" ", ""), "123322412 5.3".replace(" ", ""),
            ".333234225 1.".replace(" ", ""), "1233244125 1.".replace(" ", ""))  # fmt: skip
    table = np.array([[MISSING if c == "." else int(c) for c in row] for row in rows], np.int8)
    pairs = coincidences(table, 6)
    assert pairs.sum() == pytest.approx(40)
    assert pairs[1:, 1:].tolist() == pytest.approx(
        np.array([[7, 4/3, 1/3, 1/3, 0], [4/3, 10, 4/3, 1/3, 0], [1/3, 4/3, 8, 1/3, 0],
                  [1/3, 1/3, 1/3, 4, 0], [0, 0, 0, 0, 3]])
    )  # fmt: skip
    assert round(float(krippendorffs_alpha(pairs)), 3) == 0.743


# Other implementations


@settings(max_examples=60, deadline=None)
@given(arrays(np.int8, st.tuples(st.just(2), st.integers(1, 40)), elements=st.integers(0, 4)))
def test_kappa_is_that_of_scikit_learn(labels):
    from sklearn.metrics import cohen_kappa_score

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a single label, and gives NaN, too
        expected = cohen_kappa_score(*labels)
    got = float(cohens_kappa(confusion(labels[0], labels[1], KINDS).astype(float)))
    assert got == pytest.approx(expected, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.int8,
        st.tuples(st.integers(2, 4), st.integers(1, 25)),
        elements=st.integers(MISSING, KINDS - 1),
    )
)
def test_alpha_is_that_of_the_package_krippendorff(labels):
    import krippendorff

    got = float(krippendorffs_alpha(coincidences(labels, KINDS)))
    paired = labels[:, (labels != MISSING).sum(axis=0) > 1]
    if len(set(paired[paired != MISSING].tolist())) < 2:
        assert np.isnan(got)  # which the package refuses
        return
    counts = (labels[:, :, None] == np.arange(KINDS)).sum(axis=0)
    expected = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    assert got == pytest.approx(expected)


# Over pages


def test_labels_and_roles_are_compared_over_all_pages_of_both():
    opinions = [
        page("p1", ann="nbbb", bob="nbba"),
        page("p2", ann="tbna", bob="bbnn"),
        page("p3", ann="nnnn"),
    ]
    found = agreement(opinions, ["ann", "bob"])
    assert (found.pages, found.lines) == (2, 8)
    assert found.share.value == 5 / 8
    # By chance: ann has n 2, b 4, t 1, a 1 and bob n 3, b 4, a 1: (6 + 16 + 1) / 64.
    assert found.kappa.value == pytest.approx((5 / 8 - 23 / 64) / (1 - 23 / 64))
    # Of 16 labels: n 5, b 8, t 1, a 2.
    assert found.alpha.value == pytest.approx(1 - (6 / 16) / (1 - (20 + 56 + 2) / 240))
    as_roles = agreement(opinions, ["ann", "bob"], profile="default")
    assert as_roles.share.value == 6 / 8
    with_title = agreement(opinions, ["ann", "bob"], profile="with-title")
    assert with_title.share.value == 7 / 8


def test_intervals_resample_pages():
    # Both pages agree within themselves wholly or not at all: a resample is one of three.
    opinions = [page("p1", ann="bbnn", bob="bbnn"), page("p2", ann="bbnn", bob="nnbb")]
    found = agreement(opinions, ["ann", "bob"])
    assert found.kappa == (0, -1, 1)
    assert (found.share.low, found.share.high) == (0, 1)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    random = np.random.default_rng(1)
    opinions = [
        page(f"p{n}", ann="".join(random.choice(list("bna"), 9)), bob="bbbnnnaaa")
        for n in range(12)
    ]
    one, again, other = (agreement(opinions, ["ann", "bob"], seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert one.alpha.value == other.alpha.value
    assert one.alpha.low != other.alpha.low


def test_one_page_has_values_and_no_interval():
    found = agreement([page(ann="bbnn", bob="bbnb")], ["ann", "bob"])
    assert found.kappa.value == pytest.approx(0.5)
    assert np.isnan([*found.kappa[1:], *found.alpha[1:], *found.share[1:]]).all()


def test_a_single_label_everywhere_leaves_kappa_and_alpha_undefined_though_all_agree():
    found = agreement(
        [page("p1", ann="bb", bob="bb"), page("p2", ann="b", bob="b")], ["ann", "bob"]
    )
    assert found.share == (1, 1, 1)
    assert np.isnan([*found.kappa, *found.alpha]).all()


def test_without_a_page_in_common_nothing_is_reported():
    found = agreement([page("p1", ann="bn"), page("p2", bob="bn")], ["ann", "bob"])
    assert (found.pages, found.lines) == (0, 0)
    assert np.isnan([*found.share, *found.kappa, *found.alpha]).all()
    assert agreement([], ["ann", "bob"]).pages == 0


def test_three_annotators_are_compared_in_pairs_and_together():
    opinions = [page("p1", ann="bn", bob="bn", cay="bb"), page("p2", ann="bn", bob="nn")]
    found = agreements(opinions, ["ann", "bob", "cay"])
    assert [(a.annotators, a.pages) for a in found] == [
        (("ann", "bob"), 2),
        (("ann", "cay"), 1),
        (("bob", "cay"), 1),
        (("ann", "bob", "cay"), 2),
    ]
    assert [a.kappa is None for a in found] == [False, False, False, True]
    # Equal pairs: 3 of 3 and 1 of 3 on the first page (weight 3 each), 0 and 1 on the second (2).
    assert found[-1].share.value == pytest.approx((3 + 1 + 0 + 2) / 10)


def test_one_annotator_is_compared_with_nobody():
    assert agreements([page(ann="bn")], ["ann"]) == []


def test_the_confusion_table_counts_lines_by_both_labels():
    table = total_confusion(
        [page("p1", ann="bbn", bob="ban"), page("p2", ann="b"), page("p3", ann="b", bob="a")],
        "ann",
        "bob",
    )
    body, navigation, advert = codes(["body", "navigation", "advert"])
    assert table[body, advert] == 2
    assert table[body, body] == table[navigation, navigation] == 1
    assert table.sum() == 4


def test_disputes_have_page_line_text_and_the_label_of_each():
    opinions = [page("p1", ["Menu", "Text", "Shop"], ann="nba", bob="nbb", cay="nbn"),
                page("p2", ["A", "B"], ann="na", bob="nn"), page("p3", ann="b")]  # fmt: skip
    one, other = disputes(opinions, ["ann", "bob", "cay"])
    assert (one.id, one.line, one.text) == ("p1", 3, "Shop")
    assert one.labels == {"ann": "advert", "bob": "body", "cay": "navigation"}
    assert one.in_role
    assert (other.id, other.line, other.labels) == ("p2", 2, {"ann": "advert", "bob": "navigation"})
    assert not other.in_role
