"""Days -> steps of time that fit in a chart: days, weeks, months or years."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy as _

from navigator.statistics.values import Count, Figure, Hidden, UsageLine

_MOST_DAYS: Final = 45
_MOST_WEEKS_IN_DAYS: Final = 371
_MOST_MONTHS: Final = 40

DAY: Final = "day"
WEEK: Final = "week"
MONTH: Final = "month"
YEAR: Final = "year"
UNIT_NAMES: Final[Mapping[str, Promise]] = {
    DAY: _("per day"),
    WEEK: _("per week, from Monday on"),
    MONTH: _("per month"),
    YEAR: _("per year"),
}

_BEGIN: Final[Mapping[str, Callable[[date], date]]] = {
    DAY: lambda day: day,
    WEEK: lambda day: day - timedelta(days=day.weekday()),
    MONTH: lambda day: day.replace(day=1),
    YEAR: lambda day: day.replace(month=1, day=1),
}
_FORMATS: Final[Mapping[str, str]] = {DAY: "j M", WEEK: "j M", MONTH: "M Y", YEAR: "Y"}
_LONG_FORMATS: Final[Mapping[str, str]] = {DAY: "j F Y", WEEK: "j F Y", MONTH: "F Y", YEAR: "Y"}


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of time with its numbers; the first and the last may be cut off by the period."""

    label: str
    count: Count


def unit_for(days: int) -> str:
    """The step in which so many days are shown."""
    if days <= _MOST_DAYS:
        return DAY
    return WEEK if days <= _MOST_WEEKS_IN_DAYS else MONTH


def unit_for_months(months: int) -> str:
    """The step in which so many months are shown."""
    return MONTH if months <= _MOST_MONTHS else YEAR


def steps(counts: Iterable[tuple[date, Count]], unit: str) -> list[Step]:
    """The numbers of each step, in the order of the days."""
    grouped: dict[date, list[tuple[date, Count]]] = {}
    for day, count in counts:
        grouped.setdefault(_BEGIN[unit](day), []).append((day, count))
    return [
        # A week that the period cuts is called after its first day within.
        Step(
            _short(within[0][0] if unit == WEEK else begin, _FORMATS[unit]),
            _sum([count for _day, count in within]),
        )
        for begin, within in grouped.items()
    ]


def folded(lines: Iterable[UsageLine], unit: str) -> list[tuple[str, UsageLine]]:
    """The lines of days as lines of steps, each with its short label for a chart."""
    grouped: dict[date, list[UsageLine]] = {}
    for line in lines:
        grouped.setdefault(_BEGIN[unit](line.detail["day"]), []).append(line)
    return [_step(begin, within, unit) for begin, within in grouped.items()]


def _short(day: date, form: str) -> str:
    """A day with its month in three letters: small ones in Dutch."""
    return date_format(day, form.replace("M", "b") if get_language() == "nl" else form)


def _step(begin: date, within: Sequence[UsageLine], unit: str) -> tuple[str, UsageLine]:
    first = within[0].detail["day"] if unit == WEEK else begin
    name = date_format(first, _LONG_FORMATS[unit])
    if unit == WEEK and len(within) > 1:
        last = within[-1].detail["day"]
        name = gettext("%(first)s to %(last)s") % {
            "first": _short(first, "j M"),
            "last": _short(last, "j M Y"),
        }
    counts = {
        measure: _sum([line.counts[measure] for line in within]) for measure in within[0].counts
    }
    line = UsageLine(first.isoformat(), name, counts, detail={"day": first})
    return _short(first, _FORMATS[unit]), line


def _sum(counts: Sequence[Count]) -> Count:
    return Count(
        _sum_of([count.now for count in counts]),
        _sum_of([count.before for count in counts]),
        _sum_of([count.year_before for count in counts]),
    )


def _sum_of(figures: Sequence[Figure]) -> Figure:
    """The sum; kept back when a part is."""
    if len(figures) == 1:
        return figures[0]
    known = [figure for figure in figures if isinstance(figure, int)]
    return sum(known) if len(known) == len(figures) else Hidden.WITHHELD
