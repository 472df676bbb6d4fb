"""Registering at the desk: nothing that is filled in gets lost, and nothing is registered twice."""

import re
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from navigator.advice.models import AdviceConversation
from tests import people

AXE = Axe()
TO_REGISTER = re.compile(r"/en/advies/gesprekken/$")


@pytest.fixture
def advisor(shared_world):
    shared_world.office("rotterdam", name="Loket Rotterdam", serves=["3011"])
    return people.advisor()


@pytest.fixture
def logged_in(context, advisor, live_server):
    """Logs somebody in in the browser; answers the session."""

    def log_in(user=advisor):
        client = people.log_in(Client(), user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return client.session

    return log_in


@pytest.fixture
def desk(page, logged_in, live_server):
    """The desk with an answer, in the browser of the advisor."""
    expect.set_options(timeout=20_000)
    logged_in()
    page.goto(f"{live_server.url}/en/advies/?q=3011")
    expect(page.locator("[data-tabs] [aria-current]")).to_be_visible()
    yield page
    expect.set_options(timeout=5_000)


def field(page, name, value=""):
    chosen = f"[value='{value}']" if value else ""
    return page.locator(f"#conversation-form [name='{name}']{chosen}")


def fill(page, *, note="", destination="school"):
    field(page, "channel", "phone").check()
    field(page, "destination", destination).check()
    field(page, "note").fill(note)


def register(page):
    page.locator("#conversation-form button[type=submit]").click()


def is_registered(page):
    expect(page.locator("[data-registered] [data-correct]")).to_be_visible()
    expect(page.locator("[data-outbox]")).to_be_hidden()


def waits(page):
    waiting = page.locator("[data-outbox] li")
    expect(waiting).to_have_count(1)
    expect(waiting.locator("[data-again]")).to_be_visible()
    return waiting


def come_back(page):
    """The connection is there again, as the browser tells."""
    page.evaluate("dispatchEvent(new Event('online'))")


def notes():
    return sorted(AdviceConversation.objects.values_list("note", flat=True))


def test_a_half_filled_registration_survives_a_reload(desk, complaints):
    desk.locator("[data-mark]").click()
    field(desk, "interests", "po").check()
    fill(desk, note="Wil in deeltijd.", destination="regional-office")
    moment = field(desk, "moment").input_value()

    desk.reload()

    expect(field(desk, "note")).to_have_value("Wil in deeltijd.")
    expect(field(desk, "moment")).to_have_value(moment)
    expect(field(desk, "interests", "po")).to_be_checked()
    expect(field(desk, "destination", "regional-office")).to_be_checked()
    expect(field(desk, "offices", "rotterdam")).to_be_checked()
    expect(desk.locator("[data-picks] li")).to_have_count(1)
    assert not AdviceConversation.objects.exists()
    assert complaints == []


def test_own_links_for_the_list_survive_a_reload(desk):
    desk.locator("[data-links] summary").click()
    desk.locator("[name=link-title]").fill("Over de opleiding")
    desk.locator("[name=link-url]").fill("https://a.example/")

    desk.reload()

    expect(desk.locator("[name=link-url]")).to_have_value("https://a.example/")


def test_what_is_registered_is_gone_from_the_browser(desk, complaints):
    fill(desk, note="Klaar.")
    register(desk)
    is_registered(desk)

    expect(field(desk, "note")).to_have_value("")
    kept = desk.evaluate("Object.values(localStorage).join(' ')")
    assert "Klaar." not in kept
    assert notes() == ["Klaar."]
    assert complaints == []


def test_the_channel_of_the_last_conversation_is_chosen_for_the_next(desk):
    fill(desk)
    field(desk, "channel", "chat").check()
    register(desk)
    is_registered(desk)

    desk.reload()

    expect(field(desk, "channel", "chat")).to_be_checked()


def test_a_server_that_is_away_gets_it_once_it_is_back(desk):
    desk.route(TO_REGISTER, lambda route: route.abort())
    fill(desk, note="Straks.")
    register(desk)
    waits(desk)
    desk.reload()
    waits(desk)
    assert notes() == []

    desk.unroute(TO_REGISTER)
    come_back(desk)

    is_registered(desk)
    assert notes() == ["Straks."]


def test_an_answer_that_was_lost_on_the_way_registers_nothing_twice(desk):
    def lose(route):
        route.fetch()
        route.abort()

    desk.route(TO_REGISTER, lose)
    fill(desk, note="Eens.")
    register(desk)
    waits(desk)
    assert notes() == ["Eens."]

    desk.unroute(TO_REGISTER)
    come_back(desk)

    is_registered(desk)
    assert notes() == ["Eens."]


def test_an_error_of_the_server_is_no_end(desk):
    desk.route(TO_REGISTER, lambda route: route.fulfill(status=500, body="Broken"))
    fill(desk, note="Toch.")
    register(desk)
    waits(desk)

    desk.unroute(TO_REGISTER)
    desk.locator("[data-again]").click()

    is_registered(desk)
    assert notes() == ["Toch."]


def test_two_tabs_that_wait_register_it_once(desk, context, live_server):
    context.route(TO_REGISTER, lambda route: route.abort())
    fill(desk, note="Eens.")
    register(desk)
    waits(desk)
    other = context.new_page()
    other.goto(f"{live_server.url}/en/advies/")
    waits(other)

    context.unroute(TO_REGISTER)
    come_back(desk)
    come_back(other)

    expect(desk.locator("[data-outbox]")).to_be_hidden()
    expect(other.locator("[data-outbox]")).to_be_hidden()
    assert notes() == ["Eens."]


def test_after_logging_in_again_it_is_sent_by_itself(desk, logged_in):
    session = session_of(desk)
    session.flush()
    fill(desk, note="Na de pauze.")
    register(desk)
    expect(waits(desk).locator("a")).to_be_visible()
    assert notes() == []

    logged_in()
    desk.evaluate("dispatchEvent(new Event('focus'))")

    is_registered(desk)
    assert notes() == ["Na de pauze."]


def session_of(page):
    """The session that the browser has now."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    [cookie] = [
        each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME
    ]
    return store(cookie["value"])


def test_who_logs_in_instead_registers_nothing_of_somebody_else(desk, logged_in, live_server):
    fill(desk, note="Van mij.")
    session_of(desk).flush()
    logged_in(people.advisor())
    register(desk)
    waits(desk)
    assert notes() == []

    desk.goto(f"{live_server.url}/en/advies/")

    expect(field(desk, "note")).to_have_value("")
    expect(desk.locator("[data-outbox]")).to_be_hidden()
    assert notes() == []


def test_what_the_server_refuses_comes_back_with_what_is_wrong(desk):
    fill(desk, note="Bel 06-12345678")
    register(desk)

    expect(desk.locator("[data-errors] [role=alert]")).to_be_focused()
    desk.reload()
    expect(desk.locator("[data-wrong=note]")).to_be_visible()
    expect(field(desk, "note")).to_have_value("Bel 06-12345678")
    field(desk, "note").fill("Belt terug.")
    register(desk)
    is_registered(desk)
    assert notes() == ["Belt terug."]


def test_what_is_missing_is_told_before_it_is_sent(desk):
    field(desk, "note").fill("Alleen dit.")
    register(desk)

    expect(desk.locator("[data-wrong=channel]")).to_be_visible()
    expect(desk.locator("[data-wrong=destination]")).to_be_visible()
    assert notes() == []


def test_two_conversations_are_open_side_by_side(desk):
    fill(desk, note="De eerste.")
    desk.locator("[data-new]").click()
    fill(desk, note="De tweede.", destination="trade-union")
    desk.reload()
    expect(desk.locator("[data-tabs] li")).to_have_count(2)
    expect(field(desk, "note")).to_have_value("De tweede.")

    register(desk)
    is_registered(desk)
    expect(field(desk, "note")).to_have_value("De eerste.")
    register(desk)

    expect(field(desk, "note")).to_have_value("")
    is_registered(desk)
    stored = AdviceConversation.objects.order_by("note")
    assert [(each.note, each.referrals.get().destination) for each in stored] == [
        ("De eerste.", "school"),
        ("De tweede.", "trade-union"),
    ]


def test_what_excludes_the_others_takes_their_ticks_away(desk):
    field(desk, "destination", "school").check()
    field(desk, "destination", "not-referred").check()
    expect(field(desk, "destination", "school")).not_to_be_checked()
    field(desk, "destination", "trade-union").check()
    expect(field(desk, "destination", "not-referred")).not_to_be_checked()

    field(desk, "interests", "po").check()
    field(desk, "interests", "unknown").check()
    expect(field(desk, "interests", "po")).not_to_be_checked()


def test_names_that_were_given_before_are_suggested(desk):
    fill(desk)
    field(desk, "name-school").fill("De Regenboog")
    register(desk)
    is_registered(desk)

    field(desk, "destination", "school").check()
    field(desk, "name-school").press_sequentially("reg")

    expect(desk.locator("#id_name-school-known option")).to_have_count(1)
    expect(desk.locator("#id_name-school-known option")).to_have_attribute("value", "De Regenboog")


def test_a_conversation_is_registered_without_a_mouse(desk):
    keys = desk.keyboard
    # The office is marked; phone, primary education, the office and a school with its name.
    for key in ("ArrowDown", "x", "r", "2", "Tab", "1", "Tab", "5"):
        keys.press(key)
    keys.press("Tab")
    keys.type("De Regenboog")
    keys.press("Shift+Tab")
    keys.press("2")
    keys.press("Control+Enter")
    is_registered(desk)

    # A second one, beside a third that stays open.
    for key in ("Escape", "n", "r", "Tab", "Tab", "1", "n", "r", "Tab", "Tab", "-", "["):
        keys.press(key)
    expect(field(desk, "destination", "training-institute")).to_be_checked()
    keys.press("]")
    expect(field(desk, "destination", "not-referred")).to_be_checked()
    for key in ("r", "Control+Enter"):
        keys.press(key)
    expect(desk.locator("[data-tabs] li")).to_have_count(1)
    is_registered(desk)

    first, second = AdviceConversation.objects.order_by("pk")
    assert {each.destination: each.name for each in first.referrals.all()} == {
        "regional-office": "",
        "school": "De Regenboog",
    }
    assert [each.office.slug for each in first.referrals.first().offices.all()] == ["rotterdam"]
    assert [each.code for each in first.interests.all()] == ["po"]
    assert second.outcome == "not-referred"


def test_without_scripts_it_is_a_form_that_posts(new_context, logged_in, live_server, context):
    logged_in()
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{live_server.url}/en/advies/?q=3011&gekozen=rotterdam")
    fill(page, note="Zonder.", destination="regional-office")
    field(page, "interests", "po").check()

    register(page)

    expect(page.locator("[data-registered] .success")).to_be_visible()
    conversation = AdviceConversation.objects.get()
    assert conversation.referrals.get().offices.get().office.slug == "rotterdam"


def wrong_on(page):
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in AXE.run(page).response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(desk, live_server, scheme, width):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    found = {}

    def look(state):
        found[state] = wrong_on(desk)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, state

    desk.locator("[data-mark]").click()
    fill(desk, note="Bel 06-12345678", destination="regional-office")
    look("filled in")
    register(desk)
    expect(desk.locator("[data-errors] [role=alert]")).to_be_focused()
    look("refused")
    field(desk, "note").fill("Belt terug.")
    desk.route(TO_REGISTER, lambda route: route.abort())
    register(desk)
    waits(desk)
    look("waiting")
    desk.unroute(TO_REGISTER)
    come_back(desk)
    is_registered(desk)
    look("registered")
    conversation = AdviceConversation.objects.get()
    for address in ("", f"{conversation.pk}/"):
        desk.goto(f"{live_server.url}/en/advies/gesprekken/{address}")
        look(address or "today")

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
