"""Offer the command line: one module a noun, each parses, calls one function and prints."""

from bench.cli.main import main

__all__ = ["main"]
