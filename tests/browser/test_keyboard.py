"""Searching with the keyboard alone."""

from playwright.sync_api import expect


def test_the_first_tab_leads_past_the_menu(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_label("Je postcode of woonplaats")).to_be_focused()


def test_typing_and_enter_is_enough(page, site):
    page.goto(site)
    field = page.get_by_label("Je postcode of woonplaats")
    for _ in range(10):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break

    page.keyboard.type("9999 aa")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("9999")


def test_what_has_the_focus_can_be_seen(page, site):
    page.goto(site)
    unseen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if outline == "none":
            unseen.append(page.evaluate("document.activeElement.outerHTML"))

    assert unseen == []
