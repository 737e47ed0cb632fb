"""Show what `bench report` makes of runs, as a picture.

    bench run -o runs/starter
    python docs/make_report_image.py runs/starter/*.jsonl -o docs/images

Needs playwright and chromium.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

WINDOW = {"width": 1280, "height": 860}
RUN = "trafilatura"
"""The run of which a page is shown line by line."""


def main() -> None:
    """Make the report, and take the picture: its scores, and one page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder of the picture")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = Path(folder) / "report.html"
        command = [sys.executable, "-m", "bench", "report", *map(str, options.runs)]
        subprocess.run([*command, "-o", str(report)], check=True)  # noqa: S603 - our own command
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        tab = browser.new_page(viewport=WINDOW)
        tab.goto(report.as_uri())
        tab.screenshot(path=options.out / "report-scores.png")
        heading = tab.get_by_role("heading", name=RUN, exact=True)
        heading.locator("+ details > summary").click()
        heading.evaluate("heading => heading.scrollIntoView()")
        tab.screenshot(path=options.out / "report-page.png")
        browser.close()


if __name__ == "__main__":
    main()
