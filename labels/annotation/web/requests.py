"""What requests ask for: values of JSON that are refused unless they are what they must be."""

import json
from collections.abc import Mapping
from typing import Any, cast, get_args

from starlette.requests import Request

from corpus import DataError
from labels.annotation.drafts.store import Kind, Operation
from labels.annotation.web.page_queue import Order
from labels.label import Label

Values = Mapping[str, Any]

_LONGEST = 100  # characters of a version or a name


async def values_of(request: Request) -> Values:
    """The object that a request holds.

    Raises:
        DataError: if it holds something else.
    """
    try:
        values = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise DataError(f"the request is not JSON ({error})") from None
    if not isinstance(values, dict):
        raise DataError("the request is not an object; send one")
    return values


def operation(values: Values) -> Operation:
    """A change of a draft."""
    kind = values.get("kind")
    if kind not in get_args(Kind):
        raise DataError(f"no operation {kind!r}; use one of {', '.join(get_args(Kind))}")
    return Operation(
        kind=cast("Kind", kind),
        version=text(values, "version"),
        name=text(values, "name"),
        lines=numbers(values, "lines") if "lines" in values else (),
        label=label(values),
    )


def order(name: str) -> Order:
    """An order of the queue."""
    if name not in get_args(Order):
        raise DataError(f"no order {name!r}; use one of {', '.join(get_args(Order))}")
    return cast("Order", name)


def text(values: Values, name: str) -> str:
    """A short text that must be there."""
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise DataError(f"{name!r} must be a text of 1 to {_LONGEST} characters")
    return value


def optional(values: Values, name: str) -> str | None:
    """A short text that may be absent."""
    return None if values.get(name) is None else text(values, name)


def numbers(values: Values, name: str) -> list[int]:
    """Numbers of lines, from 0."""
    value = values.get(name)
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise DataError(f"{name!r} must be a list of numbers of lines, from 0")
    return value


def label(values: Values) -> Label | None:
    """The label that is named, if one is."""
    name = optional(values, "label")
    try:
        return None if name is None else Label(name)
    except ValueError:
        raise DataError(f"unknown label {name!r}; use one of {', '.join(Label)}") from None
