"""Turn columns of a page into a feature matrix: one row a line, one column a feature.

Nothing here knows a language, a site or the name of a class: lengths are in units that are alike
between scripts, and what a page's author called things counts only where it repeats.
"""

from baselines.features.views import view_features

__all__ = ["view_features"]
