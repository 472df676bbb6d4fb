"""The sums of whole days and of months: what is read instead of years of totals.

They repeat what the totals of days say. Whoever changes those calls `renew` in the same
transaction, so that they are never behind.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Model, Sum

from navigator.statistics.models import (
    MonthTotal,
    SearchTotal,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.periods import Period

By = MonthTotal.By

_BATCH: Final = 2000
_COLUMNS: Final = ("visitors", "views", "searches", "without_office")
# What is summed by what. The visitors of an office are those of its views.
_BY_DAY: Final[tuple[tuple[type[Model], tuple[str, ...]], ...]] = (
    (VisitorTotal, ("visitors",)),
    (ViewTotal, ("views",)),
    (SearchTotal, ("searches", "without_office")),
)
_BY_KEY: Final[tuple[tuple[By, type[Model], tuple[str, ...], tuple[str, ...]], ...]] = (
    *((By.SOURCE, model, ("source",), columns) for model, columns in _BY_DAY),
    *((By.PROVINCE, model, ("province",), columns) for model, columns in _BY_DAY),
    (By.OFFICE, ViewTotal, ("office",), ("views", "visitors")),
    (By.QUESTION, SearchTotal, ("municipality", "sector"), ("searches", "without_office")),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A period in whole months, from the first days of two of them, and the days beside them."""

    months: tuple[date, date] | None
    days: tuple[Period, ...]


def parts(period: Period) -> Parts:
    """The most of a period that whole months cover, and the rest."""
    one = timedelta(days=1)
    begin = period.first if period.first.day == 1 else _next_month(period.first)
    end = (period.last + one).replace(day=1)  # the day after the last whole month
    if begin >= end:
        return Parts(None, (period,))
    rest = []
    if period.first < begin:
        rest.append(Period(period.first, begin - one))
    if end <= period.last:
        rest.append(Period(end, period.last))
    return Parts((begin, (end - one).replace(day=1)), tuple(rest))


def renew(days: Collection[date]) -> None:
    """Make the sums of these days, and of their months, anew."""
    _renew_days(days)
    for month in sorted({day.replace(day=1) for day in days}):
        _renew_month(month)


def question_key(municipality: str, sector: str) -> str:
    """The key of MonthTotal.By.QUESTION."""
    return f"{municipality}:{sector}"


def question_of(key: str) -> tuple[str, str]:
    """The municipality and the sector that a key stands for."""
    municipality, _, sector = key.partition(":")
    return municipality, sector


def _renew_days(days: Collection[date]) -> None:
    rows = {row.day: row for row in TotalledDay.objects.filter(day__in=days)}
    for row in rows.values():
        row.visitors = row.views = row.searches = row.without_office = 0
    for model, columns in _BY_DAY:
        for (day,), numbers in _summed(model, ("day",), columns, day__in=days):
            for column, number in zip(columns, numbers, strict=True):
                setattr(rows[day], column, number)
    TotalledDay.objects.bulk_update(rows.values(), _COLUMNS, batch_size=_BATCH)


def _renew_month(month: date) -> None:
    last = _next_month(month) - timedelta(days=1)
    found: defaultdict[tuple[By, str], dict[str, int]] = defaultdict(dict)
    for by, model, names, columns in _BY_KEY:
        for key, numbers in _summed(model, names, columns, day__range=(month, last)):
            text = question_key(*key) if by == By.QUESTION else str(key[0])
            found[by, text].update(zip(columns, numbers, strict=True))
    MonthTotal.objects.filter(month=month).delete()
    MonthTotal.objects.bulk_create(_rows(month, found.items()), batch_size=_BATCH)


def _rows(
    month: date, found: Iterable[tuple[tuple[By, str], dict[str, int]]]
) -> Iterator[MonthTotal]:
    for (by, key), numbers in found:
        yield MonthTotal(month=month, by=by, key=key, **numbers)


def _summed(
    model: type[Model], names: tuple[str, ...], columns: tuple[str, ...], **chosen: Any
) -> Iterator[tuple[tuple[Any, ...], tuple[int, ...]]]:
    """The key and the sums of columns. One query."""
    rows = model._default_manager.filter(**chosen).order_by().values_list(*names)
    for row in rows.annotate(**{f"sum_{column}": Sum(column) for column in columns}):
        yield row[: len(names)], row[len(names) :]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
