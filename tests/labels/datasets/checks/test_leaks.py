from labels.datasets.checks.duplicates import find_duplicates, read_summaries
from labels.datasets.checks.leaks import find_leaks


def sentences(word):
    """Six lines of eight words, all of them different."""
    return [
        ("body", " ".join(f"{word}{8 * row + column}" for column in range(8))) for row in range(6)
    ]


BODY, OTHER = sentences("word"), sentences("other")
NAV = [("navigation", f"Menu item number {number}") for number in range(20)]


def found(dataset, *fields):
    duplicates = find_duplicates(lambda: read_summaries(dataset))
    return [
        (str(f.kind), f.pages, *(getattr(f, name) for name in fields))
        for f in find_leaks(duplicates)
    ]


def test_a_page_in_two_splits_leaks_and_one_twice_in_a_split_is_a_duplicate(page, dataset):
    small = dataset(
        page("a", BODY, split="test"), page("b", BODY, split="dev"), page("c", BODY, split="dev")
    )
    assert found(small, "detail") == [
        ("leak-identical", ("a", "b", "c"), "the same bytes (2 in dev, 1 in test)"),
        ("duplicate-identical", ("b", "c"), "the same bytes"),
    ]


def test_pages_with_the_same_lines_are_the_same_whatever_their_bytes(page, dataset):
    small = dataset(page("a", BODY, html="<p>1"), page("b", BODY, html="<p>2"), page("c", OTHER))
    assert found(small, "detail") == [("duplicate-identical", ("a", "b"), "the same lines")]


def test_bodies_are_nearly_the_same_from_eight_tenths_of_their_shingles_on(page, dataset):
    words = [f"word{number}" for number in range(40)]  # 36 shingles
    more = [f"more{number}" for number in range(10)]
    bodies = {"a": words, "b": words + more[:9], "c": words + more}  # b: 45, c: 46
    small = dataset(*(page(name, [("body", " ".join(body))]) for name, body in bodies.items()))
    near = find_duplicates(lambda: read_summaries(small)).near
    assert near == {("a", "b"): 36 / 45, ("b", "c"): 45 / 46}  # not a and c: 36 / 46


def test_short_texts_are_not_the_same_page_but_the_same_html_is(page, dataset):
    rows = [("body", "Page not found")]
    assert found(dataset(page("a", rows), page("b", rows))) == []
    shells = dataset(page("a", rows, html="<p>x"), page("b", rows, html="<p>x"), folder="shells")
    assert found(shells) == [("duplicate-identical", ("a", "b"))]


def test_nearly_the_same_body_leaks_and_nearly_the_same_boilerplate_does_not(page, dataset):
    changed = [*BODY[:-1], ("body", f"{BODY[-1][1]} Updated.")]
    small = dataset(
        page("a", [*NAV, *BODY], split="dev"),
        page("b", [*changed, *NAV[:1]], split="test"),
        page("c", [*NAV, *OTHER], split="test"),
    )
    # 48 words are 44 shingles; one word more is one more.
    assert found(small, "share", "detail") == [
        (
            "leak-near-identical",
            ("a", "b"),
            0.9778,
            "98 % of the bodies' runs of 5 words are the same (1 in dev, 1 in test)",
        )
    ]


def test_bodies_with_less_than_four_fifths_in_common_are_different(page, dataset):
    assert found(dataset(page("a", BODY), page("b", BODY[:5]))) == [
        ("duplicate-near-identical", ("a", "b"))
    ]  # 36 of 44 shingles
    assert found(dataset(page("a", BODY), page("b", BODY[:4]), folder="four")) == []  # 28 of 44


def test_an_address_in_two_splits_leaks_however_it_is_written(page, dataset):
    small = dataset(
        page("a", url="https://www.a.example/b/?utm_source=x", split="dev"),
        page("b", url="http://a.example/b#c", split="test"),
        page("c", url="http://a.example/b?page=2", split="test"),
        page("d", url="http://d.example/", split="test"),
        page("e", url="https://d.example", split="test"),
    )
    assert found(small, "about", "detail") == [
        ("leak-url", ("a", "b"), "a.example/b", "a.example/b (1 in dev, 1 in test)"),
        ("duplicate-url", ("d", "e"), "d.example", "d.example"),
    ]


def test_a_site_in_two_splits_leaks_and_several_pages_of_one_in_a_split_are_fine(page, dataset):
    small = dataset(
        page("a", site="a.example", split="dev"),
        page("b", site="a.example"),  # a page without a split is in one of its own
        page("c", site="c.example", split="dev"),
        page("d", site="c.example", split="dev"),
    )
    assert found(small, "about", "detail") == [
        ("leak-site", ("a", "b"), "a.example", "a.example (1 in dev, 1 in none)")
    ]


def test_sites_that_importers_make_up_are_nobodys(page, dataset):
    digest = "0123456789abcdef"
    small = dataset(
        page("a", site=f"text-{digest}", split="dev"),
        page("b", site=f"text-{digest}", split="test"),
        page("c", site="text-tools.example", split="dev"),
        page("d", site="text-tools.example", split="test"),
    )
    assert found(small) == [("leak-site", ("c", "d"))]


def test_the_known_leak_of_a_public_dataset_is_found(page, dataset):
    # As in WCXB, at a tenth of its size: of 51 test pages, 14 are also development pages by their
    # address, and 6 more share a site with one.
    def part(split, rows):
        return [
            page(f"{split}-{row:04}", url=f"https://site{row}.example/{path}",
                 site=f"site{row}.example", split=split)
            for row, path in rows
        ]  # fmt: skip

    dev = part("dev", ((row, "a") for row in range(100)))
    test = part("test", [(row, "a" if row < 14 else "b") for row in (*range(20), *range(100, 131))])
    kinds = [kind for kind, _ in found(dataset(*dev, *test))]
    assert (kinds.count("leak-url"), kinds.count("leak-site"), len(kinds)) == (14, 20, 34)
