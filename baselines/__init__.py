"""What decides line by line, made here."""

from baselines.classifier import LineClassifier, model_version, shipped_models
from baselines.rules import RULES

__all__ = ["RULES", "LineClassifier", "model_version", "shipped_models"]
