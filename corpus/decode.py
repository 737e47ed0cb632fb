"""Decode the bytes of a page to clean text, by declared or detected encoding."""

import re

import webencodings
from charset_normalizer import from_bytes

from corpus.errors import DataError

# Where a declaration may stand: browsers look at the first 1,024 bytes, real pages need more.
_DECLARATION_WINDOW = 4096
_META_CHARSET = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")

_FEWEST_PAIRS = 2  # of bytes, to recognise UTF-16 by
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]")

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# Damage that a declaration (or UTF-8) is forgiven, as a share of the bytes beyond ASCII: one cut
# character in a long page must not send the whole page to the detector.
_TOLERATED_DAMAGE = 0.02
# Western single-byte encodings accept nearly every byte, so their declaration proves little.
# Accented letters stand alone between ASCII letters; characters of two or more bytes come in runs.
_WESTERN = {"cp1252", "latin-1", "iso8859-1", "iso8859-15", "ascii"}
_MEAN_RUN_OF_MULTIBYTE = 2.5
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# The detector tries these; a kit for web pages has no use for EBCDIC or Mac code pages.
_DETECTED = [
    "cp949", "cp932", "euc_jp", "gb18030", "big5", "cp1252", "cp1250", "cp1251", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "cp874", "iso8859_2",
]  # fmt: skip
_DETECTION_SAMPLE = 16_384

# More control and replacement characters than this, and the bytes are no text.
_BINARY_SHARE = 0.1
_BINARY_SAMPLE = 8192
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(raw: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a page the way that corrupts fewest pages.

    In this order: byte-order mark; UTF-16 seen by its zero bytes; strict UTF-8; the encoding that
    ``declared`` (an HTTP header, say) or the page names, if the bytes bear it out; detection.
    NULs are removed, lone surrogates cannot come out. Empty bytes give the empty string.

    Raises:
        DataError: if what comes out is no text (an image, an archive).
    """
    return _decoded(raw, declared)[0]


def as_utf8(raw: bytes) -> bytes:
    """Decode bytes and encode the text as UTF-8, unless the bytes are that already.

    Raises:
        DataError: as `decode`.
    """
    text, unchanged = _decoded(raw, None)
    return raw if unchanged else text.encode()


def _decoded(raw: bytes, declared: str | None) -> tuple[str, bool]:
    """The text, and whether the bytes are its UTF-8."""
    text, unchanged = _decode(raw, declared)
    if b"\0" in raw:
        text, unchanged = text.replace("\0", ""), False
    sample = text[:_BINARY_SAMPLE]
    if sample and len(_CONTROL.findall(sample)) > _BINARY_SHARE * len(sample):
        raise DataError("the bytes are neither HTML nor text in any encoding known here")
    return text, unchanged


def clean(text: str) -> str:
    """Remove NULs and lone surrogates, which no extractor and no file format copes with."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATES.sub("", text)


def _decode(raw: bytes, declared: str | None) -> tuple[str, bool]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), False
    if wide := _utf16_by_zeros(raw):
        return raw.decode(wide, "replace"), False
    named = _codec(declared) or _declared_codec(raw)
    # Seven-bit, so that it is valid UTF-8, too, whatever a page declares.
    if b"\x1b" in raw and _JIS_ESCAPE.search(raw) and (named == "iso2022_jp" or raw.isascii()):
        return raw.decode("iso2022_jp", "replace"), False
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        pass
    high = sum(map(len, runs := _HIGH_RUN.findall(raw)))
    candidates = ["utf-8"]
    if named and not (named in _WESTERN and high > _MEAN_RUN_OF_MULTIBYTE * len(runs)):
        candidates.append(named)
    for encoding in candidates:
        text = raw.decode(encoding, "replace")
        if text.count("\ufffd") <= _TOLERATED_DAMAGE * high:
            return text, False
    return raw.decode(_detect(raw) or named or "cp1252", "replace"), False


def _utf16_by_zeros(raw: bytes) -> str | None:
    """Byte order of UTF-16 without a mark: markup puts a zero beside each ASCII character."""
    head = raw[:2048]
    pairs = len(head) // 2
    if pairs < _FEWEST_PAIRS:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * pairs and odd > 8 * even:
        return "utf-16-le"
    if even > 0.3 * pairs and even > 8 * odd:
        return "utf-16-be"
    return None


def _declared_codec(raw: bytes) -> str | None:
    head = raw[:_DECLARATION_WINDOW]
    found = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    codec = _codec(found[1].decode("ascii", "ignore")) if found else None
    # A declaration that could be read as ASCII cannot tell the truth about a two-byte encoding.
    return None if codec and codec.startswith("utf-16") else codec


def _codec(label: str | None) -> str | None:
    """The Python codec that the web standard means by an encoding label, None if unknown."""
    encoding = webencodings.lookup(label) if label else None
    if encoding is None or encoding.name in {"replacement", "x-user-defined"}:
        return None
    codec = encoding.codec_info.name
    return "gb18030" if codec == "gbk" else codec  # the superset that browsers decode with


def _detect(raw: bytes) -> str | None:
    """The likeliest encoding of the part of the bytes that says most about it."""
    lines = [line for line in re.split(rb"[\r\n<>]", raw) if _HIGH_RUN.search(line)]
    sample = b"\n".join(lines)[:_DETECTION_SAMPLE]
    best = from_bytes(sample, cp_isolation=_DETECTED, enable_fallback=False).best()
    return best.encoding if best else None
