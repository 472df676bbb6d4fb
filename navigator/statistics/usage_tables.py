"""Numbers of usage -> the lines of tables: what `usage_report` and `office_usage` share."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from navigator.statistics.periods import Period, year_earlier
from navigator.statistics.usage import SEARCHES, VIEWS, VISITORS, WITHOUT_OFFICE, Tally
from navigator.statistics.values import Count, Measure, UsageLine, UsageTable, share

NONE: Final = "none"  # the code where nothing was searched, or nobody knows where
TOTAL: Final = "total"
CLICKS: Final = "clicks"
TIMES: Final = "times"


def measure_titles() -> dict[str, str]:
    """What each measure is called, in the language of the moment."""
    return {
        VISITORS: _("People"),
        VIEWS: _("Views"),
        SEARCHES: _("Searches"),
        WITHOUT_OFFICE: _("Searches without an office"),
        CLICKS: _("Clicks"),
        TIMES: _("Times"),
    }


def table(
    code: str,
    title: str,
    about: str,
    measures: Sequence[str],
    lines: Iterable[UsageLine],
    total: Mapping[str, Count],
    *,
    share_of: str = "",
    total_name: str = "",
) -> UsageTable:
    """A table that its total closes; `about` is the title of the names."""
    titles = measure_titles()
    return UsageTable(
        code=code,
        title=title,
        about=about,
        measures=tuple(Measure(each, titles[each]) for each in measures),
        lines=tuple(lines),
        totals=(UsageLine(TOTAL, total_name or _("All together"), total),),
        share_of=share_of,
    )


def lines(
    tally: Tally, told: Iterable[tuple[str, object]], measures: Sequence[str]
) -> list[UsageLine]:
    """A line for each code that is told with its name; the share is that of the first measure.

    The empty code becomes NONE.
    """
    base = tally.total(measures[0]).now
    return [
        UsageLine(code or NONE, str(name), counts, share(counts[measures[0]].now, base))
        for code, name in told
        for counts in [counts_of(tally, code, measures)]
    ]


def counts_of(tally: Tally, key: object, measures: Sequence[str]) -> dict[str, Count]:
    """The count of each measure."""
    return {measure: tally.count(key, measure) for measure in measures}


def totals_of(tally: Tally, measures: Sequence[str]) -> dict[str, Count]:
    """The sum of each measure."""
    return {measure: tally.total(measure) for measure in measures}


def day_lines(
    period: Period, days: Mapping[str, Mapping[date, int]], measures: Sequence[str]
) -> list[UsageLine]:
    """Each day, beside the day as many days earlier as the period has, and the date a year before.

    29 February has no date a year before, so none is compared with it.
    """
    found = [(measure, days.get(measure, {})) for measure in measures]
    language = get_language()
    return [
        UsageLine(
            day.isoformat(),
            _day_name(day, language),
            {
                measure: Count(
                    numbers.get(day, 0),
                    numbers.get(before, 0),
                    0 if _is_leap_day(day) else numbers.get(year_earlier(day), 0),
                )
                for measure, numbers in found
            },
            detail={"day": day},
        )
        for day, before in zip(period, period.before, strict=True)
    ]


def most_first(lines: Iterable[UsageLine], measure: str) -> list[UsageLine]:
    """In the order of a measure; those with as many by name, and then by code."""
    by_name = sorted(lines, key=lambda line: (line.name.casefold(), line.code))
    return sorted(by_name, key=lambda line: numbers(line.counts[measure])[0], reverse=True)


def added(counts: Iterable[Count]) -> Count:
    """The sum of counts of which nothing is hidden."""
    return Count(*map(sum, zip((0, 0, 0), *map(numbers, counts), strict=True)))


def numbers(count: Count) -> tuple[int, int, int]:
    """The three numbers of a count of which nothing is hidden."""
    now, before, year_before = (
        number if isinstance(number, int) else 0
        for number in (count.now, count.before, count.year_before)
    )
    return now, before, year_before


@lru_cache(maxsize=4096)  # a report on years has more than a thousand
def _day_name(day: date, language: str | None) -> str:
    """In `language`, which is that of the moment."""
    return date_format(day, "j F Y")


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
