"""Hours in which an office was looked at far more often than usual: by a program, perhaps.

An hour is suspicious when it has LEAST_VIEWS views of an office or more, and more than TIMES_USUAL
times the views of a mean hour of that office. Whether no people made them, an administrator
decides; see `navigator.statistics.exclusions`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone

from navigator.statistics.models import ProfileView, Source
from navigator.statistics.periods import Period
from regions.models import RegionalOffice

LEAST_VIEWS: Final = 20
TIMES_USUAL: Final = 5
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Suspicious hours of an office, one after the other."""

    office: RegionalOffice
    first: datetime
    last: datetime  # not included
    views: int
    visitors: int
    usual: Decimal  # views in a mean hour of the office
    source: Source  # the one with the most views, with its host
    source_host: str
    of_source: int  # views


@dataclass(slots=True)
class _Hour:
    """The views of an office in an hour."""

    office: int
    start: datetime
    views: int = 0
    visitors: set[str] = field(default_factory=set)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)


def find_runs(period: Period) -> tuple[Run, ...]:
    """The suspicious runs in a period, the one with the most views first. Three queries at most.

    Single rows alone are looked at, of what counts: what is left out already is no part of it.
    """
    by_day = _views_by_day(period)
    usual = _usual(by_day, period)
    hours = [
        hour
        for hour in _hours(by_day)
        if hour.views >= LEAST_VIEWS and hour.views > TIMES_USUAL * usual[hour.office]
    ]
    offices = RegionalOffice.objects.in_bulk({hour.office for hour in hours}) if hours else {}
    runs = [_run(offices[run[0].office], run, usual) for run in _one_after_the_other(hours)]
    return tuple(sorted(runs, key=lambda run: (-run.views, run.first, run.office.name)))


def _views_by_day(period: Period) -> dict[tuple[date, int], int]:
    """Day and office -> views."""
    counted = ProfileView.objects.filter(day__range=(period.first, period.last), exclusion=None)
    rows = counted.order_by().values_list("day", "office").annotate(views=Count("pk"))
    return {(day, office): views for day, office, views in rows}


def _usual(by_day: Mapping[tuple[date, int], int], period: Period) -> dict[int, Decimal]:
    """The views of each office in a mean hour of the period."""
    together: Counter[int] = Counter()
    for (_day, office), views in by_day.items():
        together[office] += views
    return {office: Decimal(views) / (24 * period.days) for office, views in together.items()}


def _hours(by_day: Mapping[tuple[date, int], int]) -> Iterator[_Hour]:
    """All hours with views on days that have enough of them, by office and moment."""
    busy = {key for key, views in by_day.items() if views >= LEAST_VIEWS}
    if not busy:
        return
    rows = ProfileView.objects.filter(
        day__in={day for day, _office in busy},
        office__in={office for _day, office in busy},
        exclusion=None,
    ).order_by("office", "at", "pk")
    found = rows.values_list("office", "day", "at", "visitor", "source", "source_host")
    of_busy_days = (row for row in found.iterator() if (row[1], row[0]) in busy)
    for (office, start), views in groupby(of_busy_days, key=_office_and_hour):
        hour = _Hour(office, start)
        for _office, _day, _at, visitor, source, host in views:
            hour.views += 1
            hour.sources[source, host] += 1
            if visitor is not None:
                hour.visitors.add(visitor)
        yield hour


def _office_and_hour(row: tuple[Any, ...]) -> tuple[int, datetime]:
    """Hours of UTC: on the day when the clock goes back none of them comes twice."""
    return row[0], row[2].replace(minute=0, second=0, microsecond=0)


def _one_after_the_other(hours: Iterable[_Hour]) -> list[list[_Hour]]:
    """Hours of an office that follow each other together; `hours` are by office and moment."""
    runs: list[list[_Hour]] = []
    for hour in hours:
        before = runs[-1][-1] if runs else None
        if before and (before.office, before.start + _HOUR) == (hour.office, hour.start):
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return runs


def _run(office: RegionalOffice, hours: list[_Hour], usual: Mapping[int, Decimal]) -> Run:
    sources = sum((hour.sources for hour in hours), Counter[tuple[str, str]]())
    ((source, host), of_source), *_others = sources.most_common(1)
    # Nobody is known again on another day.
    visitors = {(timezone.localdate(hour.start), who) for hour in hours for who in hour.visitors}
    return Run(
        office=office,
        first=hours[0].start,
        last=hours[-1].start + _HOUR,
        views=sum(hour.views for hour in hours),
        visitors=len(visitors),
        usual=usual[office.pk],
        source=Source(source),
        source_host=host,
        of_source=of_source,
    )
