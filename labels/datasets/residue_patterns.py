"""List the marks that annotation tools and formats of gold texts leave behind.

Importers remove them; the checks of datasets report those that remain.
"""

import re

CLEANEVAL_WRAPPER = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<text\b((?:[^>"\n]|"[^"\n]*+")*+|[^>]*+)>\s*""", re.IGNORECASE
)
"""What opens a page of CleanEval, in a line of its own; quotes are not always balanced."""
CLEANEVAL_URL = re.compile(r"\s*URL:[ \t]*(\S*)[^\n]*(?:\n|\Z)")
"""The first line of a gold of CleanEval."""
CLEANEVAL_MARK = re.compile(r"</?[phl]>", re.IGNORECASE)
"""What a paragraph, heading or list item of such a gold begins with."""

DRAGNET_COMMENTS = re.compile(
    r"(?<![!@#$%^&*() \t])(?:[ \t]*+[!@#$%^&*()]){4,}+[ \t]*+\n?COMMENTS\b"
)
"""The line of a gold of Dragnet from which on it holds comments; typed by hand."""

MARKDOWN_TARGET = re.compile(r"(?<=\])\((?:[^()\n]|\([^()\n]*+\))*+\)")
"""The address of a link in Markdown, which is not there to be read."""

WEBMAINBENCH_STYLE = re.compile(
    r"""<style\b[^<>]*\bid="cc-extraStyle"[^<>]*>[^<]*</style>""", re.IGNORECASE
)
"""The style sheet of the tool that WebMainBench was annotated with."""
WEBMAINBENCH_TAG = re.compile(r"</?marked-[\w-]+(?:[\s/][^<>]*)?>", re.IGNORECASE)
WEBMAINBENCH_ATTRIBUTE = re.compile(
    r"""\s(?:cc-select|data-anno-uid)(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?(?=[\s/>])""",
    re.IGNORECASE,
)
WEBMAINBENCH_CLASS = re.compile(r"mark-selected|marked-[\w-]+|cc-unloaded")
"""One class name; to be matched in full."""
