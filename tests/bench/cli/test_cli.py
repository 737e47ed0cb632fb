import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from baselines.model import MODELS, model_fingerprint
from bench.cli import main
from bench.extractors import registry
from bench.running import read_run
from corpus.starter import PAGES
from labels import LABELS, open_dataset, write_dataset
from labels.folder import GOLD

ROOT = Path(__file__).parents[3]

HTML = """<!doctype html><html><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>The mill</h1><p>The old mill by the river was opened again on Sunday, after four years
of repairs that cost the village more than anyone had expected.</p><p>Visitors may now see how flour
was ground there until 1961, when the last miller, a quiet man with a loud dog, retired.</p></article>
<footer>All rights reserved.</footer></body></html>"""


def bench(*arguments, **options):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)


def commands(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(p, c, id=" ".join(p)) for p, c in commands(main)]
)
def test_every_command_and_option_has_help(path, command):
    done = bench(*path, "--help")
    assert done.exit_code == 0
    assert command.get_short_help_str()
    for option in command.params:
        if isinstance(option, click.Option) and not {"--help", "--format"} & set(option.opts):
            assert option.help, f"{' '.join(path)} {option.opts}"


def test_the_documented_commands_are_those_there_are():
    printed = subprocess.run(
        [sys.executable, ROOT / "docs" / "make_commands.py"],
        capture_output=True, text=True, encoding="utf-8", check=True, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert printed.stdout == (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def wrong(*arguments, **options):
    """What a command says of a user's mistake: one sentence on standard error, exit status 1."""
    done = bench(*arguments, **options)
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_an_unknown_extractor_is_named_with_close_ones(tmp_path):
    said = wrong("run", "trafilatur", "-o", tmp_path / "runs")
    assert "no extractor 'trafilatur'; did you mean trafilatura" in said
    assert not (tmp_path / "runs").exists()


def test_an_unknown_dataset_split_metric_profile_and_attribute_are_one_sentence(tmp_path):
    assert "no dataset 'nowhere'" in wrong("run", "keep-all", "-d", "nowhere", "-o", tmp_path)
    assert "no split 'x'; it has test, train" in wrong(
        "run", "keep-all", "--split", "x", "-o", tmp_path
    )
    bench("run", "keep-all", "-o", tmp_path)
    run = tmp_path / "keep-all.jsonl"
    assert "no metric 'bleu'" in wrong("score", run, "-m", "bleu")
    assert "no profile 'lax'" in wrong("score", run, "--profile", "lax")
    assert "cannot be grouped by 'colour'" in wrong("score", run, "--by", "colour")
    assert "nothere.jsonl" in wrong("score", tmp_path / "nothere.jsonl")


def test_a_folder_without_parquet_is_no_dataset(tmp_path):
    assert "not a dataset" in wrong("dataset", "info", tmp_path)


def test_an_import_that_cannot_start_leaves_nothing(tmp_path):
    out = tmp_path / "made" / "wcxb"
    assert "no importer 'wcbx'" in wrong("dataset", "import", "wcbx", tmp_path, "-o", out)
    assert "neither in dev nor in test" in wrong("dataset", "import", "wcxb", tmp_path, "-o", out)
    assert not out.exists()


def test_an_unreadable_page_is_one_sentence(tmp_path):
    picture = tmp_path / "page.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert "neither HTML nor text" in wrong("extract", "logreg", picture)
    assert bench("extract", "logreg", tmp_path / "missing.html").exit_code == 2


def test_an_extractor_that_is_not_installed_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(
        registry, "package_version", lambda name: None if name == "justext" else version(name)
    )
    said = wrong("run", "justext", "-o", tmp_path / "runs")
    assert "extractor justext: not installed; install it with: pip install 'justext'" in said
    assert not (tmp_path / "runs").exists()
    assert "justext" in bench("list", "extractors").stdout


def test_wrong_usage_is_exit_status_2():
    assert bench("score").exit_code == 2
    assert bench("list", "colours").exit_code == 2
    assert bench("frobnicate").exit_code == 2


def test_a_label_file_edited_by_hand_is_refused_with_file_and_row(tmp_path):
    gold = tmp_path / "gold"
    shutil.copytree(GOLD, gold)
    shutil.copytree(PAGES, tmp_path / "pages")
    rows = (gold / "ko-0004.tsv").read_text(encoding="utf-8").split("\n")
    rows[4] = rows[4].replace("navigation\t", "navi\t")
    rows[9] += "!"
    (gold / "ko-0004.tsv").write_text("\n".join(rows), encoding="utf-8")
    done = bench("label", "check", "--corpus", tmp_path)
    assert done.exit_code == 1
    first, second = done.stdout.splitlines()
    assert first.startswith(f"{gold / 'ko-0004.tsv'}:5: unknown label 'navi'; use one of body, ")
    assert second.startswith(f"{gold / 'ko-0004.tsv'}:10: the text is not that of the page, ")
    assert bench("label", "check", "--corpus", tmp_path, "ko-0005").exit_code == 0


def test_the_starter_labels_match_their_pages():
    done = bench("label", "check")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("72 pages, ")


def test_run_prints_the_table_and_writes_run_files(tmp_path):
    done = bench("run", "keep-all", "logreg-text", "html-text", "-o", tmp_path, "-j", "1")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "html-text.jsonl", "keep-all.jsonl", "logreg-text.jsonl",
    ]  # fmt: skip
    assert "line F1" in done.stdout
    assert "recommendation" in done.stdout
    texts = sum(path.suffix == ".txt" for path in pages_of_the_test_split())
    assert f"starter, split test: {30 - texts} pages with HTML, by line_f1" in done.stdout
    assert f"starter, split test: {texts} text-only pages, by line_f1" in done.stdout
    (html_text,) = (row for row in done.stdout.splitlines() if row.endswith("needs HTML"))
    assert html_text.split()[0] == "html-text"
    together = bench(
        "run", "keep-all", "logreg-text", "html-text", "-o", tmp_path, "--together"
    ).stdout
    assert "starter, split test: 30 pages, by line_f1" in together
    assert f"{texts} skipped" in together
    assert "keep-all: 30 in" in done.stderr


def pages_of_the_test_split():
    index = (PAGES / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, index) if row["split"] == "test"]
    return [PAGES / f"{row['id']}{'.html' if row['markup'] == 'html' else '.txt'}" for row in rows]


def test_scores_as_json_have_the_documented_keys(tmp_path):
    bench("run", "keep-all", "keep-none", "-o", tmp_path)
    done = bench(
        "score", tmp_path / "keep-all.jsonl", tmp_path / "keep-none.jsonl",
        "-m", "line_recall", "--by", "language", "--format", "json",
    )  # fmt: skip
    rows = json.loads(done.stdout)
    assert set(map(tuple, rows)) == {
        (
            "extractor",
            "dataset",
            "metric",
            "group",
            "value",
            "low",
            "high",
            "rank",
            "pages",
            "failures",
            "markup",
        )
    }
    assert {row["value"] for row in rows if row["extractor"] == "keep-all"} == {1.0}
    assert {row["group"] for row in rows} > {"all", "ko", "en"}


@pytest.mark.parametrize("source", ["file", "standard input"])
def test_extract_prints_an_object_for_each_line_of_the_page(tmp_path, source):
    page = tmp_path / "page.html"
    page.write_text(HTML, encoding="utf-8")
    file = (page,) if source == "file" else ()
    done = bench("extract", "logreg", *file, "--format", "jsonl", input=HTML)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [tuple(row) for row in rows] == [("text", "keep", "p", "label")] * 5
    assert [row["text"] for row in rows][:2] == ["Home News", "The mill"]
    assert all(isinstance(row["keep"], bool) and 0 <= row["p"] <= 1 for row in rows)
    assert [row["keep"] for row in rows][2:] == [True, True, False]
    assert [row["label"] == "body" for row in rows] == [row["keep"] for row in rows]
    assert {row["label"] for row in rows} <= set(LABELS)


def test_extract_keeps_what_a_profile_counts_as_body():
    page = PAGES / "es-0001.html"
    default, with_title = (
        bench("extract", "logreg", page, "--profile", profile).stdout.splitlines()
        for profile in ("default", "with-title")
    )
    title = "Presa Los Sauces cae al 31 %: doce ejidos regarán por turnos hasta enero"
    assert with_title == [title, *default]
    assert "trafilatura knows no profiles; use logreg or logreg-text" in wrong(
        "extract", "trafilatura", "--profile", "strict", input=HTML
    )
    assert "no profile 'x'" in wrong("extract", "logreg", "--profile", "x", input=HTML)


def test_run_keeps_and_scores_what_a_profile_counts_as_body(tmp_path):
    done = bench(
        "run", "logreg-text", "keep-all", "--profile", "with-comments", "-o", tmp_path, "-j", "1"
    )
    assert done.exit_code == 0, done.output
    assert "Scored under the profile with-comments." in done.stdout
    headers = [read_run(tmp_path / f"{name}.jsonl").header for name in ("logreg-text", "keep-all")]
    assert [header.options.get("profile") for header in headers] == ["with-comments", None]
    assert "no profile 'x'" in wrong("run", "keep-all", "--profile", "x", "-o", tmp_path)


def test_extract_takes_plain_text_by_its_content():
    text = (PAGES / "ko-0004.txt").read_bytes()
    done = bench("extract", "logreg", "-", "--format", "jsonl", input=text)
    lines = [line for line in text.decode().splitlines() if line.strip()]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in rows] == [" ".join(line.split()) for line in lines]


def test_extract_prints_the_text_of_an_extractor_and_rows_of_what_it_kept():
    text = bench("extract", "trafilatura", input=HTML)
    assert text.exit_code == 0
    assert "retired." in text.stdout
    assert "All rights reserved" not in text.stdout
    rows = bench("extract", "trafilatura", "--format", "tsv", input=HTML).stdout.splitlines()
    assert [row[:2] for row in rows][2:] == ["1\t", "1\t", "0\t"]


def test_extract_refuses_text_for_an_extractor_that_needs_html():
    assert "trafilatura needs HTML" in wrong("extract", "trafilatura", input="Just text.")


def test_page_show_prints_lines_with_labels():
    done = bench("page", "show", "ko-0004")
    assert done.stdout.splitlines()[0].startswith("ko-0004: ko, text, article")
    as_tsv = bench("page", "show", "ko-0004", "--format", "tsv").stdout
    assert as_tsv == (GOLD / "ko-0004.tsv").read_text(encoding="utf-8").partition("\n")[2]
    assert "has no page 'ko-9999'" in wrong("page", "show", "ko-9999")


@pytest.mark.parametrize("what", ["datasets", "extractors", "metrics", "labels"])
def test_lists_are_tables_and_json(what):
    table = bench("list", what)
    rows = json.loads(bench("list", what, "--format", "json").stdout)
    assert len(table.stdout.splitlines()) == len(rows) + 2
    assert all(next(iter(row.values())) in table.stdout for row in rows)


def wcxb(folder):
    """A folder laid out like WCXB, with two pages."""
    for number, word in (("0001", "river"), ("0002", "mountain")):
        (folder / "dev" / "html").mkdir(parents=True, exist_ok=True)
        (folder / "dev" / "ground-truth").mkdir(parents=True, exist_ok=True)
        html = f"<nav>Menu</nav><p>The {word} was quiet that day.</p><p>Share this</p>"
        (folder / "dev" / "html" / f"{number}.html.gz").write_bytes(gzip.compress(html.encode()))
        gold = {
            "url": f"https://{word}.example/",
            "_internal": {"page_type": {"primary": "article"}},
            "ground_truth": {"main_content": f"The {word} was quiet that day.", "title": word},
        }
        (folder / "dev" / "ground-truth" / f"{number}.json").write_text(json.dumps(gold))
    return folder


def test_a_dataset_is_imported_described_run_and_scored(tmp_path):
    out = tmp_path / "built"
    done = bench("dataset", "import", "wcxb", wcxb(tmp_path / "wcxb"), "-o", out)
    assert done.stdout.startswith(f"{out}: 2 pages, 0 left out, fingerprint ")
    info = json.loads(bench("dataset", "info", out, "--format", "json").stdout)
    assert list(info) == [
        "name", "pages", "splits", "lines", "labels", "languages", "page_types", "gold", "sites",
        "ceiling", "unreadable", "licence", "splitter", "fingerprint",
    ]  # fmt: skip
    assert (info["pages"], info["lines"], info["ceiling"]) == (2, 6, 1.0)
    assert info["labels"] == {"body": 2, "noise": 4}
    assert info["splits"] == {"dev": 2}
    runs = tmp_path / "runs"
    bench("run", "keep-all", "-d", out, "--split", "dev", "-o", runs)
    rows = json.loads(
        bench("score", runs / "keep-all.jsonl", "-m", "word_f1", "--format", "json").stdout
    )
    assert rows[0]["value"] == pytest.approx(2 * 6 / (6 + 9))


def test_a_metric_whose_extra_is_missing_ends_with_one_sentence(tmp_path, monkeypatch):
    run = tmp_path / "mine.jsonl"
    run.write_text('{"extractor": "mine", "dataset": "starter"}\n', encoding="utf-8")
    monkeypatch.setitem(sys.modules, "jieba", None)
    done = bench("score", run, "-m", "word_f1", "-m", "rouge5_f1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: metric rouge5_f1 needs the package jieba; "
        "install it with: pip install 'boilerbench[webmainbench]'\n"
    )
    assert bench("score", run, "-m", "word_f1").exit_code == 0


def test_training_writes_model_card_and_out_of_fold_run(tmp_path):
    run = tmp_path / "runs" / "logreg-text.jsonl"
    done = bench("train", "logreg-text", "-o", tmp_path / "models", "--out-of-fold", run)
    assert done.exit_code == 0, done.output
    assert [line[:6] for line in done.stdout.splitlines()[:5]] == [f"fold {n}" for n in range(1, 6)]
    card = (tmp_path / "models" / "logreg-text.md").read_text(encoding="utf-8")
    assert "CC0-1.0" in card
    assert "Cross-validation by site" in card
    table = bench("score", run, "-m", "line_f1").stdout
    assert "logreg-text†" in table
    assert "cross-validated by site" in table
    page = bench(
        "extract", tmp_path / "models" / "logreg-text.json", "--format", "jsonl", input=HTML
    )
    assert len(page.stdout.splitlines()) == 5
    kept = bench("run", "logreg-text", "--split", "train", "-o", tmp_path / "runs")
    assert "kept, since it holds out-of-fold decisions" in kept.stderr
    assert "logreg-text†" in kept.stdout


def test_training_on_several_datasets_shows_each_and_takes_weights(tmp_path):
    pages = list(open_dataset("starter").pages("train"))
    for name, some in (("one", pages[::2]), ("two", pages[1::2])):
        write_dataset(tmp_path / name, some, name=name, licence="CC0-1.0", description="Pages.")
    two = ["-d", tmp_path / "one", "-d", tmp_path / "two"]
    done = bench("train", "logreg-text", *two, "--weight", "two", 3, "-o", tmp_path / "models")
    assert done.exit_code == 0, done.output
    folds = done.stdout.splitlines()[:5]
    assert all(re.search(r"character F1 \.?[\d.]+ \(one [\d.]+, two [\d.]+\)$", f) for f in folds)
    card = (tmp_path / "models" / "logreg-text.md").read_text(encoding="utf-8")
    assert "--dataset one --dataset two --weight two 3.0" in card
    lighter = bench("train", "logreg-text", *two, "-o", tmp_path / "alike")
    assert lighter.exit_code == 0
    assert (tmp_path / "models" / "logreg-text.json").read_bytes() != (
        tmp_path / "alike" / "logreg-text.json"
    ).read_bytes()


def test_a_weight_of_no_dataset_is_refused(tmp_path):
    done = bench("train", "logreg-text", "--weight", "wcxb", 2, "-o", tmp_path / "models")
    assert done.exit_code == 1
    assert done.stderr.endswith("a weight of 'wcxb', but the datasets are starter\n")
    assert not (tmp_path / "models").exists()


def test_a_model_is_run_by_its_file_and_named_by_its_weights(tmp_path):
    path = tmp_path / "mine.json"
    shutil.copy(MODELS / "logreg-text.json", path)
    done = bench("run", path, "logreg-text", "-o", tmp_path / "runs")
    assert done.exit_code == 0, done.output
    name = f"logreg-text@{model_fingerprint(path)}"
    assert name in done.stdout
    run, shipped = (read_run(tmp_path / "runs" / f"{n}.jsonl") for n in (name, "logreg-text"))
    assert {page: row.kept.tolist() for page, row in run.rows.items() if row.kept is not None} == {
        page: row.kept.tolist() for page, row in shipped.rows.items() if row.kept is not None
    }
    bench("run", path, "--split", "train", "-o", tmp_path / "train")
    seen = bench("score", tmp_path / "train" / f"{name}.jsonl").stdout
    assert "trained on" in seen


def test_the_installed_command_prints_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "run", "nothing"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: no extractor 'nothing'")


@pytest.mark.parametrize("command", ["extract", "explain"])
@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (["--timeout", "0.01"], "stopped after 0.01 s; a higher --timeout gives it more"),
        (["--memory", "1"], "it needs more than 1 MiB; a higher --memory gives it more"),
    ],
)
def test_a_model_obeys_the_limits_that_extractors_obey(command, limit, sentence, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>word <b>word</b></p>" * 40_000)
    assert wrong(command, "logreg", page, *limit) == f"Error: {sentence}\n"


@pytest.mark.parametrize("limit", [["--timeout", "0"], ["--timeout", "-1"], ["--memory", "0"]])
def test_a_limit_out_of_range_is_wrong_usage(limit, tmp_path):
    assert bench("extract", "logreg", tmp_path, *limit).exit_code == 2


def test_what_a_terminal_would_obey_in_a_name_is_escaped(tmp_path):
    said = wrong("score", tmp_path / "a\x1b[31m.jsonl")
    assert "a\\x1b[31m.jsonl" in said
    assert "\x1b" not in said
