"""Rules and classifiers that keep or drop each line of a page."""

from typing import TYPE_CHECKING, Any

from baselines.classifier import LineClassifier
from baselines.model import Model, model_fingerprint, model_version, shipped_models
from baselines.rules import RULES

if TYPE_CHECKING:
    from baselines.training.folds import out_of_fold
    from baselines.training.line_features import LineFeatures, line_features

__all__ = [
    "RULES",
    "LineClassifier",
    "LineFeatures",
    "Model",
    "line_features",
    "model_fingerprint",
    "model_version",
    "out_of_fold",
    "shipped_models",
]

_LATE = {
    "LineFeatures": "line_features",
    "line_features": "line_features",
    "out_of_fold": "folds",
}
"""What needs pandas or scikit-learn, by the module of `baselines.training` that it is in."""


def __getattr__(name: str) -> Any:
    """Import what trains at its first use, so that deciding needs numpy alone."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"baselines.training.{_LATE[name]}"), name)
