import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baselines.features import view_features
from baselines.features.batch import Batch
from baselines.features.echoes import _has_echo
from corpus import split_html, split_text
from corpus.starter import starter_pages


def text_features(lines):
    return view_features("text", Batch.of([lines]))


def dom_features(lines):
    return view_features("html", Batch.of([lines]))


PAGE = (
    "<nav><a href=1>Home</a><br><a href=2>News</a></nav>"
    "<article><h1>The ferry is back</h1>"
    "<p>It had been laid up since the storm in March, and nobody had expected it so soon.</p>"
    "<p>From Monday on it runs again every hour, as the harbour master said on Friday.</p>"
    "<p>Tickets cost what they cost before the storm, and children go free all summer.</p></article>"
    "<aside><p><a href=3>1. Herons counted</a></p><p><a href=4>2. Herons counted</a></p></aside>"
)
ODD = {
    "one line": "<p>Only this.</p>",
    "one letter": "x",
    "no letters": "<p>---</p><p>12:30</p><p>***</p>",
    "all links": "<a href=1>one</a><br><a href=2>two</a><br><a href=3>three</a>",
    "all alike": "<li>same" * 50,
    "one long line": "word " * 5000,
    "deep": "<div>" * 500 + "deep",
    "in a table": "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
    "Hangul": "<p>한 줄이다.</p><p>두 줄이다.</p>",
    "Arabic": "<p dir=rtl>الحافلة الليلية تعمل الآن.</p>",
    "emoji": "<p>😀</p><p>𠀀</p>",
    "images": "<img><img><img><img><img>x",
}


OF_TEXT_ALONE = ("sign_", "begins_with_", "since_", "near_", "shape_")


def column(features, name):
    return features.values[:, features.names.index(name)].tolist()


@pytest.mark.parametrize("page", ODD)
@pytest.mark.parametrize("features", [text_features, dom_features])
def test_features_are_finite_on_odd_pages(features, page):
    lines = split_html(ODD[page])
    found = features(lines)
    assert len(lines) > 0
    assert found.values.shape == (len(lines), len(found.names))
    assert found.values.dtype == np.float32
    assert np.isfinite(found.values).all()


@pytest.mark.parametrize("features", [text_features, dom_features])
def test_names_are_unique_and_the_same_for_every_page(features):
    names = features(split_html(PAGE)).names
    assert len(set(names)) == len(names)
    assert {features(split_html(page)).names for page in ODD.values()} == {names}


def test_features_with_markup_begin_with_those_of_text_but_for_its_own():
    text = text_features(split_html(PAGE)).names
    both = dom_features(split_html(PAGE)).names
    of_text_alone = [name for name in text if name.startswith(OF_TEXT_ALONE)]
    assert len(of_text_alone) == 26
    assert [name for name in text if name not in of_text_alone] == [
        *both[: len(text) - len(of_text_alone)]
    ]
    assert not set(both).intersection(of_text_alone)


@pytest.mark.parametrize("features", [text_features, dom_features])
def test_the_same_page_has_the_same_features(features):
    np.testing.assert_array_equal(
        features(split_html(PAGE)).values, features(split_html(PAGE)).values
    )


@pytest.mark.parametrize("html", [PAGE, *ODD.values()])
def test_features_of_text_do_not_depend_on_markup(html):
    lines = split_html(html)
    without = split_text("\n".join(lines.texts))
    assert without.texts == lines.texts
    np.testing.assert_array_equal(text_features(lines).values, text_features(without).values)


@pytest.mark.parametrize("page", list(starter_pages()), ids=lambda page: page.id)
def test_features_are_finite_on_every_starter_page(page):
    lines = page.lines()
    assert np.isfinite(text_features(lines).values).all()
    if lines.is_html:
        assert np.isfinite(dom_features(lines).values).all()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "<div class=a>",
                "<li>",
                "<a href=x>",
                "</div>",
                "</a>",
                "<table><tr><td>",
                "<img>",
                "<br>",
                "A sentence of nine words, which ends here.",
                "123",
                "글",
                "-",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_features_are_finite_whatever_the_page(html):
    lines = split_html(html)
    if len(lines):
        assert np.isfinite(text_features(lines).values).all()
        assert np.isfinite(dom_features(lines).values).all()


# By hand: the lines are Home, News, the headline, three paragraphs, two ranks.


LIST = ["All [new]", "Herons counted", "(3) @a", "Nets mended", "(5) @b", "Nets", "(15) @c", "End…"]


def test_features_of_signs_and_shapes_by_hand():
    found = text_features(split_text("\n".join(LIST)))
    assert column(found, "sign_bracket") == [2, 0, 2, 0, 2, 0, 2, 0]
    assert column(found, "sign_at") == [0, 0, 1, 0, 1, 0, 1, 0]
    assert column(found, "sign_ellipsis") == [0] * 7 + [1]
    # A headline, then a number in brackets: three headlines are alike, and two of the numbers.
    times = [1, 3, 2, 3, 2, 3, 1, 1]
    assert column(found, "shape_repeats") == pytest.approx(np.log(times))
    # Of four lines before and four after; what is beyond the page is as the line.
    assert column(found, "shape_repeats_near") == [4, 5, 3, 3, 2, 4, 3, 4]
    assert column(found, "shape_repeats_with_after") == pytest.approx(
        np.log([1, 2, 2, 2, 2, 1, 1, 1])
    )
    assert column(found, "shape_repeats_with_before") == pytest.approx(
        np.log([1, 1, 2, 2, 2, 2, 1, 1])
    )
    assert column(found, "shape_repeats_with_both") == pytest.approx(
        np.log([1, 1, 2, 1, 2, 1, 1, 1])
    )
    assert column(found, "shape_repeats_around") == pytest.approx(
        [np.log(times[max(k - 5, 0) : k + 6]).mean() for k in range(8)]
    )


def test_signs_are_counted_to_three():
    found = text_features(split_text("[[[[[\n@@"))
    assert column(found, "sign_bracket") == [3, 0]
    assert column(found, "sign_at") == [0, 2]


def test_what_lines_begin_with_is_known_by_kinds_of_signs():
    found = text_features(split_text("▶ Nets\n[Nets]\n① Nets\n※ Nets\n- Nets\nNets ▶ [①]"))
    kinds = ["arrow", "bracket", "circled", "symbol", "bullet"]
    begins = [column(found, f"begins_with_{kind}") for kind in kinds]
    assert begins == [[int(row == kind) for row in range(6)] for kind in range(5)]


def test_lines_since_a_marker_are_counted_to_twenty():
    found = text_features(split_text("\n".join(["Mist", "© and @", *["Nets"] * 23])))
    since = [20, 20, *range(1, 21), 20, 20, 20]
    assert column(found, "since_copyright") == pytest.approx(np.log1p(since))
    assert column(found, "since_at") == pytest.approx(np.log1p(since))
    assert column(found, "near_at") == [0, 0, *[1] * 10, *[0] * 13]


def test_an_echo_is_a_word_from_which_another_line_goes_on_alike():
    # "Heronscounted" is long enough from its first word on; so is the other, from "1" and "Herons".
    assert echoed(["Herons counted!\n1. Herons counted"]) == [1, 0.5]
    assert echoed(["Herons counted!\nherons counted"]) == [0, 0]
    # What one line has twice is no echo, nor is what another page has.
    assert echoed(["Herons counted, herons counted"]) == [0]
    assert echoed(["Herons counted", "Herons counted\nNets"]) == [0, 0, 0]
    assert echoed(["Herons\nHerons\n--"]) == [0, 0, 0]
    # Each Hangul character is a word: of three, the last two are in both lines.
    assert echoed(["가나다abcdefghijk\n라나다abcdefghijk"]) == pytest.approx([2 / 3, 2 / 3])


@settings(deadline=None)  # the first example makes tables
@given(st.lists(st.text("ab 가1.", min_size=1, max_size=40), min_size=1, max_size=20))
def test_echoes_are_those_that_a_search_finds(texts):
    lines = split_text("\n".join(["a", *texts]))  # no page without lines
    runs = [[run for _, run in words(text) if len(run) == 12] for text in lines.texts]
    expected = [
        sum(any(run in other for j, other in enumerate(runs) if j != k) for run in own)
        / max(len(own), 1)
        for k, own in enumerate(runs)
    ]
    assert column(text_features(lines), "echoed") == pytest.approx(expected)


def test_echoes_are_found_among_a_million_words():
    random = np.random.default_rng(0)
    hashes = random.integers(0, 2**64, 1_000_000, np.uint64)
    hashes[500_000:750_000] = hashes[:250_000]
    has_echo = _has_echo(hashes, np.arange(len(hashes)))
    assert has_echo[:250_000].all()
    assert not has_echo[250_000:500_000].any()
    assert has_echo[500_000:750_000].all()
    assert not has_echo[750_000:].any()


def words(text):
    """Each word's place, and the twelve letters and digits from there on, or fewer."""
    for at, sign in enumerate(text):
        begins = not at or not text[at - 1].isalnum() or sign == "가"
        if sign.isalnum() and begins:
            yield at, "".join(filter(str.isalnum, text[at:]))[:12]


def echoed(pages):
    return column(view_features("text", Batch.of([split_text(page) for page in pages])), "echoed")


def test_features_of_text_by_hand():
    found = text_features(split_html(PAGE))
    # "The ferry is back" has 14 letters, "Home" and "News" 4, "1. Herons counted" 13.
    log_units = column(found, "log_units")
    assert log_units[:3] == pytest.approx(np.log1p([0.8, 0.8, 2.8]))
    assert log_units[6] == pytest.approx(np.log1p(2.6))
    assert column(found, "ends_with_stop") == [0, 0, 0, 1, 1, 1, 0, 0]
    assert column(found, "starts_with_digit") == [0, 0, 0, 0, 0, 0, 1, 1]
    assert column(found, "prose") == [0, 0, 0, 1, 1, 1, 0, 0]
    assert column(found, "repeats") == [0] * 8
    assert column(found, "repeats_but_digits") == pytest.approx([0] * 6 + [np.log(2)] * 2)
    assert column(found, "in_stretch") == [0, 0, 0, 1, 1, 1, 0, 0]
    assert column(found, "place") == pytest.approx(np.arange(8) / 8)
    assert column(found, "prose_within_1") == pytest.approx(
        [0, 0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3, 0]
    )


def test_features_of_markup_by_hand():
    found = dom_features(split_html(PAGE))
    assert column(found, "in_nav") == [1, 1, 0, 0, 0, 0, 0, 0]
    assert column(found, "in_article") == [0, 0, 1, 1, 1, 1, 0, 0]
    assert column(found, "in_heading") == column(found, "tag_h1") == [0, 0, 1, 0, 0, 0, 0, 0]
    assert column(found, "tag_p") == [0, 0, 0, 1, 1, 1, 1, 1]
    assert column(found, "link_density") == [1, 1, 0, 0, 0, 0, 1, 1]
    # The article is the deepest element with half of the prose.
    assert column(found, "inside_main") == [0, 0, 1, 1, 1, 1, 0, 0]
    assert column(found, "before_main") == [1, 1, 0, 0, 0, 0, 0, 0]
    assert column(found, "after_main") == [0, 0, 0, 0, 0, 0, 1, 1]
    assert column(found, "main_lines") == pytest.approx([4 / 8] * 8)
    assert column(found, "depth") == pytest.approx(np.log1p([2, 2, 3, 3, 3, 3, 3, 3]))
    # Siblings of the same tag and class, itself included.
    assert column(found, "alike_0_up") == pytest.approx(np.log([1, 1, 1, 3, 3, 3, 2, 2]))


def test_what_classes_are_called_does_not_matter():
    one = dom_features(split_html("<div class=comment>a b.</div><div class=article>c d.</div>"))
    two = dom_features(split_html("<div class=x1>a b.</div><div class=x2>c d.</div>"))
    np.testing.assert_array_equal(one.values, two.values)


@pytest.mark.parametrize("html", [True, False])
def test_pages_read_together_have_the_same_features_bit_by_bit(html):
    pages = [page.lines() for page in starter_pages() if (page.markup == "html") is html]
    if html:
        pages += [split_html(odd) for odd in ODD.values()]
    batch = Batch.of(pages)
    for view in ["text", "html"] if html else ["text"]:
        together = view_features(view, batch).columns
        for lines, start, end in zip(pages, batch.bounds.starts, batch.bounds.ends, strict=True):
            alone = view_features(view, Batch.of([lines])).columns
            np.testing.assert_array_equal(together[:, start:end], alone)


# The main element

LONG = "The harbour master counted seventeen herons beside the old lighthouse " * 2 + "yesterday."


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_where_two_elements_hold_half_of_the_prose_each_all_features_are_finite(depth):
    """A line in the first may stand deeper in it than the last one, the main element, is."""
    deep = "<div>" * depth + f"<p>{LONG}</p>" + "</div>" * depth
    found = dom_features(split_html(f"{deep}<p>{LONG}</p>"))
    assert column(found, "main_held") == [0.5, 0.5]
    assert column(found, "inside_main") == [0, 1]
    assert column(found, "steps_outside_main") == [0, 0]
    assert np.isfinite(found.values).all()


# The lead


def test_the_lead_is_the_first_long_prose_below_the_headline():
    found = dom_features(
        split_html(
            f"<div class=teaser><p>{LONG}</p></div>"
            f"<article><h1>The ferry is back</h1><p>It was late, of course.</p>"
            f"<p>{LONG}</p><p>{LONG}</p></article>"
            f"<section><div>{LONG}</div><div>{LONG}</div></section>"
        )
    )
    assert column(found, "before_lead") == [1, 1, 1, 0, 0, 0, 0]
    assert column(found, "like_lead") == [0, 0, 1, 1, 1, 0, 0]
    assert column(found, "page_lead_lines") == pytest.approx([np.log(4)] * 7)
    assert column(found, "with_lead_1_up") == [0, 1, 1, 1, 1, 0, 0]
    assert column(found, "with_lead_2_up") == [1] * 7
    # Two of five long lines, and the short one of them.
    (share,) = set(column(found, "page_lead_share"))
    assert 2 / 5 < share < 0.45
    assert set(column(found, "page_lead_held_1_up")) == {share}
    assert set(column(found, "page_lead_held_3_up")) == {1}
    assert set(column(found, "page_lead_alike")) == {0}


def test_the_lead_of_a_thread_is_one_of_its_posts():
    found = dom_features(split_html("<h1>Herons</h1>" + f"<div><p>{LONG}</p></div>" * 4))
    assert column(found, "like_lead") == [0, 1, 1, 1, 1]
    assert column(found, "with_lead_1_up") == [0, 1, 0, 0, 0]
    assert set(column(found, "page_lead_share")) == {1}
    assert column(found, "page_lead_held_1_up") == pytest.approx([1 / 4] * 5)
    assert column(found, "page_lead_alike") == pytest.approx([np.log(4)] * 5)


@pytest.mark.parametrize(
    ("html", "row"),
    [
        (
            f"<p>{LONG}</p><h1>News</h1><p>Short, but nevertheless it is a sentence of eight words or more.</p>",
            0,
        ),
        (
            "<p>Home</p><p>Short, but nevertheless it is a sentence of eight words or more.</p><p>More</p>",
            1,
        ),
        (f"<p><a href=x>{LONG}</a></p><p>{LONG}</p>", 1),  # not what is a link
    ],
)
def test_where_no_long_prose_is_below_a_headline_the_lead_is_elsewhere(html, row):
    assert column(dom_features(split_html(html)), "before_lead").index(0) == row


def test_a_page_without_prose_has_no_lead():
    found = dom_features(split_html("<h1>News</h1><p>Home</p><p>More</p>"))
    for name in ("like_lead", "before_lead", "with_lead_1_up", "with_lead_5_up", "page_lead_share"):
        assert column(found, name) == [0, 0, 0]
