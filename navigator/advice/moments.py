"""A moment as people write it: by the clock in the Netherlands."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Amsterdam")


class MomentError(Exception):
    """What was written is no moment. `code`: `unreadable`, or `skipped` by summer time."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(text: str) -> datetime:
    """The moment of `2026-11-24T10:30`, as browsers send it, in Europe/Amsterdam.

    In the night in which the clock goes back an hour comes twice: the first is meant. Raises
    MomentError.
    """
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MomentError("unreadable") from None
    if written.tzinfo is not None:
        raise MomentError("unreadable")
    moment = written.replace(tzinfo=_ZONE, fold=0)
    try:
        again = moment.astimezone(UTC).astimezone(_ZONE)
    except OverflowError:
        raise MomentError("unreadable") from None
    if again.replace(tzinfo=None) != written:
        raise MomentError("skipped")
    return moment


def written(moment: datetime) -> str:
    """A moment as a field of a form has it, to the minute."""
    return moment.astimezone(_ZONE).strftime("%Y-%m-%dT%H:%M")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a day; some have 23 or 25 hours."""
    return (
        datetime.combine(day, time.min, tzinfo=_ZONE),
        datetime.combine(day, time.max, tzinfo=_ZONE),
    )
