"""The link by which an office tells what became of a referral, without an account."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from navigator.advice import outcome_brakes, outcomes
from navigator.advice.models import SlipOffice, SlipOutcome
from navigator.advice.outcomes import LinkExpired, LinkUnknown, LinkWithdrawn
from navigator.logs import without_secrets
from tests.navigator.advice.referred import NOW, refer_to
from tests.people import administrator, log_in

TERM = timedelta(days=14)


@pytest.fixture
def referred(world):
    cache.clear()
    return refer_to(world.office("rotterdam", name="Loket Rotterdam"), at=timezone.now())


@pytest.fixture
def link(referred):
    return outcomes.link_of(referred)


def address(link):
    return f"/en/terugmelden/{link}/"


def tell(client, link, outcome="helped"):
    return client.post(address(link), {"outcome": outcome})


def test_a_link_is_of_one_referral_and_works_for_14_days(referred):
    link = outcomes.link_of(referred, at=NOW)

    assert outcomes.read_link(link, at=NOW + TERM) == referred
    with pytest.raises(LinkExpired):
        outcomes.read_link(link, at=NOW + TERM + timedelta(seconds=1))


def test_a_link_that_was_withdrawn_stops_and_a_new_one_works(referred):
    old = outcomes.link_of(referred, at=NOW)
    outcomes.withdraw_links(referred)

    with pytest.raises(LinkWithdrawn):
        outcomes.read_link(old, at=NOW)
    assert outcomes.read_link(outcomes.link_of(referred, at=NOW), at=NOW) == referred


def test_the_links_of_a_withdrawn_slip_stop(referred):
    type(referred.slip).objects.update(withdrawn_at=NOW)

    with pytest.raises(LinkWithdrawn):
        outcomes.read_link(outcomes.link_of(referred, at=NOW), at=NOW)


def test_what_somebody_made_up_is_no_link(referred):
    link = outcomes.link_of(referred, at=NOW)
    signed, _sign, signature = link.rpartition(":")
    other = f"{referred.pk + 1}.1:{signed.rpartition(':')[2]}:{signature}"
    of_another_kind = TimestampSigner(salt="other").sign(f"{referred.pk}.1")
    odd = TimestampSigner(salt="navigator.advice.outcome_links").sign("no.number")
    wrong = ["", "x", ":::", link[:-1], link + "x", link.upper(), other, of_another_kind, odd]

    for each in [*wrong, "9" * 5000]:
        with pytest.raises(LinkUnknown):
            outcomes.read_link(each, at=NOW)


def test_a_link_of_a_referral_that_is_gone_is_unknown(referred):
    link = outcomes.link_of(referred, at=NOW)
    SlipOffice.objects.all().delete()

    with pytest.raises(LinkUnknown):
        outcomes.read_link(link, at=NOW)


def test_the_page_shows_the_referral_and_the_nine_outcomes_without_logging_in(client, link):
    page = client.get(address(link))

    assert page.status_code == 200
    assert page.text.count('type="radio"') == 9
    assert "Loket Rotterdam" in page.text
    assert page.context["here"].interests


def test_opening_the_link_changes_nothing(client, link, django_assert_num_queries):
    before = SlipOffice.objects.values().get()

    for method in ("get", "head"):
        for _time in range(3):
            getattr(client, method)(address(link))

    assert SlipOffice.objects.values().get() == before
    assert not SlipOutcome.objects.exists()


def test_telling_stores_it_and_thanks(client, link):
    answer = tell(client, link)

    told = SlipOutcome.objects.get()
    assert (told.outcome, told.teller, told.who) == ("helped", "link", None)
    assert answer.status_code == 303
    assert client.get(answer["Location"]).context["thanks"]


def test_who_is_logged_in_by_chance_is_not_named(client, link):
    log_in(client, administrator())

    tell(client, link)

    assert SlipOutcome.objects.get().who is None


def test_no_cookie_is_needed_and_none_is_given(link):
    client = Client(enforce_csrf_checks=True)

    answers = [client.get(address(link)), tell(client, link)]

    assert [answer.status_code for answer in answers] == [200, 303]
    assert not client.cookies


def test_a_double_is_said_kindly_and_stored_once(client, link):
    tell(client, link)

    again = tell(client, link)

    assert again.status_code == 409
    assert again.context["told_already"]
    assert SlipOutcome.objects.count() == 1


@pytest.mark.parametrize("posted", [{}, {"outcome": ""}, {"outcome": "nobody-called"}])
def test_a_form_without_an_outcome_is_shown_again(client, link, posted):
    answer = client.post(address(link), posted)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert not SlipOutcome.objects.exists()


def test_links_that_do_not_work_say_what_to_do(client, referred):
    expired = outcomes.link_of(referred, at=timezone.now() - TERM - timedelta(hours=1))
    withdrawn = outcomes.link_of(referred)
    outcomes.withdraw_links(referred)

    for link, status in ((expired, 410), (withdrawn, 410), ("no-such-link", 404)):
        for answer in (client.get(address(link)), tell(client, link)):
            assert answer.status_code == status
            assert "/mijn-regio/doorverwijzingen/" in answer.text
    assert not SlipOutcome.objects.exists()


def test_a_slip_that_is_withdrawn_meanwhile_takes_no_outcome(client, referred, link, monkeypatch):
    read = outcomes.read_link

    def read_just_before(link, at):
        found = read(link, at=at)
        type(referred.slip).objects.update(withdrawn_at=at)
        return found

    monkeypatch.setattr(outcomes, "read_link", read_just_before)

    assert tell(client, link).status_code == 410
    assert not SlipOutcome.objects.exists()


def test_no_page_cache_or_search_engine_learns_the_link(client, link):
    for answer in (client.get(address(link)), tell(client, link), client.get(address("no-link"))):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]


def test_the_log_does_not_tell_a_link(link):
    assert link not in without_secrets(f"GET {address(link)} 200")


def test_a_link_takes_ten_posts_an_hour(client, link):
    answers = [client.post(address(link), {}).status_code for _time in range(11)]

    assert answers == [400] * 10 + [429]
    refused = tell(client, link)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "3600"
    assert client.get(address(link)).status_code == 200
    assert not SlipOutcome.objects.exists()


def test_a_network_address_may_post_sixty_times_an_hour(client, link):
    answers = [client.post(address(f"guess-{number}"), {}).status_code for number in range(60)]

    assert set(answers) == {404}
    assert tell(client, link).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").post(address(link), {}).status_code == 400


def test_the_brake_lets_go_after_an_hour_and_stores_no_address(db):
    cache.clear()
    for _time in range(10):
        assert outcome_brakes.may_post("a-link", "192.0.2.7", NOW)

    assert not outcome_brakes.may_post("a-link", "192.0.2.7", NOW)
    assert outcome_brakes.may_post("a-link", "192.0.2.7", NOW + timedelta(hours=1))
