"""Take a Korean page from a file to gold in the real application, with pictures and times.

    python docs/make_walkthrough.py -o docs/images

A copy of the starter corpus without one page is made, that page is added again from its file, and
labelled by keyboard until its labels are those of its gold, which stands for the annotator. Keys
are pressed as fast as the application takes them: the times are what the machine takes, and the
number of keys is what a person has to press. Needs playwright and chromium.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from labels import LABELS, read_labels, write_labels
from labels.annotation.drafts.draft import to_keys
from labels.folder import GOLD, STARTER_FOLDERS, Folders

PAGE = "ko-0005"
WITHOUT_GOLD = ("ko-0003", "ko-0007", "ja-0001", "zh-0002", "de-0001", "ar-0001")
"""Other pages that are still to be labelled, so that there is a queue."""
ANNOTATORS = ("first", "second")
SEED = 0
WINDOW = {"width": 1280, "height": 760}


class Steps:
    """Times of the steps, ready to be printed."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, int]] = []
        self.keys = 0

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Time one step, and count its keys."""
        begun, keys = time.perf_counter(), self.keys
        yield
        self.rows.append((what, time.perf_counter() - begun, self.keys - keys))

    def press(self, tab: Tab, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            tab.keyboard.press(key)
            self.keys += 1

    def table(self) -> str:
        """The steps as a table in Markdown."""
        rows = [f"| {what} | {seconds:.1f} | {keys or '–'} |" for what, seconds, keys in self.rows]
        return "\n".join(["| step | seconds | keys |", "|---|---|---|", *rows])


def corpus_without_page(folder: Path) -> tuple[Folders, Path, dict[str, str]]:
    """The starter corpus but for the page; the page's file, and its row of the index."""
    folders = Folders.under(folder)
    shutil.copytree(STARTER_FOLDERS.pages, folders.pages)
    folders.gold.mkdir()
    for path in GOLD.glob("*.tsv"):
        if path.stem not in {PAGE, *WITHOUT_GOLD}:
            shutil.copy(path, folders.gold)
    rows = [json.loads(row) for row in folders.index.read_text(encoding="utf-8").splitlines()]
    others = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows if row["id"] != PAGE]
    folders.index.write_text("".join(others), encoding="utf-8")
    file = folder / "saved.html"
    (folders.pages / f"{PAGE}.html").replace(file)
    return folders, file, next(row for row in rows if row["id"] == PAGE)


def bench(*arguments: object) -> list[str]:
    """A command of the kit, as arguments."""
    return [sys.executable, "-m", "bench", *map(str, arguments)]


def corrections(proposed: str, wanted: str) -> Iterator[tuple[int, int, str]]:
    """Runs of lines that want one label and do not all have it: first, last, key."""
    first = 0
    for line in range(1, len(wanted) + 1):
        if line == len(wanted) or wanted[line] != wanted[first]:
            wrong = [at for at in range(first, line) if proposed[at] != wanted[at]]
            if wrong:
                yield wrong[0], wrong[-1], wanted[first]
            first = line


def label(steps: Steps, tab: Tab, wanted: str, picture: Path) -> None:
    """Correct the proposals until they are what is wanted."""
    proposed = tab.evaluate("editor.draft.keys.join('')")
    steps.press(tab, "Home")
    at = 0
    todo = list(corrections(proposed, wanted))
    for number, (first, last, key) in enumerate(todo):
        steps.press(tab, *["j"] * (first - at), *["Shift+j"] * (last - first), key)
        at = last
        if number == len(todo) // 2:
            tab.wait_for_timeout(300)  # for the frame to have followed
            shoot(tab, picture)
    tab.wait_for_selector("body[data-state=saved]")


def shoot(tab: Tab, path: Path) -> None:
    """Take a picture of the window."""
    tab.wait_for_timeout(250)  # for what fades and scrolls to have come to rest
    tab.screenshot(path=path)


def disputed(folders: Folders, page_id: str) -> None:
    """Drafts of two annotators who differ on some lines of a page."""
    page = next(page for page in folders.read() if page.id == page_id)
    lines = page.lines()
    gold = read_labels(GOLD / f"{page_id}.tsv", lines)
    dice = np.random.default_rng(SEED)
    for name in ANNOTATORS:
        labels = gold.copy()
        labels[dice.choice(len(gold), 5, replace=False)] = dice.integers(0, len(LABELS), 5)
        write_labels(folders.draft_of(page_id, name), lines.texts, labels)


@contextmanager
def served(*arguments: object) -> Iterator[str]:
    """The application, and its address."""
    command = bench("label", *arguments, "--annotator", "mine", "--no-open")
    with subprocess.Popen(  # noqa: S603 - a command of this kit
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


def ready(tab: Tab, address: str) -> None:
    """Go to an address, and wait for all that belongs to it."""
    tab.goto(address)
    tab.wait_for_selector("body[data-ready=yes]")


def address_of(address: str, path: str) -> str:
    """Another address of the same server."""
    return urlsplit(address)._replace(path=path, query="").geturl()


def walk(folder: Path, out: Path) -> Steps:
    """The whole walk, from the file to gold, and a page that is disputed."""
    folders, file, row = corpus_without_page(folder)
    steps = Steps()
    with steps.step("`bench page add saved.html`"):
        options = ("--id", PAGE, "--url", row["url"], "--page-type", row["page_type"])
        subprocess.run(  # noqa: S603 - a command of this kit
            bench("page", "add", file, "--corpus", folder, *options), check=True, stdout=sys.stderr
        )
    lines = next(page for page in folders.read() if page.id == PAGE).lines()
    wanted = to_keys(read_labels(GOLD / f"{PAGE}.tsv", lines))
    disputed(folders, WITHOUT_GOLD[0])
    with sync_playwright() as playwright, ExitStack() as running:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        tab = browser.new_page(viewport=WINDOW)
        with steps.step("`bench label edit`, until it answers"):
            address = running.enter_context(served("edit", "--corpus", folder))
        with steps.step("the queue, with all pages read"):
            ready(tab, address)
        shoot(tab, out / "label-queue.png")
        with steps.step(f"find the page and open it: {len(lines)} lines with proposed labels"):
            steps.press(tab, "/", *PAGE, "Escape", "Enter")
            tab.wait_for_url(f"**/edit/{PAGE}")
            tab.wait_for_selector("body[data-ready=yes]")
        shoot(tab, out / "label-page.png")
        steps.press(tab, "?")
        shoot(tab, out / "label-help.png")
        steps.press(tab, "Escape")
        with steps.step("correct the labels"):
            label(steps, tab, wanted, out / "label-work.png")
        with steps.step("confirm the rest"):
            steps.press(tab, "End", "Shift+Enter")
            tab.wait_for_selector("body[data-state=saved]")
        with steps.step("check"):
            steps.press(tab, "d")
            tab.wait_for_selector("dialog.done")
        shoot(tab, out / "label-done.png")
        with steps.step("accept as gold"):
            steps.press(tab, "a")
            tab.wait_for_selector(f"body[data-accepted={PAGE}]")
        address = running.enter_context(served("resolve", "--corpus", folder))
        tab.goto(address)
        ready(tab, address_of(address, f"/resolve/{WITHOUT_GOLD[0]}"))
        for key in ("1", "2"):
            before = tab.get_attribute("body", "data-open")
            tab.keyboard.press(key)
            tab.wait_for_selector(f"body:not([data-open='{before}'])")
        shoot(tab, out / "label-resolve.png")
        browser.close()
    if folders.gold_of(PAGE).read_bytes() != (GOLD / f"{PAGE}.tsv").read_bytes():
        raise SystemExit(f"{folders.gold_of(PAGE)}: not what was wanted")
    return steps


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the pictures, and print the table of steps."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the pictures")
    out = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        print(walk(Path(folder) / "corpus", out).table())


if __name__ == "__main__":
    main()
