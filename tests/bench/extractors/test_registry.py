import importlib
import json
import shutil

import numpy as np
import pytest

from baselines.model import MODELS, model_fingerprint
from bench.extractors.extractor import SAFE_NAME, kit_version
from bench.extractors.registry import find, find_extractors, load, under
from corpus import DataError, Page
from corpus.starter import starter_pages

PAGE = Page("harbour", b"<p>One line.</p><p>Another line.</p>", "html")

FINE = """
PACKAGE = "pebble"
NEEDS_HTML = False
OPTIONS = {"depth": 3}
def extract(page):
    return page.content()
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Makes a distribution with entry points that is importable as long as the test runs."""

    def install(entries, **modules):
        info = tmp_path / "plug_in-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug-in\nVersion: 1.2\n")
        rows = [f"{name} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("[bench.extractors]\n" + "\n".join(rows) + "\n")
        for name, content in modules.items():
            (tmp_path / f"{name}.py").write_text(content)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()

    return install


def test_under_a_profile_models_keep_what_it_counts_as_body_and_others_what_they_do():
    model, rule = find("logreg-text"), find("keep-all")
    assert under(rule, "with-comments") == rule
    assert under(model, "default") == model
    found = under(model, "with-comments")
    assert found.spec == "model:logreg-text:with-comments"
    assert found.options == {**model.options, "profile": "with-comments"}
    page = next(page for page in starter_pages() if page.id == "ko-0002")
    kept, more = load(model.spec)(page), load(found.spec)(page)
    assert more.sum() > kept.sum()


def test_modules_and_baselines_are_found_in_order():
    found = find_extractors()
    assert list(found) == sorted(found)
    assert {"trafilatura", "html-text", "keep-all", "keep-none"} <= set(found)
    assert all(name == extractor.name for name, extractor in found.items())


def test_an_underscore_in_a_module_is_a_hyphen_in_the_name():
    extractor = find("html-text")
    assert extractor.spec == "module:bench.extractors.html_text"
    assert extractor.package == "html-text"
    assert extractor.version == importlib.metadata.version("html-text")
    assert extractor.reason is None


def test_a_rule_has_the_kits_version_and_needs_no_html():
    extractor = find("keep-all")
    assert (extractor.package, extractor.version) == ("boilerbench", kit_version())
    assert extractor.needs_html is False


@pytest.fixture
def twig(tmp_path, monkeypatch):
    """Ships one model, of which a value is another; returns what then is found."""
    model = json.loads((MODELS / "logreg-text.json").read_text(encoding="utf-8"))

    def ship(**values):
        (tmp_path / "twig.json").write_text(json.dumps(model | values), encoding="utf-8")
        monkeypatch.setattr("baselines.model.MODELS", tmp_path)
        return find("twig")

    return ship


def test_a_model_has_its_own_version(twig):
    found = twig(version="7")
    assert (found.version, found.spec) == ("7", "model:twig")


def test_a_model_with_other_content_has_other_options_so_that_no_run_of_it_is_resumed(twig):
    before, after = twig(trained_on=[]), twig(trained_on=["0123456789abcdef"])
    assert before.version == after.version
    assert before.options["weights"] != after.options["weights"]
    assert twig(trained_on=[]) == before


def test_an_unknown_name_is_refused_with_close_ones():
    with pytest.raises(DataError, match=r"no extractor 'trafilatur'; did you mean trafilatura"):
        find("trafilatur")


def test_a_name_like_no_other_is_refused_with_all():
    with pytest.raises(DataError, match=r"no extractor 'zzz'; use one of beautifulsoup, "):
        find("zzz")


def test_an_absent_package_is_listed_and_named_with_its_remedy(plugin):
    plugin(
        {"absent": "absent_tool"},
        absent_tool=FINE.replace('"pebble"', '"there-is-no-such-distribution"'),
    )
    assert find_extractors()["absent"].version is None
    with pytest.raises(
        DataError, match=r"absent: not installed; .*pip install 'there-is-no-such-distribution'"
    ):
        find("absent")


def test_an_entry_point_is_an_extractor(plugin):
    plugin({"mine": "my_tool"}, my_tool=FINE)
    extractor = find("mine")
    assert extractor.spec == "entry:my_tool"
    assert extractor.options == {"depth": 3}
    assert extractor.version == importlib.metadata.version("pebble")
    assert load(extractor.spec)(PAGE) == PAGE.content()


@pytest.mark.parametrize(
    ("entry", "module", "reason"),
    [
        ("gone_tool", {}, "No module named 'gone_tool'"),
        ("raising_tool", {"raising_tool": "1 / 0"}, "division by zero"),
        ("leaving_tool", {"leaving_tool": "raise SystemExit(3)"}, "SystemExit"),
        ("bare_tool", {"bare_tool": "def extract(page): ..."}, "PACKAGE"),
        ("inert_tool", {"inert_tool": FINE + "extract = 1\n"}, "function"),
        ("whole_tool:extract", {"whole_tool": FINE}, "no module"),
    ],
)
def test_a_broken_entry_point_is_listed_with_its_reason(plugin, entry, module, reason):
    plugin({"broken": entry}, **module)
    extractor = find_extractors()["broken"]
    assert extractor.version is None
    assert reason in extractor.reason
    with pytest.raises(DataError, match=r"extractor broken: its entry point .* 'plug-in'"):
        find("broken")


def test_a_name_that_is_no_file_name_is_not_usable(plugin):
    plugin({"../mine": "odd_tool"}, odd_tool=FINE)
    assert "not safe" in find_extractors()["../mine"].reason


def test_a_taken_name_is_listed_beside_the_kits_own(plugin):
    plugin({"keep-all": "rival_tool"}, rival_tool=FINE)
    found = find_extractors()
    assert found["keep-all"].spec == "rule:keep-all"
    assert found["keep-all@plug-in"].spec == "entry:rival_tool"


def test_a_rule_keeps_lines():
    np.testing.assert_array_equal(load("rule:keep-all")(PAGE), [True, True])
    np.testing.assert_array_equal(load("rule:keep-none")(PAGE), [False, False])


@pytest.mark.parametrize(
    ("spec", "message"),
    [("rule:keep-some", "no rule 'keep-some'"), ("magic:x", "unknown kind"), ("", "unknown kind")],
)
def test_a_spec_of_nothing_is_refused(spec, message):
    with pytest.raises(DataError, match=message):
        load(spec)


# Models by their files


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A model that somebody trained, in a folder with a colon in its name."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a: with-title" / "mine.json"
    path.parent.mkdir()
    shutil.copy(MODELS / "logreg.json", path)
    return path


def test_a_model_is_found_by_its_file_or_folder_under_a_name_that_tells_its_weights(mine):
    weights = model_fingerprint("logreg")
    found = find(str(mine))
    assert found.name == f"logreg@{weights}"
    assert found.options == {"weights": weights, "file": str(mine)}
    assert find(str(mine.parent)).name == found.name
    assert SAFE_NAME.fullmatch(found.name)


@pytest.mark.parametrize("profile", ["default", "with-title"])
def test_a_model_by_its_file_keeps_what_the_shipped_one_keeps(mine, profile):
    page = Page("x", b"<h1>A ferry</h1><p>It runs again every hour, from Friday on.</p>", "html")
    own, shipped = (load(under(find(name), profile).spec)(page) for name in (str(mine), "logreg"))
    assert own.tolist() == shipped.tolist()


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.json: not a model"):
        find(str(path))


def test_a_name_of_an_extractor_is_not_taken_for_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logreg").mkdir()
    assert find("logreg").spec == "model:logreg"
