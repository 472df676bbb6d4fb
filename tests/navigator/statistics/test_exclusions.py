"""Views that are left out afterwards: counted nowhere, and brought back without a trace."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from navigator.statistics import exclusions, totals, usage_report
from navigator.statistics.exclusions import ExclusionError, NothingToExclude, Window
from navigator.statistics.left_out import left_out
from navigator.statistics.models import (
    Exclusion,
    LeftOutTotal,
    ProfileView,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.periods import Period
from tests import people
from tests.navigator.statistics.suspicious import NOON, search, views

DAY = date(2026, 11, 20)
HOUR = timedelta(hours=1)
LATER = datetime(2026, 11, 24, 11, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 11, 24))


@pytest.fixture
def office(world):
    return world.office("flevowijs", serves=["1315"])


@pytest.fixture
def administrator(db):
    return people.administrator()


@pytest.fixture
def leave_out(office, administrator):
    """Leaves the hour from noon out, or what the test says."""

    def exclude(**more):
        window = {"office": office, "first": NOON, "last": NOON + HOUR}
        return exclusions.exclude(
            **{**window, **more}, reason="A program", by=administrator, at=LATER
        )

    return exclude


def roll_up(at=LATER):
    totals.roll_up(at=at, keep_days=90)


def figures():
    """All that is told of the month: the totals, the report, and what was left out."""
    told = left_out(MONTH)
    return (
        totals.of_period(MONTH.first, MONTH.last),
        usage_report.usage_report(MONTH),
        [(line.why, line.requests) for line in told.lines],
        sorted(ViewTotal.objects.values_list("day", "office", "source", "views", "visitors")),
        sorted(VisitorTotal.objects.values_list("day", "source", "visitors")),
    )


def counted():
    """Views and visitors of the month."""
    found = totals.of_period(MONTH.first, MONTH.last)
    return sum(found.views.values()), sum(found.visitors.values())


@pytest.mark.parametrize("is_totalled", [True, False], ids=["totals", "single rows"])
def test_what_is_brought_back_leaves_no_trace(office, leave_out, administrator, is_totalled):
    views(office, 30)
    views(office, 5, at=NOON + 2 * HOUR, by="other")
    search("visitor-0")
    if is_totalled:
        roll_up()
    before = figures()

    exclusion = leave_out()
    between = figures()
    brought_back = exclusions.withdraw(exclusion, by=administrator, at=LATER)

    assert (exclusion.views, brought_back) == (30, 30)
    assert figures() == before != between
    assert (exclusion.withdrawn_by, exclusion.withdrawn_at) == (administrator, LATER)


@pytest.mark.parametrize("is_totalled", [True, False], ids=["totals", "single rows"])
def test_who_did_something_else_that_day_stays_a_visitor(office, leave_out, is_totalled):
    views(office, 30)
    views(office, 1, at=NOON + 2 * HOUR, by="other")
    search("visitor-0", at=NOON + 3 * HOUR)
    if is_totalled:
        roll_up()
    before = counted()

    leave_out()

    assert (before, counted()) == ((31, 31), (1, 2))


def test_what_was_left_out_never_comes_back_by_itself(office, leave_out):
    views(office, 30)
    leave_out()

    for day in range(3):
        roll_up(LATER + timedelta(days=day))

    assert TotalledDay.objects.filter(day=DAY).exists()
    assert counted() == (0, 0)


def test_how_many_were_left_out_is_told_by_day(office, leave_out, administrator):
    midnight = datetime(2026, 11, 20, 23, tzinfo=UTC)
    views(office, 20, at=midnight - 10 * timedelta(minutes=1))
    first = leave_out(first=midnight - HOUR, last=midnight + timedelta(minutes=5))
    leave_out(first=midnight, last=midnight + HOUR)

    def told():
        rows = LeftOutTotal.objects.filter(what="profileview", why="excluded").order_by("day")
        return list(rows.values_list("day", "requests"))

    before = told()
    exclusions.withdraw(first, by=administrator, at=LATER)

    assert before == [(DAY, 10), (DAY + timedelta(days=1), 10)]
    assert told() == [(DAY + timedelta(days=1), 5)]


def test_the_end_is_not_included_and_other_offices_stay(world, office, leave_out):
    views(office, 3, every_s=1800)
    views(world.office("buur"), 3)

    exclusion = leave_out()

    assert exclusion.views == 2
    assert ProfileView.objects.filter(exclusion=None).count() == 4


@pytest.mark.parametrize(
    ("only", "count"),
    [
        ({"source": "social"}, 4),
        ({"source_host": "bots.example"}, 5),
        ({"source": "social", "source_host": "bots.example"}, 2),
    ],
)
def test_one_source_alone_can_be_left_out(office, leave_out, only, count):
    views(office, 2, source="social", host="bots.example", by="a")
    views(office, 2, source="social", host="t.co", by="b")
    views(office, 3, source="other-site", host="bots.example", by="c")

    assert leave_out(**only).views == count


def test_a_preview_tells_what_would_go_and_changes_nothing(office, django_assert_num_queries):
    views(office, 30)
    views(office, 30, at=NOON + 24 * HOUR)
    ProfileView.objects.filter(visitor="visitor-0").update(visitor=None)

    with django_assert_num_queries(2):
        found = exclusions.preview(Window(office, NOON, NOON + 25 * HOUR))

    assert (found.views, found.days, found.gone_days) == (60, 2, 0)
    assert counted()[0] == 60


def test_visitors_of_a_preview_are_people_a_day(office):
    views(office, 3)
    ProfileView.objects.filter(visitor="visitor-0").update(visitor=None)

    assert exclusions.preview(Window(office, NOON, NOON + HOUR)).visitors == 2


@pytest.mark.parametrize("act", ["preview", "exclude"])
def test_where_nothing_is_nothing_is_left_out(office, leave_out, act):
    views(office, 3, at=NOON + HOUR)

    with pytest.raises(NothingToExclude) as raised:
        leave_out() if act == "exclude" else exclusions.preview(Window(office, NOON, NOON + HOUR))

    assert raised.value.code == "nothing"
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize("act", ["preview", "exclude"])
def test_days_of_which_the_single_views_are_gone_stay_as_they_are(office, leave_out, act):
    views(office, 30)
    roll_up(LATER + timedelta(days=100))
    before = counted()

    with pytest.raises(NothingToExclude) as raised:
        leave_out() if act == "exclude" else exclusions.preview(Window(office, NOON, NOON + HOUR))

    assert raised.value.code == "too_old"
    assert counted() == before == (30, 30)


def test_a_preview_tells_which_days_can_not_be_changed(office):
    views(office, 30)
    views(office, 4, at=NOON + 24 * HOUR)
    roll_up()
    ProfileView.objects.filter(day=DAY).delete()

    found = exclusions.preview(Window(office, NOON, NOON + 48 * HOUR))

    assert (found.views, found.days, found.gone_days) == (4, 1, 1)


def test_what_is_left_out_is_not_left_out_twice(office, leave_out):
    views(office, 30)
    leave_out()

    with pytest.raises(NothingToExclude):
        leave_out()


def test_what_was_brought_back_is_not_brought_back_twice(office, leave_out, administrator):
    views(office, 30)
    exclusion = leave_out()
    exclusions.withdraw(exclusion, by=administrator, at=LATER)
    leave_out()

    with pytest.raises(ExclusionError) as raised:
        exclusions.withdraw(exclusion, by=administrator, at=LATER)

    assert raised.value.code == "withdrawn"
    assert counted() == (0, 0)


def test_what_is_gone_is_not_brought_back(office, leave_out, administrator):
    views(office, 30)
    exclusion = leave_out()
    roll_up(LATER + timedelta(days=100))
    before = exclusions.still_there([exclusion])

    with pytest.raises(ExclusionError) as raised:
        exclusions.withdraw(exclusion, by=administrator, at=LATER)

    assert (raised.value.code, before) == ("too_old", set())
    assert counted() == (0, 0)
    assert LeftOutTotal.objects.get(why="excluded").requests == 30


def test_what_can_be_brought_back_is_known(office, leave_out, administrator):
    views(office, 30)
    back = leave_out(last=NOON + timedelta(minutes=10))
    stays = leave_out()
    exclusions.withdraw(back, by=administrator, at=LATER)

    assert exclusions.still_there([back, stays]) == {stays.pk}


def test_all_of_it_happens_or_nothing(office, leave_out, monkeypatch):
    views(office, 30)
    roll_up()
    before = figures()

    def fails(_day):
        raise RuntimeError

    monkeypatch.setattr(totals, "total_again", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        leave_out()

    assert figures() == before
    assert not Exclusion.objects.exists()
