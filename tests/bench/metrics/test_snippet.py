import pytest

METRICS = ("snippet_precision", "snippet_recall", "snippet_accuracy", "snippet_f1")


@pytest.mark.parametrize(
    ("text", "with_snippets", "without_snippets", "expected"),
    [
        # found 2 of 3 to be kept, and 1 of 2 to be dropped
        ("a b c", ("a", "b", "x"), ("c", "y"), (2 / 3, 2 / 3, 3 / 5, 4 / 6)),
        ("two\n\t blanks", (" two  blanks ",), (), (1, 1, 1, 1)),
        ("Case", ("case",), (), (None, 0, 0, 0)),
        ("한글  줄", ("글\n줄",), ("줄 한",), (1, 1, 1, 1)),
        # Nothing returned, also by a crash: every snippet to be kept is missed, and none let by.
        ("", ("a", "b"), ("c",), (None, 0, 1 / 3, 0)),
        ("a", (), ("a",), (0, None, 0, 0)),
        ("a", (), ("b",), (None, None, 1, None)),
        ("a", (), (), (None, None, None, None)),
    ],
)
def test_snippets_of_a_page_by_hand(value, text, with_snippets, without_snippets, expected):
    page = {"with_snippets": with_snippets, "without_snippets": without_snippets}
    assert tuple(value(metric, text, **page) for metric in METRICS) == expected


def test_counts_are_summed_over_pages_before_they_are_divided(case, over_pages):
    pages = (
        case("a b c", with_snippets=("a", "b", "c"), without_snippets=("z",)),
        case("z", with_snippets=("a",), without_snippets=("z",)),
        case("", with_snippets=("a",)),
    )
    # 3 found that are to be kept, 1 that is not; 2 missed; 1 rightly dropped.
    assert over_pages("snippet_precision", *pages) == 3 / 4
    assert over_pages("snippet_recall", *pages) == 3 / 5
    assert over_pages("snippet_accuracy", *pages) == 4 / 7
    assert over_pages("snippet_f1", *pages) == 6 / 9
