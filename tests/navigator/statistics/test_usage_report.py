"""The figures of usage: what each table has, and what it is compared with."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tablib import Dataset

from navigator.statistics import totals
from navigator.statistics.models import Source
from navigator.statistics.periods import Period
from navigator.statistics.usage_report import (
    USAGE_TABLES,
    changed_at,
    usage_report,
    usage_table_titles,
)
from navigator.statistics.values import Count, DayCount, Ratio
from regions import sheets
from regions.models import Municipality, Province, RegionalOffice
from tests.navigator.statistics.events import NOON, TODAY, at, search, view

WEEK = Period(TODAY - timedelta(days=6), TODAY)
LAST_WEEK = TODAY - timedelta(days=7)
LAST_YEAR = date(2025, 11, 24)


@pytest.fixture
def offices(world):
    """Two published offices, and one that isn't any more."""
    with world.at_once():
        world.postcode("1315", place="Almere", municipality="Almere")
        world.municipality("Almere", province="flevoland")
        world.office("flevowijs", name="Flevowijs", serves=["1315"])
        world.office("drechtsteden", name="Drechtsteden")
        world.office("oud", name="Oud", state="archived")
    return world


def code_of(world):
    return Municipality.objects.get(name="Almere").code


def office(slug):
    return RegionalOffice.objects.get(slug=slug)


def lines(table, period=WEEK):
    return {line.code: line for line in usage_report(period).tables[table].lines}


def now(table, measure, period=WEEK):
    return {
        code: line.counts[measure].now
        for code, line in lines(table, period).items()
        if line.counts[measure].now
    }


def test_all_tables_stand_in_order_with_what_they_measure(offices):
    report = usage_report(WEEK)

    assert tuple(report.tables) == USAGE_TABLES == tuple(usage_table_titles())
    assert {
        code: [measure.code for measure in table.measures] for code, table in report.tables.items()
    } == {
        "days": ["visitors", "views", "searches", "without_office"],
        "sources": ["visitors", "views", "searches"],
        "provinces": ["searches", "visitors", "views"],
        "municipalities": ["searches", "without_office"],
        "searches": ["searches", "without_office"],
        "without-office": ["without_office", "searches"],
        "offices": ["views", "visitors"],
    }


def test_without_any_count_all_that_is_always_there_is_zero(offices):
    report = usage_report(WEEK)

    assert [line.code for line in report.tables["days"].lines] == [day.isoformat() for day in WEEK]
    assert list(lines("provinces")) == [*Province.values, "none"]
    assert list(lines("sources")) == [each for each in Source.values if each != Source.UNKNOWN]
    assert list(lines("offices")) == ["drechtsteden", "flevowijs"]
    assert not lines("municipalities") | lines("searches") | lines("without-office")
    assert report.visitors == report.views == report.searches == Count(0)
    assert report.views_a_visitor == report.served_share == Ratio(None)
    assert (report.record_day, report.first_day) == (None, None)
    assert all(line.share is None for line in lines("offices").values())


def test_a_figure_stands_beside_those_of_before_and_of_a_year_before(offices):
    flevowijs = office("flevowijs")
    for visitor, day in (("a", TODAY), ("b", TODAY), ("a", LAST_WEEK), ("c", LAST_YEAR)):
        view(flevowijs, visitor, day=day)
    view(flevowijs, "a", minute=40)

    report = usage_report(WEEK)

    assert report.views == Count(3, 1, 1)
    assert report.visitors == Count(2, 1, 1)
    assert report.views_a_visitor == Ratio(Decimal("1.5"), Decimal("1.0"), Decimal("1.0"))
    assert report.tables["offices"].lines[0].counts == {
        "views": Count(3, 1, 1),
        "visitors": Count(2, 1, 1),
    }
    assert report.tables["days"].lines[-1].counts["views"] == Count(3, 1, 1)
    assert report.record_day == DayCount(TODAY, 2)
    assert report.record == Count(2, 1, 1)
    assert report.first_day == LAST_YEAR


def test_a_person_counts_once_a_day_and_once_at_each_office(offices):
    search("a", source="campaign")
    view(office("flevowijs"), "a", minute=1)
    view(office("drechtsteden"), "a", minute=2)

    report = usage_report(WEEK)

    assert report.visitors.now == 1
    assert now("offices", "visitors") == {"flevowijs": 1, "drechtsteden": 1}
    assert now("sources", "visitors") == {"campaign": 1}
    assert now("sources", "views") == {"direct": 2}
    assert now("provinces", "visitors") == {"flevoland": 1}
    assert now("provinces", "views") == {"none": 2}


def test_shares_are_those_of_the_first_measure(offices):
    for visitor in "abc":
        view(office("flevowijs"), visitor)
    view(office("drechtsteden"), "a", minute=1)

    assert lines("offices")["flevowijs"].share == Decimal("75.0")
    assert lines("sources")["direct"].share == Decimal("100.0")
    assert lines("sources")["social"].share == Decimal("0.0")


def test_offices_stand_by_views_and_then_by_name(offices):
    view(office("flevowijs"), "a")
    view(office("oud"), "a")

    assert list(lines("offices")) == ["flevowijs", "oud", "drechtsteden"]
    assert lines("offices")["flevowijs"].detail == {"id": office("flevowijs").pk}


def test_searches_stand_by_municipality_and_sector_most_first(offices):
    almere = code_of(offices)
    search("a", municipality=almere)
    for visitor in "abc":
        search(visitor, municipality=almere, sector="po", serving=0)
    search("d", municipality="GM9999", sector="vo", serving=0)
    search("e", municipality="", postcode="", province="")

    report = usage_report(WEEK)

    first = report.tables["searches"].lines[0]
    assert first.code == f"{almere}:po"
    assert first.counts == {"searches": Count(3), "without_office": Count(3)}
    assert first.share == Decimal("50.0")
    assert first.detail["municipality"] == almere
    assert first.detail["municipality_name"] == "Almere"
    assert first.detail["province"] == "flevoland"
    assert first.detail["sector"] == "po"
    assert set(lines("searches")) == {f"{almere}:po", f"{almere}:", "GM9999:vo", "none:"}
    assert now("municipalities", "searches") == {almere: 4, "GM9999": 1, "none": 1}
    assert lines("municipalities")[almere].detail == {"province": "flevoland"}
    assert lines("municipalities")["GM9999"].name == "GM9999"  # not a municipality any more
    assert report.served_share.now == Decimal("33.3")


def test_searches_without_an_office_have_their_share_of_those_without(offices):
    almere = code_of(offices)
    for visitor in "abc":
        search(visitor, municipality=almere, sector="po", serving=0)
    search("d", municipality=almere, sector="vo", serving=0, day=LAST_WEEK)
    search("e", municipality=almere, sector="mbo", serving=0, day=LAST_YEAR)
    search("f", municipality=almere, serving=2)

    table = usage_report(WEEK).tables["without-office"]

    assert [line.code for line in table.lines] == [f"{almere}:po", f"{almere}:vo"]
    assert table.lines[0].share == Decimal("100.0")
    assert table.lines[1].counts["without_office"] == Count(0, 1, 0)
    assert table.totals[0].counts["without_office"] == Count(3, 1, 0)


def test_totals_close_a_table(offices):
    view(office("flevowijs"), "a")
    view(office("drechtsteden"), "a", minute=1)
    search("b", municipality=code_of(offices), serving=0)

    for code, table in usage_report(WEEK).tables.items():
        (total,) = table.totals
        assert total.code == "total"
        for measure in table.measures:
            found = sum(line.counts[measure.code].now for line in table.lines)
            assert (code, measure.code, found) == (
                code,
                measure.code,
                total.counts[measure.code].now,
            )


def test_the_leap_day_has_nothing_to_be_compared_with(offices):
    view(office("flevowijs"), "a", day=date(2023, 2, 28))
    view(office("flevowijs"), "a", day=date(2024, 2, 29))

    leap = Period(date(2024, 2, 28), date(2024, 2, 29))
    after = Period(date(2025, 2, 28), date(2025, 3, 1))

    counts = [line.counts["views"] for line in usage_report(leap).tables["days"].lines]
    assert counts == [Count(0, 0, 1), Count(1, 0, 0)]
    assert usage_report(leap).views == Count(1, 0, 1)
    # The leap day lies in the same dates a year earlier, though no date is a year after it.
    assert usage_report(after).views.year_before == 1
    assert sum(each.counts["views"].year_before for each in lines("days", after).values()) == 0


def test_names_are_in_the_language_of_the_moment(offices):
    search("a", municipality=code_of(offices), sector="po")

    with translation.override("en"):
        english = usage_report(WEEK)
    with translation.override("nl"):
        dutch = usage_report(WEEK)

    assert english.tables["days"].lines[-1].name == "24 November 2026"
    assert dutch.tables["days"].lines[-1].name == "24 november 2026"
    names = [
        report.tables["searches"].lines[0].detail["sector_name"] for report in (english, dutch)
    ]
    assert names[0] != names[1]


def test_imported_figures_stand_in_the_report(offices, tmp_path):
    path = tmp_path / "views.csv"
    rows = Dataset(
        ["flevowijs", "2025-11-24", "116", "90", ""],
        ["drechtsteden", "2025-11-24", "4", "4", "campaign"],
        ["", "2025-11-24", "", "1633", ""],
        headers=["office", "day", "views", "visitors", "source"],
    )
    path.write_bytes(sheets.write(rows, "csv"))

    call_command("import_views", str(path))

    for period in (Period(LAST_YEAR, LAST_YEAR), Period(date(2025, 11, 1), date(2025, 11, 30))):
        report = usage_report(period)
        assert (report.views.now, report.visitors.now) == (120, 1633)
        assert now("sources", "views", period) == {"unknown": 116, "campaign": 4}
        assert now("sources", "visitors", period) == {"unknown": 1633}
        assert now("offices", "visitors", period) == {"flevowijs": 90, "drechtsteden": 4}
        assert report.record_day == DayCount(LAST_YEAR, 1633)
    assert usage_report(Period(TODAY, TODAY)).views.year_before == 120


def test_figures_changed_when_a_row_came_or_totals_moved(offices):
    assert changed_at(WEEK) is None
    view(office("flevowijs"), "a", minute=5)
    search("a", minute=7)

    assert changed_at(WEEK) == at(TODAY, 7)
    assert changed_at(Period(date(2020, 1, 1), date(2020, 1, 2))) is None

    totals.total(TODAY)

    assert changed_at(WEEK) > at(TODAY, 7)


def queries(period):
    with CaptureQueriesContext(connection) as found:
        usage_report(period)
    return len(found)


def test_the_number_of_queries_grows_with_nothing(offices):
    three_years = Period(TODAY - timedelta(days=1094), TODAY)
    usage_report(WEEK)  # now the process knows the directory
    few = queries(Period(TODAY, TODAY))

    for ago in (0, 1, 2, 3, 40, 500):
        day = TODAY - timedelta(days=ago)
        view(office("flevowijs"), "a", day=day)
        search("a", day=day)
    untotalled = queries(three_years)
    totals.roll_up(at=NOON, keep_days=90)

    assert few == untotalled == queries(three_years) == 16
