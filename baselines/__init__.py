"""Rules and classifiers that keep or drop each line of a page."""

from baselines.classifier import LineClassifier, out_of_fold
from baselines.model import Model, model_fingerprint, model_version, shipped_models
from baselines.rules import RULES
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
