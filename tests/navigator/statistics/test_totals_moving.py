"""What moves from single rows to totals is neither lost nor counted twice, also while read."""

from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction

from navigator.statistics import totals
from navigator.statistics.models import (
    Click,
    ClickTotal,
    Exclusion,
    MonthTotal,
    ProfileView,
    Search,
    SupportAsked,
    SupportTotal,
    TotalledDay,
    TotalsVersion,
    ViewTotal,
)
from navigator.statistics.office_usage import office_usage
from navigator.statistics.periods import Period
from navigator.statistics.totals import ClickKey, SupportKey
from navigator.statistics.usage_report import usage_report
from tests.navigator.statistics.events import NOON, TODAY, click, search, support, view

YESTERDAY = TODAY - timedelta(days=1)
MONTH = Period(TODAY - timedelta(days=29), TODAY)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def office(world):
    return world.office("flevowijs", serves=["1315"])


@pytest.fixture
def excluded(office):
    """What an administrator left out."""
    return Exclusion.objects.create(
        office=office, first=NOON, last=NOON + timedelta(hours=1), views=1, made_at=NOON
    )


def roll_up(keep_days=90):
    return totals.roll_up(at=NOON, keep_days=keep_days)


def version():
    return TotalsVersion.objects.values_list("number", flat=True).first() or 0


class During:
    """Does something once, just before a query; `happened` tells whether it came so far."""

    def __init__(self, query, act):
        self.left, self.act, self.happened = query, act, False

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0 and not self.happened:
            self.happened = True
            self.act()
        self.left -= 1
        return execute(sql, params, many, context)


def read_report(office):
    return usage_report(MONTH)


def read_office(office):
    return office_usage(office.pk, MONTH)


def read_totals(office):
    return totals.of_period(MONTH.first, MONTH.last)


@pytest.mark.parametrize(
    ("read", "keep_days"),
    [(read_report, 90), (read_report, 0), (read_office, 0), (read_totals, 0)],
)
def test_a_roll_up_between_two_queries_neither_loses_nor_doubles(office, read, keep_days):
    for ago in (1, 40):
        view(office, "a", day=TODAY - timedelta(days=ago), province="flevoland")
        search("b", day=TODAY - timedelta(days=ago))
        click(office, "a", day=TODAY - timedelta(days=ago))
        support("b", "vacancies", day=TODAY - timedelta(days=ago))
    right = read(office)

    for query in range(40):
        during = During(query, lambda: roll_up(keep_days))
        with transaction.atomic():
            with connection.execute_wrapper(during):
                found = read(office)
            transaction.set_rollback(True)
        if not during.happened:
            break
        assert found == right, f"rolled up before query {query}"
    assert 8 < query < 40


def test_a_reader_that_never_comes_to_rest_gets_an_answer(db):
    asked = []

    def read():
        totals.bump(NOON)
        asked.append(None)
        return len(asked)

    assert totals.steady(read) == 5


def test_clicks_and_support_are_the_same_before_and_after(office):
    for day in (YESTERDAY, TODAY - timedelta(days=200)):
        click(office, "a", "phone", day=day)
        click(office, "b", "phone", day=day)
        support("a", "vacancies", day=day)
    before = totals.of_period(TODAY - timedelta(days=300), TODAY)

    done = roll_up()

    assert (done.totalled, done.removed) == (2, 3)
    assert not Click.objects.exclude(day=YESTERDAY).exists()
    assert not SupportAsked.objects.exclude(day=YESTERDAY).exists()
    assert totals.of_period(TODAY - timedelta(days=300), TODAY) == before
    assert before.clicks == {ClickKey(office.pk, "phone"): 4}
    assert before.support == {SupportKey("1315", "GM0034", "vacancies"): 2}
    assert not before.visitors  # a click belongs to a view, support to a search


def test_what_was_excluded_counts_nowhere(office, excluded):
    view(office, "a", exclusion=excluded)
    view(office, "b")

    found = totals.of_day(TODAY)

    assert found.views.total() == found.viewers.total() == found.visitors.total() == 1


def test_a_person_whose_first_view_was_excluded_stands_where_the_next_did(office, excluded):
    view(office, "a", exclusion=excluded, source="social")
    view(office, "a", minute=40, source="campaign")

    found = totals.of_day(TODAY)

    assert [key.source for key in found.visitors] == ["campaign"]
    assert [key.source for key in found.viewers] == ["campaign"]


def test_totals_made_again_leave_out_what_was_excluded(office, excluded):
    view(office, "a", day=YESTERDAY)
    view(office, "b", day=YESTERDAY)
    roll_up()
    ProfileView.objects.filter(visitor="b").update(exclusion=excluded)

    totals.total_again(YESTERDAY)

    report = usage_report(Period(YESTERDAY, YESTERDAY))
    assert (report.views.now, report.visitors.now) == (1, 1)
    assert report.tables["days"].lines[0].counts["views"].now == 1
    assert MonthTotal.objects.get(by="office").views == 1


def test_totals_without_rows_to_make_them_of_stay(office):
    old, imported = TODAY - timedelta(days=200), TODAY - timedelta(days=300)
    view(office, "a", day=old)
    roll_up()
    TotalledDay.objects.create(day=imported, is_imported=True)

    for day in (old, imported, TODAY):
        with pytest.raises(TotalledDay.DoesNotExist):
            totals.total_again(day)

    assert ViewTotal.objects.get().views == 1


def test_every_change_of_totals_raises_their_version_and_reading_does_not(office):
    old = TODAY - timedelta(days=200)
    view(office, "a", day=old)
    assert totals.changed_at() is None

    seen = [version()]
    for act in (
        lambda: totals.total(old),
        lambda: totals.total_again(old),
        lambda: totals.total(old),  # done before, so nothing changes
        lambda: usage_report(MONTH),
        roll_up,  # removes the rows
    ):
        act()
        seen.append(version())

    assert [after - before for before, after in pairwise(seen)] == [1, 1, 0, 0, 1]
    assert totals.changed_at() is not None


def test_the_number_of_queries_grows_with_nothing(office, django_assert_num_queries):
    first = TODAY - timedelta(days=400)
    with django_assert_num_queries(11):
        totals.of_period(TODAY, TODAY)
    for ago in range(1, 30, 2):
        view(office, f"{ago}", day=TODAY - timedelta(days=ago))
        search(f"{ago}", day=TODAY - timedelta(days=ago + 1))

    with django_assert_num_queries(11):
        totals.of_period(first, TODAY)
    roll_up()
    with django_assert_num_queries(11):
        totals.of_period(first, TODAY)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_23_or_25_hours_is_totalled_an_hour_after_its_own_end(office, day):
    view(office, "a", day=day)
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), AMSTERDAM)

    too_early = totals.roll_up(at=midnight + timedelta(minutes=59), keep_days=90)
    done = totals.roll_up(at=midnight + timedelta(minutes=60), keep_days=90)

    assert (too_early.totalled, done.totalled) == (0, 1)


def test_sums_that_are_made_by_the_migration_are_those_that_are_kept(office):
    for ago in (1, 2, 40, 70):
        view(office, "a", day=TODAY - timedelta(days=ago), province="flevoland")
        search("b", day=TODAY - timedelta(days=ago), sector="po", serving=0)
    roll_up()
    numbers = ("visitors", "views", "searches", "without_office")
    months = MonthTotal.objects.order_by("month", "by", "key").values_list(
        "month", "by", "key", *numbers
    )
    days = TotalledDay.objects.values_list("day", *numbers)
    kept = (list(months), list(days))
    MonthTotal.objects.all().delete()
    TotalledDay.objects.update(visitors=0, views=0, searches=0, without_office=0)

    import_module("navigator.statistics.migrations.0005_sums_of_days_and_months").fill(apps, None)

    assert (list(months), list(days)) == kept


def test_totals_of_clicks_and_support_stand_once(office):
    click(office, "a", day=YESTERDAY)
    support("a", "vacancies", day=YESTERDAY)
    search("a", day=YESTERDAY)
    roll_up()

    totals.total_again(YESTERDAY)

    assert ClickTotal.objects.get().clicks == 1
    assert SupportTotal.objects.get().times == 1
    assert Search.objects.count() == 1
