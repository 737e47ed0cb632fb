"""What the floor plan promises of packages and rooms."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "labels", "baselines", "bench")
ROOMS = (
    "corpus.errors",
    "corpus.scripts",
    "corpus.visible",
    "corpus.lines",
    "corpus.html",
    "corpus",
    "corpus.acquire",
    "labels",
    "labels.datasets",
    "labels.datasets.importers",
    "labels.datasets.importing",
    "labels.datasets.fetch",
    "labels.datasets.checks",
    "labels.annotation.drafts",
    "labels.annotation.checks",
    "labels.annotation",
    "labels.annotation.adding",
    "labels.annotation.label_studio",
    "labels.annotation.web",
    "baselines.features",
    "baselines",
    "baselines.training",
    "baselines.classifier",
    "bench.extractors",
    "bench.running",
    "bench.metrics",
    "bench.scoring",
    "bench.conformance",
    "bench.report",
    "bench",
    "bench.cli",
    "bench.__main__",
)
"""Packages, folders and modules from the ground up: each imports from itself and those above it
in this list. A module belongs to the longest name that fits."""

MOST_MODULES = 14
HEAVY = (
    "sklearn", "pandas", "datasets", "pyarrow", "scipy", "trafilatura", "rich", "starlette", "uvicorn",
    "playwright", "jinja2",
)  # fmt: skip


def modules():
    """All modules by their dotted names; a package by the name of its folder."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())
INITS = {name: path for name, path in MODULES.items() if path.stem == "__init__"}


def imported(path):
    """Names of the modules that a module imports, at its top or within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def floor(name):
    """How high the room of a module is."""
    while name not in ROOMS:
        name = name.rpartition(".")[0]
    return ROOMS.index(name)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_one_way(name):
    ours = [other for other in imported(MODULES[name]) if other.split(".")[0] in PACKAGES]
    if name in INITS:  # exports what is inside
        inside = tuple(other for other in ours if other.startswith(f"{name}."))
        ours = [other for other in ours if other not in inside]
    above = [other for other in ours if floor(other) > floor(name)]
    around = [other for other in ours if name.startswith(f"{other}.") and other in PACKAGES]
    assert not above, f"{name} imports from above"
    assert not [other for other in around if other != "corpus"], (
        f"{name} imports all of its package"
    )


@pytest.mark.parametrize("name", INITS)
def test_an_init_exports_and_does_nothing_else(name):
    for node in ast.parse(INITS[name].read_text(encoding="utf-8")).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_all = isinstance(node, ast.Assign) and [t.id for t in node.targets] == ["__all__"]
        assert is_docstring or is_all or isinstance(node, ast.Import | ast.ImportFrom)


def test_a_room_has_about_a_dozen_modules_at_most():
    loose = Counter(path.parent for name, path in MODULES.items() if name not in INITS)
    one_each = {
            ROOT / "labels/datasets/importers", ROOT / "bench/extractors",
            ROOT / "baselines/features",
        }  # fmt: skip
    crowded = {str(path): count for path, count in loose.items() if count > MOST_MODULES}
    assert not {path for path in crowded if Path(path) not in one_each}, crowded


def test_tests_mirror_the_packages():
    tests = ROOT / "tests"
    for path in tests.rglob("test_*.py"):
        folder = path.parent.relative_to(tests)
        assert (ROOT / folder).is_dir(), f"{path}: tests a folder that is not there"


def test_no_two_classes_have_one_name():
    names = Counter()
    for path in MODULES.values():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names.update(
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        )
    assert not [name for name, count in names.items() if count > 1]


def test_only_the_command_line_knows_click():
    offenders = [
        name
        for name, path in MODULES.items()
        if "click" in imported(path) and not name.startswith("bench.cli")
    ]
    assert not offenders


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_nothing_heavy_is_imported_before_a_command_needs_it():
    code = f"import sys, bench.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
