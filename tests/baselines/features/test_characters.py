import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baselines.features.characters import (
    COMMA,
    DIGIT,
    KINDS,
    LETTER,
    MARK,
    QUOTE,
    SPACE,
    STOP,
    WIDE,
    count_characters,
    count_signs,
    shapes,
)
from baselines.features.columns import Bounds

NAMES = ("letter", "wide", "digit", "space", "stop", "comma", "quote", "mark")


def shapes_of(lines, *lengths):
    """Shapes of the lines of pages of so many lines."""
    bounds = Bounds.of(lengths or [len(lines)])
    return shapes(count_characters(lines, bounds), bounds).tolist()


def signs_of(lines, groups):
    return count_signs(count_characters(lines), groups)


def counts(line):
    """Counts of a line by name, those that are not zero."""
    (row,) = count_characters([line]).counts
    return {name: int(count) for name, count in zip(NAMES, row, strict=True) if count}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hello, World!", {"letter": 10, "comma": 1, "space": 1, "stop": 1}),
        ("Straße 12", {"letter": 6, "space": 1, "digit": 2}),
        ("오늘 날씨는 3도, 맑음.", {"wide": 8, "space": 3, "digit": 1, "comma": 1, "stop": 1}),
        ("砂戸川の渡し船、終わる。", {"wide": 10, "comma": 1, "stop": 1}),
        ("谁在坐夜车？「我」", {"wide": 6, "stop": 1, "quote": 2}),
        ("カナ・カナ", {"wide": 4, "comma": 1}),
        ("الحافلة، الليلية؟", {"letter": 14, "comma": 1, "space": 1, "stop": 1}),
        ("٢٠٢٥", {"digit": 4}),
        ("Ночь и день.", {"letter": 9, "space": 2, "stop": 1}),
        ("यह है।", {"letter": 4, "space": 1, "stop": 1}),  # a vowel sign is of its letter
        ("“Nine” – ‘ten’", {"quote": 4, "letter": 7, "space": 2, "mark": 1}),
        ("=== * ===", {"mark": 7, "space": 2}),
        ("😀𠀀", {"mark": 1, "wide": 1}),  # beyond the basic plane
        ("a", {"letter": 1}),
    ],
)
def test_characters_are_counted_by_kind_in_any_script(line, expected):
    assert counts(line) == expected


@pytest.mark.parametrize(
    ("line", "stops", "commas"),
    [
        ("It costs 3.5 or 1,200 at example.org", 0, 0),
        ("At 10:30 it ended. Then: nothing, really.", 2, 2),
        ("End.Start", 0, 0),
        ("끝났다。다음", 1, 0),  # signs of wide scripts need no blank after them
        ("零点，以后。谁", 1, 1),
        ("Wait... what?!", 5, 0),
        ("To be continued…", 0, 0),  # as headlines are
    ],
)
def test_signs_inside_numbers_and_names_end_and_divide_nothing(line, stops, commas):
    (row,) = count_characters([line]).counts
    assert (row[STOP], row[COMMA]) == (stops, commas)


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("house", 1),  # five letters
        ("houses and a boat", 2.8),  # 14 letters
        ("오늘", 1),  # two characters
        ("砂戸川 kids", 2.3),  # 3 / 2 + 4 / 5
        ("12:30 !?", 0),
    ],
)
def test_units_are_alike_between_scripts(line, units):
    assert count_characters([line]).units.tolist() == pytest.approx([units])


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("One.", LETTER, STOP),
        ("1. One", DIGIT, LETTER),
        ("“One.”", QUOTE, STOP),
        ("(One.)", MARK, STOP),
        ("「終わる。」", QUOTE, STOP),
        ("글,", WIDE, COMMA),
        ("·", MARK, MARK),
        ("”", QUOTE, QUOTE),
        (")", MARK, MARK),
        ("One…", LETTER, MARK),
    ],
)
def test_the_kinds_of_the_first_and_the_last_character(line, first, last):
    found = count_characters(["before", line, "after"])
    assert (found.first[1], found.last[1]) == (first, last)


@pytest.mark.parametrize("line", ["(He said “one.”)", "「『終わる。』」"])
def test_all_closing_signs_are_passed_over(line):
    assert count_characters([line]).last.tolist() == [STOP]


def test_no_lines_have_no_counts():
    found = count_characters([])
    assert found.counts.shape == (0, KINDS)
    for column in (found.units, found.first, found.last, found.exact, found.skeleton):
        assert column.shape == (0,)


def test_equal_lines_have_equal_numbers():
    lines = ["More", "more", "Mor", "More", "eroM", "한글", "글한"]
    assert count_characters(lines).exact.tolist() == [0, 1, 2, 0, 3, 4, 5]


def test_skeletons_are_alike_but_for_digits_and_white_space():
    lines = ["1. News", "2. News", "2 .News", "12. News", "1. Views", "٣. News"]
    skeleton = count_characters(lines).skeleton.tolist()
    assert skeleton[0] == skeleton[1] == skeleton[2] == skeleton[5]
    assert len(set(skeleton)) == 3


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Read 3 comments (new)", "By 7 people (old)", True),
        ("Read 3 comments", "By 17 people", False),  # a digit more
        ("Read 3 comments (new)", "Read 3 comments [new]", False),
        ("한 줄 3 (가나)", "Line 3 (new)", True),
        ("हिन्दी में 3", "ไทย 3", True),  # vowel signs are of their letters
        ("٣ of", "3 von", True),
        ("ab", "a b", True),
        ("a1", "1a", False),
        ("…more", "more…", False),
        ("😀 a", "😀 b", True),
        ("𠀀3", "a3", True),
    ],
)
def test_lines_of_one_shape_differ_in_their_letters_alone(one, other, alike):
    first, second = shapes_of([one, other])
    assert (first == second) is alike


def test_shapes_of_different_pages_are_apart():
    assert shapes_of(["a", "b", "c", "!", "d"], 2, 3) == [0, 0, 1, 2, 1]
    assert shapes_of([]) == []


def test_signs_are_counted_by_group():
    lines = ["[a] ⓒ @x @y", "none", "😀", "<b>"]
    expected = [[2, 1, 2], [0, 0, 0], [0, 0, 0], [2, 0, 0]]
    assert signs_of(lines, ("[]<>", "©ⓒ", "@")).tolist() == expected
    assert signs_of([], ("@",)).shape == (0, 1)


LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), max_size=8
)


@settings(max_examples=50, deadline=None)
@given(LINES)
def test_every_character_is_counted_once(lines):
    found = count_characters(lines)
    assert found.counts.sum(axis=1).tolist() == list(map(len, lines))
    assert np.all(found.units >= 0)


@settings(max_examples=50, deadline=None)
@given(LINES)
def test_lines_are_counted_apart(lines):
    together = count_characters(lines)
    for row, line in enumerate(lines):
        alone = count_characters([line])
        np.testing.assert_array_equal(alone.counts[0], together.counts[row])
        for column in ("first", "last"):
            assert getattr(alone, column)[0] == getattr(together, column)[row]


@settings(max_examples=50, deadline=None)
@given(LINES.filter(bool), LINES.filter(bool))
def test_shapes_and_signs_of_pages_together_are_those_of_each_alone(left, right):
    together = shapes_of([*left, *right], len(left), len(right))
    assert together[: len(left)] == shapes_of(left)
    assert [number - together[len(left)] for number in together[len(left) :]] == shapes_of(right)
    groups = ("[]<>", "\0!")
    np.testing.assert_array_equal(
        signs_of([*left, *right], groups),
        np.concatenate([signs_of(left, groups), signs_of(right, groups)]),
    )


def test_kinds_are_as_many_as_counts():
    assert sorted([LETTER, WIDE, DIGIT, SPACE, STOP, COMMA, QUOTE, MARK]) == list(range(KINDS))
