import json
from math import log

import numpy as np
import pytest
from click.testing import CliRunner

from baselines import Model, shipped_models
from baselines.features.batch import Batch
from baselines.model import VIEWS
from baselines.regression import Inputs, Linear, Mixture, Stages
from bench.cli import main
from corpus import split_html, split_text

HTML = """<nav><a href="/">Home</a></nav><p>The old mill by the river was opened again, after years
of repairs.</p><p>한글로 쓴 글은 두 줄이면 충분하다.</p>"""


def explain(*arguments, **options):
    return CliRunner().invoke(main, ["explain", *map(str, arguments)], **options)


def linear(names, intercept=0.0, **weights):
    return Linear(np.array([weights.get(name, 0) for name in names], np.float32), intercept)


def stages(view, lines, **weights):
    """A second stage that sees a few features, as they are."""
    inputs = VIEWS[view].features(Batch.of([lines])).names
    context = VIEWS[view].context(np.full(len(lines), 0.5), Batch.of([lines])).names
    first = linear(inputs)
    second = linear(inputs + context, -1.0, **weights)

    def plain(names):
        return Inputs(names, np.zeros(len(names), np.float32), np.ones(len(names), np.float32))

    return Stages(
        plain(inputs), linear(inputs), Mixture(first, first),
        plain(context), Mixture(second, second),
    )  # fmt: skip


@pytest.fixture
def model(tmp_path):
    """A model's file: what ends with a full stop is body, and on HTML what is linked is not."""
    lines = split_html(HTML)
    path = tmp_path / "toy.json"
    fitted = Model(
        "toy",
        "1.0",
        stages("text", split_text("Home"), ends_with_stop=3.0),
        stages("html", lines, ends_with_stop=3.0, link_density=-2.0),
    )
    path.write_text(fitted.to_json(), encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(HTML, encoding="utf-8")
    return path


def rows(*arguments, **options):
    done = explain(*arguments, "--format", "jsonl", **options)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def wrong(*arguments, **options):
    """What is said of a user's mistake: one sentence on standard error, exit status 1."""
    done = explain(*arguments, **options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_page_is_a_head_and_a_few_rows_for_each_line(model, page):
    # With chances of .88, .88 and .05 the F1 to expect is .91 or so, of which half is the limit.
    head, *shown = explain(model, page).stdout.splitlines()
    assert head.startswith("toy 1.0; looks like an article: 0.50; kept from 0.4")
    assert shown == [
        "1   0.047  Home",
        "           against  link_density -2.00",
        "           rest     -1.00",
        "2 + 0.881  The old mill by the river was opened again, after years of repairs.",
        "           for      ends_with_stop +3.00",
        "           rest     -1.00",
        "3 + 0.881  한글로 쓴 글은 두 줄이면 충분하다.",
        "           for      ends_with_stop +3.00",
        "           rest     -1.00",
    ]


def test_reasons_are_dimmed_where_there_is_a_terminal(model, page):
    coloured = explain(model, page, color=True).stdout.splitlines()
    assert coloured[1].startswith("1   0.047")
    assert coloured[2].startswith("\x1b[2m")


def test_an_object_a_line_has_the_documented_keys_and_adds_up(model, page):
    found = rows(model, page)
    keys = ("line", "text", "probability", "kept", "for", "against", "rest")
    assert [tuple(row) for row in found] == [keys] * 3
    assert [(row["line"], row["kept"]) for row in found] == [(1, False), (2, True), (3, True)]
    for row in found:
        odds = sum(value for _, value in row["for"] + row["against"]) + row["rest"]
        assert odds == pytest.approx(log(row["probability"] / (1 - row["probability"])), abs=2e-3)


def test_a_page_on_standard_input_is_recognised_by_its_content(model):
    assert rows(model, input=HTML)[0]["against"] == [["link_density", -2.0]]
    assert rows(model, "-", input="Home\nThe mill.\n")[0]["against"] == []


def test_only_the_chosen_lines_are_explained(model, page):
    found = rows(model, page, "--line", 3, "--line", 1, "--features", 0)
    assert [(row["line"], row["for"], row["rest"]) for row in found] == [
        (1, [], -3.0),
        (3, [], 2.0),
    ]
    assert "no line 4; the page has lines 1 to 3" in wrong(model, page, "--line", 4)
    assert explain(model, page, "--line", 0).exit_code == 2


def test_an_extractor_without_weights_is_refused(page):
    message = wrong("trafilatura", page)
    assert f"no model 'trafilatura'; shipped are {', '.join(shipped_models())}, or" in message


def test_what_is_no_model_or_no_page_is_refused(model, page, tmp_path):
    assert f"{page}: not a model" in wrong(page, page)
    assert "the page has no lines" in wrong(model, input="")
    picture = tmp_path / "page.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert "neither HTML nor text" in wrong(model, picture)


def test_a_shipped_model_explains_what_it_extracts(page):
    explained = rows("logreg", page, "--features", 1000)
    extracted = CliRunner().invoke(main, ["extract", "logreg", str(page), "--format", "jsonl"])
    decided = [json.loads(line) for line in extracted.stdout.splitlines()]
    assert [(row["text"], row["kept"], row["probability"]) for row in explained] == [
        (row["text"], row["keep"], row["p"]) for row in decided
    ]
    assert len({row["rest"] for row in explained}) == 1  # the intercept
