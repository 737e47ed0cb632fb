"""Define what an extractor is, and what it returns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from corpus import Page

KIT = "boilerbench"
SAFE_NAME = re.compile(r"\w[\w.@+-]*")
"""What an extractor may be called: a run is a file of its name."""

Outcome = str | None | NDArray[np.bool_]
"""What an extractor returns: text, None if it found nothing, or the kept of ``page.lines()``."""


class NotInstalledError(Exception):
    """Report that a page needs a package that is not installed: it is skipped, no failure."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """Describe an extractor that is known by name, whether or not it can run here."""

    name: str
    package: str
    """Distribution on the index."""
    needs_html: bool
    options: Mapping[str, object]
    """What its output depends on, as it is passed to the call."""
    spec: str
    """What `load` makes a function of: ``module:``, ``entry:``, ``rule:`` or ``model:`` + name.

    After a model's name may stand another colon and a profile.
    """
    version: str | None
    """None if it is not installed."""
    reason: str | None = None
    """Why it cannot run and what to do about it; None if it can."""


def language_of(page: Page) -> str:
    """Get the language of a page without script and region (``pt`` of ``pt-BR``); "" if unknown."""
    return (page.language or "").lower().replace("_", "-").partition("-")[0]


def package_version(package: str) -> str | None:
    """Get the version of an installed distribution, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def kit_version() -> str:
    """Get the version of this kit, ``0+unknown`` where it is not installed as a distribution."""
    return package_version(KIT) or "0+unknown"
