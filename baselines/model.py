"""Decide about lines with a fitted model: the probability of body of each line of a page.

A model is a JSON file of weights, which anyone can read. Using one needs numpy alone; fitting one
is in `baselines.training`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from baselines.features import view_features
from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats
from baselines.model_file import stages_from_json, stages_to_json
from baselines.regression import Linear, Multinomial, Stages, Values, logistic
from baselines.second_stage import dom_context, text_context
from baselines.threshold import keep_by_expected_f1, line_sizes
from corpus import DataError, Lines
from corpus.files import parse_json
from labels import LABELS, Label, body_labels

DEFAULT = "default"
"""The profile that counts as body what is labelled so."""

MODELS = Path(__file__).parent / "models"
FORMAT = 4
DIGEST_DIGITS = 16
"""How many digits of a sha256 are kept: of each page a model was fitted to, and of its own file."""

_LIST = re.compile(r"\[[^\[\]{}]*\]")
# Errors of reading a file of something else; the last: huge numbers.
_NO_MODEL = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError)

Decision = tuple[Floats, NDArray[np.bool_]]
"""Probability of body of each line of a page, and whether it is kept, shapes (n,)."""


@dataclass(frozen=True, slots=True)
class View:
    """How a line classifier looks at a page: its features, and those of its second stage."""

    features: Callable[[Batch], Features]
    context: Callable[[Floats, Batch], Features]


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "text": View(partial(view_features, "text"), text_context),
        "html": View(partial(view_features, "html"), dom_context),
    }
)
"""The text of a page, which every page has, and its text and markup together."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages make of one page's n lines; k features, c of context."""

    names: tuple[str, ...]
    inputs: Values
    """Standardised features, shape (n, k)."""
    context: Values
    """Standardised context, shape (n, c)."""
    weights: Linear
    """What both are weighed with, on this page."""
    article: float
    """How likely the page is one of an article."""
    share: float
    """Share of the F1 that can be expected from which lines are kept."""
    other_labels: Multinomial | None
    """What a line is that is not body; None if the model knows body alone."""

    @property
    def values(self) -> Values:
        """Features and context side by side, shape (n, k + c)."""
        return np.hstack([self.inputs, self.context])

    @property
    def probabilities(self) -> Floats:
        """Probability of body of each line, shape (n,)."""
        return logistic(self.weights.log_odds(self.inputs, self.context))

    @property
    def label_probabilities(self) -> Floats:
        """Probability of each label, shape (n, number of labels).

        If the model knows body alone, all else is `Label.NOISE`.
        """
        body = self.probabilities[:, np.newaxis]
        others = np.array([float(label is Label.NOISE) for label in LABELS])
        if self.other_labels is not None:
            others = self.other_labels.probabilities(self.values)
        return np.where(np.array(LABELS) == Label.BODY, body, others * (1 - body))

    def labels(self, kept: NDArray[np.bool_]) -> NDArray[np.int8]:
        """Choose labels, codes of shape (n,): body where kept, else the likeliest of the others."""
        likely = self.label_probabilities
        likely[:, Label.BODY.code] = kept * 2.0  # more than any probability, or none
        codes: NDArray[np.int8] = likely.argmax(axis=1).astype(np.int8)
        return codes


def read_pages(
    view: View, stages: Stages, batch: Batch, features: Features | None = None
) -> list[Reading]:
    """Let both stages read pages that have lines; their features may be computed already."""
    values = stages.values(view.features(batch) if features is None else features, batch)
    pages = [slice(*page) for page in zip(batch.bounds.starts, batch.bounds.ends, strict=True)]
    articles = [stages.article_probability(values[page]) for page in pages]
    odds = [
        stages.first.mixed(article).log_odds(values[page])
        for page, article in zip(pages, articles, strict=True)
    ]
    context = stages.context.of(view.context(logistic(np.concatenate(odds)), batch))
    return [
        Reading(
            names=stages.inputs.names + stages.context.names,
            inputs=values[page],
            context=context[page],
            weights=stages.second.mixed(article),
            article=article,
            share=stages.share,
            other_labels=stages.other_labels,
        )
        for page, article in zip(pages, articles, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
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
            DataError: if there is no such model, or the file is not one.
        """
        path = _path(name)
        try:
            values = parse_json(path.read_bytes())
            if values["format"] != FORMAT:
                raise DataError(f"{path}: made by another version of the kit; train it again")
            return cls(
                name=str(values["name"]),
                version=str(values["version"]),
                text=stages_from_json(values["text"]),
                html=stages_from_json(values["html"]) if values["html"] else None,
                trained_on=frozenset(values["trained_on"]),
            )
        except _NO_MODEL as error:
            raise DataError(f"{path}: not a model ({error!r}); train it again") from None

    def to_json(self) -> str:
        """Write the model file's content; the same weights give the same bytes."""
        values: dict[str, Any] = {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "html": stages_to_json(self.html) if self.html is not None else None,
            "text": stages_to_json(self.text),
            "trained_on": sorted(self.trained_on),
        }
        text = json.dumps(values, indent=1)  # but lists of plain values on one line
        return _LIST.sub(lambda found: " ".join(found[0].split()), text) + "\n"

    def read(self, lines: Lines) -> Reading:
        """Read a page that has lines."""
        return self.read_many([lines])[0]

    def read_many(self, pages: Sequence[Lines]) -> list[Reading]:
        """Read pages that have lines, all with HTML or all without."""
        if pages[0].is_html and self.html is not None:
            return read_pages(VIEWS["html"], self.html, Batch.of(pages))
        return read_pages(VIEWS["text"], self.text, Batch.of(pages))

    def decide(self, lines: Lines, profile: str = DEFAULT) -> Decision:
        """Compute each line's probability of body, and whether it is kept, both of shape (n,)."""
        return self.decide_many([lines], profile)[0]

    def decide_many(self, pages: Sequence[Lines], profile: str = DEFAULT) -> list[Decision]:
        """Decide about several pages, which are read together; it makes no difference to them.

        Under a profile, body is what the profile counts as body.

        Raises:
            DataError: if there is no such profile, or the model does not distinguish its labels.
        """
        wanted = body_labels(profile)
        decisions: list[Decision] = [(np.zeros(0), np.zeros(0, np.bool_))] * len(pages)
        for is_html in (True, False):
            rows = [at for at, page in enumerate(pages) if page.is_html is is_html and len(page)]
            readings = self.read_many([pages[row] for row in rows]) if rows else []
            for row, reading in zip(rows, readings, strict=True):
                decisions[row] = self._decide(reading, pages[row], wanted, profile)
        return decisions

    def label(self, lines: Lines) -> NDArray[np.int8]:
        """Find the likeliest label of each line, codes of shape (n,); what is kept is body."""
        return self.classify(lines)[2]

    def classify(
        self, lines: Lines, profile: str = DEFAULT
    ) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int8]]:
        """Return what `decide` and `label` do, from one reading of the page."""
        wanted = body_labels(profile)
        if not len(lines):
            return np.zeros(0), np.zeros(0, np.bool_), np.zeros(0, np.int8)
        reading = self.read(lines)
        _, body = self._decide(reading, lines, body_labels(DEFAULT), DEFAULT)
        return *self._decide(reading, lines, wanted, profile), reading.labels(body)

    def _decide(
        self, reading: Reading, lines: Lines, wanted: frozenset[Label], profile: str
    ) -> Decision:
        """Keep the lines that are likely to have one of the wanted labels."""
        probabilities = reading.probabilities
        if wanted != {Label.BODY}:
            known = reading.other_labels.labels if reading.other_labels is not None else ()
            if unknown := sorted(wanted.difference(known, [Label.BODY])):
                raise DataError(
                    f"profile {profile!r}: {self.name} does not distinguish {', '.join(unknown)} "
                    "from other noise; train it on pages whose labels do"
                )
            columns = [label.code for label in wanted]
            probabilities = reading.label_probabilities[:, columns].sum(axis=1)
        sizes = line_sizes(lines.chars)
        return probabilities, keep_by_expected_f1(probabilities, sizes, reading.share)


def shipped_models() -> list[str]:
    """List the models that come with the kit."""
    return sorted(path.stem for path in MODELS.glob("*.json"))


def model_version(name: str) -> str:
    """Read the version of a shipped model."""
    return Model.load(name).version


def model_fingerprint(name: str | Path) -> str:
    """Digest a model's file: other weights, another fingerprint."""
    return hashlib.sha256(_path(name).read_bytes()).hexdigest()[:DIGEST_DIGITS]


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
