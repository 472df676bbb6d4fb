"""The whole story in browsers of their own: an editor is invited, a change becomes public, and is
taken back. The pictures of the handbook are taken on the way.
"""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from playwright.sync_api import expect

from regions import revisions
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.browser import pictures
from tests.browser.people_steps import Clock, Somebody, letter, link_in

ADMINISTRATOR = "administrator@navigator.example"
EDITOR = "editor@kennemerland.example"
PASSWORD = "een zin die alleen ik ken"
OFFICE = "/regioloketten/talent-als-docent/"
API = "/api/v1/offices/talent-als-docent"
MINE = "/mijn-regio/loketten/talent-als-docent/"
OLD = "Wij helpen je op weg naar een baan in het onderwijs."
NEW = "Wij helpen je kiezen: je praat met een adviseur en kijkt een dag mee op een school."
BETTER = "Het kost je niets."
UITGEEST, POSTCODE = "GM0450", "1911"
SLOW_MS = 20_000


@pytest.fixture(autouse=True)
def patience():
    """The machine may be busy; whatever is waited for comes as soon as it is there."""
    expect.set_options(timeout=SLOW_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(time.time())
    monkeypatch.setattr(totp, "time", clock)
    return clock


@pytest.fixture
def somebody(site, settings, new_context):
    """Makes people, each with a browser of their own, in which nothing goes wrong."""
    settings.SITE_URL = site
    came = []

    def come(**context):
        context = new_context(**{"viewport": pictures.VIEWPORT, "color_scheme": "light", **context})
        came.append(Somebody(context, site))
        return came[-1]

    yield come
    assert [person.complaints for person in came if person.complaints] == []
    assert [person.elsewhere for person in came if person.elsewhere] == []


@pytest.fixture
def album(tmp_path):
    return pictures.Album(pictures.folder(tmp_path / "pictures"))


@pytest.fixture
def administrator(somebody, clock):
    """An administrator who is logged in, with the second step."""
    user = people.administrator(email=ADMINISTRATOR, first_name="Landelijk beheer")
    secret = people.second_factor(user)
    person = somebody()
    person.log_in(ADMINISTRATOR, people.PASSWORD, code=clock.code(secret))
    person.is_at("/beheer/")
    return person


@pytest.fixture
def office(site):
    """An office whose changes are reviewed, with a text that is public."""
    office = RegionalOffice.objects.get(slug="talent-als-docent")
    assert [region.review_required for region in office.regions.all()] == [True]
    revisions.publish_now(subject=office, values={"description": OLD}, by=None, at=timezone.now())
    return office


def test_from_invitation_to_a_public_change_and_back(office, administrator, somebody, clock, album):
    region = office.regions.get()
    editor, visitor = somebody(), somebody()

    # Invited, password, second step.
    page = administrator.follow("/beheer/uitnodigingen/")
    page.locator("main fieldset summary").click()
    page.locator(f"[name=regions][value='{region.pk}']").check()
    page.locator("main input[name=email]").fill(f" {EDITOR}")
    page.locator("main form.panel button[type=submit]").click()
    administrator.is_told()
    page = editor.open(link_in(letter(EDITOR), editor.site))
    page.locator("[name=name]").fill("Redactie Kennemerland")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    album.picture("uitnodiging", page)
    editor.send("password1")
    editor.is_at("/mijn-regio/")
    editor.open("/account/")
    editor.follow("/account/tweede-stap/")
    page = editor.follow("/account/tweede-stap/instellen/")
    album.picture("tweede-stap", page)
    page.locator("main details summary").click()
    secret = page.locator("code.secret").inner_text()
    editor.send("code", code=clock.code(secret))
    expect(page.locator("ul.codes li")).to_have_count(10)
    editor.log_out()
    editor.log_in(EDITOR, PASSWORD, code=clock.code(secret))
    page = editor.is_at("/mijn-regio/")
    album.picture("mijn-regio", page)

    # Three sections: the introduction, contact with phone hours, and the service area.
    page = editor.follow(MINE)
    album.picture("loket", page, most=1000)
    page = editor.follow(f"{MINE}inleiding/")
    page.locator("#id_description").fill(NEW)
    page.locator("[data-with-htmx]").click()
    expect(page.locator("[data-preview=description]")).to_contain_text(NEW)
    album.picture("onderdeel", page, ".page-head", "form.edit-form > .buttons")
    editor.press("draft")
    page = editor.follow(f"{MINE}contact/")
    page.locator("#id_phone").fill("023 12 34 567")
    page.locator("[name='phone_hours.1.from1']").fill("9")
    page.locator("[name='phone_hours.1.until1']").fill("12.30")
    page.locator("[data-copy-hours]").click()
    expect(page.locator("[name='phone_hours.5.until1']")).to_have_value("12.30")
    page.locator("#id_phone_note").fill("In de schoolvakanties zijn we dicht.")
    album.picture("telefoontijden", page, "[data-hours-week]", "#field-phone_note")
    editor.press("draft")
    page = editor.follow(f"{MINE}werkgebied/")
    page.locator("#area-filter").fill("uitg")
    page.locator(f"[name=municipalities][value={UITGEEST}]").check()
    effect = page.locator("[data-outcome] details", has_text=POSTCODE)
    expect(effect.first).to_be_visible()
    effect.first.locator("summary").click()
    album.picture("werkgebied", page, ".area-outcome", ".area-form h2")
    editor.press("draft")

    # Sent for review, and seen by nobody else so far.
    page = editor.follow(f"{MINE}voorstel/")
    page.locator("[name=submit-note]").fill("Nu met telefoontijden.")
    album.picture("concept", page, ".page-head", "main section")
    editor.press("submit")
    _public(visitor, shows=OLD, not_yet=NEW, phone=None)
    _nobody_but_editors(visitor)

    # Sent back with a comment.
    page = administrator.open(
        link_in(letter(ADMINISTRATOR, "Nu met telefoontijden."), administrator.site)
    )
    expect(page.locator("#diff-description ~ .diff-words ins").first).to_contain_text("kiezen")
    expect(page.locator("main")).to_contain_text("Uitgeest")
    page.locator("[name=comment]").fill("Zeg er ook bij wat het kost.")
    album.picture("beoordelen", page, ".page-head", "main .edit-layout")
    administrator.press("send_back")
    page = editor.open(link_in(letter(EDITOR, "Zeg er ook bij wat het kost."), editor.site))
    expect(page.locator("main blockquote").last).to_contain_text("Zeg er ook bij wat het kost.")
    editor.follow(MINE)
    album.picture("teruggestuurd", page, ".page-head", ".edit-state")

    # Edited again, sent again, approved.
    editor.follow(f"{MINE}inleiding/")
    expect(page.locator("#id_description")).to_have_value(NEW)
    page.locator("#id_description").fill(f"{NEW} {BETTER}")
    editor.press("submit")
    administrator.open("/beheer/")
    administrator.page.locator("main a[href^='/beheer/beoordelen/']").first.click()
    administrator.press("approve")
    assert letter(EDITOR, OFFICE).body.count(f"{visitor.site}{OFFICE}") == 1
    _public(visitor, shows=BETTER, not_yet=OLD, phone="+31231234567")
    album.picture("openbaar", visitor.open(OFFICE), most=800)

    # The history says who and what; an earlier state comes back.
    page = editor.open(f"{MINE}geschiedenis/")
    last = page.locator(".revision-lines li").first
    expect(last).to_contain_text("Redactie Kennemerland")
    expect(last).to_contain_text("Landelijk beheer")
    album.picture("geschiedenis", page)
    page = administrator.open(f"{MINE}geschiedenis/")
    page.locator(".revision-lines li a").last.click()
    expect(page.locator(".revision-restore del").first).to_be_visible()
    album.picture("terugzetten", page, ".revision-restore")
    page.locator(".revision-restore form button").click()
    administrator.is_told()
    _public(visitor, shows=OLD, not_yet=BETTER, phone=None)
    editor.open(f"{MINE}geschiedenis/")
    expect(last).to_contain_text("Landelijk beheer")


def test_without_scripts_a_section_is_edited_also_when_the_session_ended_meanwhile(
    office, somebody
):
    people.editor(office.regions.get(), email=EDITOR)
    EducationRegion.objects.update(review_required=False)
    editor = somebody(java_script_enabled=False)
    editor.log_in(EDITOR, people.PASSWORD)
    editor.is_at("/mijn-regio/")
    editor.follow(MINE)
    page = editor.follow(f"{MINE}inleiding/")
    page.locator("#id_description").fill(NEW)
    page.context.clear_cookies(name="sessionid")

    page.locator("button[value=publish]").click()
    editor.send("login", login=EDITOR, password=people.PASSWORD)

    expect(page.locator("#id_description")).to_have_value(NEW)
    editor.press("publish")
    expect(editor.open(OFFICE).locator("main")).to_contain_text(NEW)


def _public(visitor, *, shows, not_yet, phone):
    """What everybody sees: the page, the API, and the answer for the new postcode."""
    page = visitor.open(OFFICE)
    expect(page.locator("main")).to_contain_text(shows)
    expect(page.locator("main")).not_to_contain_text(not_yet)
    expect(page.locator("section.hours")).to_have_count(1 if phone else 0)
    told = page.request.get(f"{visitor.site}{API}").json()
    assert shows in told["description"]
    assert not_yet not in told["description"]
    assert told["contact"]["phone"] == phone
    assert len(told["contact"]["phoneHours"]) == (5 if phone else 0)
    asked = page.request.get(f"{visitor.site}/api/v1/searches?postcode={POSTCODE}").json()
    assert ("talent-als-docent" in str(asked["serving"])) == bool(phone)
    page = visitor.open("/")
    page.locator("main [name=postcode]").fill(f"{POSTCODE} AB")
    page.locator("main [name=postcode]").press("Enter")
    page.wait_for_url(f"**/zoeken/?postcode={POSTCODE}**")
    assert (page.locator(f"main article a[href^='{OFFICE}']").count() > 0) == bool(phone)


def _nobody_but_editors(visitor):
    """Pages with what is not public lead to the log-in."""
    for address in ("", "voorstel/", "voorbeeld/", "geschiedenis/", "inleiding/"):
        visitor.open(f"{MINE}{address}")
        visitor.page.wait_for_url("**/inloggen/?next=**")
