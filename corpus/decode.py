"""Decode the bytes of a page to text, weighing what speaks for each encoding."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import webencodings
from chardetng_py import EncodingDetector

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

_HIGH = bytes(range(0x80, 0x100))
_UTF_8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
# The evidence for an encoding, in characters that only it would give.
_DAMAGE_WEIGHT = 4  # replacement characters, C1 controls and private use speak against it
_DECLARED_WEIGHT = 1 / 8  # a byte beyond ASCII of a page that declares it
_DETECTED_WEIGHT = 1 / 16  # the same of a part that the detector takes for it
_DAMAGE = re.compile("[\ufffd\x80-\x9f\ue000-\uf8ff]")
_WIDE = re.compile("[\u2e80-\ufaff\uff01-\uff60]")  # Han, kana, Hangul and their punctuation
# Letters of Western encodings stand alone between those of ASCII; bytes of another encoding come in
# runs. A run of one sign is a ruler.
_WESTERN_RUN = re.compile("([\xa0-\u024f])(?!\\1)[\xa0-\u024f]{2,}")
_MULTIBYTE = {"cp949", "cp932", "euc_jp", "gb18030", "big5", "big5hkscs"}
# The detector takes a page with few kinds of accented letters for any of these.
_LIKE_WESTERN = {"cp1250", "iso8859-2", "cp1254", "cp1257", "cp1258"}
_FEWEST_LETTERS = 4
# The detector sees the text between tags, in parts of so many bytes beyond ASCII.
_MARKUP = re.compile(rb"[\r\n<>]+")
_PART_HIGH = 200
_MOST_PARTS = 32

# More of a sample than this, and the bytes are no text.
_BINARY_SAMPLE = 8192
_CONTROLS_OF_BINARY = 0.05
_DAMAGE_OF_BINARY = 0.5
_CONTROLS = bytes([*range(0x01, 0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(raw: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a page by the encoding that most speaks for.

    A byte-order mark, zero bytes between ASCII (UTF-16) and strict UTF-8 decide alone. Else the
    encodings that ``declared`` (an HTTP header, say) and the page name, UTF-8 and what a detector
    takes the bytes for are compared by evidence: whole characters of several bytes speak for one,
    a declaration does, and damage speaks against it. Bytes that the best one can't read become
    U+FFFD, so that a page in two encodings loses one part only. NULs are removed, lone surrogates
    cannot come out. Empty bytes give the empty string.

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
    controls = _count(_CONTROLS, sample.encode())
    damage = sample.count("\ufffd")
    if controls > _CONTROLS_OF_BINARY * len(sample) or damage > _DAMAGE_OF_BINARY * len(sample):
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
    return _likeliest_text(raw, named), False


def _likeliest_text(raw: bytes, named: str | None) -> str:
    """Decode by the candidate with the most evidence, the first of equals."""
    segments = [segment for segment in _MARKUP.split(raw) if not segment.isascii()]
    sample = b"\n".join(segments)
    high, sequences = _count(_HIGH, sample), len(_UTF_8_SEQUENCE.findall(sample))
    guesses = _detect(segments)
    best, most = "utf-8", -math.inf
    for codec in dict.fromkeys(filter(None, [named, "utf-8", *guesses])):
        text = sample.decode(codec, "replace")
        damage = len(_DAMAGE.findall(text))
        if codec == "utf-8":
            evidence: float = sequences - _DAMAGE_WEIGHT * damage
        else:
            evidence = -_DAMAGE_WEIGHT * (damage + sequences)
            evidence += _DETECTED_WEIGHT * guesses.get(codec, 0) * high
            evidence -= sum(len(run[0]) for run in _WESTERN_RUN.finditer(text))
            if codec in _MULTIBYTE:
                evidence += len(_WIDE.findall(text))
        if codec == named:
            evidence += _DECLARED_WEIGHT * high
        if evidence > most:
            best, most = codec, evidence
    return raw.decode(best, "replace")


def _count(of: bytes, raw: bytes) -> int:
    """How many of the bytes are one of these."""
    return len(raw) - len(raw.translate(None, of))


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


def _detect(segments: Sequence[bytes]) -> dict[str, float]:
    """The codecs that parts of a page look like, most frequent first, by their share of parts.

    The detector rules an encoding out at the first bytes that it can't have, so that one stray byte
    spoils its guess: but that of one part only.
    """
    parts: list[list[bytes]] = [[]]
    high = 0
    for segment in segments:
        parts[-1].append(segment)
        high += _count(_HIGH, segment)
        if high > _PART_HIGH:
            parts.append([])
            high = 0
    if len(parts) > 1 and high < _PART_HIGH / 2:  # too little to say much
        parts.pop()
    step = -(-len(parts) // _MOST_PARTS)
    guesses = Counter(_guess(b"\n".join(part)) for part in parts[::step])
    return {codec: count / guesses.total() for codec, count in guesses.most_common()}


def _guess(part: bytes) -> str:
    detector = EncodingDetector()
    detector.feed(part, last=True)
    guess = detector.guess(tld=None, allow_utf8=False)
    codec = _codec(guess) or guess
    kinds = bytes(byte for byte in _HIGH if byte in part)
    letters = sum(map(str.isalpha, kinds.decode(codec, "replace")))
    if len(kinds) == 1 or (codec in _LIKE_WESTERN and letters < _FEWEST_LETTERS):
        return "cp1252"
    return codec
