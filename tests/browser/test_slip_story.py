"""A candidate is referred, with a list and with a slip, and the office tells what became of it. On
the way somebody hears that a number is dead.
"""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from navigator.advice.models import PickList, Slip, SlipOutcome
from regions import revisions
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.browser.people_steps import letter, link_in

ADVISOR = "advisor@navigator.example"
EDITOR = "editor@almere.example"
OFFICE = "flevowijs"
OFFICE_MAIL = "loket@flevowijs.example"
# Headless browsers call themselves bots, and those are not counted.
PHONE = (
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def office(site):
    """An office with an address of its own for this story, whose editors publish directly."""
    office = RegionalOffice.objects.get(slug=OFFICE)
    EducationRegion.objects.filter(offices=office).update(review_required=False)
    RegionalOffice.objects.filter(pk=office.pk).update(email=OFFICE_MAIL)
    people.editor(office.regions.first(), email=EDITOR, first_name="Redactie Almere")
    return office


@pytest.fixture
def advisor(office, somebody, clock):
    user = people.advisor(email=ADVISOR, first_name="Adviesbalie")
    secret = people.second_factor(user)
    person = somebody()
    person.log_in(ADVISOR, people.PASSWORD, code=clock.code(secret))
    person.page.wait_for_url("**/advies/")
    return person


def find(advisor, text):
    """Look up, and stand on the row of the office."""
    page = advisor.open("/advies/")
    page.locator("#desk-q").fill(text)
    expect(page.locator(f"[data-row='{OFFICE}']")).to_be_visible()
    page.keyboard.press("ArrowDown")
    row = page.locator(f"[data-row='{OFFICE}']")
    while not row.evaluate("row => row === document.activeElement"):
        page.keyboard.press("ArrowDown")
    return row


def test_a_list_for_the_candidate(advisor, somebody, album):
    row = find(advisor, "1315")
    page = advisor.page
    page.keyboard.press("x")
    expect(row.locator("[data-mark]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-links] summary").click()
    page.locator("[name=link-title]").first.fill("Wat verdien je voor de klas?")
    page.locator("[name=link-url]").first.fill("onderwijs.example/salaris")
    page.locator("[data-pick-form] button[type=submit]").click()
    page.wait_for_url("**/advies/lijstjes/*/")
    album.picture("lijstje", page, ".page-head", ".handout")
    address = page.locator("#handout-address").input_value()
    assert address in page.locator("#handout-mail").input_value()

    candidate = somebody(user_agent=PHONE)
    candidate.page.set_viewport_size({"width": 360, "height": 740})
    opened = candidate.open(address)
    expect(opened.locator("main")).to_contain_text("Flevowijs")
    expect(opened.locator("main a[href='https://onderwijs.example/salaris']")).to_be_visible()

    assert PickList.objects.get().opened_count == 1
    assert candidate.page.context.cookies() == []
    page.reload()
    page.locator("form[method=post] button.secondary").click()
    advisor.is_told()
    assert candidate.page.goto(address).status in (404, 410)
    candidate.complaints.clear()  # of the answer that was meant


def test_a_slip_from_the_call_to_what_became_of_it(advisor, somebody, album):
    find(advisor, "1315")
    page = advisor.page
    page.keyboard.press("x")
    page.locator("[name=channel][value=phone]").check()
    page.locator("[name=interests][value=po]").check()
    box = page.locator("[name=destination][value=regional-office]")
    box.check()
    expect(page.locator("[name=offices]:checked")).to_have_count(1)
    page.locator("[data-conversation-form] button[type=submit]").click()
    slip_form = page.locator("[data-registered] [data-slip-form]")
    expect(slip_form).to_be_visible()
    slip_form.locator("[name=category]").select_option("lateral-entry")
    slip_form.locator("button[type=submit]").click()
    page.wait_for_url("**/advies/briefjes/*/")
    album.picture("briefje", page, ".page-head", ".handout")
    slip = Slip.objects.get()
    shown = page.locator(".slip-code-shown").inner_text()
    assert shown.replace("-", "") == slip.code
    address = page.locator("#handout-address").input_value()

    # The office: a mail without a name, and a link that needs no account.
    told = letter(OFFICE_MAIL)
    assert shown in told.body
    office = somebody()
    form = office.open(link_in(told, office.site))
    form.locator("[name=outcome][value=contacted]").check()
    form.locator("main form button[type=submit]").click()
    expect(form.locator("main .success")).to_be_visible()
    form.locator("[name=outcome][value=contacted]").check()
    form.locator("main form button[type=submit]").click()
    expect(form.locator("main [role=status]")).to_be_visible()
    assert SlipOutcome.objects.count() == 1
    office.complaints.clear()  # of the second time, which was refused

    # The candidate, without scripts and in English: nobody called.
    candidate = somebody(user_agent=PHONE, java_script_enabled=False)
    opened = candidate.open(re.sub(r"(//[^/]+)/", r"\1/en/", address, count=1))
    expect(opened.locator("main")).to_contain_text(shown)
    opened.locator(f".candidate-nobody button[value='{OFFICE}']").click()
    expect(opened.locator("main [role=status]")).to_contain_text("Thank you")
    assert candidate.page.context.cookies() == []
    assert [each.outcome for each in SlipOutcome.objects.all()] == ["contacted", "nobody-called"]
    assert len([each for each in mail.outbox if OFFICE_MAIL in each.to]) == 2

    # With an account: the open referral, and its end.
    editor = somebody()
    editor.log_in(EDITOR, people.PASSWORD)
    editor.is_at("/mijn-regio/")
    page = editor.open("/mijn-regio/doorverwijzingen/")
    expect(page.locator("main")).to_contain_text(shown)
    page.locator(".referral-tell [name=outcome]").select_option("helped")
    page.locator(".referral-tell button[value=tell]").click()
    editor.is_told()

    # And the advisor sees it.
    page = advisor.open("/advies/briefjes/")
    page.locator("main a[href^='/advies/briefjes/']").first.click()
    expect(page.locator("main")).to_contain_text("Geholpen")


def test_a_number_that_is_dead(advisor, somebody, office, album):
    find(advisor, "1315")
    page = advisor.page
    page.keyboard.press("f")
    page.wait_for_url(f"**/advies/verbeteringen/{OFFICE}/**")
    page.locator("#id_phone").fill("036 12 34 567")
    page.locator("[name=note]").fill("Het oude nummer gaf een toon.")
    album.picture("verbetering", page, ".page-head", "main form", most=760)
    page.locator("main form.edit-form button[type=submit]").click()
    page.wait_for_url("**/advies/**")
    advisor.is_told()

    editor = somebody()
    editor.log_in(EDITOR, people.PASSWORD)
    editor.is_at("/mijn-regio/")
    page = editor.open(f"/mijn-regio/loketten/{OFFICE}/")
    page.locator("main button[value=take_over]").first.click()
    editor.is_told()

    visitor = somebody()
    expect(visitor.open(f"/regioloketten/{OFFICE}/").locator("main")).to_contain_text(
        "036 123 4567"
    )
    page = advisor.open("/advies/verbeteringen/")
    expect(page.locator("main")).to_contain_text("vergenomen op")
    assert revisions.planned_revision(office) is None
