from datetime import date

import pytest
from django.utils import translation

from navigator.statistics.periods import PRESETS, Period, PeriodError, read

TODAY = date(2026, 11, 24)
MARCH = (date(2026, 3, 1), date(2026, 3, 2))


def test_a_period_has_both_its_days_and_one_of_the_same_length_before_it():
    period = Period(date(2026, 3, 1), date(2026, 3, 31))

    assert period.days == len(list(period)) == 31
    assert period.before == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert period.year_before == Period(date(2025, 3, 1), date(2025, 3, 31))


def test_the_year_before_29_february_is_the_28th():
    assert Period(date(2028, 2, 29), date(2028, 2, 29)).year_before == Period(
        date(2027, 2, 28), date(2027, 2, 28)
    )


@pytest.mark.parametrize(
    ("parameters", "first", "last"),
    [
        ({}, date(2026, 10, 26), TODAY),
        ({"period": "last-7"}, date(2026, 11, 18), TODAY),
        ({"period": "last-365"}, date(2025, 11, 25), TODAY),
        ({"period": "this-month"}, date(2026, 11, 1), TODAY),
        ({"period": "last-month"}, date(2026, 10, 1), date(2026, 10, 31)),
        ({"period": "this-year"}, date(2026, 1, 1), TODAY),
        ({"from": "2024-02-29", "to": "2024-02-29"}, date(2024, 2, 29), date(2024, 2, 29)),
        (
            {"from": " 2026-03-01", "to": "2026-03-31 ", "period": ""},
            date(2026, 3, 1),
            date(2026, 3, 31),
        ),
    ],
)
def test_a_period_is_read_from_days_or_a_name(parameters, first, last):
    assert read(parameters, today=TODAY) == Period(first, last)


@pytest.mark.parametrize(
    ("parameters", "code", "name"),
    [
        ({"from": "2026-03-01"}, "incomplete", "to"),
        ({"to": "2026-03-01"}, "incomplete", "from"),
        ({"from": "1 maart", "to": "2026-03-31"}, "not_a_date", "from"),
        ({"from": "2026-03-01", "to": "2026-02-30"}, "not_a_date", "to"),
        ({"from": "20260301", "to": "2026-03-31"}, "not_a_date", "from"),
        ({"from": "2026-W10-1", "to": "2026-03-31"}, "not_a_date", "from"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "end_before_begin", "to"),
        ({"from": "0001-01-01", "to": "2026-03-01"}, "out_of_range", "from"),
        ({"from": "2026-01-01", "to": "9999-12-31"}, "out_of_range", "to"),
        ({"from": "2010-01-01", "to": "2026-01-01"}, "too_long", "to"),
        ({"period": "ever"}, "unknown_period", "period"),
        ({"period": "last-7", "from": "2026-01-01"}, "one_period", "period"),
    ],
)
def test_what_is_no_period_is_refused_with_a_reason(parameters, code, name):
    with pytest.raises(PeriodError) as error, translation.override("en"):
        read(parameters, today=TODAY)

    assert (error.value.code, error.value.name) == (code, name)
    assert error.value.message


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 3, 31)])
def test_every_named_period_can_be_compared_on_any_day(today):
    for preset in PRESETS.values():
        period = preset(today)

        assert period.before.days == period.days
        assert period.year_before.last < period.last


def test_what_is_wrong_with_both_days_is_told_at_once():
    with pytest.raises(PeriodError) as raised:
        read({"from": "1 maart", "to": "2026-02-30"}, today=TODAY)

    told = [(each.name, each.code) for each in (raised.value, *raised.value.also)]
    assert told == [("from", "not_a_date"), ("to", "not_a_date")]
