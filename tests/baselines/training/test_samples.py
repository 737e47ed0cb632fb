from dataclasses import replace

import numpy as np
import pytest

from baselines.training.samples import (
    line_weights,
    lines_to_fit,
    mean_char_f1,
    samples,
    weigh_sources,
)
from corpus import DataError, Page, split_text
from labels import NOISE_LABELS, Label, LabelledPage, codes

BODY, OPTIONAL, NOISE = 0, 1, 2


def test_a_sample_is_what_training_needs_of_a_page(labelled_pages):
    html, text = samples(labelled_pages[:2])
    assert (html.id, html.site, html.sha256) == ("a-0", "a.example", labelled_pages[0].page.sha256)
    assert list(html.features) == ["text", "html"]
    assert list(text.features) == ["text"]
    assert html.roles.tolist() == [NOISE] * 6 + [BODY] * 8 + [NOISE] * 11
    assert html.targets.tolist() == html.roles.tolist()
    assert html.features["text"].values.shape[0] == 25
    assert html.labels.tolist() == labelled_pages[0].labels.tolist()
    assert (html.usable, html.reserved, html.by_line, html.weight) == (True, False, True, 1)


def test_it_is_known_whether_a_page_was_labelled_line_by_line(labelled_pages):
    projected = replace(labelled_pages[0], coverage=np.ones(25, np.float32))
    assert [page.by_line for page in samples([labelled_pages[0], projected])] == [True, False]


@pytest.mark.parametrize(
    ("label", "scored", "fitted"),
    [
        (Label.BODY, BODY, BODY),
        (Label.TITLE, OPTIONAL, NOISE),
        (Label.BYLINE, OPTIONAL, NOISE),
        (Label.CAPTION, OPTIONAL, NOISE),
        (Label.MIXED, OPTIONAL, OPTIONAL),
        *((label, NOISE, NOISE) for label in NOISE_LABELS),
    ],
)
def test_titles_bylines_and_captions_are_noise_and_mixed_lines_are_left_out(label, scored, fitted):
    (page,) = samples([LabelledPage(Page("x", b"a line", "text"), ["a line"], codes([label]))])
    assert (page.roles.tolist(), page.targets.tolist()) == ([scored], [fitted])


@pytest.mark.parametrize(
    ("page_type", "is_article"),
    [("article", True), ("forum", False), ("product", False), (None, None), ("", None)],
)
def test_a_page_is_one_of_an_article_or_not_or_of_unknown_type(
    labelled_page, page_type, is_article
):
    (page,) = samples([labelled_page("x", "x.example", "text", seed=1, page_type=page_type)])
    assert page.is_article is is_article


def test_pages_of_a_test_split_elsewhere_are_reserved(labelled_pages):
    found = samples(labelled_pages, ["b.example", "z.example"])
    assert [page.id for page in found if page.reserved] == ["b-0", "b-1"]


def test_a_page_without_a_site_is_a_site_of_its_own(labelled_pages):
    labelled = replace(labelled_pages[0], page=replace(labelled_pages[0].page, site=None))
    assert [page.site for page in samples([labelled])] == ["a-0"]


@pytest.mark.parametrize(("gold_text", "usable"), [(None, True), ("some", True), ("", False)])
def test_a_page_with_an_empty_gold_text_is_not_usable(labelled_pages, gold_text, usable):
    (page,) = samples([replace(labelled_pages[0], gold_text=gold_text)])
    assert page.usable == usable


def test_a_page_without_lines_has_no_features():
    empty = LabelledPage(Page("x", b"", "html"), [], codes([]))
    (page,) = samples([empty])
    assert page.features == {}


@pytest.mark.parametrize("count", [1, 4, 100])
def test_a_page_of_many_lines_weighs_no_more_than_one_of_few(count):
    assert line_weights(np.full(count, 9, np.int32)).sum() == pytest.approx(1)
    chars = np.arange(1, count + 1, dtype=np.int32)
    for by_chars in (0, 0.25, 0.5, 1):
        weights = line_weights(chars, by_chars)
        assert (weights / weights[0]).tolist() == pytest.approx(chars**by_chars)
        assert weights.sum() <= 1 + 1e-9


def test_a_source_counts_for_the_root_of_its_pages(labelled_pages):
    large = [replace(page, source="large") for page in samples(labelled_pages[:8])]
    small = [replace(page, source="small") for page in samples(labelled_pages[8:10])]
    useless = replace(large[0], usable=False)
    weighed = weigh_sources([*large, useless, *small], {})
    # The root of 1,000 pages over 8, and over 2.
    assert [page.weight for page in weighed[:9]] == [pytest.approx(125**0.5)] * 9
    assert [page.weight for page in weighed[9:]] == [pytest.approx(500**0.5)] * 2
    assert weigh_sources(small, {"small": 3.0, "other": 9.0})[0].weight == pytest.approx(
        3 * 500**0.5
    )


def test_of_a_long_page_sixty_lines_are_fitted_to_and_count_for_all(labelled_pages):
    (page,) = samples(labelled_pages[:1])
    targets = np.array([BODY] * 100 + [OPTIONAL] * 50 + [NOISE] * 100, np.int8)
    long = replace(page, lines=split_text("\n".join(["word"] * 250)), targets=targets, weight=2.0)
    rows, weights = lines_to_fit(long, 0.5, np.random.default_rng(1))
    assert len(rows) == len(set(rows.tolist())) == 60
    assert (np.diff(rows) > 0).all()
    assert OPTIONAL not in targets[rows]
    # 200 lines of 250 alike, of a page that counts for two.
    assert weights.sum() == pytest.approx(2 * 200 / 250)


def test_of_a_short_page_all_lines_that_are_decided_are_fitted_to(labelled_pages):
    (page,) = samples(labelled_pages[:1])
    optional = replace(page, targets=np.where(np.arange(25) < 6, OPTIONAL, page.targets))
    rows, weights = lines_to_fit(optional, 0.5, np.random.default_rng(1))
    assert rows.tolist() == list(range(6, 25))
    assert weights.tolist() == line_weights(page.lines.chars)[6:].tolist()


# Pages and labels from elsewhere

PAGE = Page("x", b"four\nsix or", "text")  # lines of 4 and 6 characters


@pytest.mark.parametrize(
    ("labels", "kept", "f1"),
    [
        (["body", "body"], [True, True], 1),
        (["body", "body"], [False, True], 2 * 6 / (10 + 6)),
        (["body", "legal"], [True, True], 2 * 4 / (4 + 10)),
        (["body", "legal"], [False, True], 0),
        (["body", "title"], [True, True], 1),
        (["legal", "legal"], [False, False], 1),
        (["legal", "legal"], [True, False], 0),
        (["title", "mixed"], [True, True], 1),
    ],
)
def test_f1_in_characters_by_hand(labels, kept, f1):
    assert mean_char_f1([PAGE], [labels], [np.array(kept)]) == pytest.approx(f1)


def test_f1_is_the_mean_over_pages():
    kept = [np.array([True, True]), np.array([False, True])]
    labels = [["body", "legal"], ["body", "body"]]
    assert mean_char_f1([PAGE, PAGE], labels, kept) == pytest.approx((8 / 14 + 12 / 16) / 2)


def test_labels_that_do_not_match_a_page_are_refused():
    with pytest.raises(DataError, match=r"^x: 2 lines and 3 labels$"):
        mean_char_f1([PAGE], [["body"] * 3], [np.ones(2, bool)])
    with pytest.raises(DataError, match="1 pages and labels of 2; give as many"):
        mean_char_f1([PAGE], [["body"] * 2] * 2, [np.ones(2, bool)])
