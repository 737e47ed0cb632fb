"""Measure what each group of features is worth: cross-validations by site, each without one group.

    python benchmarks/ablation.py DIR [--every N] [--view html|text]

For each group, the word F1 that is lost without it, with an interval of 95 % by bootstrap over
sites, paired page by page. Both stages are fitted each time, to every N-th page of the dataset.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from made_up import arguments, difference, word_f1_of
from numpy.typing import NDArray

from baselines.training.cross_validation import cross_validate
from baselines.training.samples import Sample
from labels import LabelledPage

_UP = r"_\d_up"
GROUPS = {
    "where the content begins": r"(like|before|with|page)_lead\w*",
    "shapes and signs": r"(shape|sign|begins_with)_\w+|(since|near)_(at|copyright)",
    "echoes": r"echoed\w*",
    "windows over neighbours": r".*_(within|before|after)_\d+|\w+_around|unlike_\w+",
    "the page as a whole": r"page_(?!is_|declared|has_)\w+|lines|main_(link_density|lines|held)",
    "repetition and alike siblings": rf"repeats\w*|(alike|prose_of_alike){_UP}|most_alike"
    r"|(prose|units|links|lines)_of_signature",
    "headings": r"\w*heading|heading_level|\w+_of_section|sections?|first_headings"
    r"|(after|from|page_has)_first_heading",
    "title, description, JSON-LD": r"(in|is|from|after|page_has)_title|described|\w+_description"
    r"|declared|page_(is_\w+|declared)",
    "siblings and children": rf"(children|siblings_before|siblings_after){_UP}",
    "what ancestors hold": rf"(held|link_density|lines|units|prose){_UP}"
    r"|(inside|before|after)_main|steps_\w+|below_main_depth|depth",
    "elements and attributes": r"(in(?!_stretch)|tag|parent|above)_\w+|images|bold|times",
    "links of the line": r"link_density|all_link|links",
    "place and stretches of prose": r"place|from_(start|end)|prose_(before|after)|is_first_tenth"
    r"|to_prose_\w+|(in|before|after)_stretch\w*|(short|long)_run",
    "lengths and signs": r"log_units|units_capped|stops|commas_per_unit|ends_with_\w+|digits|marks"
    r"|quotes|no_letters|starts_with_\w+|prose",
    "others": r".+",
}
"""Names of features by group; the first that matches counts."""


def main() -> None:
    """Cross-validate with and without, and print the table."""
    labelled, pages, options = arguments(__doc__, view="html")
    view = options.view
    group_of = groups(next(page.features[view].names for page in pages if view in page.features))
    whole = scores(view, labelled, pages)
    print(f"{len(pages):,} pages, {view}: word F1 {np.nanmean(whole):.4f}", flush=True)
    for group in GROUPS:
        number = group_of.count(group)
        if not number:  # of the other view
            continue
        began = time.monotonic()
        without = [_without(page, view, group_of, group) for page in pages]
        lost = difference(whole, scores(view, labelled, without), pages)
        seconds = time.monotonic() - began
        print(f"{group:40} {number:4} features  {lost}  {seconds:.0f} s", flush=True)


def groups(names: Sequence[str]) -> list[str]:
    """The group of each feature."""
    return [next(g for g, pattern in GROUPS.items() if re.fullmatch(pattern, n)) for n in names]


def scores(
    view: str, labelled: Sequence[LabelledPage], pages: Sequence[Sample]
) -> NDArray[np.float64]:
    """Word F1 of each page, out of fold; NaN for a page that lacks the view."""
    kept = cross_validate((view,), pages).kept
    rows = zip(labelled, pages, kept, strict=True)
    return np.array(
        [word_f1_of(page, row) if view in sample.features else np.nan for page, sample, row in rows]
    )


def _without(page: Sample, view: str, group_of: Sequence[str], group: str) -> Sample:
    if view not in page.features:
        return page
    features = page.features[view]
    kept = [name for name, of in zip(features.names, group_of, strict=True) if of != group]
    return replace(page, features={**page.features, view: features.only(kept)})


if __name__ == "__main__":
    main()
