"""What holds on every type of page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES

AXE = Axe()
NARROW = {"width": 320, "height": 640}
# Chromium reports a page that is not found as a failed resource.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, site, scheme):
    page.emulate_media(color_scheme=scheme)

    found = {}
    for name, address in PAGES.items():
        page.goto(site + address)
        for fold in page.locator("summary").all():
            fold.click()
        if violations := AXE.run(page).response["violations"]:
            found[name] = [
                (rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in violations
            ]

    assert found == {}


def test_a_page_asks_nothing_of_other_sites_and_keeps_nothing(
    page, context, site, elsewhere, complaints
):
    kept = {}
    for name, address in PAGES.items():
        page.goto(site + address)
        if page.evaluate("localStorage.length + sessionStorage.length"):
            kept[name] = page.evaluate("[{...localStorage}, {...sessionStorage}]")

    assert kept == {}
    assert context.cookies() == []
    assert elsewhere == []
    assert [words for words in complaints if not words.startswith(EXPECTED)] == []


def test_choosing_keeps_nothing_either(page, context, site):
    page.goto(f"{site}/zoeken/?postcode=3011")

    page.get_by_label("Soort onderwijs").select_option("ho")
    page.wait_for_url("**sector=ho")

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []


def test_no_page_scrolls_sideways_on_a_narrow_screen(page, site):
    page.set_viewport_size(NARROW)

    too_wide = []
    for name, address in PAGES.items():
        page.goto(site + address)
        for fold in page.locator("summary").all():
            fold.click()
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            too_wide.append((name, width))

    assert too_wide == []


def test_what_can_be_tapped_is_large_enough(page, site):
    """WCAG 2.2, 2.5.8: at least 24 by 24 pixels; links within a sentence may be smaller."""
    page.set_viewport_size(NARROW)

    too_small = {}
    for name, address in PAGES.items():
        page.goto(site + address)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, select, input, summary")]
                .filter((it) => it.checkVisibility() && it.type !== "hidden" && !it.closest("p"))
                .map((it) => [it.closest("label") ?? it, it])
                .filter(([spot]) => spot.getBoundingClientRect().height < 24)
                .map(([, it]) => it.outerHTML.slice(0, 200))"""
        )
        if small:
            too_small[name] = small

    assert too_small == {}
