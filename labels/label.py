"""What a line can be, and what that means for scoring."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corpus import DataError


class Role(StrEnum):
    """What scoring makes of a line."""

    BODY = "body"
    OPTIONAL = "optional"
    NOISE = "noise"


class Label(StrEnum):
    """What a line is. The order is part of the stored format: new labels go at the end."""

    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    CAPTION = "caption"
    MIXED = "mixed"
    NAVIGATION = "navigation"
    RECOMMENDATION = "recommendation"
    COMMENT = "comment"
    ADVERT = "advert"
    SOCIAL = "social"
    LEGAL = "legal"
    NOISE = "noise"


LABELS: tuple[Label, ...] = tuple(Label)
"""All labels; a label's position is the code it is stored and computed with."""

ROLES: tuple[Role, ...] = tuple(Role)

NOISE_LABELS: tuple[Label, ...] = LABELS[LABELS.index(Label.NAVIGATION) :]

DESCRIPTIONS: Mapping[Label, str] = MappingProxyType(
    {
        Label.BODY: "the content the page is there for: paragraphs, lists, tables, code, posts",
        Label.TITLE: "the page's own headline and standfirst",
        Label.BYLINE: "author, source, date, place",
        Label.CAPTION: "what belongs to a picture, video or chart of the body",
        Label.MIXED: "one line that holds both body and noise",
        Label.NAVIGATION: "menus, breadcrumbs, skip links, pagination, tags, search",
        Label.RECOMMENDATION: "rankings, related, popular, inline “read also”",
        Label.COMMENT: "readers' comments and their counters",
        Label.ADVERT: "adverts, subscription and newsletter pleas, shop boxes",
        Label.SOCIAL: "share, like, follow, print, font size",
        Label.LEGAL: "copyright, imprint, terms, cookie notices",
        Label.NOISE: "noise whose kind the source does not tell",
    }
)

_DEFAULT: dict[Label, Role] = {
    label: Role.BODY
    if label is Label.BODY
    else Role.NOISE
    if label in NOISE_LABELS
    else Role.OPTIONAL
    for label in LABELS
}

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
    """Codes of a sequence of labels or their names, shape (n,).

    Raises:
        KeyError: if a name is no label.
    """
    known = {label.value: code for code, label in enumerate(LABELS)}
    names = [str(label) for label in np.asarray(labels, dtype=object).ravel()]
    return np.array([known[name] for name in names], np.int8)


def body_labels(profile: str) -> frozenset[Label]:
    """The labels that are body under a profile.

    Raises:
        DataError: if there is no such profile.
    """
    if profile not in PROFILES:
        raise DataError(f"no profile {profile!r}; there are {', '.join(PROFILES)}")
    return frozenset(label for label, role in PROFILES[profile].items() if role is Role.BODY)


def roles(label_codes: NDArray[np.int8], profile: str = "default") -> NDArray[np.int8]:
    """Position in `ROLES` of each line's role under a profile, shape (n,).

    Raises:
        KeyError: if there is no such profile.
    """
    table = np.array([ROLES.index(PROFILES[profile][label]) for label in LABELS], np.int8)
    return table[label_codes]
