"""Administrators and totals at the same moment."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import Count

from navigator.statistics import exclusions, totals
from navigator.statistics.models import Exclusion, LeftOutTotal, ProfileView, ViewTotal
from tests import people
from tests.at_once import at_once
from tests.navigator.statistics.suspicious import NOON, views

DAY = date(2026, 11, 20)
LATER = datetime(2026, 11, 24, 11, tzinfo=UTC)


def leave_out(office, by, first, last):
    return exclusions.exclude(
        office=office,
        first=NOON + timedelta(minutes=first),
        last=NOON + timedelta(minutes=last),
        reason="A program",
        by=by,
        at=LATER,
    )


def check(remaining):
    """Whatever came first: each number says the same."""
    marked = ProfileView.objects.exclude(exclusion=None)
    by_exclusion = dict(marked.order_by().values_list("exclusion").annotate(Count("pk")))
    assert dict(Exclusion.objects.values_list("pk", "views")) == by_exclusion
    assert LeftOutTotal.objects.get(day=DAY, why="excluded").requests == marked.count()
    assert sum(ViewTotal.objects.values_list("views", flat=True)) == remaining
    assert sum(totals.of_period(DAY, DAY).views.values()) == remaining


def test_each_view_belongs_to_one_exclusion(shared_world):
    office, other = shared_world.office("flevowijs"), shared_world.office("buur")
    by = people.administrator()
    views(office, 60)
    views(other, 60)
    totals.roll_up(at=LATER, keep_days=90)

    at_once(
        lambda: leave_out(office, by, 0, 40),
        lambda: leave_out(office, by, 20, 50),
        lambda: leave_out(other, by, 0, 50),
    )

    assert Exclusion.objects.count() == 3
    check(remaining=20)


def test_a_day_that_is_totalled_meanwhile_leaves_them_out_too(shared_world):
    office, by = shared_world.office("flevowijs"), people.administrator()
    views(office, 60)

    outcomes = at_once(
        lambda: leave_out(office, by, 0, 40),
        lambda: totals.roll_up(at=LATER, keep_days=90),
        lambda: totals.roll_up(at=LATER, keep_days=90),
    )

    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    check(remaining=20)


def test_two_who_bring_back_the_same_bring_it_back_once(shared_world):
    office, by = shared_world.office("flevowijs"), people.administrator()
    views(office, 60)
    pk = leave_out(office, by, 0, 40).pk

    outcomes = at_once(
        *[lambda: exclusions.withdraw(Exclusion.objects.get(pk=pk), by=by, at=LATER)] * 3
    )

    assert sorted(outcome for outcome in outcomes if isinstance(outcome, int)) == [40]
    assert not LeftOutTotal.objects.exists()
    assert sum(totals.of_period(DAY, DAY).views.values()) == 60
