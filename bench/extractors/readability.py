"""Score elements as Arc90's readability does, over lxml (readability-lxml).

The tool returns HTML. It becomes text through this kit's own splitter, one line a block, so that
the splitter's version is part of the outcome.

Home: https://github.com/buriy/python-readability; licence: Apache-2.0.
"""

from typing import Any

from corpus import Page, split_html

PACKAGE = "readability-lxml"
NEEDS_HTML = True
OPTIONS: dict[str, Any] = {"min_text_length": 25, "retry_length": 250}


def extract(page: Page) -> str | None:
    """Extract the text of the summary; raises where the tool refuses a page."""
    from readability import Document

    summary: str = Document(page.content(), url=page.url, **OPTIONS).summary()
    return "\n".join(split_html(summary).texts)
