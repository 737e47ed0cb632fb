"""Wrap third-party extractors, one module each; the module's name is the extractor's name.

A module says ``PACKAGE`` (its distribution on the index), ``NEEDS_HTML``, ``OPTIONS`` (recorded
in runs and passed to the call) and ``extract``, which imports the package when it is called.
"""
