"""Moments as people write them: by the clock in the Netherlands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from navigator.advice import moments
from navigator.advice.moments import MomentError


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-11-24T10:30", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
        ("2026-07-01T00:30", datetime(2026, 6, 30, 22, 30, tzinfo=UTC)),
        (" 2026-11-24 10:30 ", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_by_the_clock_in_the_netherlands(typed, utc):
    assert moments.read(typed) == utc


def test_of_the_hour_that_comes_twice_in_october_the_first_is_meant():
    moment = moments.read("2026-10-25T02:30")

    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_hour_that_is_skipped_in_march_is_no_moment():
    with pytest.raises(MomentError) as refused:
        moments.read("2026-03-29T02:30")

    assert refused.value.code == "skipped"


@pytest.mark.parametrize(
    "typed", ["yesterday", "24-11-2026", "2026-02-30T10:00", "2026-11-24T10:30+01:00", "0001-01-01"]
)
def test_what_is_no_moment_is_told(typed):
    with pytest.raises(MomentError) as refused:
        moments.read(typed)

    assert refused.value.code == "unreadable"


def test_a_moment_is_written_as_it_is_read():
    moment = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

    assert moments.written(moment) == "2026-07-01T00:30"
    assert moments.read(moments.written(moment)) == moment


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)]
)
def test_a_day_has_the_hours_that_its_clock_gives_it(day, hours):
    first, last = moments.bounds(day)

    length = last.astimezone(UTC) - first.astimezone(UTC)
    assert timedelta(hours=hours) - length == timedelta(microseconds=1)
