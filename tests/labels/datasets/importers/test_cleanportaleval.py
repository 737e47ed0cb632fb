import pytest

from corpus import DataError

PAGE = (
    '\n<text id="http://tv.harbour.example/2012/08/ferry"> \n\n<html><body><p>Shows Blogs</p>'
    "<p>It runs again from Monday’s first tide, says the captain.</p></body></html>\n"
)
GOLD = (
    "\nURL: http://tv.harbour.example/2012/08/ferry\n"
    "<p>It runs again from Monday&#8217;s first\n tide, says the captain.\n\n"
)


def test_a_page_is_imported_with_its_site_from_the_name_of_the_file(lay_out, imported):
    lay_out(
        {
            "input/tv.msnbc.com_news_02.html": PAGE,
            "GoldStandard/tv.msnbc.com_news_02.txt": GOLD,
            "input/bbc.co.uk_news_01.html": PAGE,
            "GoldStandard/bbc.co.uk_news_01.txt": GOLD,
            "Readme.md": "CleanPortalEval",
        }
    )
    done = imported("cleanportaleval")
    assert done.ids == ["bbc.co.uk_news_01", "tv.msnbc.com_news_02"]
    assert [labelled.page.site for labelled in done.pages] == ["bbc.co.uk", "msnbc.com"]
    labelled = done.pages[0]
    assert labelled.page.url == "http://tv.harbour.example/2012/08/ferry"
    assert (labelled.page.source, labelled.page.page_type) == ("cleanportaleval", "article")
    assert labelled.page.raw.startswith(b"<html>")
    assert labelled.gold_text == "It runs again from Monday’s first tide, says the captain."
    assert done.lines() == [
        ("noise", "Shows Blogs"),
        ("body", "It runs again from Monday’s first tide, says the captain."),
    ]


def test_what_cannot_be_read_is_left_out_and_counted(lay_out, imported):
    lay_out(
        {
            "input/a.example_1.html": PAGE,
            "input/b.example_1.html": PAGE,
            "GoldStandard/b.example_1.txt": GOLD,
        }
    )
    done = imported("cleanportaleval")
    assert done.ids == ["b.example_1"]
    assert done.left_out == [
        ("input/a.example_1.html", "page without gold, a.example_1.txt is missing")
    ]


def test_another_layout_is_refused(lay_out, imported):
    lay_out({"a.example_1.html": PAGE})
    with pytest.raises(DataError, match=r"source: no input/\*\.html with GoldStandard/\*\.txt"):
        imported("cleanportaleval")


def test_a_folder_too_high_is_refused_with_the_one_that_is_meant(lay_out, imported):
    lay_out({"Eval-master/input/a_1.html": PAGE, "Eval-master/GoldStandard/a_1.txt": GOLD})
    with pytest.raises(DataError, match=r"source: no input/.*, but Eval-master has them; name"):
        imported("cleanportaleval")
