import pytest

from labels.datasets.checks.gold_text import check_gold

WORDS = [f"word{number}" for number in range(40)]
TEN = "one two three four five six seven eight nine ten"


def found(labelled, *fields):
    """Kind and some fields of each finding."""
    return [(str(f.kind), *(getattr(f, name) for name in fields)) for f in check_gold(labelled)]


# Empty gold


@pytest.mark.parametrize("gold", ["", " \n\t"])
def test_an_empty_gold_is_found(lines, gold):
    assert found(lines(["Home", "News"], gold), "pages", "detail") == [
        ("gold-empty", ("a",), "no gold text for a page of 2 lines")
    ]


def test_a_page_whose_lines_people_labelled_needs_no_gold_text(lines):
    assert found(lines(["Home"], None)) == []


def test_a_gold_that_is_on_the_page_is_not_found(lines):
    assert found(lines(["Home", "The mill is open again."], "The mill is open again.")) == []


# Gold that is not on the page


def test_a_gold_is_found_from_a_tenth_of_its_words_on_that_are_nowhere(lines):
    gold = "one two three four five six seven eight nine zzz"
    assert found(lines([TEN], gold), "share", "detail") == [
        (
            "gold-not-on-page",
            0.1,
            "10 % of 10 words are in no line of the page; alignment misses 10 %",
        )
    ]
    assert found(lines([TEN], f"{TEN} zzz")) == []  # 1 of 11


def test_a_gold_without_a_page_is_found(lines):
    assert found(lines([], TEN), "share") == [("gold-not-on-page", 1.0)]


def test_text_that_was_moved_is_on_the_page(lines):
    assert found(lines(list(reversed(TEN.split())), TEN)) == []
    assert found(lines(WORDS, " ".join(reversed(WORDS)))) == []


def test_text_that_the_gold_repeats_is_on_the_page(lines):
    assert found(lines(["The mill is open again."], "The mill is open again.\n" * 3)) == []


def test_words_that_the_page_writes_together_are_on_it(lines):
    page = ["Machine LearningDeveloper ToolsData Science"]
    assert found(lines(page, "Machine Learning Developer Tools Data Science")) == []


def test_a_word_inside_a_word_is_not_on_the_page(lines):
    assert found(lines(["The outlining of a plan"], "lining plan of the outlining a"), "share") == [
        ("gold-not-on-page", 0.1667)  # one of six, in no passage
    ]


@pytest.mark.parametrize(
    "gold", ["See [the mill](https://mill.example/a/b-c).", "<h>See<p>the<l>mill."]
)
def test_marks_and_addresses_of_links_need_not_be_on_the_page(lines, gold):
    assert found(lines(["See the mill."], gold)) == []


def test_a_gold_that_is_in_a_script_alone_is_found_and_that_is_reported(lines):
    html = f"<script>load('{TEN}')</script><p>Loading</p>"
    assert found(lines(["Loading"], TEN, html=html), "detail") == [
        (
            "gold-not-on-page",
            "100 % of 10 words are in no line of the page, though in its source; "
            "alignment misses 100 %",
        )
    ]


def test_a_gold_in_other_words_than_the_page_is_found(lines):
    gold = " ".join([*reversed(WORDS), "new"])  # 1 of 41 is nowhere, but no four words in a row are
    assert found(lines([" ".join(WORDS)], gold), "share") == [("gold-reworded", 1.0)]


def test_a_gold_of_which_less_than_half_is_in_other_words_is_not_found(lines):
    gold = " ".join([*WORDS[:21], *reversed(WORDS[21:]), "new"])
    assert found(lines([" ".join(WORDS)], gold)) == []  # 20 of 41 in no passage


def test_snippets_that_are_the_only_gold_are_looked_for_on_the_page(lines):
    page = lines(["The mill is open again."], kept=("mill is open", "ferry"), dropped=("zzz",))
    assert found(page, "share") == [("gold-not-on-page", 0.25)]
    assert found(lines(["The mill is open again."], kept=("mill is open",))) == []


# Snippets and gold


def test_a_text_to_be_kept_that_is_not_in_the_gold_is_found(lines):
    page = lines(["The mill is open."], "The mill is open.", kept=("MILL is", "the ferry"))
    assert found(page, "about", "detail") == [
        ("gold-lacks-with", "the ferry", "“the ferry” is not in the gold")
    ]


def test_white_space_counts_in_snippets_but_is_reported(lines):
    page = lines(["The mill", "is open."], "The mill\nis open.", kept=("mill is",))
    assert found(page, "detail") == [
        ("gold-lacks-with", "“mill is” is not in the gold but for its white space")
    ]


def test_all_texts_to_be_kept_are_missing_from_an_empty_gold(lines):
    assert found(lines([], "", kept=("mill",))) == [("gold-empty",), ("gold-lacks-with",)]


def test_a_text_to_be_dropped_that_is_in_the_gold_is_found(lines):
    page = lines(["Share the mill."], "Share the mill.", dropped=("SHARE", "Home"))
    assert found(page, "about") == [("gold-holds-without", "SHARE")]
