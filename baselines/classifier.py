"""The line classifiers: a page's lines in, the probability of body of each out.

A model is a JSON file of weights, one a feature, which anyone can read. Using one needs numpy
alone; fitting one is in `baselines.train`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from baselines.columns import Floats
from baselines.context import dom_context, text_context
from baselines.features import Features, dom_features, text_features
from corpus import DataError, Lines, Page

MODELS = Path(__file__).parent / "models"
FORMAT = 1
TRAINED_ON_DIGITS = 16
"""How many digits of a page's sha256 a model keeps of the pages it was fitted to."""

CLIP = 4.0
"""Standardised features are clipped to plus and minus this: pages have extreme values."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over standardised, clipped features; k of them."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    intercept: float

    def probabilities(self, features: Features) -> Floats:
        """Probability of body of each line, shape (n,).

        Raises:
            DataError: if these are not the features that it was fitted to.
        """
        if features.names != self.names:
            raise DataError("the model was fitted to other features; train it again")
        values = standardise(features.values, np.array(self.mean), np.array(self.scale))
        logits = values @ np.array(self.weight) + self.intercept
        result: Floats = 1 / (1 + np.exp(-logits))
        return result


def standardise(values: NDArray[np.float32], mean: Floats, scale: Floats) -> NDArray[np.float32]:
    """Subtract the mean, divide by the scale, clip; shapes (n, k), (k,), (k,)."""
    result: NDArray[np.float32] = np.clip(
        (values - mean.astype(np.float32)) / scale.astype(np.float32), -CLIP, CLIP
    )
    return result


@dataclass(frozen=True, slots=True)
class View:
    """How a line classifier looks at a page: its features, and those of its second stage."""

    features: Callable[[Lines], Features]
    context: Callable[[Floats, Lines], Features]


VIEWS: Mapping[str, View] = MappingProxyType(
    {"text": View(text_features, text_context), "html": View(dom_features, dom_context)}
)
"""What text tells, which every page has, and what text and markup tell together."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Two regressions: the second sees what the first thinks of the lines around."""

    first: Weights
    second: Weights
    threshold: float
    """A line is kept if its probability of body is at least this."""

    def probabilities(self, view: View, lines: Lines) -> Floats:
        """Probability of body of each line, shape (n,)."""
        if not len(lines):
            return np.zeros(0)
        features = view.features(lines)
        context = view.context(self.first.probabilities(features), lines)
        return self.second.probabilities(features.beside(context))


@dataclass(frozen=True, slots=True)
class LineClassifier:
    """Weights for text alone, and better ones for pages that have HTML."""

    name: str
    version: str
    text: Stages
    html: Stages | None = None
    trained_on: frozenset[str] = frozenset()
    """First digits of the sha256 of each page it was fitted to."""

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """Load a shipped model by name, or one that was trained here by its file or folder.

        Raises:
            DataError: if there is no such model, or the file is none.
        """
        path = _path(name)
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values["format"] != FORMAT:
                raise DataError(f"{path}: made by another version of the kit; train it again")
            return cls(
                name=values["name"],
                version=values["version"],
                text=_stages(values["text"]),
                html=_stages(values["html"]) if values["html"] else None,
                trained_on=frozenset(values["trained_on"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"{path}: not a model ({error!r}); train it again") from None

    def to_json(self) -> str:
        """The model file's content; the same weights give the same bytes."""
        values: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        values["trained_on"] = sorted(self.trained_on)
        return json.dumps(values, indent=1) + "\n"

    def decide(self, lines: Lines) -> tuple[Floats, NDArray[np.bool_]]:
        """Probability of body of each line, and whether it is kept, both of shape (n,)."""
        if lines.is_html and self.html is not None:
            stages, view = self.html, VIEWS["html"]
        else:
            stages, view = self.text, VIEWS["text"]
        probabilities = stages.probabilities(view, lines)
        return probabilities, probabilities >= stages.threshold

    def keep(self, page: Page) -> NDArray[np.bool_]:
        """Which lines of a page are kept, shape (n,)."""
        return self.decide(page.lines())[1]


def shipped_models() -> list[str]:
    """Names of the models that come with the kit."""
    return sorted(path.stem for path in MODELS.glob("*.json"))


def model_version(name: str) -> str:
    """Version of a shipped model."""
    return LineClassifier.load(name).version


def _path(name: str | Path) -> Path:
    if name in shipped_models():
        return MODELS / f"{name}.json"
    path = Path(name)
    if path.is_dir() and len(found := sorted(path.glob("*.json"))) == 1:
        return found[0]
    if not path.is_file():
        shipped = ", ".join(shipped_models()) or "none"
        raise DataError(f"no model {str(name)!r}; shipped are {shipped}, or give a model's file")
    return path


def _stages(values: dict[str, Any]) -> Stages:
    first, second = _weights(values["first"]), _weights(values["second"])
    threshold = float(values["threshold"])
    if not 0 <= threshold <= 1:
        raise ValueError("a threshold is a probability")
    return Stages(first, second, threshold)


def _weights(values: dict[str, Any]) -> Weights:
    names = tuple(map(str, values["names"]))
    mean, scale, weight = (
        tuple(map(float, values[column])) for column in ("mean", "scale", "weight")
    )
    intercept = float(values["intercept"])
    if not len(names) == len(mean) == len(scale) == len(weight):
        raise ValueError("the columns of the weights differ in length")
    if not np.isfinite([*mean, *scale, *weight, intercept]).all() or 0.0 in scale:
        raise ValueError("weights must be finite, and scales not zero")
    return Weights(names, mean, scale, weight, intercept)
