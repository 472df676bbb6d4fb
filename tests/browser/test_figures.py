"""The pages with figures in a real browser: readable by everybody, on every screen."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from navigator.statistics import publishing
from navigator.statistics.reports import TABLES
from tests import people
from tests.navigator.statistics.talks import talk

AXE = Axe()
PHONE = {"width": 320, "height": 640}
PUBLIC = "/statistiek/?period=last-365"
ADVICE = "/advies/cijfers/?period=last-365"


@pytest.fixture
def figures(site):
    """Conversations of two months, all tables of them public."""
    advisor = people.advisor()
    for back in range(1, 60):
        day = (timezone.localdate() - timedelta(days=back)).isoformat()
        talk(advisor, day, "regional-office", "school", offices=["flevowijs"], interests=["po"])
    publishing.publish(TABLES, hide_small=True, by=advisor, at=timezone.now())


def faults(page):
    """What axe finds when all is unfolded."""
    for fold in page.locator("summary").all():
        fold.click()
    violations = AXE.run(page).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in violations]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_public_page(page, site, figures, complaints, scheme):
    page.emulate_media(color_scheme=scheme)

    page.goto(site + PUBLIC)

    assert page.locator("svg.chart").count() >= 5
    assert faults(page) == []
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_advisors_page(administrator, site, figures, scheme):
    page = administrator.page
    page.emulate_media(color_scheme=scheme)

    page.goto(site + ADVICE)

    assert page.locator("svg.chart").count() >= 5
    assert faults(page) == []


def test_on_a_narrow_screen_the_page_stands_still_and_labels_are_as_large_as_text(
    page, site, figures
):
    page.set_viewport_size(PHONE)

    page.goto(site + PUBLIC)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    label = page.locator("svg.chart .chart-label").first
    assert label.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 15
    overlapping = page.evaluate(
        """() => [...document.querySelectorAll("svg.chart")].flatMap((chart) => {
            const words = [...chart.querySelectorAll("text")];
            const boxes = words.map((it) => it.getBoundingClientRect());
            return boxes.flatMap((one, place) => boxes.slice(place + 1).filter((other) =>
                one.left < other.right - 1 && other.left < one.right - 1 &&
                one.top < other.bottom - 4 && other.top < one.bottom - 4));
        }).length"""
    )
    assert overlapping == 0


def test_without_scripts_the_period_is_chosen_by_a_form(new_context, site, figures):
    page = new_context(java_script_enabled=False, locale="nl-NL").new_page()
    page.goto(f"{site}/en/statistiek/")

    page.locator("input[name=from]").fill("2026-01-01")
    page.locator("input[name=to]").fill("2026-01-31")
    page.locator(".figure-dates button").click()

    assert page.url.endswith("/en/statistiek/?from=2026-01-01&to=2026-01-31")
    assert "1 January 2026" in page.locator("h1 + p").inner_text()
