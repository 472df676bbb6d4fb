"""Pictures of every type of page of a running site, to look at.

    python -m tests.browser.screenshots [http://127.0.0.1:8000] [page ...]

They stand in `screenshots/`: 360 and 1280 pixels wide, in light and dark colours. The page
`readme` is another matter: it renews the picture of the README.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch_arguments
from tests.browser.pages import PAGES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "screenshots"
README_PICTURE = ROOT / "docs" / "images" / "answer-1280.png"
WIDTHS = (360, 1280)


def take(site: str, names: list[str]) -> None:
    """Take the pictures of the named pages, or of all."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        for width, scheme in product(WIDTHS, ("light", "dark")):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            for name in names or PAGES:
                page.goto(site + PAGES[name])
                page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
        browser.close()


def take_for_readme(site: str) -> None:
    """Renew the picture of the README: the top of an answer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        page = browser.new_page(viewport={"width": 1280, "height": 1340}, color_scheme="light")
        page.goto(site + PAGES["answer"])
        page.screenshot(path=README_PICTURE)
        browser.close()


if __name__ == "__main__":
    address, *wanted = sys.argv[1:] or ["http://127.0.0.1:8000"]
    if wanted == ["readme"]:
        take_for_readme(address.rstrip("/"))
    else:
        take(address.rstrip("/"), wanted)
