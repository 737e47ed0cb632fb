"""Show the page as it looked, in a document without scripts whose lines are marked.

It is shown in ``<iframe sandbox>``, which permits nothing, and comes with a policy that says the
same: no script, no network, no forms, an origin of its own that is no origin of the application.
So neither side can reach into the other, and no script of ours is there that could. What the two
send each other needs none:

- *Showing a line.* Each line is marked by an element with an id. The application changes the
  fragment of the frame's address, which every page may do with its own frame; the browser scrolls
  there, and ``:target`` paints it.
- *Choosing a line.* Each line's text is a link within the frame, to an address that answers 204,
  "no content": the browser stays where it is, and the server reports to the application which line
  it was. The address holds a secret of that one window; all it can do is choose a line.

Which text belongs to which line is not guessed: what is shown is split like any page, with a mark
before each piece of text, and each mark turns up in its line.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from pathlib import Path

from corpus import Lines, Page, split_html
from labels.annotation.web.sanitize import OpenTag, Piece, Token, sanitize

FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors {origin}"
)
"""What the document may do: look like something."""

# Noncharacters, which no page may hold, around the number of a piece.
_BEFORE, _AFTER = "\ufdd0", "\ufdd1"
_NO_MARKS = dict.fromkeys(map(ord, (_BEFORE, _AFTER)))
_MARK = re.compile(f"{_BEFORE}([0-9]+){_AFTER}")

_DOCTYPE_WITHIN = 2000

STATIC = Path(__file__).parent / "static"
"""What the browser loads."""


def frame(page: Page, lines: Lines, pick: str, *, plain: bool = False) -> str:
    """Write the document, HTML, that shows a page.

    A line is chosen at the address ``pick`` with its number, from 0, behind it. With ``plain``, all
    that the page holds is shown in one simple style, what it hides included.
    """
    if page.markup == "text":
        return "".join(_text_document(page, lines, pick))
    content = page.content()
    # Without a doctype, browsers lay pages out as they did long ago.
    has_doctype = "<!doctype" in content[:_DOCTYPE_WITHIN].lower()
    doctype = "<!doctype html>" if plain or has_doctype else ""
    tokens = sanitize(content, plain=plain)
    shown = _document(page, tokens, lines_of_pieces(tokens, lines), pick, plain=plain)
    return doctype + "".join(shown)


def lines_of_pieces(tokens: Sequence[Token], lines: Lines) -> list[int]:
    """Find the line that each piece of text belongs to, -1 if to none."""
    marked = split_html("".join(_marked(tokens))).texts
    texts = [" ".join(_MARK.sub("", text).split()) for text in marked]
    where = list(range(len(texts)))
    if texts != lines.texts:
        where = [-1] * len(texts)
        matcher = SequenceMatcher(None, texts, lines.texts, autojunk=False)
        for a, b, size in matcher.get_matching_blocks():
            where[a : a + size] = range(b, b + size)
    found = [-1] * sum(isinstance(token, Piece) for token in tokens)
    for text, line in zip(marked, where, strict=True):
        for number in _MARK.findall(text):
            found[int(number)] = line
    return found


def _marked(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if isinstance(token, Piece):
            text = token.text.translate(_NO_MARKS)
            yield f"{_BEFORE}{token.number}{_AFTER}{escape(text, quote=False)}"
        else:
            yield token if isinstance(token, str) else f"<{token.tag}>{token.verbatim}"


def _document(
    page: Page, tokens: Sequence[Token], where: Sequence[int], pick: str, *, plain: bool
) -> Iterator[str]:
    pieces: dict[int, list[int]] = {}
    for number, line in enumerate(where):
        pieces.setdefault(line, []).append(number)
    # Of elements around the same pieces the last one is the innermost.
    innermost = {(token.first, token.last): token for token in tokens if isinstance(token, OpenTag)}
    for token in tokens:
        if isinstance(token, Piece):
            line = where[token.number]
            text = escape(token.text, quote=False)
            if line < 0:
                yield text
                continue
            name = f' id="bench-{line}"' if pieces[line][0] == token.number else ""
            link = text if token.in_link else f'<a href="{pick}{line}" tabindex="-1">{text}</a>'
            yield f"<bench-line{name}>{link}</bench-line>"
        elif isinstance(token, OpenTag):
            inside = where[token.first : token.last]
            own = _link(token, inside, pick)
            # All the pieces of one line, of several, and nothing else: what is painted as one.
            if len(inside) > 1 and innermost[token.first, token.last] is token:
                whole = pieces[inside[0]] == list(range(token.first, token.last))
                own += ' data-bench-line=""' if whole and inside[0] >= 0 else ""
            yield f"<{token.tag}{token.attributes}{own}>"
            if token.tag == "head":
                yield _head(page, plain=plain)
            yield token.verbatim
        else:
            yield token


def _head(page: Page, *, plain: bool) -> str:
    names = ("frame.css", "frame-plain.css") if plain else ("frame.css",)
    css = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    return f'<meta charset="utf-8"><title>{escape(page.id)}</title><style>{css}</style>'


def _link(token: OpenTag, inside: Sequence[int], pick: str) -> str:
    """Lead a link of the page to the first line that is inside."""
    chosen = next((line for line in inside if line >= 0), None) if token.tag == "a" else None
    return "" if chosen is None else f' href="{pick}{chosen}" tabindex="-1"'


def _text_document(page: Page, lines: Lines, pick: str) -> Iterator[str]:
    language = f' lang="{escape(page.language)}"' if page.language else ""
    yield f"<!doctype html><html{language}><head>{_head(page, plain=True)}</head>"
    yield '<body class="text">'
    for number, text in enumerate(lines.texts):
        link = f'<a href="{pick}{number}" tabindex="-1">{escape(text, quote=False)}</a>'
        yield f'<div dir="auto"><bench-line id="bench-{number}">{link}</bench-line></div>\n'
    yield "</body></html>"
