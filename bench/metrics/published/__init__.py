"""Compute the metrics that other benchmarks publish, each benchmark's in a module."""
