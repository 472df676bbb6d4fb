"""A period of whole days, and those that it is compared with."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2100, 12, 31)
MOST_DAYS: Final = 3660
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAMES: Final = ("from", "to", "period")  # the parameters that `read` knows


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both days included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period ends after it begins.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length that ends the day before this one begins."""
        return Period(
            self.first - timedelta(days=self.days),
            self.first - timedelta(days=1),
        )

    @property
    def year_before(self) -> "Period":
        """The same dates a year earlier; for 29 February the 28th."""
        return Period(year_earlier(self.first), year_earlier(self.last))

    def __iter__(self) -> Iterator[date]:
        """Its days."""
        return (self.first + timedelta(days=ahead) for ahead in range(self.days))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period with a name of its own; see `navigator.statistics.campaigns`."""

    code: str  # as it stands in an address; none of PRESETS
    name: str  # in the language of the moment
    period: Period


class PeriodError(ValueError):
    """The parameters give no period; `code` is one of MESSAGES, `name` the parameter.

    `also` is what is wrong with the other one.
    """

    def __init__(self, code: str, name: str) -> None:
        super().__init__(code)
        self.code = code
        self.name = name
        self.also: tuple[PeriodError, ...] = ()

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in the language of the moment."""
        return str(MESSAGES[self.code])


MESSAGES: Final[Mapping[str, Promise]] = {
    "not_a_date": _("This is not a date. Give it as year-month-day, such as 2026-03-31."),
    "incomplete": _("A period needs its first and its last day."),
    "end_before_begin": _("The last day lies before the first. Change one of both."),
    "out_of_range": _("There are no figures of this year. Choose another day."),
    "too_long": _("This period is too long: choose at most ten years."),
    "unknown_period": _("We don't know this period. Choose one from the list."),
    "one_period": _("Give a first and a last day, or the name of a period; not both."),
}


def year_earlier(day: date) -> date:
    """The same date a year earlier; for 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def _last(days: int) -> Callable[[date], Period]:
    return lambda today: Period(today - timedelta(days=days - 1), today)


def _last_month(today: date) -> Period:
    end = today.replace(day=1) - timedelta(days=1)
    return Period(end.replace(day=1), end)


PRESETS: Final[Mapping[str, Callable[[date], Period]]] = {
    "last-7": _last(7),
    "last-30": _last(30),
    "last-365": _last(365),
    "this-month": lambda today: Period(today.replace(day=1), today),
    "last-month": _last_month,
    "this-year": lambda today: Period(today.replace(month=1, day=1), today),
}
PRESET_NAMES: Final[Mapping[str, Promise]] = {
    "last-7": _("Last 7 days"),
    "last-30": _("Last 30 days"),
    "last-365": _("Last 365 days"),
    "this-month": _("This month"),
    "last-month": _("Last month"),
    "this-year": _("This year"),
}
NORMAL: Final = "last-30"


def read(
    parameters: Mapping[str, str], *, today: date, campaigns: Collection[NamedPeriod] = ()
) -> Period:
    """The period that `from` and `to` (ISO dates) or `period` ask for.

    `period` is a code of PRESETS or of one of `campaigns`, which end when they end, also when that
    lies ahead. Without any of them it is the last 30 days, today included. Raises PeriodError.
    """
    first, last, preset = (parameters.get(name, "").strip() for name in NAMES)
    if preset and (first or last):
        raise PeriodError("one_period", "period")
    if not first and not last:
        return _named(preset or NORMAL, today, campaigns)
    period = _between(*_dates(first, last))
    if period.days > MOST_DAYS:
        raise PeriodError("too_long", "to")
    return period


def _named(code: str, today: date, campaigns: Collection[NamedPeriod]) -> Period:
    if code in PRESETS:
        return PRESETS[code](today)
    for campaign in campaigns:
        if campaign.code == code:
            return campaign.period
    raise PeriodError("unknown_period", "period")


def _dates(first: str, last: str) -> tuple[date, date]:
    """Both days; what is wrong with either is told at once."""
    try:
        begin = _date(first, "from")
    except PeriodError as error:
        try:
            _date(last, "to")
        except PeriodError as other:
            error.also = (other,)
        raise
    return begin, _date(last, "to")


def _date(text: str, name: str) -> date:
    if not text:
        raise PeriodError("incomplete", name)
    try:
        day = date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise PeriodError("not_a_date", name)
    if not EARLIEST <= day <= LATEST:
        raise PeriodError("out_of_range", name)
    return day


def _between(first: date, last: date) -> Period:
    if last < first:
        raise PeriodError("end_before_begin", "to")
    return Period(first, last)
