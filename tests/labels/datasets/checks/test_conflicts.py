from labels.datasets.checks.conflicts import find_conflicts
from labels.datasets.checks.duplicates import find_duplicates, read_summaries

TEXTS = [f"Sentence {number} says what no other sentence says." for number in range(6)]


def rows(**labels):
    """The lines above as body, but those that are named."""
    return [(labels.get(f"line{row}", "body"), text) for row, text in enumerate(TEXTS)]


def found(dataset, *fields):
    duplicates = find_duplicates(lambda: read_summaries(dataset))
    return [(f.pages, *(getattr(f, name) for name in fields)) for f in find_conflicts(duplicates)]


def test_lines_that_are_body_in_one_copy_and_noise_in_the_other_are_found(page, dataset):
    small = dataset(page("a", rows(line1="legal")), page("b", rows(line3="comment", line4="noise")))
    assert found(small, "count", "share", "about", "detail") == [
        (
            ("a", "b"),
            3,
            0.5,
            TEXTS[1],
            "3 of 6 lines: “Sentence 1 says what no other sentence…” is body in b, "
            "“Sentence 3 says what no other sentence…” is body in a",
        )
    ]


def test_two_kinds_of_noise_and_optional_lines_contradict_nothing(page, dataset):
    small = dataset(
        page("a", rows(line1="legal", line2="mixed", line3="title")),
        page("b", rows(line1="social", line2="body", line3="noise")),
    )
    assert found(small) == []


def test_copies_are_pages_at_one_address_too(page, dataset):
    one = page("a", [("body", "Opening hours"), ("noise", "Home")], url="http://a.example/")
    two = page("b", [("navigation", "Opening hours"), ("body", "New")], url="https://a.example")
    assert found(dataset(one, two), "about") == [(("a", "b"), "Opening hours")]


def test_pages_that_are_no_copies_may_label_a_line_differently(page, dataset):
    one = page("a", [("body", "Opening hours")], url="http://a.example/1", site="a.example")
    two = page("b", [("navigation", "Opening hours")], url="http://a.example/2", site="a.example")
    assert found(dataset(one, two)) == []


def test_a_line_that_one_copy_has_as_both_contradicts_nothing(page, dataset):
    one = page("a", [("body", "The mill"), ("navigation", "The mill")], url="http://a.example/")
    two = page("b", [("navigation", "The mill")], url="http://a.example/")
    assert found(dataset(one, two)) == []
