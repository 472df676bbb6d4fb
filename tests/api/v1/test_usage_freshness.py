"""Who has figures already is told so before they are computed; who has old ones gets new ones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from tablib import Dataset

import api.v1.usage
from navigator.statistics import archive, brakes, earlier, exclusions, freshness, totals
from navigator.statistics.models import Campaign, LeftOutTotal
from navigator.statistics.periods import Period
from regions import revisions
from tests import people
from tests.navigator.statistics.usage_rows import moment, search, view

BASE = "/api/v1/statistics"
DAY = date(2026, 3, 2)
WEEK = "from=2026-03-01&to=2026-03-07"
ALL = (
    "usage",
    "days",
    "sources",
    "provinces",
    "municipalities",
    "searches",
    "without-office",
    "offices",
    "left-out",
    "archive",
)


@pytest.fixture
def office(world):
    """An office with a view, far enough back that its second is over."""
    office = world.office("eerste")
    view(office, "a", DAY)
    return office


def get(client, table, query=WEEK, **headers):
    return client.get(f"{BASE}/{table}?{query}", headers=headers)


@pytest.fixture
def nothing_is_computed(monkeypatch):
    """Fails whoever computes a figure."""

    def start():
        def fail(period):
            raise AssertionError("computed")

        for module, name in (
            (api.v1.usage, "usage_report"),
            (api.v1.usage, "left_out"),
            (archive, "usage_report"),
        ):
            monkeypatch.setattr(module, name, fail)

    return start


def test_what_did_not_change_is_neither_computed_nor_sent_again(
    client, office, nothing_is_computed
):
    answers = {table: get(client, table) for table in ALL}
    assert {answer.status_code for answer in answers.values()} == {200}
    nothing_is_computed()

    for table, first in answers.items():
        by_etag = get(client, table, if_none_match=first["ETag"])
        by_moment = get(client, table, if_modified_since=first["Last-Modified"])

        for again in (by_etag, by_moment):
            assert (again.status_code, again.content) == (304, b""), table
            assert again["ETag"] == first["ETag"]
            assert again["Last-Modified"] == first["Last-Modified"]


def test_the_archive_of_the_page_is_not_made_again_either(client, office, nothing_is_computed):
    first = client.get(f"/statistiek/archief/?{WEEK}")
    nothing_is_computed()

    again = client.get(f"/statistiek/archief/?{WEEK}", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert first["Last-Modified"] == again["Last-Modified"]


def test_other_questions_have_other_etags(client, office):
    questions = [
        ("offices", WEEK),
        ("offices", "from=2026-03-01&to=2026-03-08"),
        ("offices", f"{WEEK}&compare=year"),
        ("offices", f"{WEEK}&pageSize=1"),
        ("offices", f"{WEEK}&format=csv"),
        ("days", WEEK),
    ]
    etags = [get(client, *question)["ETag"] for question in questions]
    etags.append(get(client, "offices", accept="text/csv")["ETag"])

    assert len(set(etags)) == len(questions) + 1


def _a_view(office):
    view(office, "b", DAY)


def _an_older_view_that_was_stored_later(office):
    view(office, "b", DAY, minute=-60)


def _a_search(office):
    search("b", "3011", DAY)


def _a_view_of_the_period_before(office):
    view(office, "b", date(2026, 2, 25))


def _a_view_of_a_year_before(office):
    view(office, "b", date(2025, 3, 2))


def _an_exclusion(office):
    exclusions.exclude(
        office=office,
        first=moment(DAY),
        last=moment(DAY, 5),
        reason="Nobody looked.",
        by=people.administrator(),
        at=timezone.now(),
    )


def _an_exclusion_of_a_totalled_day(office):
    totals.roll_up(at=timezone.now(), keep_days=10_000)
    _an_exclusion(office)


def _an_import(office):
    table = Dataset(headers=["office", "day", "views", "visitors"])
    table.append([office.slug, "2026-03-05", "10", "9"])
    found = earlier.plan(table, today=date(2026, 4, 1))
    assert not found.problems
    earlier.store(found)


def _another_name(office):
    revisions.publish_now(
        subject=office, values={"name": "Anders"}, by=people.administrator(), at=timezone.now()
    )


def _a_request_that_was_left_out(office):
    LeftOutTotal.objects.create(day=DAY, what="search", why="bot", requests=1)


@pytest.mark.parametrize(
    "change",
    [
        _a_view,
        _an_older_view_that_was_stored_later,
        _a_search,
        _a_view_of_the_period_before,
        _a_view_of_a_year_before,
        _an_exclusion,
        _an_exclusion_of_a_totalled_day,
        _an_import,
        _another_name,
        _a_request_that_was_left_out,
    ],
)
def test_whatever_changes_a_figure_changes_the_etag(client, office, change):
    table = "left-out" if change is _a_request_that_was_left_out else "offices"
    query = f"{WEEK}&compare=year" if change is _a_view_of_a_year_before else WEEK
    first = get(client, table, query)

    change(office)

    again = get(client, table, query, if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]
    if change is not _a_search:  # offices have no searches
        assert again.content != first.content


def test_a_new_office_changes_the_etag(client, office, world):
    first = get(client, "offices")

    world.office("tweede")

    again = get(client, "offices", if_none_match=first["ETag"])
    assert again.json()["count"] == 2


def test_a_view_is_newer_than_what_was_told_before(client, office):
    first = get(client, "offices")
    view(office, "b", DAY, minute=1)

    again = get(client, "offices", if_modified_since=first["Last-Modified"])

    assert again.status_code == 200
    assert parse_http_date(again["Last-Modified"]) > parse_http_date(first["Last-Modified"])


def test_another_name_is_newer_than_what_was_told_before(client, office):
    first = get(client, "offices")
    _another_name(office)
    told = get(client, "offices")

    assert parse_http_date(told["Last-Modified"]) > parse_http_date(first["Last-Modified"])


def test_a_view_in_the_second_of_the_last_is_newer_too(office):
    now = datetime(2026, 3, 2, 10, 0, 0, 500_000, tzinfo=UTC)
    period = Period(DAY, DAY)

    at_once = freshness.of(period, preset="", now=now).modified_at
    afterwards = freshness.of(period, preset="", now=now + timedelta(seconds=1)).modified_at

    assert at_once == now.replace(microsecond=0)
    assert afterwards == at_once + timedelta(seconds=1)


def test_the_last_seven_days_are_other_days_tomorrow(client, office):
    today = timezone.localdate()
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    yesterday = http_date((midnight - timedelta(seconds=1)).timestamp())

    assert get(client, "days", "period=last-7", if_modified_since=yesterday).status_code == 200
    assert get(client, "days", "", if_modified_since=yesterday).status_code == 200


def test_a_campaign_that_moves_is_another_period(client, office):
    campaign = Campaign.objects.create(code="maart", name_nl="Maart", first=DAY, last=DAY)
    first = get(client, "days", "period=maart")
    assert not first.has_header("Last-Modified")

    campaign.last = DAY + timedelta(days=1)
    campaign.save()

    again = get(client, "days", "period=maart", if_none_match=first["ETag"])
    assert again.json()["count"] == 2


def test_another_campaign_is_told_with_the_main_figures(client, office):
    first = get(client, "usage")
    Campaign.objects.create(code="maart", name_nl="Maart", first=DAY, last=DAY)

    again = get(client, "usage", if_none_match=first["ETag"])

    assert [each["code"] for each in again.json()["campaigns"]] == ["maart"]


def test_a_problem_is_never_not_modified(client, office):
    answer = get(client, "days", "from=maart&to=april", if_none_match="*")

    assert answer.status_code == 400


def test_what_was_left_out_can_change_until_its_day_is_over(client, office):
    today = timezone.localdate()

    answer = get(client, "left-out", f"from={today}&to={today}")

    assert parse_http_date(answer["Last-Modified"]) >= timezone.now().timestamp() - 300


def test_before_anything_was_counted_there_is_no_moment_of_change(client, world):
    answer = get(client, "offices")

    assert answer.status_code == 200
    assert not answer.has_header("Last-Modified")
    assert get(client, "offices", if_none_match=answer["ETag"]).status_code == 304


def test_long_periods_have_a_brake_that_spares_what_did_not_change(client, office, monkeypatch):
    cache.clear()
    monkeypatch.setattr(brakes, "MOST_LONG_OPEN", 2)
    long = "from=2016-01-01&to=2025-12-31"
    archive = f"/statistiek/archief/?{long}"

    first, second = get(client, "days", long), client.get(archive)
    refused = get(client, "offices", f"{long}&format=csv")

    assert (first.status_code, second.status_code) == (200, 200)
    assert refused.status_code == 429
    assert refused.json()["type"].endswith("/too-many-requests")
    assert refused["Retry-After"] == "300"
    assert get(client, "archive", long).status_code == 429
    assert client.get(archive)["Retry-After"] == "300"
    assert get(client, "days", long, if_none_match=first["ETag"]).status_code == 304
    assert get(client, "days").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(archive, **elsewhere).status_code == 200
