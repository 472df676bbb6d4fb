"""What isn't counted is told, by why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from navigator import proxies
from navigator.statistics import visits
from navigator.statistics.models import LeftOutTotal, ProfileView, Search
from regions import revisions
from regions.fetching import AGENT, Visitor
from regions.models import FormerSlug, RegionalOffice
from tests import factories, people

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAGE = "/regioloketten/flevowijs/"
ANSWER = "/zoeken/?postcode=1315"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def ask(client, world):
    """Asks for a page; with another browser, or who asks, as the test says."""
    world.office("flevowijs", serves=["1315"], regions=["Almere"])

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


def test_a_prefetch_is_left_out_and_told(ask):
    ask(headers={"Sec-Purpose": "prefetch;prerender"})

    assert left_out() == {("profileview", "prefetch"): 1}


def test_a_look_at_the_head_alone_is_left_out_and_told(ask):
    ask(method="head")

    assert left_out() == {("profileview", "head"): 1}


def test_the_program_that_looks_for_dead_links_is_a_bot(ask):
    sent = Visitor(site="https://navigator.example")._headers["User-Agent"]
    ask(browser=sent)

    assert left_out() == {("profileview", "bot"): 1}


def test_it_is_a_bot_also_when_no_list_knows_it(monkeypatch):
    class KnowsNothing:
        def __init__(self, **_browser):
            pass

        def isCrawler(self):
            return None

    monkeypatch.setattr(visits, "CrawlerDetect", KnowsNothing)
    visits.is_bot.cache_clear()

    assert visits.is_bot(f"{AGENT}/7.0 (+https://elsewhere.example)")
    visits.is_bot.cache_clear()


@pytest.mark.parametrize(
    "somebody",
    [
        lambda office: people.advisor(),
        lambda office: people.administrator(),
        lambda office: people.editor(*office.regions.all()),
    ],
    ids=["advisor", "administrator", "editor"],
)
def test_own_people_are_left_out_and_told(ask, somebody):
    office = RegionalOffice.objects.get(slug="flevowijs")
    people.log_in(ask.client, somebody(office))

    ask()
    ask(ANSWER)

    assert left_out() == {("profileview", "own people"): 1, ("search", "own people"): 1}
    assert not Search.objects.exists()


def test_an_editor_of_another_office_is_a_visitor_of_this_one_whose_searches_are_left_out(ask):
    people.log_in(ask.client, people.editor(factories.EducationRegionFactory()))

    ask()
    ask(ANSWER)

    assert left_out() == {("search", "own people"): 1}
    assert ProfileView.objects.count() == 1


@pytest.mark.parametrize(
    ("somebody", "queries"),
    [(people.advisor, 0), (people.administrator, 0), (people.editor, 1)],
)
def test_who_looks_takes_one_query_at_most(ask, rf, somebody, queries, django_assert_num_queries):
    request = rf.get(PAGE, headers={"user-agent": BROWSER})
    request.user = somebody()

    with django_assert_num_queries(queries):
        visits.why_left_out(request, office=1)


NOT_COUNTED = {
    "/regioloketten/nowhere/": 404,
    "/zoeken/?postcode=0": 400,
    "/zoeken/?place=Nergens": 400,
    "/regioloketten/formerly/": 301,
    "/regioloketten/flevowijs": 301,
    "/regioloketten/flevowijs/?postcode=1315AB": 302,
    "/zoeken/?postcode=1315ab": 302,
    "/healthz": 200,
    "/readyz": 200,
    "/metrics": 200,
    "/statistiek/": 200,
    "/regioloketten/": 200,
    "/": 200,
}


def test_what_is_no_look_at_an_office_and_no_answered_question_is_not_counted(ask):
    FormerSlug.objects.create(slug="formerly", office=RegionalOffice.objects.get(slug="flevowijs"))

    for address, status in NOT_COUNTED.items():
        assert ask.client.get(address, HTTP_USER_AGENT=BROWSER).status_code == status, address
        assert not ProfileView.objects.exists(), address
        assert not Search.objects.exists(), address
    assert left_out() == {}


@pytest.mark.parametrize("address", [PAGE, ANSWER])
def test_a_page_that_breaks_is_not_counted(ask, address, monkeypatch):
    def breaks(*_arguments, **_more):
        raise RuntimeError("a page that can't be made")

    monkeypatch.setattr("navigator.finder.views._page", breaks)
    ask.client.raise_request_exception = False

    response = ask.client.get(address, HTTP_USER_AGENT=BROWSER)

    assert response.status_code == 500
    assert not ProfileView.objects.exists()
    assert not Search.objects.exists()


def test_a_preview_of_a_page_is_not_counted(ask):
    office = RegionalOffice.objects.get(slug="flevowijs")
    editor = people.editor(*office.regions.all())
    draft = revisions.propose(
        subject=office, values={"advice_note": "Bel ons."}, by=editor, at=NOON
    )
    key = revisions.share(draft)

    page = ask.client.get(f"/voorbeeld/{key}/", HTTP_USER_AGENT=BROWSER)

    assert page.status_code == 200
    assert "clicks.js" not in page.text
    assert not ProfileView.objects.exists()


@pytest.mark.parametrize(
    ("trusted", "visitors"),
    # Who connects directly is one, whatever they invent; behind a proxy it is what the proxy saw.
    [([], 1), (["127.0.0.1/32"], 1)],
    ids=["no proxy", "a proxy"],
)
def test_nobody_becomes_many_by_inventing_addresses(ask, settings, trusted, visitors):
    settings.TRUSTED_PROXIES = trusted
    proxies._is_trusted.cache_clear()

    for number in range(5):
        invented = f"198.51.100.{number}"
        seen = f"{invented}, 203.0.113.9" if trusted else invented
        ask(HTTP_X_FORWARDED_FOR=seen, REMOTE_ADDR="127.0.0.1")

    proxies._is_trusted.cache_clear()
    assert ProfileView.objects.count() == visitors
    assert left_out() == {("profileview", "repeat"): 4}


def test_visitors_behind_a_trusted_proxy_are_told_apart(ask, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    proxies._is_trusted.cache_clear()

    for number in range(3):
        ask(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}", REMOTE_ADDR="127.0.0.1")

    proxies._is_trusted.cache_clear()
    assert ProfileView.objects.count() == 3


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
