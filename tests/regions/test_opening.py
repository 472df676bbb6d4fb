"""Phone hours and a moment -> open until, opens at."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from regions.opening import AMSTERDAM, Hours, opening, public_holiday

WEEK = tuple(Hours(weekday, time(9), time(17)) for weekday in range(1, 6))


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@st.composite
def spans(draw):
    first, second = sorted(draw(st.lists(st.times(), min_size=2, max_size=2, unique=True)))
    return Hours(draw(st.integers(1, 7)), first.replace(fold=0), second.replace(fold=0))


hours = st.lists(spans(), min_size=1, max_size=6)
# Both changes of the clock of 2026, Christmas, and everything between.
moments = st.one_of(
    st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 4), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 4), timezones=st.just(UTC)),
)


def test_without_hours_there_is_nothing_to_say():
    found = opening([], local("2026-11-24T10:00"))

    assert found is None


def test_during_the_hours_it_is_open_until_they_end():
    found = opening(WEEK, local("2026-11-24T10:00"))

    assert found.is_open
    assert found.until == time(17)
    assert found.opens_at is None
    assert found.days_until is None
    assert found.valid_until == local("2026-11-24T17:00")


def test_it_is_open_in_the_first_second_and_closed_when_the_hours_end():
    first = opening(WEEK, local("2026-11-24T09:00:00"))
    before = opening(WEEK, local("2026-11-24T08:59:59"))
    last = opening(WEEK, local("2026-11-24T16:59:59"))
    after = opening(WEEK, local("2026-11-24T17:00:00"))

    assert [first.is_open, before.is_open, last.is_open, after.is_open] == [
        True,
        False,
        True,
        False,
    ]


def test_before_the_hours_it_opens_today():
    found = opening(WEEK, local("2026-11-24T07:30"))

    assert not found.is_open
    assert found.until is None
    assert found.opens_at == local("2026-11-24T09:00")
    assert found.days_until == 0
    assert found.valid_until == local("2026-11-24T09:00")


def test_after_the_hours_it_opens_tomorrow_and_the_answer_lasts_until_midnight():
    found = opening(WEEK, local("2026-11-24T18:00"))

    assert found.opens_at == local("2026-11-25T09:00")
    assert found.days_until == 1
    assert found.valid_until == local("2026-11-25T00:00")


def test_on_friday_evening_it_opens_on_monday():
    found = opening(WEEK, local("2026-11-27T17:00"))

    assert found.opens_at == local("2026-11-30T09:00")
    assert found.days_until == 3


def test_spans_that_touch_or_overlap_are_one():
    tuesday = (
        Hours(2, time(12), time(17)),
        Hours(2, time(9), time(12)),
        Hours(2, time(16), time(16, 30)),
    )

    found = opening(tuesday, local("2026-11-24T10:00"))

    assert found.until == time(17)
    assert found.valid_until == local("2026-11-24T17:00")


def test_between_two_spans_it_opens_again_today():
    tuesday = (Hours(2, time(9), time(12)), Hours(2, time(13), time(17)))

    found = opening(tuesday, local("2026-11-24T12:15"))

    assert not found.is_open
    assert found.opens_at == local("2026-11-24T13:00")
    assert found.days_until == 0


def test_hours_are_those_of_amsterdam_wherever_the_moment_comes_from():
    in_utc = opening(WEEK, datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    in_tokyo = opening(WEEK, datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("Asia/Tokyo")))

    assert in_utc.is_open
    assert in_tokyo == in_utc


def test_summer_time_is_known():
    in_summer = opening(WEEK, datetime(2026, 7, 1, 7, 30, tzinfo=UTC))
    in_winter = opening(WEEK, datetime(2026, 12, 1, 7, 30, tzinfo=UTC))

    assert in_summer.is_open
    assert not in_winter.is_open


def test_over_the_change_of_the_clock_the_next_opening_keeps_its_hour():
    found = opening(WEEK, local("2026-10-23T18:00"))

    assert found.opens_at.isoformat() == "2026-10-26T09:00:00+01:00"
    assert found.days_until == 3


def test_the_day_of_the_change_is_over_at_local_midnight():
    found = opening(WEEK, local("2026-10-25T12:00"))

    assert found.valid_until == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_hours_that_the_clock_skips_are_an_hour_later():
    sunday = (Hours(7, time(2, 15), time(2, 45)),)

    found = opening(sunday, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))

    assert found.is_open
    assert found.until == time(3, 45)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "Nieuwjaarsdag"),
        ("2026-04-03", "Goede vrijdag"),
        ("2026-04-06", "Tweede paasdag"),
        ("2026-04-27", "Koningsdag"),
        ("2026-05-14", "Hemelvaartsdag"),
        ("2026-05-25", "Tweede pinksterdag"),
        ("2025-12-25", "Eerste kerstdag"),
        ("2030-12-26", "Tweede kerstdag"),
    ],
)
def test_on_a_public_holiday_it_is_closed_and_says_which(day, name):
    found = opening(WEEK, local(f"{day}T10:00"))

    assert not found.is_open
    assert found.holiday == name
    assert found.days_until > 0


def test_kings_day_moves_when_it_is_a_sunday():
    assert public_holiday(datetime(2025, 4, 26).date()) == "Koningsdag"
    assert public_holiday(datetime(2025, 4, 27).date()) is None


def test_liberation_day_counts_once_in_five_years():
    lustrum = opening(WEEK, local("2025-05-05T10:00"))
    other = opening(WEEK, local("2026-05-05T10:00"))

    assert (lustrum.is_open, lustrum.holiday) == (False, "Bevrijdingsdag")
    assert (other.is_open, other.holiday) == (True, None)


def test_on_an_ordinary_day_no_holiday_is_named():
    found = opening(WEEK, local("2026-11-24T10:00"))

    assert found.holiday is None


def test_the_next_opening_passes_over_holidays():
    found = opening(WEEK, local("2026-04-02T18:00"))

    assert found.opens_at == local("2026-04-07T09:00")
    assert found.days_until == 5


def test_holidays_in_two_weeks_still_leave_a_next_opening():
    thursdays = (Hours(4, time(9), time(12)),)

    found = opening(thursdays, local("2025-12-25T10:00"))

    assert found.opens_at == local("2026-01-08T09:00")
    assert found.days_until == 14


def test_an_opening_further_than_two_weeks_away_is_not_named():
    thursdays = (Hours(4, time(9), time(12)),)

    found = opening(thursdays, local("2025-12-24T10:00"))

    assert found.opens_at is None
    assert found.days_until is None
    assert not found.is_open


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        opening(WEEK, datetime(2026, 11, 24, 10))


@given(hours, moments)
def test_the_answer_holds_until_the_moment_it_names(known, at):
    found = opening(known, at)

    last = found.valid_until - timedelta(microseconds=1)
    assert at < found.valid_until <= at + timedelta(hours=25)
    if last >= at:
        later = opening(known, last)
        assert later == found


@given(hours, moments)
def test_it_is_open_or_says_when_it_opens_but_never_both(known, at):
    found = opening(known, at)

    assert found.is_open == (found.until is not None)
    assert (found.opens_at is None) == (found.days_until is None)
    assert not (found.is_open and found.opens_at)
    assert not (found.is_open and found.holiday)
    if found.opens_at:
        assert found.opens_at > at
        assert opening(known, found.opens_at.astimezone(UTC)).is_open
