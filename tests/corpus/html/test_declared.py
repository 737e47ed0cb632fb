import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from corpus import split_html, split_text
from corpus.html.declared import DECLARATIONS, read_declared
from corpus.lines import Declared

LONG = "The ferry runs again every hour from Monday on."
OTHER = "Children go free all summer, the master said."


def declared_by_head(html):
    return read_declared(LexborHTMLParser(html).css(DECLARATIONS))


def declared_by_script(data, mime="application/ld+json"):
    """What a page declares by a script, of JSON or of what is none."""
    text = data if isinstance(data, str) else json.dumps(data)
    return declared_by_head(f"<script type='{mime}'>{text}</script>")


@pytest.mark.parametrize("html", ["", "<p>x", "<title></title>", "<script>var title = 1</script>"])
def test_a_page_that_says_nothing_declares_nothing(html):
    assert declared_by_head(html) == Declared()


# The head


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The ferry is back", "The ferry is back"),
        ("\n  The\tferry\xa0is\n back  ", "The ferry is back"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("The ferry<br>is back", "The ferry is back"),
    ],
)
def test_a_title_is_plain_text(title, expected):
    assert declared_by_head(f"<title>{title}</title>").title == expected


def test_of_two_titles_the_first_counts():
    assert declared_by_head("<title>One</title><title>Two</title>").title == "One"


@pytest.mark.parametrize(
    "attributes",
    [
        "name=description",
        "name=Description",
        "property='og:description'",
        "property='OG:DESCRIPTION'",
        "name='og:description'",
        "property='' name=description",
    ],
)
def test_descriptions_by_either_attribute(attributes):
    assert declared_by_head(f"<meta {attributes} content='{LONG}'>").descriptions == (LONG,)


def test_descriptions_stand_in_order_and_once():
    found = declared_by_head(
        f"<meta name=description content='{LONG}'><meta property='og:description' content='{OTHER}'>"
        f"<meta property='og:description' content=' {LONG} '>"
    )
    assert found.descriptions == (LONG, OTHER)


@pytest.mark.parametrize("length", [19, 20])
def test_a_description_of_fewer_than_twenty_characters_is_none(length):
    found = declared_by_head(f"<meta name=description content='{'x' * length}'>")
    assert bool(found.descriptions) == (length == 20)


@pytest.mark.parametrize(
    "meta",
    [
        f"<meta name=keywords content='{LONG}'>",
        "<meta name=description>",
        "<meta name=description content>",
        f"<meta content='{LONG}'>",
        f"<meta property=twitter:description content='{LONG}'>",
    ],
)
def test_what_is_no_description_is_passed_over(meta):
    assert declared_by_head(meta) == Declared()


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        ("article", {"og:article"}),
        (" Video.Movie ", {"og:video.movie"}),
        ("og:product", {"og:og:product"}),
        ("", set()),
        (" ", set()),
    ],
)
def test_the_type_of_open_graph(content, kinds):
    assert declared_by_head(f"<meta property='og:type' content='{content}'>").kinds == kinds


# JSON-LD


@pytest.mark.parametrize("name", ["articleBody", "description", "text", "reviewBody"])
def test_texts_by_the_properties_that_hold_them(name):
    assert declared_by_script({"@type": "Thing", name: LONG}) == Declared(
        texts=(LONG,), kinds=frozenset({"Thing"})
    )


def test_other_properties_are_passed_over():
    assert declared_by_script({"headline": LONG, "name": LONG, "@id": LONG}) == Declared()


@pytest.mark.parametrize("length", [19, 20])
def test_a_text_of_fewer_than_twenty_characters_is_none(length):
    assert bool(declared_by_script({"text": "x" * length}).texts) == (length == 20)


QUESTIONS = {
    "@type": "FAQPage",
    "mainEntity": [
        {"@type": "Question", "acceptedAnswer": {"@type": "Answer", "text": LONG}},
        {"@type": "Question", "acceptedAnswer": [{"@type": "Answer", "text": OTHER}]},
    ],
}


@pytest.mark.parametrize(
    "data",
    [
        QUESTIONS,
        [QUESTIONS],
        [[[QUESTIONS]]],
        {"@context": "https://schema.org", "@graph": [{"@type": "FAQPage"}, QUESTIONS]},
    ],
    ids=["nested", "in a list", "in lists", "in a graph"],
)
def test_texts_and_types_at_any_depth(data):
    found = declared_by_script(data)
    assert sorted(found.texts) == sorted([LONG, OTHER])
    assert found.kinds == {"FAQPage", "Question", "Answer"}


def test_lists_of_values():
    found = declared_by_script(
        {"@type": ["NewsArticle", "Article"], "text": [LONG, OTHER, 7, None]}
    )
    assert found == Declared(texts=(LONG, OTHER), kinds=frozenset({"NewsArticle", "Article"}))


def test_a_type_may_be_written_as_a_url():
    assert declared_by_script({"@type": "https://schema.org/NewsArticle"}).kinds == {"NewsArticle"}


@pytest.mark.parametrize("value", [7, None, True, 1.5, {}, [], {"@value": LONG}])
def test_values_of_other_kinds_are_passed_over(value):
    assert declared_by_script({"@type": value, "text": value}) == Declared()


def test_texts_of_several_scripts_once_each():
    script = "<script type='application/ld+json'>{}</script>"
    html = "".join(script.format(json.dumps({"text": text})) for text in (OTHER, LONG, OTHER))
    assert declared_by_head(html).texts == (OTHER, LONG)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "<p>The ferry runs again</p><p>every <b>hour</b>.</p>",
            "The ferry runs again every hour .",
        ),
        ("&lt;p&gt;The ferry runs again.&lt;/p&gt;", "The ferry runs again."),
        ("Fish &amp; chips&nbsp;at the&#32;harbour", "Fish & chips at the harbour"),
        ("The ferry\n\n  runs \t again.", "The ferry runs again."),
        ("Three is < four, and five is too.", "Three is < four, and five is too."),
    ],
)
def test_texts_are_without_tags_and_entities(value, expected):
    # "</" would not end a script, but pages write it so.
    assert declared_by_script(json.dumps({"text": value}).replace("</", "<\\/")).texts == (
        expected,
    )


@pytest.mark.parametrize("mime", ["application/LD+JSON", "APPLICATION/ld+json"])
def test_the_type_of_a_script_in_either_case(mime):
    assert declared_by_script({"text": LONG}, mime).texts == (LONG,)


@pytest.mark.parametrize("mime", ["application/json", "text/javascript", ""])
def test_other_scripts_are_passed_over(mime):
    assert declared_by_script({"text": LONG}, mime) == Declared()


def test_line_breaks_inside_strings_are_read():
    assert declared_by_script('{"text": "The ferry runs again\nevery hour."}').texts == (
        "The ferry runs again every hour.",
    )


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        f'{{"text": "{LONG}"',
        f"{{'text': '{LONG}'}}".replace("'", "`"),
        f'{{"text": "{LONG}",}}',
        "[" * 100_000,
        "9" * 10_000,
        "\x00",
    ],
    ids=["empty", "open", "cut off", "quotes", "comma", "nested", "number", "null"],
)
def test_what_is_no_json_is_passed_over(broken):
    good = f"<script type='application/ld+json'>{json.dumps({'text': OTHER})}</script>"
    found = declared_by_head(f"<script type='application/ld+json'>{broken}</script>{good}")
    assert found.texts == (OTHER,)


@pytest.mark.parametrize("data", ["null", "7", '"text"', "[]", "{}", "NaN"])
def test_json_without_objects_says_nothing(data):
    assert declared_by_script(data) == Declared()


def test_json_nested_deep_is_read():
    data = '{"a":' * 500 + json.dumps({"text": LONG}) + "}" * 500
    assert declared_by_script(data).texts == (LONG,)


# Pages


def test_a_split_page_knows_what_it_declares():
    found = split_html(
        f"<title>The ferry</title><meta name=description content='{LONG}'>"
        f"<meta property='og:type' content=article>"
        f"<script type='application/ld+json'>{json.dumps({'@type': 'Article', 'articleBody': OTHER})}"
        "</script><p>x"
    )
    assert found.declared == Declared(
        title="The ferry",
        descriptions=(LONG,),
        texts=(OTHER,),
        kinds=frozenset({"og:article", "Article"}),
    )
    assert found.texts == ["x"]


def test_a_page_of_text_declares_nothing():
    assert split_text("<title>The ferry</title>").declared == Declared()
