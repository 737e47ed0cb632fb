"""Compare published figures with those that this kit computes from the same predictions."""

from bench.conformance.conformance import (
    Figure,
    Published,
    System,
    conformance,
    read_table,
    shipped_tables,
)

__all__ = ["Figure", "Published", "System", "conformance", "read_table", "shipped_tables"]
