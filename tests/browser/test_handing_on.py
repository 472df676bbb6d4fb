"""What an advisor hands on, in the browsers of both: a pick list and a slip."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from navigator.advice import codes
from navigator.advice.models import SlipOutcome
from tests import people
from tests.navigator.advice import handing

AXE = Axe()
OFFICES = ("flevowijs", "koerskracht")
SHEET = re.compile(rb"/Type\s*/Page[^s]")


@pytest.fixture
def somebody_of_the_desk(site, settings):
    settings.SITE_URL = site
    return people.advisor()


@pytest.fixture
def a_slip(somebody_of_the_desk):
    return handing.slip(somebody_of_the_desk, *OFFICES, at=timezone.now())


@pytest.fixture
def a_list(somebody_of_the_desk):
    links = [("Salaris in het onderwijs", "https://www.school.example/loon")]
    return handing.pick_list(somebody_of_the_desk, *OFFICES, links=links, at=timezone.now())


@pytest.fixture
def pages(a_slip, a_list):
    return [f"/en/briefje/{a_slip.key}/", f"/en/lijstje/{a_list.key}/", "/en/lijstje/is-no-more/"]


@pytest.fixture
def desk(page, context, site, somebody_of_the_desk):
    """The page of somebody who is logged in."""
    client = people.log_in(Client(), somebody_of_the_desk)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return page


def wrong_on(page):
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in AXE.run(page).response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_candidate(page, site, pages, scheme):
    page.emulate_media(color_scheme=scheme)

    found = {}
    for address in pages:
        page.goto(site + address)
        if wrong := wrong_on(page):
            found[address] = wrong

    assert found == {}


def test_axe_finds_nothing_on_the_pages_of_an_advisor(desk, site, a_slip, a_list):
    addresses = [
        "/en/advies/lijstjes/",
        f"/en/advies/lijstjes/{a_list.pk}/",
        "/en/advies/briefjes/?code=B",
        f"/en/advies/briefjes/{a_slip.pk}/",
    ]

    found = {}
    for address in addresses:
        desk.goto(site + address)
        if wrong := wrong_on(desk):
            found[address] = wrong

    assert found == {}


def test_nothing_is_kept_and_nothing_asked_of_other_sites(
    page, context, site, pages, elsewhere, complaints
):
    for address in pages[:2]:
        page.goto(site + address)

    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert elsewhere == []
    assert complaints == []


def test_no_page_scrolls_sideways_on_a_narrow_screen(desk, site, pages, a_slip, a_list):
    desk.set_viewport_size({"width": 320, "height": 640})

    own = [f"/en/advies/briefjes/{a_slip.pk}/", f"/en/advies/lijstjes/{a_list.pk}/"]
    widths = {}
    for address in [*pages, *own, "/en/advies/briefjes/"]:
        desk.goto(site + address)
        widths[address] = desk.evaluate("document.documentElement.scrollWidth")

    assert {address: width for address, width in widths.items() if width > 320} == {}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_slip_and_a_list_each_fit_on_one_sheet_of_paper(page, site, a_slip, a_list, prefix):
    sheets = {}
    for address in (f"/briefje/{a_slip.key}/", f"/lijstje/{a_list.key}/"):
        page.goto(f"{site}{prefix}{address}")
        sheets[address] = len(SHEET.findall(page.pdf(prefer_css_page_size=True)))

    assert set(sheets.values()) == {1}


def test_paper_has_the_code_the_numbers_and_the_address_and_no_buttons(page, site, a_slip):
    page.goto(f"{site}/en/briefje/{a_slip.key}/")
    page.emulate_media(media="print")

    expect(page.get_by_text(codes.shown(a_slip.code))).to_be_visible()
    expect(page.get_by_role("link", name="036 540 6339")).to_be_visible()
    expect(page.get_by_text(f"{site}/en/briefje/{a_slip.key}/")).to_be_visible()
    assert page.get_by_role("button").count() == 0


def test_a_candidate_tells_by_keyboard_that_nobody_called(page, context, site, a_slip):
    page.goto(f"{site}/en/briefje/{a_slip.key}/")

    page.get_by_role("button", name="Koerskracht didn't call me").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Thank you")
    expect(page.get_by_role("button", name="Koerskracht didn't call me")).to_have_count(0)
    expect(page.get_by_role("button", name="Flevowijs didn't call me")).to_be_visible()
    assert SlipOutcome.objects.get().slip_office.office.slug == "koerskracht"
    assert context.cookies() == []


def test_what_an_advisor_changes_in_the_mail_is_what_is_sent(desk, context, site, a_list):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{site}/en/advies/lijstjes/{a_list.pk}/")

    desk.get_by_label("Mail").fill("Short & sweet\nBye")
    desk.get_by_role("button", name="Copy the address").click()

    expect(desk.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site}/lijstje/{a_list.key}/"
    link = desk.get_by_role("link", name="Open in my mail program").get_attribute("href")
    assert link.endswith("&body=Short%20%26%20sweet%0D%0ABye")


def test_the_print_button_prints(page, site, a_slip):
    page.add_init_script("window.print = () => { document.title = 'printed'; };")
    page.goto(f"{site}/en/briefje/{a_slip.key}/")

    page.get_by_role("button", name="Print this page").click()

    expect(page).to_have_title("printed")
