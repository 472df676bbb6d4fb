"""What scripts add: answers while choosing, and the visitor's location."""

import re

import pytest
from playwright.sync_api import expect

ROTTERDAM = {"latitude": 51.922, "longitude": 4.489}


@pytest.fixture
def answer(page, site):
    page.goto(f"{site}/zoeken/?postcode=3011")
    return page


def test_choosing_a_sector_changes_the_answer_at_once(answer, site):
    answer.get_by_label("Soort onderwijs").select_option("ho")

    expect(answer.locator("[data-summary]")).to_have_text("2 loketten passen bij je vraag.")
    expect(answer).to_have_url(f"{site}/zoeken/?postcode=3011&sector=ho")
    expect(answer.get_by_role("button", name="Toon")).to_be_hidden()


def test_what_came_of_a_choice_is_told_to_screen_readers(answer, site):
    answer.get_by_text("Waarmee wil je hulp?").click()
    answer.get_by_label("Vacatures").check()

    expect(answer.locator("[data-filter-status]")).to_have_text("1 loket past bij je vraag.")
    expect(answer.locator("[data-ticked]")).to_have_text("1")
    expect(answer).to_have_url(f"{site}/zoeken/?postcode=3011&support=vacancies")
    expect(answer.get_by_label("Vacatures")).to_be_focused()


def test_back_from_an_office_shows_the_chosen_answer(answer):
    answer.get_by_label("Soort onderwijs").select_option("ho")
    answer.get_by_role("link", name="Koerskracht", exact=True).click()
    expect(answer.get_by_role("heading", level=1)).to_have_text("Koerskracht")

    answer.go_back()

    expect(answer.get_by_role("heading", level=1)).to_have_text("Regioloketten voor 3011 Rotterdam")
    expect(answer.locator("[data-summary]")).to_have_text("2 loketten passen bij je vraag.")


def test_back_after_a_choice_shows_the_answer_before_it(answer, site):
    answer.get_by_label("Soort onderwijs").select_option("ho")
    expect(answer).to_have_url(re.compile("sector=ho"))

    answer.go_back()

    expect(answer).to_have_url(f"{site}/zoeken/?postcode=3011")
    expect(answer.locator("[data-summary]")).to_have_text("3 loketten werken voor jouw woonplaats.")
    expect(answer.get_by_role("heading", level=1)).to_be_visible()


def test_a_shared_location_gives_its_postcode_and_is_not_in_the_address(page, context, site):
    context.grant_permissions(["geolocation"], origin=site)
    context.set_geolocation(ROTTERDAM)
    page.goto(site)

    page.get_by_role("button", name="Gebruik mijn locatie").click()

    expect(page).to_have_url(f"{site}/zoeken/?postcode=3011")


def test_a_location_that_is_not_shared_is_told_beside_the_button(page, context, site):
    context.clear_permissions()
    page.goto(site)

    page.get_by_role("button", name="Gebruik mijn locatie").click()

    expect(page.get_by_role("status")).to_have_text(
        "Je hebt je locatie niet gedeeld. Vul dan je postcode in."
    )
    expect(page.get_by_role("button", name="Gebruik mijn locatie")).to_be_enabled()
    expect(page).to_have_url(f"{site}/")
