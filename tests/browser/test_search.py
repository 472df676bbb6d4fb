"""From a postcode to an office, told with a real browser."""

import re

import pytest
from playwright.sync_api import expect


def ask(page, site, typed):
    page.goto(site)
    page.get_by_label("Je postcode of woonplaats").fill(typed)
    page.get_by_role("button", name="Zoek mijn loket").click()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "java_script_enabled": request.param}


def test_a_postcode_leads_to_an_office_and_back(page, site):
    ask(page, site, "3011 AB")

    expect(page).to_have_url(f"{site}/zoeken/?postcode=3011")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regioloketten voor 3011 Rotterdam")
    expect(page.locator("[data-summary]")).to_have_text("3 loketten werken voor jouw woonplaats.")

    page.get_by_role("link", name="Onderwijsloket Rotterdam", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Onderwijsloket Rotterdam")

    page.get_by_role("link", name="Terug naar de loketten voor 3011").click()

    expect(page).to_have_url(f"{site}/zoeken/?postcode=3011")


def test_a_name_of_two_places_asks_which_one(page, site):
    ask(page, site, "Hengelo")

    expect(page.get_by_role("heading", level=1)).to_have_text("Welk Hengelo bedoel je?")

    page.get_by_role("link", name="Gelderland").click()

    expect(page).to_have_url(re.compile(r"municipality=GM1876"))
    expect(page.get_by_text("Gemeente Bronckhorst, Gelderland")).to_be_visible()


def test_a_split_postcode_asks_for_the_municipality(page, site):
    ask(page, site, "3403")

    page.get_by_role("link", name=re.compile("Montfoort")).click()

    expect(page.get_by_text("Gemeente Montfoort, Utrecht")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Montfoort"))).to_have_attribute(
        "aria-current", "true"
    )


def test_what_was_typed_wrong_is_explained_beside_the_field(page, site):
    ask(page, site, "0123")

    field = page.get_by_label("Je postcode of woonplaats")
    expect(page.get_by_role("alert")).to_contain_text("begint niet met een 0")
    expect(field).to_have_value("0123")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_a_filter_keeps_the_postcode(page, site):
    page.goto(f"{site}/zoeken/?postcode=3011")
    page.get_by_label("Soort onderwijs").select_option("ho")
    show = page.get_by_role("button", name="Toon")
    if show.is_visible():
        show.click()

    expect(page.locator("[data-summary]")).to_have_text("2 loketten passen bij je vraag.")
    expect(page).to_have_url(re.compile(r"postcode=3011.*sector=ho|sector=ho.*postcode=3011"))
