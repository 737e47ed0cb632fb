"""What is put together of two pages is what the splitter reads of the markup of both."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Containers, Lines, split_html
from corpus.graft import Place, graft, only_lines, subtree_end

DONOR = "<div><ul class=r id=s><li>four</li><li><a href=1>five</a></li></ul></div>"
PART = DONOR.removeprefix("<div>").removesuffix("</div>")


def assert_same(one: Lines, two: Lines):
    for field in fields(Lines):
        if field.name not in {"containers", "declared"}:
            np.testing.assert_array_equal(
                getattr(one, field.name), getattr(two, field.name), field.name
            )
    for field in fields(Containers):
        found, wanted = getattr(one.containers, field.name), getattr(two.containers, field.name)
        if field.name == "signature":  # numbers of their own, alike where these are
            found, wanted = (np.unique(v, return_inverse=True)[1] for v in (found, wanted))
            found, wanted = (_by_first(v) for v in (found, wanted))
        np.testing.assert_array_equal(found, wanted, field.name)


def _by_first(values):
    order = {value: at for at, value in enumerate(dict.fromkeys(values.tolist()))}
    return [order[value] for value in values.tolist()]


def row_of(lines, name):
    return next(at for at, names in enumerate(lines.containers.names) if name in names.split())


def page(before="", first="", last="", after=""):
    return (
        f"<body><div class=top>one</div><article class=outer>{before}<section class=at>{first}"
        f"<p>two</p>{last}</section>{after}</article><footer>three</footer>"
    )


@pytest.mark.parametrize("place", Place)
def test_a_part_stands_where_its_markup_would(place):
    lines, donor = split_html(page()), split_html(DONOR)
    found, new = graft(lines, row_of(lines, "at"), place, donor, row_of(donor, "r"))
    assert_same(found, split_html(page(**{place: PART})))
    assert found.texts[new] == ["four", "five"]


def test_a_part_goes_into_the_outermost_element():
    lines, donor = split_html(page()), split_html(DONOR)
    found, new = graft(lines, 0, Place.FIRST, donor, row_of(donor, "r"))
    assert found.texts == ["four", "five", "one", "two", "three"]
    assert new == slice(0, 2)
    assert found.containers.start[0] == 0
    assert found.containers.end[0] == 5


def test_a_part_leaves_both_pages_as_they_are():
    lines, donor = split_html(page()), split_html(DONOR)
    graft(lines, 2, Place.AFTER, donor, 1)
    assert_same(lines, split_html(page()))
    assert_same(donor, split_html(DONOR))


def test_a_part_is_no_longer_in_the_main_element_of_its_page():
    lines, donor = split_html(page()), split_html(f"<main>{PART}</main>")
    found, _ = graft(lines, row_of(lines, "at"), Place.LAST, donor, row_of(donor, "r"))
    assert_same(found, split_html(page(last=PART)))


# Trees of blocks, each with a letter for a line before its children, or none.
TREES = st.recursive(
    st.tuples(st.sampled_from(["div", "p", "ul", "aside"]), st.booleans()).map(lambda t: (*t, [])),
    lambda children: st.tuples(
        st.sampled_from(["div", "section", "nav"]), st.booleans(), st.lists(children, max_size=3)
    ),
    max_leaves=8,
)


def written(tree, counter):
    tag, has_line, children = tree
    text = f"line {next(counter)}" if has_line else ""
    inner = "".join(written(child, counter) for child in children)
    return f"<{tag} class=c{next(counter)}>{text}{inner}</{tag}>"


@given(st.lists(TREES, min_size=1, max_size=3), TREES, st.data())
def test_any_part_stands_anywhere_as_its_markup_would(trees, part, data):
    counter = iter(range(1000))
    blocks = [written(tree, counter) for tree in trees]
    markup = written(part, iter(range(1000, 2000)))
    at = data.draw(st.integers(0, len(blocks) - 1))
    place = data.draw(st.sampled_from([Place.BEFORE, Place.AFTER]))
    lines, donor = split_html(f"<body><i>k</i>{''.join(blocks)}"), split_html(f"<i>k</i>{markup}")
    first = lines.containers.names.index(_name(blocks[at]))
    root = donor.containers.names.index(_name(markup))
    found, _ = graft(lines, first, place, donor, root)
    put = at + (place is Place.AFTER)
    wanted = split_html(f"<body><i>k</i>{''.join([*blocks[:put], markup, *blocks[put:]])}")
    assert_same(found, wanted)


def _name(markup):
    return markup.split("class=")[1].split(">")[0] + " "


def test_lines_that_are_taken_out_leave_no_empty_elements():
    lines = split_html(page(after=PART))
    found = only_lines(lines, np.array([True, False, False, True, True]))
    assert_same(
        found,
        split_html(
            "<body><div class=top>one</div><article class=outer><ul class=r id=s>"
            "<li><a href=1>five</a></li></ul></article><footer>three</footer>"
        ),
    )


def test_elements_that_were_empty_before_stay():
    html = "<div class=a></div><p class=b>one</p><p class=c>two</p>"
    found = only_lines(split_html(html), np.array([True, False]))
    assert_same(found, split_html("<div class=a></div><p class=b>one</p>"))


def test_a_subtree_ends_where_the_next_element_is_no_deeper():
    containers = split_html("<div><p>one</p><p>two</p></div><p>three</p>").containers
    depth = containers.depth.tolist()
    ends = [subtree_end(containers, row) for row in range(len(containers))]
    for row, end in enumerate(ends):
        assert all(deeper > depth[row] for deeper in depth[row + 1 : end])
        assert end == len(depth) or depth[end] <= depth[row]
