"""What published pages keep back: small numbers, and what would give them away."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from navigator.statistics import tables
from navigator.statistics.periods import Period
from navigator.statistics.values import AdviceReport, Count, DayCount, Line, Table

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def table(code="channels", *numbers, totals=()):
    lines = tuple(
        Line(
            f"line-{place}", "", number if isinstance(number, Count) else Count(number), Decimal(1)
        )
        for place, number in enumerate(numbers)
    )
    return Table(code, code, (), lines, totals)


def report(*made, total=100, record_day=None):
    count = Count(total)
    return AdviceReport(MARCH, count, count, count, record_day, {each.code: each for each in made})


def shown(given, *, hide_small=True):
    told = tables.published(report(given), [given.code], hide_small=hide_small)
    return told.tables[given.code]


def numbers(given):
    return [str(line.count.now) for line in shown(given).lines]


def test_only_the_chosen_tables_are_published():
    told = tables.published(report(table("channels"), table("slips")), ["slips"], hide_small=True)

    assert list(told.tables) == ["slips"]


def test_numbers_from_1_to_4_are_hidden_with_their_share_and_their_changes():
    line = shown(table("channels", Count(3, 8, 0), Count(2, 9, 9), Count(0, 7, 5))).lines[0]

    assert str(line.count.now) == "<5"
    assert line.share is line.count.change_before is line.count.change_year is None
    assert line.count.before == 8


def test_zero_and_five_are_shown():
    assert numbers(table("channels", 0, 5, 40)) == ["0", "5", "40"]


def test_a_hidden_number_is_not_the_only_one_of_its_column():
    assert numbers(table("channels", 3, 40, 8, 0)) == ["<5", "40", "x", "0"]


def test_two_hidden_numbers_hide_each_other():
    assert numbers(table("channels", 3, 2, 40, 8)) == ["<5", "<5", "40", "8"]


@pytest.mark.parametrize("small", [1, 4])
def test_hidden_numbers_that_can_only_be_all_alike_take_one_more_along(small):
    assert numbers(table("channels", small, small, 40, 8)) == ["<5", "<5", "40", "x"]


def test_what_is_withheld_has_no_share_and_no_change():
    line = shown(table("channels", 3, Count(8, 16, 16), 40)).lines[1]

    assert str(line.count.now) == "x"
    assert line.share is line.count.change_before is None


def test_each_column_hides_by_itself():
    lines = shown(table("channels", Count(9, 2, 9), Count(9, 7, 9), Count(9, 40, 9))).lines

    assert [str(line.count.before) for line in lines] == ["<5", "x", "40"]
    assert [line.count.now for line in lines] == [9, 9, 9]


def test_not_referred_is_no_company_for_a_kind_of_destination():
    kinds = table("destinations", 3, 9, 40)
    alone = replace(kinds.lines[0], code="not-referred", count=Count(6))

    told = shown(replace(kinds, lines=(*kinds.lines, alone)))

    assert [str(line.count.now) for line in told.lines] == ["<5", "x", "40", "6"]


def test_the_days_of_a_month_are_a_column_of_their_own():
    begin = date(2026, 3, 30)
    lines = tuple(
        Line((begin + timedelta(days=place)).isoformat(), "", Count(number))
        for place, number in enumerate((3, 9, 2, 8, 20))
    )

    told = shown(Table("days", "", (), lines))

    assert [str(line.count.now) for line in told.lines] == ["<5", "x", "<5", "x", "20"]


@pytest.mark.parametrize(("number", "is_told"), [(3, False), (9, True)])
def test_a_record_day_is_told_when_its_number_is(number, is_told):
    day = date(2026, 3, 2)
    days = Table("days", "", (), (Line(day.isoformat(), "", Count(number)),))

    told = tables.published(
        report(days, record_day=DayCount(day, number)), ["days"], hide_small=True
    )

    assert (told.record_day is not None) == is_told


def test_totals_that_are_small_are_hidden_too():
    total = Line("conversations", "", Count(3))
    given = report(table("channels", 3, 0, totals=(total,)), total=3)

    told = tables.published(given, ["channels"], hide_small=True)

    assert str(told.conversations.now) == str(told.tables["channels"].totals[0].count.now) == "<5"


def test_of_slips_the_days_go_with_the_number_of_who_was_contacted():
    detail = {"known": 6, "contacted": 2, "helped": 0, "median_days": 3, "mean_days": 3}
    other = {"known": 6, "contacted": 3, "helped": 0, "median_days": 3, "mean_days": 3}
    lines = (Line("a", "", Count(9), detail=detail), Line("b", "", Count(9), detail=other))

    line = shown(Table("slips", "", (), lines)).lines[0]

    assert line.detail == {
        "known": 6,
        "contacted": "<5",
        "helped": 0,
        "median_days": None,
        "mean_days": None,
    }


def test_nothing_is_hidden_when_that_is_chosen():
    assert [line.count.now for line in shown(table("channels", 3, 9), hide_small=False).lines] == [
        3,
        9,
    ]
