import gzip
import io
import zlib
from contextlib import suppress
from functools import partial

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import DataError
from corpus.acquire.codings import MOST_LAYERS, decompressed, unchunked
from corpus.acquire.decompression import Decompressed, zstd

TEXT = (
    b"<!doctype html><title>Mill</title>"
    + b"<p>The old mill by the river was opened again on Sunday. " * 20
)
KOREAN = ("강가의 오래된 방앗간이 일요일에 다시 문을 열었다. " * 20).encode("utf-16")


def deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKINGS = {
    "gzip": partial(gzip.compress, mtime=0),
    "deflate": zlib.compress,
    "raw deflate": deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
DECLARED = [
    "", "identity", "none", "gzip", "x-gzip", "GZIP", "deflate", "br", "Br", "zstd", "gzip, gzip",
    "identity, gzip", "gzip,br", "utf-8", "text/html", "compress", ",", "\x00",
]  # fmt: skip


def out(raw, declared="", most=100_000):
    return decompressed(raw, declared, most)


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("text", [TEXT, KOREAN, b"", b";", b"K", b"<p>\x01\x02", b"See <br>"])
def test_what_is_not_compressed_stays_whatever_is_declared(text, declared):
    assert out(text, declared) == text


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("packing", PACKINGS)
def test_what_is_compressed_is_undone_whatever_is_declared(packing, declared):
    assert out(PACKINGS[packing](TEXT), declared) == TEXT


@pytest.mark.parametrize("first", PACKINGS)
@pytest.mark.parametrize("second", PACKINGS)
def test_two_layers_are_undone(first, second):
    raw = PACKINGS[second](PACKINGS[first](TEXT))
    assert out(raw, "gzip, br") == out(raw) == TEXT


@pytest.mark.parametrize(
    ("packing", "declared"),
    [("gzip", ""), ("zstd", ""), ("deflate", "deflate"), ("raw deflate", "deflate"), ("br", "br")],
)
@pytest.mark.parametrize("rest", [b"\r\n\r\n", b"\0" * 512, b"<!-- served by 7 -->", b"x"])
def test_bytes_after_the_end_are_left(packing, declared, rest):
    assert out(PACKINGS[packing](TEXT) + rest, declared) == TEXT


@pytest.mark.parametrize(
    ("packing", "declared", "name"),
    [
        ("gzip", "", "gzip"),
        ("zstd", "", "zstd"),
        ("deflate", "deflate", "deflate"),
        ("raw deflate", "deflate", "deflate"),
        ("br", "br", "br"),
    ],
)
def test_what_breaks_off_is_refused(packing, declared, name):
    with pytest.raises(DataError) as caught:
        out(PACKINGS[packing](TEXT)[:-5], declared)
    assert str(caught.value) == f"its {name} ends in the middle"


def test_damage_is_refused_with_its_kind():
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1  # of the checksum
    with pytest.raises(DataError, match=r"^its gzip is damaged \(.*incorrect data check\)$"):
        out(bytes(packed), "gzip")
    with pytest.raises(DataError, match=r"^its zstd is damaged"):
        out(zstd.compress(TEXT)[:4] + b"\xff" * 40)


def test_members_one_after_the_other_are_one_page():
    assert out(gzip.compress(TEXT) + gzip.compress(b"more")) == TEXT + b"more"
    assert out(zstd.compress(TEXT) + zstd.compress(b"more")) == TEXT + b"more"
    assert out(b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstd.compress(TEXT)) == TEXT


def test_as_much_as_allowed_passes_and_a_byte_more_does_not():
    assert out(b"x" * 100, most=100) == b"x" * 100
    with pytest.raises(DataError, match=r"^over 100 bytes"):
        out(b"x" * 101, most=100)
    for packing, pack in PACKINGS.items():
        assert out(pack(b"x" * 1000), packing, most=1000) == b"x" * 1000
        with pytest.raises(DataError, match="decompresses to over 1,000 bytes"):
            out(pack(b"x" * 1001), packing.rpartition(" ")[2], most=1000)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_bomb_is_stopped_before_it_goes_off(packing):
    bomb = PACKINGS[packing](bytes(50_000_000))
    assert len(bomb) < 60_000
    with pytest.raises(DataError, match="decompresses to over 60,000 bytes"):
        out(bomb, packing.rpartition(" ")[2], most=60_000)
    with pytest.raises(DataError, match="decompresses to over 60,000 bytes"):
        out(gzip.compress(bomb), most=60_000)


def test_layers_without_end_are_refused():
    raw = TEXT
    for _ in range(MOST_LAYERS):
        raw = gzip.compress(raw)
    assert out(raw) == TEXT
    with pytest.raises(DataError, match="compressed more than 4 times"):
        out(gzip.compress(raw))


def test_a_hundred_thousand_members_take_no_longer_than_one():
    raw = gzip.compress(b"") * 90_000
    assert out(raw, most=len(raw)) == b""


def test_an_archive_is_read_in_pieces_and_places_are_those_of_members():
    first, second = gzip.compress(TEXT), gzip.compress(b"more")
    source = Decompressed(io.BytesIO(first + second + b"\0\0junk"))
    read = b"".join(iter(lambda: source.read(7), b""))
    assert read == TEXT + b"more"
    assert source.rest() == 4
    assert source.place_of(0) == 0
    assert source.place_of(len(TEXT)) == len(first)


@pytest.mark.parametrize(
    ("raw", "declared", "page"),
    [
        (b"4\r\nmill\r\n5\r\n open\r\n0\r\n\r\n", True, b"mill open"),
        (b"4\r\nmill\r\n5\r\n open\r\n0\r\n\r\n", False, b"mill open"),
        (b"4;name=x\r\nmill\r\n0\r\nTrailer: 1\r\n\r\n", True, b"mill"),
        (b"0004\nmill\n0\n\n", True, b"mill"),
        (b"A\r\n0123456789\r\n0", True, None),
        (b"0\r\n\r\n", True, b""),
        (b"<p>mill", True, b"<p>mill"),
        (b"mill\r\n", True, b"mill\r\n"),
        (b"zz\r\nmill", True, b"zz\r\nmill"),
        (b"", True, b""),
        (b"1999\r\nwas the year", False, b"1999\r\nwas the year"),
        (b"0\r\nis a number", False, b"0\r\nis a number"),
        (b"ff\r\nshort", True, None),
        (b"4\r\nmill\r\nzz\r\n", True, None),
        (b"4\r\nmill\r\nffffffff\r\nx", True, None),
    ],
)
def test_chunks_are_joined_where_there_are_any(raw, declared, page):
    if page is None:
        with pytest.raises(DataError, match="its chunks are damaged, or the last"):
            unchunked(raw, is_declared=declared)
    else:
        assert unchunked(raw, is_declared=declared) == page


layers = st.lists(st.sampled_from(sorted(PACKINGS)), max_size=3)
declarations = st.lists(st.sampled_from(DECLARED), max_size=3).map(", ".join)


@settings(max_examples=300, deadline=None)
@given(layers, declarations, st.sampled_from([TEXT, KOREAN, b"<p>A mill. " * 30]))
def test_any_mixture_of_true_and_false_codings_gives_the_page(applied, declared, page):
    raw = page
    for name in applied:
        raw = PACKINGS[name](raw)
    assert out(raw, declared) == page


@settings(max_examples=300, deadline=None)
@given(
    layers, declarations, st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=3)
)  # fmt: skip
def test_whatever_comes_gives_bytes_or_one_sentence(applied, declared, raw, cut, inserted):
    for name in applied:
        raw = PACKINGS[name](raw)
    with suppress(DataError):
        assert len(out(raw[:cut] + inserted + raw[cut:], declared, most=1000)) <= 1000
