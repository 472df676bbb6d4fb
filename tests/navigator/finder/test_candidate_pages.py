import io
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from navigator.advice import codes, outcomes, pick_lists, slips
from navigator.advice.models import SlipOutcome
from navigator.logs import LineFormatter, WithoutPostcodes
from regions.models import FormerSlug, RegionalOffice
from tests.factories import PhoneHoursFactory
from tests.navigator.advice import handing
from tests.people import advisor, log_in

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = timedelta(days=1)


@pytest.fixture
def client():
    """Somebody with a browser; the checks of Django's own tests are off, those of the site on."""
    return Client(enforce_csrf_checks=True, headers={"user-agent": BROWSER})


@pytest.fixture
def offices(world):
    contact = {"phone": "+31502120000", "email": "ask@office.example"}
    with world.at_once():
        world.office("north", name="Office North", serves=["9711"], **contact)
        world.office("south", name="Office South", serves=["6211"], **contact)


@pytest.fixture
def a_list(offices):
    links = [("Salaris", "https://a.example/loon")]
    return handing.pick_list(advisor(), "north", "south", links=links, at=timezone.now())


@pytest.fixture
def a_slip(offices):
    return handing.slip(advisor(), "north", "south", at=timezone.now())


@pytest.fixture
def log():
    """Everything that is logged, as it would stand in the log of the production server."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(LineFormatter())
    handler.addFilter(WithoutPostcodes())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def page_of(thing, prefix="/en"):
    name = "lijstje" if hasattr(thing, "expires_at") else "briefje"
    return f"{prefix}/{name}/{thing.key}/"


def press(client, slip, office="north", **posted):
    """Press the button on the page of a slip."""
    proof = re.search(r'name="proof" value="([^"]+)"', client.get(page_of(slip)).text)[1]
    return client.post(f"{page_of(slip)}niet-gebeld/", {"office": office, "proof": proof, **posted})


def opened(pick_list):
    pick_list.refresh_from_db()
    return pick_list.opened_count


# The list


def test_a_list_shows_its_offices_and_links(client, a_list):
    text = client.get(page_of(a_list)).text

    assert text.index("Office North") < text.index("Office South") < text.index("Salaris")
    assert "050 212 0000" in text
    assert 'href="https://a.example/loon"' in text


def test_a_list_shows_what_the_directory_says_now(client, a_list, world):
    world.edit("north", phone="+31502129999")

    text = client.get(page_of(a_list)).text

    assert "050 212 9999" in text


def test_an_office_that_is_archived_says_so_and_what_it_went_on_as(client, a_list, world):
    world.edit("north", state="archived")
    archived = page_of(a_list)

    alone = client.get(archived).text
    south = RegionalOffice.objects.get(slug="south")
    FormerSlug.objects.create(slug="north", office=south)
    merged = client.get(archived).text

    assert "Office North" in alone
    assert "no longer in the directory" in alone
    assert "/en/regioloketten/south/" in merged


def test_a_link_without_a_title_shows_its_address(client, offices):
    made = handing.pick_list(
        advisor(), links=[("", "https://www.a.example/loon")], at=timezone.now()
    )

    assert "<h2>a.example/loon</h2>" in client.get(page_of(made)).text


def test_a_list_that_expired_or_was_withdrawn_leads_on_to_the_search(client, a_list):
    page = page_of(a_list)
    unknown = client.get("/en/lijstje/never-there-was-such-a-key/")
    pick_lists.withdraw(a_list, at=timezone.now())
    withdrawn = client.get(page)
    expired = client.get(
        page_of(handing.pick_list(advisor(), "north", at=timezone.now() - 90 * DAY))
    )

    assert (unknown.status_code, withdrawn.status_code, expired.status_code) == (404, 410, 410)
    assert "Your advisor withdrew it" in withdrawn.text
    assert "90 days" in expired.text
    for gone in (unknown, withdrawn, expired):
        assert "no longer there" in gone.text
        assert 'href="/en/"' in gone.text
        assert "Office North" not in gone.text


def test_an_opening_is_counted(client, a_list):
    client.get(page_of(a_list))
    client.get(page_of(a_list, prefix=""))

    assert opened(a_list) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
        {"user-agent": "Mozilla/4.0 (compatible; ms-office; MSOffice rmj)"},
        {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "Signal/5.0"},
        {"user-agent": ""},
        {"user-agent": BROWSER, "sec-purpose": "prefetch;prerender"},
        {"user-agent": BROWSER, "cache-control": "max-age=0"},  # loaded again
    ],
    ids=str,
)
def test_programs_previews_and_reloads_do_not_count(client, a_list, headers):
    assert client.get(page_of(a_list), headers=headers).status_code == 200

    assert opened(a_list) == 0


def test_a_look_at_the_head_and_colleagues_do_not_count(client, a_list):
    client.head(page_of(a_list))
    log_in(client, advisor())
    client.get(page_of(a_list))

    assert opened(a_list) == 0


# The slip


def test_a_slip_shows_the_code_and_its_offices(client, a_slip):
    text = client.get(page_of(a_slip)).text

    assert codes.shown(a_slip.code) in text
    assert all(each.word in text for each in codes.spoken(a_slip.code, "en"))
    assert "Office North" in text
    assert "Office South" in text
    assert "050 212 0000" in text


def test_a_slip_tells_when_an_office_can_be_reached(client, world):
    office = world.office("north", serves=["9711"], phone="+31502120000")
    for weekday in (1, 2, 3, 5):
        PhoneHoursFactory(office=office, weekday=weekday, opens="09:00", closes="17:00")
    world.publish()
    made = handing.slip(advisor(), "north", at=timezone.now())

    text = client.get(page_of(made)).text

    assert "Monday–Wednesday 9 a.m.–5 p.m.; Friday 9 a.m.–5 p.m." in text


def test_what_to_prepare_follows_from_the_question(client, offices):
    text = {
        category: client.get(
            page_of(handing.slip(advisor(), "north", category=category, at=timezone.now()))
        ).text
        for category in ("money", "foreign-diploma", "other")
    }

    assert "study loan" in text["money"]
    assert "their value in the Netherlands" in text["foreign-diploma"]
    assert "study loan" not in text["other"]


def test_a_slip_that_was_withdrawn_or_is_old_leads_on(client, offices, a_slip):
    old = handing.slip(advisor(), "north", at=timezone.now() - 181 * DAY)
    slips.withdraw(a_slip, at=timezone.now())

    answers = [client.get(page_of(each)) for each in (a_slip, old)]

    assert [answer.status_code for answer in answers] == [410, 404]
    for answer in answers:
        assert "no longer there" in answer.text
        assert "Office North" not in answer.text


# Nobody called


def test_a_candidate_tells_that_nobody_called(client, a_slip):
    response = press(client, a_slip)

    told = SlipOutcome.objects.get()
    assert (told.outcome, told.teller) == ("nobody-called", "candidate")
    assert told.slip_office.office.slug == "north"
    assert response.status_code == 303
    thanks = client.get(response["Location"]).text
    assert "Thank you for telling" in thanks
    assert 'value="north"' not in thanks
    assert 'value="south"' in thanks


def test_telling_it_twice_a_day_changes_nothing(client, a_slip):
    press(client, a_slip)

    response = press(client, a_slip)

    assert response.status_code == 303
    assert "You told us today" in client.get(response["Location"]).text
    assert SlipOutcome.objects.count() == 1


def test_on_another_day_it_can_be_told_again(client, offices):
    made = handing.slip(advisor(), "north", at=timezone.now() - 8 * DAY)
    # Two days: late on the day when the clock goes back, 24 hours ago is the same day.
    outcomes.tell_by_candidate(made.offices.get(), at=timezone.now() - 2 * DAY)

    press(client, made)

    assert SlipOutcome.objects.count() == 2


@pytest.mark.parametrize(
    "posted",
    [{"office": "elsewhere"}, {"office": ""}, {"proof": ""}, {"proof": "x" * 43}, {"proof": "é"}],
    ids=str,
)
def test_what_the_page_did_not_offer_is_not_told(client, a_slip, posted):
    response = press(client, a_slip, **posted)

    assert response.status_code == 400
    assert "That did not work" in response.text
    assert not SlipOutcome.objects.exists()


def test_the_proof_of_one_slip_is_none_for_another(client, a_slip):
    other = handing.slip(advisor(), "north", at=timezone.now())
    proof = re.search(r'name="proof" value="([^"]+)"', client.get(page_of(other)).text)[1]

    assert press(client, a_slip, proof=proof).status_code == 400


def test_nothing_is_told_of_a_slip_that_is_gone(client, a_slip):
    slips.withdraw(a_slip, at=timezone.now())
    gone = client.post(f"{page_of(a_slip)}niet-gebeld/", {"office": "north"})
    unknown = client.post("/en/briefje/never-there-was-such-a-key/niet-gebeld/")

    assert (gone.status_code, unknown.status_code) == (410, 404)
    assert not SlipOutcome.objects.exists()


def test_thanks_are_only_for_what_was_told(client, a_slip):
    text = client.get(page_of(a_slip), {"gemeld": "north"}).text

    assert "Thank you" not in text


# Privacy


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_search_engine_cache_or_other_site_learns_of_these_pages(client, a_list, a_slip, prefix):
    gone = "/lijstje/never-there-was-such-a-key/"
    for page in (page_of(a_list, prefix), page_of(a_slip, prefix), prefix + gone):
        response = client.get(page)

        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in response.text
        assert 'rel="canonical"' not in response.text


def test_the_sitemap_does_not_know_these_pages(client, a_list, a_slip):
    text = client.get("/sitemap.xml").text

    assert "lijstje" not in text
    assert "briefje" not in text


def test_a_candidate_gets_no_cookies(client, a_list, a_slip):
    client.get(page_of(a_list))
    client.get(press(client, a_slip)["Location"])
    press(client, a_slip, proof="")

    assert not client.cookies


def test_a_key_is_never_logged(client, a_list, a_slip, log):
    slips.withdraw(a_slip, at=timezone.now())
    pick_lists.withdraw(a_list, at=timezone.now())

    for prefix in ("", "/en"):
        client.get(page_of(a_list, prefix))
        client.get(page_of(a_slip, prefix))
        client.post(f"{page_of(a_slip, prefix)}niet-gebeld/")
        client.get(f"{page_of(a_slip, prefix)}niet-gebeld/")
        client.get(f"{page_of(a_slip, prefix)}elsewhere/")
        client.get(f"{page_of(a_slip, prefix)}x")

    assert "briefje" in log.getvalue()
    assert a_slip.key not in log.getvalue()
    assert a_list.key not in log.getvalue()


def test_a_slip_does_not_tell_what_its_office_told(client, a_slip):
    outcomes.tell(
        a_slip.offices.get(office__slug="north"),
        outcome="not-eligible",
        teller="link",
        at=timezone.now(),
    )

    assert "eligible" not in client.get(page_of(a_slip)).text.lower()


# Queries


def test_a_list_takes_four_queries_and_a_slip_four(
    client, a_list, a_slip, django_assert_num_queries
):
    client.get("/")  # the process knows the directory

    with django_assert_num_queries(4):  # the list, its items, their offices, the count
        client.get(page_of(a_list))
    with django_assert_num_queries(4):  # the slip, its offices twice, what was told today
        client.get(page_of(a_slip))


def test_the_last_moment_of_a_list_is_in_its_own_time_zone(client, a_list):
    a_list.expires_at = datetime(2999, 1, 31, 23, 30, tzinfo=UTC)
    a_list.save()

    assert "1 February 2999" in client.get(page_of(a_list)).text
