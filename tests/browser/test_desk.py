"""The advisors' desk by keyboard alone, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests import people

ADVISOR = "advisor@navigator.example"
ROWS = "[data-row]"
FOCUSED = "[data-row]:focus"


def come(somebody, clock, **context):
    user = people.advisor(email=ADVISOR)
    secret = people.second_factor(user)
    person = somebody(**context)
    person.log_in(ADVISOR, people.PASSWORD, code=clock.code(secret))
    person.open("/advies/")
    return person


@pytest.fixture
def advisor(somebody, clock):
    person = come(somebody, clock, permissions=["clipboard-read", "clipboard-write"])
    yield person
    # htmx writes each answer that it no longer waits for in the console, as if it were a fault.
    person.complaints[:] = [each for each in person.complaints if "htmx:" not in each]


def typed(page, text):
    """Type into what has the focus, one key after the other."""
    page.keyboard.type(text, delay=20)


def settled(page):
    """Wait until what was typed was asked and answered: a late answer tells about itself."""
    page.wait_for_timeout(400)  # it is asked once nobody types for 150 ms
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_a_call_by_keyboard_alone(advisor, site):
    page = advisor.page
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    field = page.locator("#desk-q")
    expect(field).to_be_focused()

    typed(page, "3011 ab")
    expect(page).to_have_url(f"{site}/advies/?q=3011")
    expect(page.locator(ROWS).first).to_be_visible()
    typed(page, "c")
    assert not [url for url in sent if re.search(r"3011(%20|\+)?[a-z]", url, re.IGNORECASE)]
    expect(field).to_have_value("3011 abc")  # a key is a letter while somebody types
    page.keyboard.press("Backspace")
    settled(page)

    page.keyboard.press("ArrowDown")
    expect(page.locator(FOCUSED)).to_have_count(1)
    first = page.locator(FOCUSED).get_attribute("data-row")
    page.keyboard.press("j")
    expect(page.locator(FOCUSED)).not_to_have_attribute("data-row", first)
    page.keyboard.press("ArrowUp")
    expect(page.locator(FOCUSED)).to_have_attribute("data-row", first)

    mark = page.locator(f"[data-row={first}] [data-mark]")
    page.keyboard.press("x")
    expect(mark).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-picks] li")).to_have_count(1)
    page.keyboard.press("x")
    expect(mark).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("x")

    name = page.locator(FOCUSED).get_attribute("data-name")
    page.keyboard.press("e")
    expect(page.locator("[data-desk-told]")).to_contain_text(name)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(name)
    assert f"/en/regioloketten/{first}/" in copied

    page.keyboard.press("2")
    expect(page).to_have_url(f"{site}/advies/?q=3011&sector=vo")
    page.keyboard.press("w")
    expect(page).to_have_url(f"{site}/advies/?q=3011&sector=vo&support=webinar")
    page.keyboard.press("0")
    page.keyboard.press("w")
    expect(page).to_have_url(f"{site}/advies/?q=3011")
    expect(page.locator(f"[data-row={first}] [data-mark]")).to_have_attribute(
        "aria-pressed", "true"
    )

    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    expect(field).to_have_value("3011 ab")
    page.keyboard.press("j")
    slug = page.locator(FOCUSED).get_attribute("data-row")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/regioloketten/{slug}/?postcode=3011")


def test_the_list_of_keys_opens_closes_and_turns_them_off(advisor):
    page = advisor.page
    keys = page.locator("dialog[open]")
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("[name=sector][value='']")).to_be_checked()
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)

    page.reload()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("1")
    expect(keys).to_have_count(0)
    expect(page.locator("[name=sector][value='']")).to_be_checked()

    page.locator("[data-shortcuts-open]").click()
    page.locator("[data-single-keys]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("[name=sector][value=po]")).to_be_checked()


def test_keys_of_the_browser_stay_those_of_the_browser(advisor):
    page = advisor.page
    page.keyboard.press("Escape")
    for key in ("Control+1", "Alt+p", "Meta+x"):
        page.keyboard.press(key)

    expect(page.locator("[name=sector][value='']")).to_be_checked()
    expect(page.locator("[name=support]:checked")).to_have_count(0)


def test_a_choice_is_answered_without_a_page_load(advisor, site):
    page = advisor.page
    page.evaluate("window.isSamePage = true")
    typed(page, "Hengelo")

    expect(page.locator("[data-desk-reading]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-desk-reading]:focus")).to_contain_text("Bronckhorst")
    page.keyboard.press("Enter")

    expect(page.locator(ROWS).first).to_be_visible()
    assert page.evaluate("window.isSamePage")


def test_who_was_logged_out_is_told_and_keeps_the_page(advisor):
    page = advisor.page
    page.context.clear_cookies()

    typed(page, "3011")

    expect(page.locator("[data-desk-logged-out]")).to_be_visible()
    expect(page.locator("#desk-q")).to_have_value("3011")


def test_a_service_that_is_away_is_told_until_it_answers_again(advisor):
    page = advisor.page
    page.context.set_offline(True)
    typed(page, "3011")
    expect(page.locator("[data-desk-away]")).to_be_visible()

    page.context.set_offline(False)
    page.keyboard.press("Enter")

    expect(page.locator(ROWS).first).to_be_visible()
    expect(page.locator("[data-desk-away]")).to_be_hidden()
    # What the browser says of the lost connection was to be expected.
    advisor.complaints[:] = [each for each in advisor.complaints if "ERR_INTERNET" not in each]


def test_without_scripts_enter_and_buttons_do_the_same(somebody, clock, site):
    person = come(somebody, clock, java_script_enabled=False)
    page = person.page
    page.locator("#desk-q").fill("3011 ab")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{site}/advies/?q=3011&sector=")
    first = page.locator(ROWS).first
    slug = first.get_attribute("data-row")
    first.locator("[data-mark]").click()

    expect(page).to_have_url(f"{site}/advies/?q=3011&gekozen={slug}")
    expect(page.locator(f"[data-row={slug}] [data-mark]")).to_have_attribute("aria-pressed", "true")
    page.locator(f"[data-row={slug}] summary").click()
    expect(page.locator(f"[data-row={slug}] pre[lang=nl]")).to_be_visible()


def test_the_desk_fits_on_a_phone(somebody, clock):
    person = come(somebody, clock)
    person.page.set_viewport_size({"width": 360, "height": 740})
    page = person.open("/advies/?q=3011")

    expect(page.locator(ROWS).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_new_answer_never_leaves_the_keys_without_a_row(advisor):
    page = advisor.page
    typed(page, "3011")
    expect(page.locator(ROWS).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
          const row = document.activeElement.closest("[data-row]");
          document.body.dataset.focus = row ? "row" : "lost";
        }))"""
    )

    page.keyboard.press("1")

    expect(page.locator("body")).to_have_attribute("data-focus", "row")
