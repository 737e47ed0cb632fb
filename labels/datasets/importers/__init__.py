"""Importers of public datasets, one module each; the module's name is the dataset's name.

A module whose name begins with an underscore is shared by several importers.
"""
