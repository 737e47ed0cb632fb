"""Define the labels of lines, and what they mean for scoring, in one table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corpus import DataError


class Role(StrEnum):
    """What scoring makes of a line."""

    BODY = "body"
    OPTIONAL = "optional"
    NOISE = "noise"


ROLES: tuple[Role, ...] = tuple(Role)

_BODY, _OPTIONAL, _NOISE = ROLES


class Label(StrEnum):
    """What a line is. One row a label: name, role, key, colour in light and in dark, meaning.

    Nothing depends on the order of the rows but the codes that arrays hold, and datasets store the
    names beside the codes.
    """

    # fmt: off
    BODY = "body", _BODY, "b", "#0b7a53", "#4cc79a", "the content the page is there for: paragraphs, lists, tables, code, posts"  # noqa: E501
    TITLE = "title", _OPTIONAL, "t", "#4338ca", "#a5a0ff", "the page's own headline and standfirst"
    BYLINE = "byline", _OPTIONAL, "y", "#7a3bd1", "#c79dff", "author, source, date, place"
    CAPTION = "caption", _OPTIONAL, "c", "#0a6aa8", "#69bdf2", "what belongs to a picture, video or chart of the body"  # noqa: E501
    MIXED = "mixed", _OPTIONAL, "m", "#8a6100", "#e0b84a", "one line that holds both body and noise"
    NAVIGATION = "navigation", _NOISE, "n", "#586377", "#a3aec2", "menus, breadcrumbs, skip links, pagination, tags, search"  # noqa: E501
    RECOMMENDATION = "recommendation", _NOISE, "r", "#b8500c", "#f39a5c", "rankings, related, popular, inline “read also”"  # noqa: E501
    COMMENT = "comment", _NOISE, "o", "#b01e68", "#f58bbd", "readers' comments and their counters"
    ADVERT = "advert", _NOISE, "a", "#c22a2a", "#ff8f86", "adverts, subscription and newsletter pleas, shop boxes"  # noqa: E501
    SOCIAL = "social", _NOISE, "s", "#0b7285", "#5fcadd", "share, like, follow, print, font size"
    LEGAL = "legal", _NOISE, "l", "#6d6258", "#c3b6a8", "copyright, imprint, terms, cookie notices"
    NOISE = "noise", _NOISE, "x", "#5f6368", "#a9adb3", "noise whose kind the source does not state"
    # fmt: on

    role: Role
    """Under the default profile."""
    key: str
    """What is pressed for it; drafts store it, so a key is never given to another label."""
    colour: str
    """On a light ground, ``#rrggbb``."""
    colour_in_dark: str
    meaning: str

    def __new__(cls, name: str, *row: Any) -> Self:  # noqa: D102
        label = str.__new__(cls, name)
        label._value_ = name
        label.role, label.key, label.colour, label.colour_in_dark, label.meaning = row
        return label

    @property
    def code(self) -> int:
        """The number that arrays hold for it: its position in the table."""
        return LABELS.index(self)


LABELS: tuple[Label, ...] = tuple(Label)
"""All labels; a label's position is its code."""

NOISE_LABELS: tuple[Label, ...] = tuple(label for label in LABELS if label.role is Role.NOISE)

_DEFAULT: dict[Label, Role] = {label: label.role for label in LABELS}

PROFILES: Mapping[str, Mapping[Label, Role]] = MappingProxyType(
    {
        "default": _DEFAULT,
        "strict": _DEFAULT | dict.fromkeys((Label.TITLE, Label.BYLINE, Label.CAPTION), Role.NOISE),
        "with-title": _DEFAULT | {Label.TITLE: Role.BODY},
        "with-captions": _DEFAULT | {Label.CAPTION: Role.BODY},
        "with-comments": _DEFAULT | {Label.COMMENT: Role.BODY},
    }
)
"""Conventions a run can be scored under: what role each label has."""


def codes(labels: ArrayLike) -> NDArray[np.int8]:
    """Turn a sequence of labels or their names into codes, shape (n,).

    Raises:
        KeyError: if a name is no label.
    """
    known = {label.value: code for code, label in enumerate(LABELS)}
    names = [str(label) for label in np.asarray(labels, dtype=object).ravel()]
    return np.array([known[name] for name in names], np.int8)


def body_labels(profile: str) -> frozenset[Label]:
    """List the labels that are body under a profile.

    Raises:
        DataError: if there is no such profile.
    """
    if profile not in PROFILES:
        raise DataError(f"no profile {profile!r}; there are {', '.join(PROFILES)}")
    return frozenset(label for label, role in PROFILES[profile].items() if role is Role.BODY)


def roles(label_codes: NDArray[np.int8], profile: str = "default") -> NDArray[np.int8]:
    """Find each line's role under a profile, as positions in `ROLES`, shape (n,).

    Raises:
        KeyError: if there is no such profile.
    """
    table = np.array([ROLES.index(PROFILES[profile][label]) for label in LABELS], np.int8)
    return table[label_codes]


def has_role(
    label_codes: NDArray[np.int8], role: Role, profile: str = "default"
) -> NDArray[np.bool_]:
    """Whether each line's label has a role under a profile, shape (n,).

    Raises:
        KeyError: if there is no such profile.
    """
    mask: NDArray[np.bool_] = roles(label_codes, profile) == ROLES.index(role)
    return mask
