"""The whole story in browsers of their own: an editor is invited, a change becomes public, and is
taken back. The pictures of the handbook are taken on the way.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regions import revisions
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.browser.people_steps import ADMINISTRATOR, letter, link_in

EDITOR = "editor@kennemerland.example"
PASSWORD = "een zin die alleen ik ken"
OFFICE = "/regioloketten/talent-als-docent/"
API = "/api/v1/offices/talent-als-docent"
MINE = "/mijn-regio/loketten/talent-als-docent/"
OLD = "Wij helpen je op weg naar een baan in het onderwijs."
NEW = "Wij helpen je kiezen: je praat met een adviseur en kijkt een dag mee op een school."
BETTER = "Het kost je niets."
OTHER = "Wij helpen je, en dat kost je niets."
UITGEEST, POSTCODE = "GM0450", "1911"


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
    album.picture("werkgebied", page, ".area-outcome", ".area-form h2", most=620)
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


def test_colleagues_a_preview_a_plan_a_key_and_somebody_who_was_first(
    office, somebody, clock, album
):
    region = office.regions.get()
    people.editor(region, email=EDITOR)
    EducationRegion.objects.filter(pk=region.pk).update(review_required=False)
    editor, visitor = somebody(), somebody()
    editor.log_in(EDITOR, people.PASSWORD)
    editor.is_at("/mijn-regio/")

    # A draft that a colleague looks at, and that becomes public later.
    page = editor.open(f"{MINE}inleiding/")
    page.locator("#id_description").fill(NEW)
    editor.press("draft")
    editor.follow(f"{MINE}voorstel/")
    editor.press("share")
    shared = page.locator("a.revision-address")
    preview = visitor.open(shared.get_attribute("href"))
    expect(preview.locator(".revision-banner")).to_be_visible()
    expect(preview.locator("main")).to_contain_text(NEW)
    album.picture("voorbeeld", preview, ".revision-banner", "main .lead", most=700)
    page.locator("details.revision-form summary").click()
    page.locator("[name=plan-day]").fill("2099-01-05")
    page.locator("[name=plan-time]").fill("09:00")
    album.picture("plannen", page, ".panel.beside")
    editor.press("plan")
    editor.press("resume")

    # Somebody else saves the same part meanwhile: both versions stand side by side.
    editor.open(f"{MINE}inleiding/")
    page.locator("#id_description").fill(f"{NEW} {BETTER}")
    revisions.propose(
        subject=office, values={"description": OTHER}, by=people.administrator(), at=timezone.now()
    )
    page.locator("button[value=publish]").click()
    expect(page.locator("main")).to_contain_text(OTHER)
    expect(page.locator("main")).to_contain_text(BETTER)
    assert [("409" in words) for words in editor.complaints] == [True]  # by Chromium, of the status
    editor.complaints.clear()
    page.locator("[name='keep.description'][value=mine]").check()
    album.picture("iemand-anders", page, ".page-head", "form.edit-form")
    editor.press("publish")
    expect(visitor.open(OFFICE).locator("main")).to_contain_text(BETTER)

    # All is right; a colleague is asked to help; a program gets a key.
    editor.open(MINE)
    page.locator(f"form[action='{MINE}bevestigen/'] button").click()
    editor.is_told()
    page = editor.follow("/mijn-regio/collegas/")
    page.locator("main input[name=email]").fill("collega@kennemerland.example")
    page.locator("main form.panel button[type=submit]").click()
    editor.is_told()
    album.picture("collegas", page)
    assert "/uitnodiging/" in link_in(letter("collega@kennemerland.example"), editor.site)
    page = editor.open("/account/sleutels/")
    editor.send("days", name="onze website")
    key = page.locator("code.secret").inner_text()
    album.picture("sleutel", page)
    told = page.request.get(
        f"{editor.site}/api/v1/my/offices", headers={"Authorization": f"Bearer {key}"}
    ).json()
    assert "talent-als-docent" in str(told)


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
    asked = page.request.post(f"{visitor.site}/api/v1/searches", data={"postcode": POSTCODE}).json()
    assert ("talent-als-docent" in [each["slug"] for each in asked["serving"]]) == bool(phone)
    page = visitor.open("/")
    page.locator("main [name=postcode]").fill(f"{POSTCODE} AB")
    page.locator("main [name=postcode]").press("Enter")
    visitor.is_at(f"/zoeken/?postcode={POSTCODE}")
    found = page.locator(f"main .office-card a.button[href^='{OFFICE}']")
    expect(found).to_have_count(1 if phone else 0)


def _nobody_but_editors(visitor):
    """Pages with what is not public lead to the log-in."""
    for address in ("", "voorstel/", "voorbeeld/", "geschiedenis/", "inleiding/"):
        visitor.open(f"{MINE}{address}")
        visitor.page.wait_for_url("**/inloggen/?next=**")
