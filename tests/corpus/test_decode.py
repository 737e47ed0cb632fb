import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import DataError, clean, decode

# Text that only the encoding named beside it can hold or that its detector must tell apart.
TEXTS = {
    "euc-kr": "오늘 소설가들은 웃었다. 한국어로 쓴 문장이 조금 더 있어야 알아볼 수 있다.",
    "cp949": "똠방각하는 1990년에 나온 소설이다. 오늘 햏자들은 웃었고 펲시를 마셨다.",
    "shift_jis": "砂戸川の渡し船は、九十一年の歴史に幕を下ろした。カタカナとひらがなが混ざる。",
    "euc-jp": "砂戸川の渡し船は、九十一年の歴史に幕を下ろした。カタカナとひらがなが混ざる。",
    "gb18030": "末班车推迟到零点以后，谁在坐夜车？夜班公交车司机说，乘客越来越多。",
    "big5": "老屋、海景、開到半夜，一張清單帶你逛完獨立書店。老闆說，讀者越來越多。",
    "windows-1251": "Ночной автобус ходит теперь до часу ночи, и пассажиров стало заметно больше.",
    "windows-1252": "Die Fähre über den Fluß fährt wieder – schöne Grüße, „endlich“ für 3 €.",
}
ISO_2022_JP = TEXTS["shift_jis"]
# What a page of each encoding is named in its declaration, where the name is another.
LABELS = {"cp949": "euc-kr", "gb18030": "gb2312", "windows-1252": "iso-8859-1"}

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def page(text, charset=None):
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_page_that_declares_its_encoding_is_read_by_it(encoding):
    html = page(TEXTS[encoding], LABELS.get(encoding, encoding))
    assert decode(html.encode(encoding)) == html


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_page_that_declares_nothing_is_read_by_detection(encoding):
    html = page(TEXTS[encoding])
    assert decode(html.encode(encoding)) == html


@pytest.mark.parametrize("wrong", ["iso-8859-1", "utf-8", "utf-16", "klingon"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_a_declaration_that_the_bytes_belie_is_passed_over(encoding, wrong):
    html = page(TEXTS[encoding], wrong)
    assert decode(html.encode(encoding)) == html


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_http_header_declares_as_well_as_the_page(encoding):
    html = page(TEXTS[encoding])
    assert decode(html.encode(encoding), LABELS.get(encoding, encoding)) == html


@pytest.mark.parametrize("declared", ["iso-2022-jp", None, "iso-8859-1", "utf-8", "shift_jis"])
def test_japanese_in_seven_bits_is_seen_by_its_escapes(declared):
    html = page(ISO_2022_JP, declared)
    raw = html.encode("iso-2022-jp")
    assert raw.isascii()
    assert decode(raw) == html
    assert decode(page(ISO_2022_JP).encode("iso-2022-jp"), declared) == page(ISO_2022_JP)


def test_an_escape_among_utf_8_is_no_sign_of_japanese():
    assert (
        decode("Größe \x1b$B: 3 Zoll, Länge: 7 Zoll".encode())
        == "Größe \x1b$B: 3 Zoll, Länge: 7 Zoll"
    )


@pytest.mark.parametrize("syllables", ["똠방각하", "햏자", "펲시콜라"])
def test_syllables_beyond_euc_kr_are_read_from_a_page_that_declares_it(syllables):
    assert min(syllables.encode("cp949")) < 0xA1  # EUC-KR has no such byte
    assert decode(page(syllables, "euc-kr").encode("cp949")) == page(syllables, "euc-kr")


def test_gb2312_is_read_as_the_larger_encoding_that_browsers_read_it_as():
    html = page("镕基 € 㐀", "gb2312")  # none of the three in GB 2312; the last in four bytes
    assert decode(html.encode("gb18030")) == html


def test_iso_8859_1_is_read_as_windows_1252():
    assert decode(page("“Nine” – 3 €", "iso-8859-1").encode("cp1252")) == page(
        "“Nine” – 3 €", "iso-8859-1"
    )


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="euc-kr">',
        "<META CHARSET=EUC-KR>",
        "<meta charset = ' euc-kr '>",
        '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
        "<meta content='text/html;charset=EUC-KR' http-equiv=content-type>",
        '<?xml version="1.0" encoding="euc-kr"?>',
    ],
)
def test_declarations_come_in_many_forms(declaration):
    html = declaration + "<p>가각</p>"  # too little for detection
    assert decode(html.encode("euc-kr")) == html


def test_a_declaration_is_looked_for_in_the_first_4096_bytes():
    near = " " * 4000 + '<meta charset="windows-1251"><p>да</p>'
    assert decode(near.encode("windows-1251")) == near


def test_valid_utf_8_is_utf_8_whatever_is_declared():
    html = page(TEXTS["cp949"], "euc-kr")
    assert decode(html.encode()) == html
    assert decode(html.encode(), "windows-1252") == html


def test_utf_8_with_a_few_broken_bytes_stays_utf_8():
    whole = "<meta charset=windows-1252>" + "<p>똠방각하는 오늘 웃었다.</p>" * 100
    raw = whole.encode()
    assert raw.endswith("다.</p>".encode())
    assert decode(raw[:-6]) == whole[:-6] + "�"  # cut in the middle of 다
    assert decode(raw + b"\xff<p>\xc0\xaf</p>") == whole + "�<p>��</p>"
    assert decode(raw + b"\xed\xa0\x80") == whole + "���"  # a lone surrogate


def test_utf_8_that_is_mostly_broken_is_not_believed():
    html = page(TEXTS["windows-1252"], "utf-8")
    assert "�" not in decode(html.encode("windows-1252"))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark, encoding):
    html = page("한글", "euc-kr")
    assert decode(mark + html.encode(encoding), "euc-kr") == html


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("charset", ["utf-16", None, "utf-8"])
def test_utf_16_without_a_mark_is_seen_by_its_zeros(encoding, charset):
    html = page("한글 문장이 여기에 있다.", charset)
    assert decode(html.encode(encoding)) == html


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_seen_by_more_than_three_tenths_of_ascii(encoding):
    assert decode(("각난답ab" * 200).encode(encoding)) == "각난답ab" * 200  # four tenths
    with pytest.raises(DataError):  # three tenths
        decode(("각난답락말발삭abc" * 200).encode(encoding))


def test_utf_16_without_any_ascii_needs_the_header():
    text = "한글로만 쓴 글이다" * 20
    assert decode(text.encode("utf-16-be"), "utf-16be") == text


@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr"])
def test_a_page_that_can_be_read_as_ascii_is_not_utf_16(encoding):
    html = page(TEXTS["euc-kr"], "utf-16")
    assert decode(html.encode(encoding)) == html


def test_zeros_go():
    assert decode(b"a\0b\0\0c and some more text") == "abc and some more text"
    assert decode("\0한글\0 <p>글</p>".encode()) == "한글 <p>글</p>"
    assert decode(b"\0" * 9) == ""


def test_no_bytes_are_no_text():
    assert decode(b"") == ""
    assert decode(b"", "euc-kr") == ""


def test_half_a_pair_of_utf_16_is_replaced():
    text = "a page of some length " * 3
    assert decode(b"\xff\xfe" + text.encode("utf-16-le") + b"\x00\xd8") == text + "�"


@pytest.mark.parametrize(
    "raw",
    [PNG, b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8, b"PK\x03\x04\x14\x00\x08\x08" * 40],
    ids=["PNG", "gzip", "zip"],
)
def test_an_image_or_archive_is_refused(raw):
    with pytest.raises(DataError, match="neither HTML nor text"):
        decode(raw)


def test_a_picture_in_a_long_page_does_not_refuse_the_page():
    html = "<p>" + "word " * 3000 + "\x01\x02\x03</p>"
    assert decode(html.encode()) == html


@settings(max_examples=50, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
    st.sampled_from([None, "euc-kr"]),
)
def test_utf_8_comes_back_as_it_went(text, declared):
    assert decode(b"\xef\xbb\xbf" + text.encode(), declared) == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode(), declared) == text


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "euc-kr", "utf-16", "nonsense"]))
def test_no_bytes_give_zeros_or_surrogates(raw, declared):
    try:
        text = decode(raw, declared)
    except DataError:
        return
    assert "\0" not in text
    text.encode()  # fails on a lone surrogate


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a\0b", "ab"),
        ("한\ud800글\udfff\0", "한글"),
        ("a\tb\x01", "a\tb\x01"),
        ("😀", "😀"),
    ],
)
def test_cleaning_removes_zeros_and_lone_surrogates_alone(text, cleaned):
    assert clean(text) == cleaned


MULTIBYTE = ["euc-kr", "cp949", "shift_jis", "euc-jp", "gb18030", "big5", "utf-8"]
TEXTS_IN_SEVERAL_BYTES = TEXTS | {"utf-8": TEXTS["windows-1251"]}


@pytest.mark.parametrize("stray", [b"\xff", b"\x80", b"\xe9 "])
@pytest.mark.parametrize("declared", ["right", None, "iso-8859-1", "utf-8"])
@pytest.mark.parametrize("encoding", MULTIBYTE)
def test_one_stray_byte_costs_no_more_than_its_paragraph(encoding, declared, stray):
    text = TEXTS_IN_SEVERAL_BYTES[encoding]
    charset = LABELS.get(encoding, encoding) if declared == "right" else declared
    raw = page(f"{text}</p><p>x</p>" * 9 + "<p>the stray", charset).encode(encoding)
    read = decode(raw.replace(b"the stray", b"the" + stray + b"stray"))
    assert read.count(text) == 9
    assert len(read) < len(raw.decode(encoding)) + 3


@pytest.mark.parametrize("declared", ["utf-8", None, "iso-8859-1"])
@pytest.mark.parametrize("other", ["shift_jis", "euc-kr", "gb18030", "windows-1251"])
def test_a_part_in_another_encoding_leaves_the_rest_of_a_utf_8_page_alone(other, declared):
    text = "<p>Größe und Höhe 가나다라마바사</p>" * 9
    raw = page(text, declared).encode() + TEXTS[other][:20].encode(other)
    assert decode(raw).startswith(page(text, declared))


@pytest.mark.parametrize("declared", ["right", None, "utf-8"])
@pytest.mark.parametrize("encoding", ["euc-kr", "shift_jis", "gb18030", "big5", "windows-1251"])
def test_a_part_in_utf_8_leaves_the_rest_of_another_page_alone(encoding, declared):
    text = f"<p>{TEXTS[encoding]}</p>" * 9
    html = page(text, LABELS.get(encoding, encoding) if declared == "right" else declared)
    assert decode(html.encode(encoding) + "<p>© “Größe” 가나다라</p>".encode()).startswith(html)


def test_damage_weighs_as_much_as_four_whole_characters():
    # Eight sequences of UTF-8 that another encoding would break, beside 9 or 10 bytes that UTF-8
    # can't read: 8 - 4 * 9 is above -4 * 8, 8 - 4 * 10 is below.
    assert decode("é ".encode() * 8 + b"\xe9 " * 9) == "é " * 8 + "\ufffd " * 9
    assert decode("é ".encode() * 8 + b"\xe9 " * 10) == "Ã© " * 8 + "é " * 10


def test_a_page_that_declares_utf_8_and_has_one_stray_byte_is_utf_8():
    html = page("Price: 3 for adults, “reduced” 2", "utf-8")
    assert decode(html.encode().replace(b": 3", b": \xa33")) == html.replace(": 3", ": \ufffd3")


@pytest.mark.parametrize("text", ["Price £3, © 2026", "ruler §§§§§§", "El Niño, £200 – “piñata”"])
def test_a_few_signs_of_western_europe_are_windows_1252(text):
    assert decode(page(text).encode("cp1252")) == page(text)


def test_kana_of_half_width_are_read_without_a_declaration():
    html = page("ｷｮｳ ﾉ ﾆｭｰｽ 渡し船は九十一年の歴史に幕を下ろした。ﾃﾚﾋﾞ ﾄ ﾗｼﾞｵ")
    assert decode(html.encode("cp932")) == html
