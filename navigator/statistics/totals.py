"""Single views and searches -> totals of their day, which stay when the single rows go.

A day that is over is totalled once, in one transaction, under the lock of its own row: so it can be
done twice, by two at once, late, or broken off in the middle. Whoever reads takes the totals of the
days that have them, and adds up the single rows of the others in the same way (`of_day`): the
answer is the same before and after.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Model, Sum
from django.utils import timezone

from navigator.statistics.models import (
    ProfileView,
    Search,
    SearchTotal,
    Total,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from regions.derived import Progress

_BATCH: Final = 2000
# A request that came in before midnight is stored long before this has passed.
SETTLED_AFTER: Final = timedelta(hours=1)


class ViewKey(NamedTuple):
    """What views are added up by."""

    office: int
    source: str
    province: str


class SearchKey(NamedTuple):
    """What searches are added up by."""

    postcode: str
    municipality: str
    sector: str
    source: str
    province: str


class VisitorKey(NamedTuple):
    """What people are added up by."""

    source: str
    province: str


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The totals of a day, or of several together. What isn't there is zero."""

    views: Counter[ViewKey]
    viewers: Counter[ViewKey]
    searches: Counter[SearchKey]
    without_office: Counter[SearchKey]
    visitors: Counter[VisitorKey]

    def add(self, other: "DayTotals") -> None:
        """Take those of another day into these."""
        for name in ("views", "viewers", "searches", "without_office", "visitors"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What a run did."""

    totalled: int  # days
    removed: int  # single rows


def of_day(day: date) -> DayTotals:
    """The totals of a day from its single rows. Two queries.

    A person counts once an office, and once a day: where their first view, or the first thing at
    all, has its source and province.
    """
    views: Counter[ViewKey] = Counter()
    viewers: Counter[ViewKey] = Counter()
    searches: Counter[SearchKey] = Counter()
    without_office: Counter[SearchKey] = Counter()
    seen_at_office: set[tuple[int, str]] = set()
    firsts: dict[str, tuple[Any, VisitorKey]] = {}
    for at, visitor, *key in _rows(ProfileView, day, ViewKey._fields):
        view = ViewKey(*key)
        views[view] += 1
        if visitor is None:
            continue
        if (view.office, visitor) not in seen_at_office:
            seen_at_office.add((view.office, visitor))
            viewers[view] += 1
        _keep_first(firsts, visitor, at, VisitorKey(view.source, view.province))
    for at, visitor, serving, *key in _rows(Search, day, ("serving", *SearchKey._fields)):
        search = SearchKey(*key)
        searches[search] += 1
        if not serving:
            without_office[search] += 1
        if visitor is not None:
            _keep_first(firsts, visitor, at, VisitorKey(search.source, search.province))
    visitors = Counter(key for _at, key in firsts.values())
    return DayTotals(views, viewers, searches, without_office, visitors)


def of_period(first: date, last: date) -> DayTotals:
    """The totals of all days from `first` to `last` together, wherever they stand.

    People are added up by day: who came on two days counts twice. Five queries, and two for each
    day that isn't totalled yet.
    """
    done = TotalledDay.objects.filter(day__range=(first, last)).values("day")
    together = DayTotals(
        views=_summed(ViewTotal, done, ViewKey, "views"),
        viewers=_summed(ViewTotal, done, ViewKey, "visitors"),
        searches=_summed(SearchTotal, done, SearchKey, "searches"),
        without_office=_summed(SearchTotal, done, SearchKey, "without_office"),
        visitors=_summed(VisitorTotal, done, VisitorKey, "visitors"),
    )
    for day in _days_without_totals(first, last):
        together.add(of_day(day))
    return together


def roll_up(*, at: datetime, keep_days: int, progress: Progress | None = None) -> RolledUp:
    """Total every day that is over and isn't totalled yet, then remove single rows of long ago.

    Rows stay for `keep_days` days, and until their day is totalled. A transaction for each day.
    """
    today = timezone.localdate(at - SETTLED_AFTER)
    over = _days_without_totals(date.min, today - timedelta(days=1))
    totalled = sum(total(day) for day in _told(over, "totals", progress))
    old = _days_to_remove(today - timedelta(days=keep_days))
    removed = sum(_remove(day) for day in _told(old, "old rows", progress))
    return RolledUp(totalled, removed)


def total(day: date) -> bool:
    """Store the totals of a day that is over; answers whether it was done now.

    Somebody who does the same at the same moment waits, and then has nothing to do.
    """
    try:
        with transaction.atomic():
            TotalledDay.objects.create(day=day)
            _store(day, of_day(day))
    except IntegrityError:
        return False
    return True


@transaction.atomic
def total_again(day: date) -> None:
    """Store the totals of a day anew, after single rows of it were left out or brought back.

    Raises TotalledDay.DoesNotExist when there are none to replace.
    """
    TotalledDay.objects.select_for_update().get(day=day)
    for model in (ViewTotal, SearchTotal, VisitorTotal):
        model._default_manager.filter(day=day).delete()
    _store(day, of_day(day))


def _told(days: Sequence[date], step: str, progress: Progress | None) -> Iterator[date]:
    for done, day in enumerate(days, start=1):
        yield day
        if progress:
            progress(step, done, len(days))


def _rows(model: type[Model], day: date, fields: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Moment, visitor and these fields of a day's rows, the earliest first. One query."""
    rows = model._default_manager.filter(day=day).order_by("at", "pk")
    return iter(rows.values_list("at", "visitor", *fields).iterator(chunk_size=_BATCH))


def _keep_first(
    firsts: dict[str, tuple[Any, VisitorKey]], visitor: str, at: Any, key: VisitorKey
) -> None:
    known = firsts.get(visitor)
    if known is None or at < known[0]:
        firsts[visitor] = (at, key)


def _store(day: date, totals: DayTotals) -> None:
    ViewTotal.objects.bulk_create(
        (
            ViewTotal(
                day=day,
                office_id=key.office,
                source=key.source,
                province=key.province,
                views=count,
                visitors=totals.viewers[key],
            )
            for key, count in totals.views.items()
        ),
        batch_size=_BATCH,
    )
    SearchTotal.objects.bulk_create(
        (
            SearchTotal(
                day=day,
                **key._asdict(),
                searches=count,
                without_office=totals.without_office[key],
            )
            for key, count in totals.searches.items()
        ),
        batch_size=_BATCH,
    )
    VisitorTotal.objects.bulk_create(
        VisitorTotal(day=day, **key._asdict(), visitors=count)
        for key, count in totals.visitors.items()
    )


def _summed(model: type[Total], days: Any, key: Any, column: str) -> Counter[Any]:
    """The sum of a column by key. One query."""
    rows = model._default_manager.filter(day__in=days).order_by().values_list(*key._fields)
    sums = rows.annotate(total=Sum(column))
    return Counter({key(*names): total for *names, total in sums if total})


def _days_without_totals(first: date, last: date) -> list[date]:
    """Days with single rows and without totals, the earliest first. Two queries."""
    done = TotalledDay.objects.values("day")
    return _days(lambda rows: rows.filter(day__range=(first, last)).exclude(day__in=done))


def _days_to_remove(before: date) -> list[date]:
    """Days of long ago that still have single rows, and have totals. Two queries."""
    done = TotalledDay.objects.values("day")
    return _days(lambda rows: rows.filter(day__lt=before, day__in=done))


def _days(chosen: Callable[[Any], Any]) -> list[date]:
    rows = (
        chosen(model._default_manager.order_by()).values_list("day", flat=True).distinct()
        for model in (ProfileView, Search)
    )
    return sorted(set(chain(*rows)))


@transaction.atomic
def _remove(day: date) -> int:
    return sum(
        model._default_manager.filter(day=day).delete()[0] for model in (ProfileView, Search)
    )
