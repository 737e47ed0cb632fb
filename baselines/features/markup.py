"""Compute columns of the markup at a line: what it stands in, links, images, bold type."""

import numpy as np

from baselines.features.batch import Batch
from baselines.features.columns import Features, Floats, matrix, mean_around, side_by_side, windows
from corpus import BLOCK_TAGS, Flag

VIEWS, PLACE = ("html",), 4

_ALL_LINK = 0.95
_AROUND = 8
_MOST_COUNTED = 3

_TAG_GROUPS = {
    "p": ("p",),
    "li": ("li", "dd", "dt"),
    "cell": ("tr", "td", "th"),
    "h1": ("h1",),
    "h2": ("h2", "h3"),
    "h4": ("h4", "h5", "h6"),
    "div": ("div", "section", "center"),
    "control": ("button", "label", "option", "legend", "summary", "select"),
    "list": ("ul", "ol", "dl", "menu"),
    "section": ("section",),
    "article": ("article", "main"),
    "form": ("form", "fieldset"),
    "figure": ("figure", "figcaption"),
    "outside": ("header", "footer", "nav", "aside"),
    "page": ("body",),
}
_HAS_TAG = np.array(
    [[tag in group for tag in BLOCK_TAGS] for group in _TAG_GROUPS.values()], np.float32
)
_TAG_NAMES = tuple(f"{of}_{name}" for of in ("tag", "parent", "above") for name in _TAG_GROUPS)
_FLAGS = [flag for flag in Flag if flag.name is not None]
_FLAG_NAMES = tuple(f"in_{flag.name}".lower() for flag in _FLAGS)
_FLAG_BITS = np.array([[int(flag)] for flag in _FLAGS], np.int32)


def columns(batch: Batch) -> Features:
    """Compute flags, tags, and counts of what stands in each line."""
    bounds, link_density, tag = batch.bounds, batch.link_density, batch.containers.tag
    flags = Features(_FLAG_NAMES, ((batch.flags & _FLAG_BITS) != 0).astype(np.float32))
    tags = Features(
        _TAG_NAMES,
        np.concatenate([_HAS_TAG[:, tag[ancestor]] for ancestor in batch.ancestors(3)]),
    )
    counts = {"images": batch.images, "bold": batch.bold, "times": batch.times}
    few: dict[str, Floats] = {
        name: np.minimum(count, _MOST_COUNTED).astype(float) for name, count in counts.items()
    }
    chars = np.maximum(bounds.sums(batch.chars), 1)
    values = {
        "link_density": link_density,
        "all_link": (link_density > _ALL_LINK).astype(float),
        "links": np.log1p(batch.links),
        **few,
        "page_link_density": bounds.spread(bounds.sums(batch.link_chars) / chars),
        "page_images": bounds.spread(np.log1p(bounds.sums(batch.images))),
        "page_times": bounds.spread(np.log1p(bounds.sums(batch.times))),
        "page_elements": bounds.spread(np.log1p(batch.elements.lengths)),
        **{f"{name}_around": mean_around(count, _AROUND, bounds) for name, count in few.items()},
    }
    return side_by_side(
        flags,
        tags,
        matrix(values),
        windows({"link_density": link_density}, bounds),
    )
