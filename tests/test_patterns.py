"""No pattern repeats without end what repeats without end: its time could grow without measure."""

import re
from importlib import import_module
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

import pytest

ROOT = Path(__file__).parent.parent
NAMES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("corpus", "labels", "baselines", "bench")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.name not in {"__init__.py", "__main__.py"}
]
LOOPS = {ops.MAX_REPEAT, ops.MIN_REPEAT}  # a possessive repeat never goes back


def nested_loops(items, *, inside=False):
    """The loops without end that stand inside another, of a pattern's parts."""
    for op, value in items:
        if op in LOOPS:
            _, most, part = value
            endless = most is ops.MAXREPEAT
            if endless and inside:
                yield part
            yield from nested_loops(part, inside=inside or endless)
        elif op is ops.SUBPATTERN:
            yield from nested_loops(value[-1], inside=inside)
        elif op is ops.BRANCH:
            for part in value[1]:
                yield from nested_loops(part, inside=inside)
        elif op in {ops.ASSERT, ops.ASSERT_NOT}:
            yield from nested_loops(value[1], inside=inside)
        elif op in {ops.ATOMIC_GROUP, ops.POSSESSIVE_REPEAT}:
            yield from nested_loops(value if op is ops.ATOMIC_GROUP else value[-1])


def patterns(name):
    for attribute, value in vars(import_module(name)).items():
        values = value.values() if isinstance(value, dict) else [value]
        for number, pattern in enumerate(values):
            if isinstance(pattern, re.Pattern):
                yield f"{attribute}[{number}]", pattern


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        (r"(?:a+)+", 1), (r"\s*(?:<!--.*?-->\s*)*x", 2), (r"(a*|b)*", 1), (r"(?:ab)*c*", 0),
        (r"(?:a{0,9})*", 0), (r"(?:a++b)*", 0), (r"(?:a+b)*+", 0), (r"(?>(?:a+b)*)", 1),
    ],
)  # fmt: skip
def test_loops_in_loops_are_found(pattern, count):
    assert len(list(nested_loops(_parser.parse(pattern)))) == count


@pytest.mark.parametrize("name", NAMES)
def test_no_pattern_of_a_module_has_a_loop_in_a_loop(name):
    for place, pattern in patterns(name):
        parsed = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        assert not list(nested_loops(parsed)), f"{name}.{place}: {pattern.pattern!r}"
