"""What the floor plan promises of the packages as a whole."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("corpus", "labels", "baselines", "bench")
MODULES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
HEAVY = (
    "sklearn", "pandas", "datasets", "pyarrow", "scipy", "trafilatura", "rich", "starlette", "uvicorn",
    "playwright", "jinja2",
)  # fmt: skip


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    above = FLOORS[floor + 1 :]
    assert not [name for name in imported(path) if name.split(".")[0] in above]


def test_only_the_command_line_knows_click():
    offenders = [p for p in MODULES if "click" in imported(p) and "bench/cli" not in p.as_posix()]
    assert not offenders


@pytest.mark.parametrize("floor", FLOORS)
def test_each_package_is_typed(floor):
    assert (ROOT / floor / "py.typed").is_file()


def test_nothing_heavy_is_imported_before_a_command_needs_it():
    code = f"import sys, bench.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
