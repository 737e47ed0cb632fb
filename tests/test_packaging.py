"""What is declared, what is shipped, and who is named."""

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "labels", "baselines", "bench")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
IMPORTED_BY_OTHERS = {
    "datasets": "opens what is written; users call it",
    "lxml": "cleans HTML for extractors",
}
STANDARD = sys.stdlib_module_names | {"compression"}  # the latter from Python 3.14 on
BROUGHT_BY_OTHERS = {"nltk": "newspaper4k[nlp]"}


def names(requirements):
    return {canonicalize_name(Requirement(line).name) for line in requirements} - {"boilerbench"}


BASE = names(PROJECT["dependencies"])
FOR_USERS = {name for key, lines in EXTRAS.items() if key != "dev" for name in names(lines)}


def imported():
    """The top-level names of foreign modules that the packages import, with a place of each."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    modules = [node.module]
                else:
                    continue
                for module in modules:
                    top = module.split(".")[0]
                    if top not in STANDARD and top not in PACKAGES:
                        yield top, path.relative_to(ROOT)


@pytest.fixture(scope="module")
def distributions():
    """The names of the distributions that hold a module."""
    known = packages_distributions()
    return lambda module: {canonicalize_name(name) for name in known.get(module, (module,))}


def test_what_is_imported_is_declared(distributions):
    for module, path in imported():
        assert distributions(module) & (BASE | FOR_USERS | BROUGHT_BY_OTHERS.keys()), (
            f"{path}: {module} is not declared"
        )


def test_what_is_declared_is_imported(distributions):
    used = {name for module, _ in imported() for name in distributions(module)}
    assert used | IMPORTED_BY_OTHERS.keys() >= BASE | FOR_USERS


def test_each_extra_for_users_is_in_all():
    (everything,) = EXTRAS["all"]
    assert Requirement(everything).name == PROJECT["name"]
    assert Requirement(everything).extras == EXTRAS.keys() - {"all", "dev"}


def test_each_extra_is_documented():
    text = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    assert {key for key in EXTRAS if f"| `{key}` |" not in text} == set()


def test_a_pip_before_23_3_meets_lxml_first():
    """It resolves what is pinned first, and fails on the two spellings of an extra of lxml if not."""
    (lxml,) = [Requirement(line) for line in EXTRAS["extractors"] if line.startswith("lxml")]
    assert lxml.extras == {"html-clean"}
    assert "==" in {specifier.operator for specifier in lxml.specifier}


def test_both_commands_are_one():
    assert set(PROJECT["scripts"]) == {"bench", "boilerbench"}
    assert len(set(PROJECT["scripts"].values())) == 1


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["title"] == PROJECT["name"]
    assert citation["version"] == PROJECT["version"]
    assert citation["authors"] == PROJECT["authors"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]


def test_the_notice_names_whoever_must_be_named_for_the_weights():
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    for card in (ROOT / "baselines" / "models").glob("*.md"):
        rows = re.findall(r"^\|.*\| (CC-BY\S*) \| (.*?) \(", card.read_text("utf-8"), re.MULTILINE)
        assert rows, f"{card.name}: no row of a dataset under CC-BY"
        for licence, title in rows:
            assert title in notice
            assert licence in notice


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The names in the wheel, and those in the source distribution below its folder."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    with (
        zipfile.ZipFile(next(out.glob("*.whl"))) as wheel,
        tarfile.open(next(out.glob("*.gz"))) as source,
    ):
        inside = {name.partition("/")[2] for name in source.getnames()}
        return set(wheel.namelist()), inside


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(built):
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    ours = {name for name in built[0] if ".dist-info/" not in name}
    assert ours == set(files) or not files  # where this is no clone


def test_licences_and_attributions_are_shipped(built):
    wheel, source = built
    for file in ("LICENSE", "NOTICE", "corpus/pages/LICENSE"):
        assert any(name.endswith(f".dist-info/licenses/{file}") for name in wheel)
        assert file in source


def test_the_source_has_what_tests_documents_and_citations_need(built):
    files = {".ci/run", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "README.md",
             "docs/installing.md", "tests/conftest.py", "tests/test_packaging.py"}  # fmt: skip
    assert files <= built[1]
