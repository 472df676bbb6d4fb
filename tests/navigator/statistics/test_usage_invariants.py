"""What holds of the figures whatever happened, and whatever was totalled and removed meanwhile."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings, strategies as st

from navigator.statistics import totals
from navigator.statistics.models import (
    MonthTotal,
    SearchTotal,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.office_usage import office_usage
from navigator.statistics.periods import Period
from navigator.statistics.usage_report import usage_report
from regions.models import RegionalOffice
from tests.navigator.statistics.events import click, search, support, view

SLUGS = ("eerste", "tweede", "derde")
# Around the ends of two months and both changes of the clock, in two years.
DAYS = (
    *(date(2025, 3, 28) + timedelta(days=ahead) for ahead in range(6)),
    *(date(2026, 2, 27) + timedelta(days=ahead) for ahead in range(3)),
    *(date(2026, 3, 28) + timedelta(days=ahead) for ahead in range(6)),
    date(2026, 10, 25),
)
events = st.lists(
    st.fixed_dictionaries(
        {
            "what": st.sampled_from(("view", "view", "search", "click", "support")),
            "day": st.sampled_from(DAYS),
            "visitor": st.sampled_from(("a", "b", "c", None)),
            "minute": st.integers(0, 600),
            "source": st.sampled_from(("direct", "campaign", "social")),
            "province": st.sampled_from(("", "flevoland", "zeeland")),
            "office": st.integers(0, 2),
            "postcode": st.sampled_from(("1315", "4331", "")),
            "sector": st.sampled_from(("", "po")),
            "serving": st.integers(0, 2),
        }
    ),
    max_size=15,
)
some_days = st.sets(st.sampled_from(DAYS), max_size=6)
periods = st.tuples(
    st.sampled_from((*DAYS, date(2026, 2, 1), date(2026, 3, 1))),
    st.sampled_from((*DAYS, date(2026, 3, 31), date(2026, 4, 30))),
).map(lambda days: Period(min(days), max(days)))
quickly = settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def offices(world):
    with world.at_once():
        for slug in SLUGS:
            world.office(slug, name=slug, serves=["1315"] if slug == "eerste" else ())
    found = RegionalOffice.objects.in_bulk(SLUGS, field_name="slug")
    return [found[slug] for slug in SLUGS]


def store(offices, told):
    for each in told:
        office, visitor, day = offices[each["office"]], each["visitor"], each["day"]
        match each["what"]:
            case "view":
                view(
                    office,
                    visitor,
                    day=day,
                    minute=each["minute"],
                    source=each["source"],
                    province=each["province"],
                )
            case "search":
                search(
                    visitor,
                    each["postcode"],
                    day=day,
                    minute=each["minute"],
                    source=each["source"],
                    sector=each["sector"],
                    serving=each["serving"],
                )
            case "click":
                click(office, visitor, day=day)
            case "support":  # of machines, so that none stands in the way of another
                support(None, "vacancies", each["postcode"], day=day)


def counts(told, period, what, key=lambda each: ""):
    return Counter(key(each) for each in told if each["what"] == what and each["day"] in period)


@quickly
@given(told=events, totalled=some_days, removed=some_days, period=periods)
def test_figures_are_the_same_from_rows_from_totals_and_from_both(
    offices, told, totalled, removed, period
):
    with transaction.atomic():
        store(offices, told)

        def read():
            return (
                usage_report(period),
                office_usage(offices[0].pk, period),
                totals.of_period(period.first, period.last),
            )

        played = read()
        for day in totalled | removed:
            totals.total(day)
        for day in removed:
            totals._remove(day)
        across = read()
        for day in {each["day"] for each in told}:
            totals.total(day)
            totals._remove(day)
        afterwards = read()
        transaction.set_rollback(True)

    assert across == played
    assert afterwards == played


@quickly
@given(told=events, totalled=some_days, period=periods)
def test_figures_are_those_of_a_naive_count_and_add_up(offices, told, totalled, period):
    with transaction.atomic():
        store(offices, told)
        for day in totalled:
            totals.total(day)
        report = usage_report(period)
        days = [usage_report(Period(day, day)) for day in DAYS if day in period]
        transaction.set_rollback(True)

    seen = {
        (each["day"], each["visitor"])
        for each in told
        if each["day"] in period and each["what"] in ("view", "search") and each["visitor"]
    }
    assert report.visitors.now == len(seen)
    assert report.views.now == counts(told, period, "view").total()
    assert report.searches.now == counts(told, period, "search").total()
    by_office = counts(told, period, "view", lambda each: SLUGS[each["office"]])
    for line in report.tables["offices"].lines:
        assert line.counts["views"].now == by_office[line.code]
    for measure, total in (
        ("visitors", report.visitors),
        ("views", report.views),
        ("searches", report.searches),
    ):
        for table in ("sources", "provinces"):
            for column in ("now", "before", "year_before"):
                found = sum(
                    getattr(line.counts[measure], column) for line in report.tables[table].lines
                )
                assert (table, measure, found) == (table, measure, getattr(total, column))
        assert sum(getattr(each, measure).now for each in days) == total.now
        for column in ("now", "before"):
            lines = report.tables["days"].lines
            assert sum(getattr(line.counts[measure], column) for line in lines) == getattr(
                total, column
            )
    for column in ("now", "before", "year_before"):
        lines = report.tables["offices"].lines
        views = sum(getattr(line.counts["views"], column) for line in lines)
        assert views == getattr(report.views, column)


@quickly
@given(told=events, totalled=some_days)
def test_sums_of_days_and_months_are_never_behind(offices, told, totalled):
    with transaction.atomic():
        store(offices, told)
        for day in totalled:
            totals.total(day)
        for day in sorted(totalled)[:1]:
            if any(each["day"] == day for each in told):
                totals.total_again(day)
        for model, column, by in (
            (VisitorTotal, "visitors", ("source", "province")),
            (ViewTotal, "views", ("source", "province", "office")),
            (SearchTotal, "searches", ("source", "province", "question")),
        ):
            expected = model.objects.aggregate(sum=Sum(column))["sum"] or 0
            assert (TotalledDay.objects.aggregate(sum=Sum(column))["sum"] or 0) == expected
            for kind in by:
                months = MonthTotal.objects.filter(by=kind)
                assert (months.aggregate(sum=Sum(column))["sum"] or 0) == expected
        transaction.set_rollback(True)
