import pytest

from baselines import RULES
from corpus import split_html, split_text

FIFTEEN = "words " * 15  # 75 letters, 15 units
PAGES = {
    "empty": split_text(""),
    "one line": split_text("x"),
    "signs": split_text("---\n***"),
    "HTML": split_html("<nav><a href=/>Home</a></nav><p>One sentence, and the other one.</p>"),
    "empty HTML": split_html(""),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_decides_every_line(rule, page):
    kept = RULES[rule](PAGES[page])
    assert kept.shape == (len(PAGES[page]),)
    assert kept.dtype == bool


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_does(rule):
    assert RULES[rule].__doc__.startswith("Keep ")


def test_rules_are_known_by_name():
    assert list(RULES) == ["keep-all", "keep-none", "length-and-punctuation", "link-density"]


def test_everything_and_nothing():
    assert RULES["keep-all"](PAGES["HTML"]).tolist() == [True, True]
    assert RULES["keep-none"](PAGES["HTML"]).tolist() == [False, False]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("words " * 20, True),  # 20 units
        ("words " * 19, False),
        ("words " * 8 + "!", True),  # 8 units and a stop
        ("words " * 7 + "!", False),
        ("words " * 8 + ", and", False),  # one comma may stand in a headline
        ("words, " * 8, True),
        ("가나" * 8 + "다.", True),  # 17 characters, 8.5 units
        ("가나" * 7 + "다.", False),
        ("가나" * 20, True),
    ],
)
def test_length_and_punctuation_by_hand(line, kept):
    assert RULES["length-and-punctuation"](split_text(line)).tolist() == [kept]


def test_link_density_by_hand():
    lines = split_html(
        f"<p>short</p><p>beside</p><p>{FIFTEEN}</p><p>beside</p><p>short</p>"
        f"<p><a href=1>{FIFTEEN}</a></p><p>short</p>"
        f"<p>{FIFTEEN}<a href=2>{FIFTEEN}</a></p>"  # half of it linked
        f"<p>{FIFTEEN}<a href=3>words</a></p><p><a href=4>beside</a></p>"
    )
    assert RULES["link-density"](lines).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
        False,
        False,
        True,
        False,
    ]


def test_without_html_length_alone_decides():
    lines = split_text(f"short\nbeside\n{FIFTEEN}\nbeside\nshort")
    assert RULES["link-density"](lines).tolist() == [False, True, True, True, False]
