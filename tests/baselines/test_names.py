import numpy as np
import pytest

from baselines.features.batch import Batch
from baselines.names import Names, words_of
from corpus import split_html, split_text

PROSE = "The ferry runs again every hour, as the harbour master said on Friday."


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("", ()),
        ("post-body mainText", ("body", "main", "post", "text")),
        ("comments comments comment-1234", ("comment", "comments")),
        ("HTMLBlock", ("block", "html")),
        ("a b-c x", ()),
        ("본문 контент", ()),
        ("col_12__wide", ("col", "wide")),
    ],
)
def test_words_are_those_of_letters_each_once(names, words):
    assert words_of(names) == words


NAMES = Names({"menu": (-2.0, 0.5), "comment": (-1.0, 3.0), "post": (1.5, 0.0)}, (0.25, -1.0))


def scores(*pages):
    batch = Batch.of([split_html(page) for page in pages])
    found = NAMES.scores(batch)
    assert found.names == ("named_body", "named_comment")
    return found.values


def test_words_of_all_elements_around_a_line_count():
    page = (
        f"<div class='side menu' id=menu>Home</div><div class=post><p>{PROSE}</p>"
        f"<div class=comment><p id=comment>Yes.</p></div></div><p>{PROSE} {PROSE}</p>"
    )
    # Home: one menu. The prose of the post: one post. The comment: one post and two comments.
    assert scores(page).tolist() == [
        [0.25 - 2, -1 + 0.5],
        [0.25 + 1.5, -1],
        [0.25 + 1.5 - 2, -1 + 6],
        [0.25, -1],
    ]


def test_an_element_that_holds_nearly_all_prose_says_nothing():
    page = f"<div class=comment><p class=post>{PROSE}</p><p class=menu>Home</p></div>"
    # Both the outer element and the paragraph hold all of it; the menu holds none.
    assert scores(page).tolist() == [[0.25, -1], [0.25 - 2, -1 + 0.5]]


def test_a_page_without_names_has_the_intercepts():
    assert scores(f"<p>{PROSE}</p><p>Home</p>").tolist() == [[0.25, -1]] * 2


def test_text_has_the_intercepts():
    batch = Batch.of([split_text("one\ntwo")])
    assert NAMES.scores(batch).values.tolist() == [[0.25, -1]] * 2


def test_pages_read_together_have_the_scores_that_they_have_alone():
    pages = [
        f"<div class=post><div class=comment>One.</div><p>{PROSE}</p></div><p>{PROSE}</p>",
        f"<ul class=menu><li class=menu>Home</ul><p>{PROSE}</p>",
    ]
    together = scores(*pages)
    np.testing.assert_array_equal(together, np.concatenate([scores(page) for page in pages]))
