"""The sections of a page with figures: what their charts show and leave out."""

import pytest

from navigator.statistics import sections
from navigator.statistics.reports import TABLES
from navigator.statistics.sections import EXPLANATIONS
from navigator.statistics.values import AdviceReport, Column, Count, Hidden, Line, Table


def report(*lines, code="channels"):
    columns = (Column("code", "Code"), Column("name", "Name"), Column("now", "Number"))
    table = Table(code, "Title", columns, tuple(lines))
    return AdviceReport(None, Count(0), Count(0), Count(0), None, {code: table})


def line(code, now, before=0):
    return Line(code, code.title(), Count(now, before))


def only(report, **more):
    (section,) = sections.sections(report, **more)
    return section


@pytest.mark.parametrize("code", TABLES)
def test_every_table_is_explained(code):
    assert EXPLANATIONS[code]


def test_a_chart_of_which_most_is_hidden_is_left_out_and_the_page_says_so():
    hidden = [line(code, Hidden.SMALL, 9) for code in ("one", "two")]

    section = only(report(line("three", 7), *hidden))

    assert not section.chart
    assert section.note


def test_a_chart_without_any_number_is_left_out_without_a_word():
    section = only(report(line("one", 0)))

    assert not section.chart
    assert not section.note


def test_the_chart_of_offices_has_those_with_most_whatever_the_order():
    offices = [line(f"office-{number:02}", number) for number in range(1, 30)]

    section = only(report(*offices, code="offices"), order="name")

    assert section.table.lines[0].code == "office-01"
    assert section.chart.count('class="chart-value') == 15
    assert "Office-29" in section.chart
    assert section.note


def test_what_is_hidden_stands_last_in_an_order_by_number():
    offices = [line("hidden", Hidden.SMALL), line("few", 5), line("many", 9)]

    section = only(report(*offices, code="offices"))

    assert [each.code for each in section.table.lines] == ["many", "few", "hidden"]


def test_a_long_table_is_folded_until_somebody_chose_its_order():
    offices = report(*(line(f"office-{number}", number) for number in range(30)), code="offices")

    assert only(offices).is_long
    assert not only(offices).is_open
    assert only(offices, order="name").is_open
