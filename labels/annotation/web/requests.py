"""Read requests: values of JSON that are refused unless they are what they must be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request

from corpus import DataError
from corpus.files import parse_json
from labels.annotation.drafts.draft import Draft
from labels.annotation.web.page_queue import Order
from labels.label import Label

Values = Mapping[str, Any]

LARGEST_BODY = 1 << 20
"""Bytes of a request's body; a change of each of 3,000 lines takes a sixtieth."""
_LONGEST = 100  # characters of a version or a name


async def read_values(request: Request) -> Values:
    """Read the object that a request holds.

    Raises:
        HTTPException: if it is too long; it is not read to its end.
        DataError: if it holds something else.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, f"a request holds no more than {LARGEST_BODY:,} bytes")
    try:
        values = parse_json(body)
    except ValueError as error:
        raise DataError(f"the request is not JSON ({error})") from None
    if not isinstance(values, dict):
        raise DataError("the request is not an object; send one")
    return values


def step(values: Values) -> Callable[[Draft], Draft]:
    """Read the change of a draft that is requested."""
    kind = _one_of(values.get("kind"), ("label", "confirm", "undo", "redo"), "operation")
    if kind in {"undo", "redo"}:
        return Draft.undo if kind == "undo" else Draft.redo
    changed = lines(values)
    if not changed:
        raise DataError("no line is named; name one or more")
    if kind == "confirm":
        return lambda draft: draft.confirm(changed)
    if (named := label(values)) is None:
        raise DataError("no label is named; name one")
    return lambda draft: draft.label(changed, named.code)


def order(name: str) -> Order:
    """Read an order of the queue."""
    return cast("Order", _one_of(name, get_args(Order), "order"))


def text(values: Values, name: str) -> str:
    """Read a short text that must be there."""
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise DataError(f"{name!r} must be a text of 1 to {_LONGEST} characters")
    return value


def optional(values: Values, name: str) -> str | None:
    """Read a short text that may be absent."""
    return None if values.get(name) is None else text(values, name)


def lines(values: Values) -> list[int]:
    """Read numbers of lines, from 0."""
    value = values.get("lines")
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise DataError("'lines' must be a list of numbers of lines, from 0")
    return value


def label(values: Values) -> Label | None:
    """Read the label that is named, if one is."""
    name = optional(values, "label")
    try:
        return None if name is None else Label(name)
    except ValueError:
        raise DataError(f"unknown label {name!r}; use one of {', '.join(Label)}") from None


def _one_of(name: Any, names: Sequence[str], what: str) -> str:
    if name not in names:
        raise DataError(f"no {what} {name!r}; use one of {', '.join(names)}")
    return str(name)
