"""Totals of days: the same before and after the single rows are gone, whatever happens between."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from navigator.statistics import totals
from navigator.statistics.models import (
    ProfileView,
    Search,
    SearchTotal,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.totals import SearchKey, ViewKey, VisitorKey

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def office(world):
    return world.office("flevowijs")


def view(office, visitor, *, day=TODAY, minute=0, source="direct", province=""):
    """A view at 11:00 and some minutes; a visitor of None is a machine."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(minutes=minute)
    return ProfileView.objects.create(
        at=at,
        day=day,
        visitor=visitor,
        ordinal=ProfileView.objects.filter(day=day, office=office, visitor=visitor).count(),
        office=office,
        source=source,
        province=province,
    )


def search(visitor, postcode, *, day=TODAY, minute=0, source="direct", serving=1):
    """A search at 11:00 and some minutes."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(minutes=minute)
    return Search.objects.create(
        at=at,
        day=day,
        visitor=visitor,
        ordinal=Search.objects.filter(day=day, visitor=visitor, postcode=postcode).count(),
        postcode=postcode,
        municipality="GM0034",
        source=source,
        province="PV24",
        serving=serving,
    )


def roll_up(at=NOON, keep_days=90):
    return totals.roll_up(at=at, keep_days=keep_days)


def test_two_looks_of_one_person_at_an_office_are_two_views_of_one_visitor(office):
    view(office, "a")
    view(office, "a", minute=40)

    found = totals.of_day(TODAY)

    assert found.views == {ViewKey(office.pk, "direct", ""): 2}
    assert found.viewers == {ViewKey(office.pk, "direct", ""): 1}


def test_a_visitor_stands_where_the_first_view_of_the_day_did(office):
    view(office, "a", minute=40, source="direct")
    view(office, "a", minute=0, source="campaign")

    found = totals.of_day(TODAY)

    assert found.viewers == {ViewKey(office.pk, "campaign", ""): 1}
    assert found.visitors == {VisitorKey("campaign", ""): 1}


def test_somebody_who_searches_and_looks_at_two_offices_is_one_person(world, office):
    other = world.office("drechtsteden")
    search("a", "1315", source="social")
    view(office, "a", minute=1)
    view(other, "a", minute=2)

    found = totals.of_day(TODAY)

    assert found.visitors == {VisitorKey("social", "PV24"): 1}
    assert sum(found.viewers.values()) == 2


def test_machines_are_counted_but_are_no_visitors(office):
    view(office, None)

    found = totals.of_day(TODAY)

    assert found.views.total() == 1
    assert not found.viewers
    assert not found.visitors


def test_a_search_without_an_office_is_told_apart(office):
    search("a", "1315", serving=0)
    search("b", "1315", serving=2)

    found = totals.of_day(TODAY)

    key = SearchKey("1315", "GM0034", "", "direct", "PV24")
    assert (found.searches, found.without_office) == ({key: 2}, {key: 1})


def test_a_day_is_totalled_when_it_is_over_and_settled(office):
    view(office, "a")
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)

    assert roll_up(at=midnight + timedelta(minutes=59)).totalled == 0
    assert roll_up(at=midnight + timedelta(minutes=60)).totalled == 1


def test_the_totals_are_the_same_before_and_after(office):
    yesterday, long_ago = TODAY - timedelta(days=1), TODAY - timedelta(days=200)
    for day in (TODAY, yesterday, long_ago):
        view(office, "a", day=day)
        view(office, "b", day=day, source="campaign", province="PV24")
        search("b", "1315", day=day, minute=3)
    before = totals.of_period(long_ago, TODAY)

    done = roll_up()

    assert (done.totalled, done.removed) == (2, 3)
    assert ProfileView.objects.filter(day=long_ago).count() == 0
    assert ProfileView.objects.filter(day=yesterday).count() == 2
    assert totals.of_period(long_ago, TODAY) == before
    assert totals.of_period(long_ago, long_ago).visitors.total() == 2


def test_rolling_up_twice_changes_nothing(office):
    view(office, "a", day=TODAY - timedelta(days=1))
    roll_up()
    before = totals.of_period(TODAY - timedelta(days=9), TODAY)

    done = roll_up()

    assert (done.totalled, done.removed) == (0, 0)
    assert totals.of_period(TODAY - timedelta(days=9), TODAY) == before


def test_a_run_that_is_broken_off_leaves_whole_days(office, monkeypatch):
    days = [TODAY - timedelta(days=ahead) for ahead in (3, 2, 1)]
    for day in days:
        view(office, "a", day=day)
    before = totals.of_period(days[0], TODAY)
    real = totals._store

    def breaks(day, found):
        real(day, found)
        if day == days[1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(totals, "_store", breaks)
    with pytest.raises(KeyboardInterrupt):
        roll_up()

    assert list(TotalledDay.objects.values_list("day", flat=True)) == [days[0]]
    assert totals.of_period(days[0], TODAY) == before
    monkeypatch.undo()
    assert roll_up().totalled == 2
    assert totals.of_period(days[0], TODAY) == before


def test_weeks_late_is_not_too_late(office):
    for ahead in range(100, 140):
        view(office, "a", day=TODAY - timedelta(days=ahead))
    before = totals.of_period(TODAY - timedelta(days=200), TODAY)

    done = roll_up()

    assert (done.totalled, done.removed) == (40, 40)
    assert not ProfileView.objects.exists()
    assert totals.of_period(TODAY - timedelta(days=200), TODAY) == before


def test_nothing_is_removed_before_it_is_totalled(office, monkeypatch):
    view(office, "a", day=TODAY - timedelta(days=200))
    monkeypatch.setattr(totals, "total", lambda day: False)

    assert roll_up().removed == 0
    assert ProfileView.objects.count() == 1


def test_what_was_left_out_afterwards_is_out_of_the_totals(office):
    yesterday = TODAY - timedelta(days=1)
    view(office, "a", day=yesterday)
    fake = view(office, "b", day=yesterday)
    roll_up()
    fake.delete()

    totals.total_again(yesterday)

    assert totals.of_period(yesterday, yesterday).views.total() == 1


def test_reading_a_year_takes_the_same_queries_as_reading_a_day(office, django_assert_num_queries):
    for ahead in range(1, 30):
        view(office, "a", day=TODAY - timedelta(days=ahead))
    roll_up()

    for first in (TODAY - timedelta(days=1), TODAY - timedelta(days=365)):
        with django_assert_num_queries(11):
            totals.of_period(first, TODAY)


def test_the_command_shows_how_far_it_is_and_tells_what_it_did(office, capsys):
    view(office, "a", day=date(2020, 1, 1))

    call_command("roll_up", verbosity=1)

    told = capsys.readouterr()
    assert "1" in told.out
    assert "totals: 100%" in told.err
    assert "old rows: 100%" in told.err
    assert ViewTotal.objects.get().views == 1


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),  # days ago
            st.sampled_from(["a", "b", "c", None]),
            st.integers(0, 300),  # minutes
            st.sampled_from(["direct", "campaign"]),
            st.booleans(),  # a view, or a search
        ),
        max_size=25,
    )
)
def test_whatever_happened_every_sum_is_what_was_played(office, events):
    with transaction.atomic():
        for ago, visitor, minute, source, is_view in events:
            day = TODAY - timedelta(days=ago)
            if is_view:
                view(office, visitor, day=day, minute=minute, source=source)
            else:
                search(visitor, "1315", day=day, minute=minute, source=source, serving=minute % 2)

        roll_up(keep_days=2)
        found = totals.of_period(TODAY - timedelta(days=9), TODAY)

        views = [event for event in events if event[4]]
        searches = [event for event in events if not event[4]]
        assert found.views.total() == len(views)
        assert found.searches.total() == len(searches)
        assert found.without_office.total() == sum(not event[2] % 2 for event in searches)
        assert found.viewers.total() == len({event[:2] for event in views if event[1]})
        assert found.visitors.total() == len({event[:2] for event in events if event[1]})
        assert Counter(event[3] for event in views) == _by_source(found.views)
        transaction.set_rollback(True)


def _by_source(views):
    counted = Counter()
    for key, count in views.items():
        counted[key.source] += count
    return counted


def test_no_total_stands_without_its_day(office):
    view(office, "a", day=TODAY - timedelta(days=1))
    search("a", "1315", day=TODAY - timedelta(days=1))

    roll_up()

    days = set(TotalledDay.objects.values_list("day"))
    for model in (ViewTotal, SearchTotal, VisitorTotal):
        assert set(model.objects.values_list("day")) <= days
