"""Working days: Monday to Friday, without the public holidays that `regions.opening` knows."""

from datetime import date, timedelta

from regions.opening import public_holiday


def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    return day.isoweekday() <= 5 and public_holiday(day) is None


def working_days_after(day: date, count: int) -> date:
    """The day on which `count` working days have passed since `day`; 0 answers `day` itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; 0 when it isn't later."""
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))
