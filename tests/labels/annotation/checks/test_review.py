import pytest

from corpus import split_html, split_text
from labels import codes
from labels.annotation.checks.review import FEWEST_LINES, LONG_PROSE, LabelFindingKind, review

LETTERS = {"b": "body", "t": "title", "y": "byline", "c": "caption", "m": "mixed", "n": "navigation",
           "r": "recommendation", "o": "comment", "a": "advert", "s": "social"}  # fmt: skip


def kinds(letters, texts=None):
    """What is found on a page of text whose lines are labelled as one letter each says."""
    lines = split_text("\n".join(texts or [f"line {n}" for n in range(len(letters))]))
    return found(lines, letters)


def found(lines, letters):
    result = review(lines, codes([LETTERS[letter] for letter in letters]))
    return [(str(finding.kind), finding.line) for finding in result]


def test_a_plain_page_has_no_findings():
    assert kinds("nntyybbbcbbbrrrr") == []


def test_a_page_without_lines_has_no_findings():
    assert kinds("") == []


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("tbbbbbrbbbbbn", [("noise-in-body", 7)]),
        ("tbbbbcrbbbbbn", [("noise-in-body", 7)]),  # a caption belongs to the body
        ("tbbbbbrrbbbbbn", []),  # two lines are a box
        ("tbbbbrbbbbb", [("noise-in-body", 6)]),  # so does the title
        ("bbbbrbbbbbt", [("title-late", 11)]),  # four lines are not yet long
        ("tbbbbbr", []),  # the end of the body
    ],
)
def test_one_line_of_noise_in_long_body_is_found(letters, expected):
    assert kinds(letters) == expected


def test_noise_that_recurs_is_the_button_of_an_entry():
    texts = [f"line {n}" for n in range(25)]
    texts[7] = texts[15] = "Add to basket"
    assert kinds("tbbbbbbabbbbbbbabbbbbbbbn", texts) == []
    texts[15] = "Something else"
    assert kinds("tbbbbbbabbbbbbbabbbbbbbbn", texts) == [
        ("noise-in-body", 8),
        ("noise-in-body", 16),
    ]


def test_noise_that_recurs_by_its_place_is_a_button_too():
    entry = "<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p><div class='do'><a href='x'>{}</a></div>"
    html = f"<h1>Title</h1>{entry.format('Buy one')}{entry.format('Buy two')}<p>f</p>"
    lines = split_html(html + "<p>g</p>" * 5)
    assert found(lines, "tbbbbbabbbbbabbbbbb") == []


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("tbnrrrrrbrrrrr", [("body-in-noise", 9)]),
        ("tbnrrrrrbbrrrrr", []),
        ("nnnntbrrrrr", []),  # a page of one sentence: its title stands before it
        ("tbrrrrbrrrr", []),  # four lines are no list yet
    ],
)
def test_one_line_of_body_in_a_list_is_found(letters, expected):
    assert kinds(letters) == expected


def test_the_same_text_in_the_same_kind_of_place_has_one_label():
    item = "<ul class='tools'><li class='x'>Print</li></ul><p>Text.</p>"
    lines = split_html(f"<h1>T</h1>{item}{item}")
    assert found(lines, "tsbsb") == []
    assert found(lines, "tsbnb") == [("same-place", 4)]


def test_the_headline_in_a_ranking_is_in_another_place():
    lines = split_html("<h1>Mill opens</h1><p>Text.</p><ol><li>Mill opens</li><li>Else</li></ol>")
    assert found(lines, "tbrr") == []


def test_a_text_that_is_body_and_noise_must_be_in_its_place_where_there_is_no_markup():
    texts = ["Mill", "One", "More", "Two", "Three", "More", "Less"]
    assert kinds("tbbbrrr", texts) == []  # each is in its box
    assert kinds("tbnbrbr", texts) == [("same-text", 3), ("same-text", 6)]
    assert kinds("tbcbrrr", texts) == []  # captions differ in their place


def test_body_in_a_menu_and_a_long_button_are_found():
    lines = split_html(f"<h1>T</h1><nav><p>Home</p></nav><p>Text.</p><p>{'a ' * LONG_PROSE}</p>")
    assert found(lines, "tbbn") == [("body-in-menu", 2), ("long-button", 4)]
    linked = split_html(f"<h1>T</h1><p>Text.</p><p><a href='x'>{'a ' * LONG_PROSE}</a></p>")
    assert found(linked, "tbn") == []


def test_a_page_without_title_is_found_as_a_whole():
    assert kinds("nbbb") == [("title-missing", None)]


def test_a_title_stands_before_the_body_and_in_one_place():
    assert kinds("bbbtn") == []
    assert kinds("bbbbtn") == [("title-late", 5)]
    assert kinds("t" + "n" * 10 + "tb") == []  # a standfirst after a menu
    assert kinds("t" + "n" * 11 + "tb") == [("title-again", 13)]


def test_captions_and_bylines_are_near_what_they_belong_to():
    assert kinds("tbnnnnncc") == []
    assert kinds("tbnnnnnncc") == [("caption-far", 9)]  # the first of several in a row
    assert kinds("ynnnnnnntb") == []
    assert kinds("ynnnnnnnntb") == [("byline-far", 1)]
    assert kinds("ynnnmnnnntb") == []


def test_a_page_of_some_length_has_noise():
    assert kinds("t" + "b" * (FEWEST_LINES - 2)) == []
    assert kinds("t" + "b" * (FEWEST_LINES - 1)) == [("noise-missing", None)]


def test_findings_come_in_the_order_of_lines():
    result = kinds("nnnnnnyn" + "n" * 9 + "bbbbbtbbbbbrbbbbb")
    assert result == [("byline-far", 7), ("title-late", 23), ("noise-in-body", 29)]


def test_each_kind_has_a_meaning():
    assert all(kind.meaning for kind in LabelFindingKind)
