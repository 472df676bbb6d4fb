"""Working days, with the holidays of 2026: 25 December is a Friday, 5 April Easter."""

from datetime import date

import pytest

from regions.working_days import is_working_day, working_days_after, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2026, 12, 25), False),
        (date(2026, 4, 3), False),
        (date(2026, 4, 6), False),
    ],
    ids=["Tuesday", "Saturday", "Sunday", "Christmas", "Good Friday", "Easter Monday"],
)
def test_offices_work_from_monday_to_friday_and_not_on_holidays(day, works):
    assert is_working_day(day) is works


def test_five_working_days_after_a_tuesday_is_the_next_tuesday():
    assert working_days_after(date(2026, 11, 24), 5) == date(2026, 12, 1)


def test_christmas_lets_a_reminder_wait_longer():
    assert working_days_after(date(2026, 12, 22), 5) == date(2026, 12, 30)


def test_no_working_days_after_a_sunday_is_that_sunday():
    assert working_days_after(date(2026, 11, 29), 0) == date(2026, 11, 29)


def test_the_day_itself_does_not_count():
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 24)) == 0
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 25)) == 1


def test_a_weekend_between_does_not_count():
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 30)) == 1


def test_a_day_that_is_earlier_is_no_wait():
    assert working_days_between(date(2026, 11, 30), date(2026, 11, 27)) == 0


@pytest.mark.parametrize("count", range(12))
def test_counting_back_gives_the_days_that_were_added(count):
    first = date(2026, 12, 21)

    assert working_days_between(first, working_days_after(first, count)) == count
