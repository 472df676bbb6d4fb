"""Views, people and clicks of all offices at once, for who looks after several of them.

The figures of one office in detail are those of `navigator.statistics.office_usage`; both count by
the same rule, that of `navigator.statistics.totals`.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q

from navigator.statistics import totals
from navigator.statistics.models import ClickTotal, MonthTotal, ViewTotal
from navigator.statistics.periods import Period
from navigator.statistics.usage import VIEWS, VISITORS, Tally, grouped, in_parts, spans

__all__ = ["CLICKS", "VIEWS", "VISITORS", "office_sums"]

CLICKS: Final = "clicks"
_MOST_PERIODS: Final = 3


def office_sums(periods: Sequence[Period]) -> Tally:
    """The numbers by id of the office, in each of these periods: three at most.

    What an office doesn't have is zero. Nine queries, whatever the periods and the offices.
    """
    if len(periods) > _MOST_PERIODS:
        raise ValueError("A count has the numbers of three periods.")
    return totals.steady(lambda: _count(periods))


def _count(periods: Sequence[Period]) -> Tally:
    counted = Tally()
    months, days = in_parts(periods)
    by_office = Q(by=MonthTotal.By.OFFICE)
    for (key,), what in grouped(MonthTotal, ("key",), (VIEWS, VISITORS), months, by_office):
        counted.add(int(key), *what)
    for (office,), what in grouped(ViewTotal, ("office",), (VIEWS, VISITORS), days):
        counted.add(office, *what)
    for (office,), what in grouped(ClickTotal, ("office",), (CLICKS,), spans(periods)):
        counted.add(office, *what)
    for day, found in totals.of_days_without_totals(periods, clicks_too=True).items():
        for place in (place for place, period in enumerate(periods) if day in period):
            _add_single(counted, found, place)
    return counted


def _add_single(counted: Tally, found: totals.DayTotals, place: int) -> None:
    """Add a day that stands in the period with this place."""
    for measure, views in ((VIEWS, found.views), (VISITORS, found.viewers)):
        for view, number in views.items():
            counted.add(view.office, measure, place, number)
    for click, number in found.clicks.items():
        counted.add(click.office, CLICKS, place, number)
