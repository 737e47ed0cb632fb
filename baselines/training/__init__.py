"""Fit line classifiers: samples, augmentation, cross-validation, calibration, model card."""
