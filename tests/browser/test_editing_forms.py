"""What scripts add to the forms of My region: nothing typed is lost, and help while typing."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.navigator.editing.pages import section


@pytest.fixture
def office(shared_world):
    office = shared_world.office("rotterdam", regions=["Rijnmond"], description="Wij helpen.")
    EducationRegion.objects.update(review_required=False)
    return office


@pytest.fixture
def editor(office, context, live_server):
    """A browser in which an editor of the office is logged in."""
    client = people.log_in(Client(), people.editor(office.regions.get()))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return client


@pytest.fixture
def form(page, office, editor, live_server, complaints):
    """Opens the form of a section."""

    def open_form(name):
        page.goto(f"{live_server.url}{section(office, name)}")
        return page

    yield open_form
    assert complaints == []


def test_leaving_with_unsaved_changes_asks_first(form, live_server):
    page = form("introduction")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.goto(f"{live_server.url}/mijn-regio/")
    assert asked == []
    form("introduction").locator("#id_description").fill("Lang over nagedacht.")
    page.goto(f"{live_server.url}/mijn-regio/")

    assert asked == ["beforeunload"]


def test_saving_does_not_ask(form):
    page = form("introduction")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#id_description").fill("Lang over nagedacht.")

    page.locator("button[value=publish]").click()

    expect(page.locator(".messages")).to_be_visible()
    assert asked == []
    assert RegionalOffice.objects.get().description == "Lang over nagedacht."


def test_what_was_typed_and_left_can_be_put_back(form, live_server):
    page = form("introduction")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#id_description").fill("Lang over nagedacht.")
    page.goto(f"{live_server.url}/mijn-regio/")

    form("introduction").locator("[data-put-back]").click()

    expect(page.locator("#id_description")).to_have_value("Lang over nagedacht.")
    expect(page.locator("[data-typed-before]")).to_be_hidden()


def test_once_it_is_saved_nothing_of_it_stays_in_the_browser(form):
    page = form("introduction")
    page.locator("#id_description").fill("Lang over nagedacht.")
    page.locator("button[value=publish]").click()
    expect(page.locator(".messages")).to_be_visible()

    assert (
        page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('typed:'))") == []
    )


def test_a_text_survives_that_the_session_expired(form, editor, page):
    form("introduction").locator("#id_description").fill("Lang over nagedacht.")
    editor.session.flush()
    page.locator("button[value=publish]").click()
    page.locator("input[name=login]").fill(people.User.objects.get().email)
    page.locator("input[name=password]").fill(people.PASSWORD)

    page.locator("main button[type=submit]").click()

    expect(page.locator("#id_description")).to_have_value("Lang over nagedacht.")
    page.locator("button[value=publish]").click()
    expect(page.locator(".messages")).to_be_visible()
    assert RegionalOffice.objects.get().description == "Lang over nagedacht."


def test_the_hours_of_monday_are_copied(form):
    page = form("contact")
    page.locator("[name='phone_hours.1.from1']").fill("9")
    page.locator("[name='phone_hours.1.until1']").fill("17")

    page.locator("[data-copy-hours]").click()

    expect(page.locator("[name='phone_hours.5.until1']")).to_have_value("17")
    expect(page.locator("[name='phone_hours.6.from1']")).to_have_value("")
    expect(page.locator("[data-copied]")).not_to_be_empty()


def test_a_field_is_checked_when_it_is_left(form):
    page = form("contact")
    page.locator("#id_website").fill("www.school.nl")
    page.locator("#id_phone").fill("030-12")
    page.locator("#id_email").focus()

    expect(page.locator("#id_website")).to_have_value("https://www.school.nl")
    expect(page.locator("#id_phone-wrong")).to_be_visible()
    expect(page.locator("#id_phone")).to_have_attribute("aria-invalid", "true")
    page.locator("#id_phone").fill("030 227 0374")
    page.locator("#id_email").focus()
    expect(page.locator("#id_phone-wrong")).to_be_hidden()


def test_characters_are_counted_while_typing(form):
    page = form("introduction")
    counted = page.locator("[data-of=id_description]")

    page.locator("#id_description").fill("a" * 4003)

    expect(counted).to_contain_text("3")
    expect(counted).to_have_class("hint edit-count wrong-note")


def test_a_text_is_shown_as_it_will_look(form):
    page = form("introduction")
    page.locator("#id_description").fill("**Wij** helpen")

    page.locator("[data-with-htmx]").click()

    expect(page.locator("[data-preview=description] strong")).to_have_text("Wij")
    expect(page.locator("[data-without-htmx]")).to_be_hidden()


def test_enter_on_a_line_publishes_nothing(form):
    page = form("introduction")
    page.locator("#id_name").fill("Nieuwe naam")

    page.locator("#id_name").press("Enter")
    page.locator("#id_description").focus()

    assert RegionalOffice.objects.get().name != "Nieuwe naam"
    expect(page.locator("#id_name")).to_be_visible()


def test_a_link_to_a_field_puts_the_focus_in_it(page, office, editor, live_server):
    page.goto(f"{live_server.url}{section(office, 'support')}#field-support.experiences")

    expect(page.locator("[id='id_support.experiences']")).to_be_focused()
