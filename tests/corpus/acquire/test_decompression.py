import gzip
import zlib

import pytest

from corpus import DataError
from corpus.acquire.decompression import Body

TEXT = b"The old mill by the river was opened again on Sunday. " * 20


def taken(encoding, data, most=10_000, step=7):
    body = Body(encoding, most)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
    return body.whole()


def test_a_body_that_is_not_packed_comes_out_as_it_went_in():
    assert taken("", TEXT) == taken("Identity", TEXT) == TEXT
    assert taken("", b"") == taken("gzip", b"") == b""


def test_gzip_is_unpacked_in_pieces_and_one_file_after_the_other():
    assert taken("gzip", gzip.compress(TEXT)) == taken("X-GZip", gzip.compress(TEXT)) == TEXT
    assert taken("gzip", gzip.compress(TEXT) + gzip.compress(b"more")) == TEXT + b"more"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "compress"])
def test_other_packings_are_refused_by_name(encoding):
    with pytest.raises(DataError, match=f"compressed with '{encoding}'"):
        Body(encoding, 10)


def test_as_much_as_allowed_passes_and_a_byte_more_does_not():
    assert taken("", b"x" * 100, most=100) == b"x" * 100
    assert taken("gzip", gzip.compress(b"x" * 100), most=100) == b"x" * 100
    with pytest.raises(DataError, match="over 100 bytes"):
        taken("", b"x" * 101, most=100)
    with pytest.raises(DataError, match="decompresses to over 100 bytes"):
        taken("gzip", gzip.compress(b"x" * 101), most=100)


def test_a_bomb_is_stopped_before_it_goes_off():
    bomb = gzip.compress(bytes(50_000_000))
    body = Body("gzip", 60_000)
    with pytest.raises(DataError, match="decompresses to over 60,000 bytes"):
        body.add(bomb)
    assert len(body._out) == 60_001


def test_what_is_cut_off_or_no_gzip_is_refused():
    packed = gzip.compress(TEXT)
    with pytest.raises(DataError, match="ends in the middle"):
        taken("gzip", packed[:-1])
    with pytest.raises(DataError, match="damaged"):
        taken("gzip", zlib.compress(TEXT))
    with pytest.raises(DataError, match="damaged"):
        taken("gzip", packed + b"junk")
