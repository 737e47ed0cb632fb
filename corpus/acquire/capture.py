"""Hold a page as it came in, before anything is known of it."""

from dataclasses import dataclass

from corpus.acquire.codings import refuse_over
from corpus.decode import decode
from corpus.errors import DataError
from corpus.page import Markup, sniff_markup
from corpus.wording import printable

MOST_BYTES = 2_000_000
"""Pages over this are refused: nobody labels them, and an archive or a film is no page."""
MOST_PAGES = 200
"""So many pages are taken from a folder or an archive at most: they are to be labelled by hand."""

# What begins the files that are most often taken for a page; UTF-8 or not, they are none.
_OTHERS = {
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PK\x03\x04": "a ZIP archive",
    b"PK\x05\x06": "a ZIP archive",
    b"\x1f\x8b": "compressed with gzip, and damaged",
    b"WARC/": "a WARC archive",
}
_TAR, _TAR_AT = b"ustar", 257  # which would read as the pages in it
_FEED_OR_DRAWING = ("<rss", "<feed", "<svg", "<urlset", "<sitemapindex")
_ROOT_WINDOW = 2048


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source, or a page of it, that is not taken: which one, and why in one sentence."""

    place: str
    reason: str

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.reason}")


@dataclass(frozen=True, slots=True)
class Capture:
    """The bytes of one page as they came, and what was declared of them where they came from."""

    place: str  # where it was requested from: a URL, a file, a record of an archive
    raw: bytes
    url: str | None = None  # where it stood in the end, after redirects
    markup: Markup | None = None  # as declared by a content type; None where that says nothing
    charset: str | None = None  # as declared outside the bytes, in an HTTP header
    name: str | None = None  # what the page is called where it was found, if anything

    def read(self) -> tuple[str, Markup]:
        """The page's text and markup.

        Raises:
            DataError: if it is too long, no HTML or text, or can only be read with the charset
                that was declared outside the bytes, which are all that is kept.
        """
        refuse_over(MOST_BYTES, len(self.raw))
        if other := other_kind(self.raw):
            raise DataError(f"neither HTML nor text but {other}")
        content = decode(self.raw)
        root = content[:_ROOT_WINDOW].casefold()
        found = [root.find(tag) for tag in _FEED_OR_DRAWING if tag in root]
        if found and not 0 <= root.find("<html") < min(found):
            raise DataError("neither HTML nor text but XML of another kind")
        if self.charset and decode(self.raw, self.charset) != content:
            raise DataError(
                f"only its HTTP header says that it is in {self.charset}, without which it reads "
                "differently; turn it into UTF-8 and add the file"
            )
        return content, self.markup or sniff_markup(content)


def other_kind(raw: bytes) -> str | None:
    """What bytes are that begin like a file of another kind than a page; None if they do not."""
    if raw.startswith(_TAR, _TAR_AT):
        return "a TAR archive"
    return next((name for magic, name in _OTHERS.items() if raw.startswith(magic)), None)
