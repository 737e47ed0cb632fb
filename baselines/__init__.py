"""Rules and classifiers that keep or drop each line of a page."""

from baselines.classifier import LineClassifier
from baselines.model import Model, model_fingerprint, model_version, shipped_models
from baselines.rules import RULES

__all__ = [
    "RULES",
    "LineClassifier",
    "Model",
    "model_fingerprint",
    "model_version",
    "shipped_models",
]
