"""What isn't counted is told, by why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from navigator.statistics import visits
from navigator.statistics.models import LeftOutTotal, ProfileView, Search
from tests import people

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAGE = "/regioloketten/flevowijs/"
ANSWER = "/zoeken/?postcode=1315"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def ask(client, world):
    """Asks for a page; with another browser, or who asks, as the test says."""
    world.office("flevowijs", serves=["1315"])

    def get(address=PAGE, *, browser=BROWSER, method="get", **more):
        response = getattr(client, method)(address, HTTP_USER_AGENT=browser, **more)
        assert response.status_code == 200

    get.client = client
    return get


def left_out():
    return {(each.what, each.why): each.requests for each in LeftOutTotal.objects.all()}


def test_a_bot_is_left_out_and_told(ask):
    ask(browser="Googlebot/2.1 (+http://www.google.com/bot.html)")
    ask(browser="Googlebot/2.1 (+http://www.google.com/bot.html)")

    assert left_out() == {("profileview", "bot"): 2}
    assert not ProfileView.objects.exists()


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_a_prefetch_is_left_out_and_told(ask, purpose):
    ask(headers={"Sec-Purpose": purpose})

    assert left_out() == {("profileview", "prefetch"): 1}


def test_a_look_at_the_head_alone_is_left_out_and_told(ask):
    ask(method="head")

    assert left_out() == {("profileview", "head"): 1}


def test_own_people_are_left_out_and_told(ask):
    people.log_in(ask.client, people.advisor())

    ask()
    ask(ANSWER)

    assert left_out() == {("profileview", "own people"): 1, ("search", "own people"): 1}
    assert not Search.objects.exists()


def test_a_reload_is_left_out_and_told(ask):
    ask()
    ask()

    assert left_out() == {("profileview", "repeat"): 1}
    assert ProfileView.objects.count() == 1


def test_a_view_that_counts_leaves_nothing_out(ask):
    ask()
    ask(ANSWER)

    assert left_out() == {}


def test_each_day_has_its_own_total(ask, monkeypatch):
    for days in (0, 1):
        monkeypatch.setattr(visits.timezone, "now", lambda days=days: NOON + timedelta(days=days))
        ask(method="head")

    assert sorted(LeftOutTotal.objects.values_list("day", "requests")) == [
        (NOON.date(), 1),
        (NOON.date() + timedelta(days=1), 1),
    ]


def test_a_total_that_fails_breaks_no_page(ask, monkeypatch, caplog):
    def fails(execute, sql, params, many, context):
        if "leftouttotal" in sql:
            raise DatabaseError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fails):
        ask(method="head")

    assert "count_failed" in caplog.text
