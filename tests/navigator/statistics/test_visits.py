from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from navigator.accounts.models import User
from navigator.statistics import salts, visits
from navigator.statistics.models import Salt
from navigator.statistics.visits import LeftOut, visit_by_machine, visit_from

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NEXT_NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


def request(method="GET", browser=PHONE, address="192.0.2.1", user=None, **headers):
    made = RequestFactory().generic(
        method, "/", headers={"user-agent": browser, **headers}, REMOTE_ADDR=address
    )
    made.user = user or AnonymousUser()
    return made


def test_the_same_browser_at_the_same_address_is_one_visitor_all_day():
    first = visit_from(request(), at=NOON)
    second = visit_from(request(), at=NOON.replace(hour=20))

    assert first.visitor == second.visitor


@pytest.mark.parametrize("other", [{"address": "192.0.2.2"}, {"browser": LAPTOP}])
def test_another_address_or_browser_is_another_visitor(other):
    first = visit_from(request(), at=NOON)
    second = visit_from(request(**other), at=NOON)

    assert first.visitor != second.visitor


def test_nobody_is_recognised_tomorrow():
    today = visit_from(request(), at=NOON)
    tomorrow = visit_from(request(), at=NEXT_NOON)

    assert today.visitor != tomorrow.visitor


def test_the_salt_of_yesterday_is_destroyed():
    visit_from(request(), at=NOON)
    yesterday = bytes(Salt.objects.get().value)

    visit_from(request(), at=NEXT_NOON)

    assert [salt.day for salt in Salt.objects.all()] == [date(2026, 11, 25)]
    assert bytes(Salt.objects.get().value) != yesterday
    assert salts._Known.salt.value != yesterday


def test_another_process_finds_the_same_visitor():
    here = visit_from(request(), at=NOON)
    visits.forget()  # as a process that just started

    there = visit_from(request(), at=NOON)

    assert here.visitor == there.visitor
    assert Salt.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), date(2026, 11, 24)),  # 00:30 in winter
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),  # 23:59 in summer
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),  # the day of 25 hours
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_is_a_day_in_amsterdam(moment, day):
    assert visit_from(request(), at=moment).day == day


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (request("HEAD"), LeftOut.HEAD),
        (request(**{"sec-purpose": "prefetch"}), LeftOut.PREFETCH),
        (request(**{"sec-purpose": "prefetch;prerender"}), LeftOut.PREFETCH),
        (request(**{"sec-purpose": "prefetch;anonymous-client-ip"}), LeftOut.PREFETCH),
        (request(**{"purpose": "prefetch"}), LeftOut.PREFETCH),
        (request(**{"purpose": "preview"}), LeftOut.PREFETCH),
        (request(**{"x-purpose": "preview"}), LeftOut.PREFETCH),
        (request(**{"x-moz": "prefetch"}), LeftOut.PREFETCH),
        (request(**{"sec-purpose": "", "x-moz": "Prefetch"}), LeftOut.PREFETCH),
        (request(browser="Googlebot/2.1 (+http://www.google.com/bot.html)"), LeftOut.BOT),
        (request(browser="curl/8.5.0"), LeftOut.BOT),
        (request(browser=""), LeftOut.BOT),
        (request(user=User(email="editor@example.org")), LeftOut.OWN_PEOPLE),
    ],
)
def test_who_is_no_visitor_is_left_out(asked, why):
    visit = visit_from(asked, at=NOON)

    assert (visit.left_out, visit.visitor) == (why, None)


def test_a_person_is_not_left_out():
    assert visit_from(request(), at=NOON).left_out is None


def test_a_machine_is_no_visitor():
    visit = visit_by_machine(request(browser="python-requests/2.34"), at=NOON)

    assert (visit.visitor, visit.left_out, visit.origin.source) == (None, None, "api")
