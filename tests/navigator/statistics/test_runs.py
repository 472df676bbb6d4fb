"""Hours in which an office was looked at far more often than usual."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from navigator.statistics import runs
from navigator.statistics.models import Exclusion, ProfileView
from navigator.statistics.periods import Period
from tests.navigator.statistics.suspicious import NOON, views

HOUR = timedelta(hours=1)
TEN_DAYS = Period(date(2026, 11, 15), date(2026, 11, 24))


@pytest.fixture
def office(world):
    return world.office("flevowijs")


def found(period=TEN_DAYS):
    return [(run.office.slug, run.first, run.last, run.views) for run in runs.find_runs(period)]


def test_twenty_views_in_an_hour_are_suspicious_and_nineteen_are_not(world, office):
    views(office, 20)
    views(world.office("buur"), 19)

    assert found() == [("flevowijs", NOON, NOON + HOUR, 20)]


def test_an_hour_is_suspicious_when_it_has_five_times_the_views_of_a_mean_hour(office):
    two_days = Period(date(2026, 11, 19), date(2026, 11, 20))
    for hour in range(1, 37):  # from midnight until noon a day and a half later
        views(office, 10, at=NOON - HOUR * hour, by=f"{hour}")
    views(office, 41)
    usual = found(two_days)  # a mean hour has 401 / 48, which is 8.35
    views(office, 1, by="one more")

    assert usual == []
    assert found(two_days) == [("flevowijs", NOON, NOON + HOUR, 42)]


def test_hours_that_follow_each_other_are_one_run(world, office):
    views(office, 50, at=NOON, every_s=120)
    views(office, 30, at=NOON + 2 * HOUR, by="later")
    views(office, 25, at=NOON + 5 * HOUR, by="much later")
    views(world.office("buur"), 90, at=NOON + 6 * HOUR, every_s=10)

    assert found() == [
        ("buur", NOON + 6 * HOUR, NOON + 7 * HOUR, 90),
        ("flevowijs", NOON, NOON + 3 * HOUR, 80),
        ("flevowijs", NOON + 5 * HOUR, NOON + 6 * HOUR, 25),
    ]


def test_a_run_tells_who_where_from_and_what_is_usual(office):
    views(office, 20, source="other-site", host="bots.example", by="a")
    views(office, 4, by="b")
    ProfileView.objects.filter(visitor="b-0").update(visitor=None)

    (run,) = runs.find_runs(TEN_DAYS)

    assert (run.views, run.visitors, run.of_source) == (24, 23, 20)
    assert (run.source, run.source_host) == ("other-site", "bots.example")
    assert run.usual == Decimal(24) / 240


def test_one_person_on_two_days_is_two_visitors(office):
    midnight = datetime(2026, 11, 20, 23, tzinfo=UTC)
    views(office, 20, at=midnight - HOUR, every_s=10)
    views(office, 20, at=midnight, every_s=10)

    (run,) = runs.find_runs(TEN_DAYS)

    assert (run.first, run.last) == (midnight - HOUR, midnight + HOUR)
    assert (run.views, run.visitors) == (40, 40)


def test_the_hour_that_comes_twice_is_two_hours(office):
    once, again = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1))
    views(office, 15, at=once, by="a")
    views(office, 15, at=again, by="b")

    assert found(Period(date(2026, 10, 20), date(2026, 10, 30))) == []


def test_what_was_left_out_is_no_run_any_more(office):
    views(office, 30)
    exclusion = Exclusion.objects.create(
        office=office, first=NOON, last=NOON + HOUR, views=30, made_at=NOON
    )
    ProfileView.objects.update(exclusion=exclusion)

    assert found() == []


@pytest.mark.parametrize("count", [0, 5])
def test_where_nothing_stands_out_one_question_is_enough(office, django_assert_num_queries, count):
    views(office, count)

    with django_assert_num_queries(1):
        assert found() == []


def test_however_many_runs_it_takes_three_questions(world, django_assert_num_queries):
    for name in ("a", "b", "c"):
        views(world.office(name), 30)

    with django_assert_num_queries(3):
        assert len(found()) == 3
