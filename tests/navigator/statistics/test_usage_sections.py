"""The sections of the public page: what stands in them, and in which order."""

from datetime import date, timedelta

import pytest

from navigator.statistics import timeline, usage_sections
from navigator.statistics.periods import Period
from navigator.statistics.usage_report import USAGE_TABLES
from navigator.statistics.usage_sections import EXPLANATIONS, ORDERS
from navigator.statistics.values import Count, Ratio, UsageReport
from tests.navigator.statistics.usage_sample import line, table


def sections(*tables, **more):
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    report = UsageReport(
        period=period,
        visitors=Count(0),
        searches=Count(0),
        views=Count(0),
        views_a_visitor=Ratio(None),
        served_share=Ratio(None),
        record_day=None,
        record=Count(0),
        first_day=None,
        tables={each.code: each for each in tables},
    )
    return usage_sections.usage_sections(report, **more)


def offices():
    return table(
        line("many", (30, 20, 0), (9, 9, 9), base=60),
        line("few", (10, 5, 10), (10, 0, 0), base=60),
        line("new", (20, 0, 0), (8, 1, 1), base=60),
    )


def days(number):
    first = date(2026, 1, 1)
    each = [first + timedelta(days=ahead) for ahead in range(number)]
    return table(
        *(line(day.isoformat(), (1, 2, 3), (1, 1, 1), day=day) for day in each),
        code="days",
        share_of="",
    )


def test_every_table_but_the_longest_is_shown_and_explained():
    assert [code for code in USAGE_TABLES if code != "searches"] == list(EXPLANATIONS)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("views", ["Many", "New", "Few"]),
        ("-views", ["Few", "New", "Many"]),
        ("visitors", ["Few", "Many", "New"]),
        ("share", ["Many", "New", "Few"]),
        ("name", ["Few", "Many", "New"]),
        ("-name", ["New", "Many", "Few"]),
        ("change", ["Few", "Many", "New"]),  # +100%, +50%, nothing to compare with
        ("-change", ["Many", "Few", "New"]),
        ("change_year", ["Few", "Many", "New"]),
        ("nonsense", ["Many", "New", "Few"]),
    ],
)
def test_offices_stand_in_the_order_that_is_asked_for(order, names):
    (section,) = sections(offices(), order=order)

    assert [row.name for row in section.rows] == names


@pytest.mark.parametrize("order", ORDERS)
def test_a_heading_leads_to_its_order_and_then_to_the_opposite(order):
    (section,) = sections(offices(), order=order)
    (back,) = sections(offices(), order=f"-{order}")

    (chosen,) = (heading for heading in section.headings if heading.sort)
    (turned,) = (heading for heading in back.headings if heading.sort)
    assert (chosen.order, turned.order) == (f"-{order}", order)
    assert {chosen.sort, turned.sort} == {"ascending", "descending"}


def test_only_an_office_with_a_page_is_a_link():
    (section,) = sections(offices(), with_page={"few"})

    assert {row.name: row.slug for row in section.rows} == {"Many": "", "New": "", "Few": "few"}


def test_the_chart_has_the_fifteen_with_most_whatever_the_order():
    many = table(*(line(f"office-{number:02}", number, number) for number in range(40, 0, -1)))

    (section,) = sections(many, order="name")

    (chart,) = section.charts
    assert chart.drawing.count("chart-value") == 15
    assert "Office-40" in chart.drawing
    assert len(section.rows) == 40


def test_without_a_number_there_is_a_table_and_no_chart():
    (section,) = sections(table(line("few", 0, 0)))

    assert section.charts == ()
    assert section.rows[0].figures[:2] == ("0", "0")


@pytest.mark.parametrize(
    ("number", "rows", "unit"),
    [
        (31, 31, timeline.DAY),
        (365, 53, timeline.WEEK),
        (730, 24, timeline.MONTH),
        (3660, 11, timeline.YEAR),
    ],
)
def test_days_are_told_in_the_steps_of_their_chart(number, rows, unit):
    (section,) = sections(days(number))

    assert len(section.rows) == rows
    assert len(section.charts) == 2
    assert bool(section.rest) == (unit != timeline.DAY)
    assert sum(int(row.figures[0].replace(",", "")) for row in section.rows) == number


def test_a_long_list_of_places_is_cut_and_says_so():
    places = [line(f"GM{number:04}:po", 1, 1) for number in range(150)]

    (section,) = sections(table(*places, code="without-office"))

    assert len(section.rows) == 100
    assert {"100", "150"} <= set(section.rest.split())  # in any language
    assert section.is_folded
