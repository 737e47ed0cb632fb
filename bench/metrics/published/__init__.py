"""Metrics that other benchmarks publish, each by the benchmark it comes from."""
