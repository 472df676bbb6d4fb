"""The public page of statistics in a real browser: read by everybody, on every screen."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from regions.models import RegionalOffice
from tests.navigator.statistics import usage_rows

AXE = Axe()
PHONE = {"width": 360, "height": 740}
PAGE = "/en/statistiek/"


@pytest.fixture
def usage(site):
    """Two weeks of views and searches."""
    office = RegionalOffice.objects.get(slug="flevowijs")
    for back in range(1, 15):
        day = timezone.localdate() - timedelta(days=back)
        usage_rows.view(office, f"v{back}", day, province="flevoland")
        usage_rows.search(
            f"v{back}",
            "1315",
            day,
            municipality="GM0034",
            province="flevoland",
            sector="po",
            serving=back % 2,
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_and_the_page_stands_still(
    page, site, usage, complaints, scheme
):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)

    page.goto(site + PAGE)
    for fold in page.locator("summary").all():
        fold.click()

    assert page.locator("svg.province-map").count() == 1
    assert page.locator("svg.chart").count() >= 6
    violations = AXE.run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert complaints == []


def test_the_numbers_of_the_map_are_large_enough_and_touch_no_other(page, site, usage):
    page.set_viewport_size(PHONE)

    page.goto(site + PAGE)

    boxes = [each.bounding_box() for each in page.locator(".province-number").all()]
    assert len(boxes) == 12
    assert min(box["height"] for box in boxes) >= 12
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = abs(one["x"] - other["x"]) > 12 or abs(one["y"] - other["y"]) > 10
            assert apart, (one, other)


def test_without_scripts_the_offices_are_sorted_and_the_period_stays(new_context, site, usage):
    page = new_context(java_script_enabled=False, locale="nl-NL").new_page()
    page.goto(f"{site}{PAGE}?period=last-7")

    page.locator("#usage-offices thead a", has_text="Regional office").click()

    assert page.url.endswith("?period=last-7&order=name#usage-offices")
    assert page.locator("#usage-offices th[aria-sort=ascending]").count() == 1
    names = page.locator("#usage-offices tbody th").all_inner_texts()
    assert len(names) >= 50
    assert names == sorted(names, key=str.casefold)


def test_in_print_the_chooser_is_gone_and_charts_stay(page, site, usage):
    page.emulate_media(media="print")

    page.goto(site + PAGE)

    assert not page.locator(".figure-period").is_visible()
    assert page.locator("svg.province-map").is_visible()
    assert page.locator("#usage-offices table").is_visible()
