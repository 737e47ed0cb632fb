"""Run extractors and score what they keep."""
