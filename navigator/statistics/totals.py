"""Single views, searches and clicks -> totals of their day, which stay when the single rows go.

A day that is over is totalled once, in one transaction, under one lock: so it can be done twice,
by two at once, late, or broken off in the middle. Whoever reads takes the totals of the days that
have them, and adds up the single rows of the others in the same way (`of_day`): the answer is the
same before and after. What moves from the one to the other raises `TotalsVersion`, by which a
reader sees that it has to read again (`steady`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any, Final, NamedTuple, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q, Sum
from django.utils import timezone

from navigator.statistics import sums
from navigator.statistics.models import (
    Click,
    ClickTotal,
    ProfileView,
    Search,
    SearchTotal,
    SupportAsked,
    SupportTotal,
    TotalledDay,
    TotalsVersion,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.periods import Period
from regions.derived import Progress

T = TypeVar("T")

_BATCH: Final = 2000
_TRIES: Final = 5
# A request that came in before midnight is stored long before this has passed.
SETTLED_AFTER: Final = timedelta(hours=1)
_SINGLE: Final = (ProfileView, Search, Click, SupportAsked)
_TOTALS: Final = (ViewTotal, SearchTotal, VisitorTotal, ClickTotal, SupportTotal)


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


class ClickKey(NamedTuple):
    """What clicks are added up by."""

    office: int
    target: str


class SupportKey(NamedTuple):
    """What support that was asked for is added up by."""

    postcode: str
    municipality: str
    support: str


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The totals of a day, or of several together. What isn't there is zero."""

    views: Counter[ViewKey] = field(default_factory=Counter)
    viewers: Counter[ViewKey] = field(default_factory=Counter)
    searches: Counter[SearchKey] = field(default_factory=Counter)
    without_office: Counter[SearchKey] = field(default_factory=Counter)
    visitors: Counter[VisitorKey] = field(default_factory=Counter)
    clicks: Counter[ClickKey] = field(default_factory=Counter)
    support: Counter[SupportKey] = field(default_factory=Counter)

    def add(self, other: "DayTotals") -> None:
        """Take those of another day into these."""
        for each in fields(self):
            getattr(self, each.name).update(getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What a run did."""

    totalled: int  # days
    removed: int  # single rows


# Reading


def steady(read: Callable[[], T]) -> T:
    """What `read` answers when nothing moves from single rows to totals while it reads.

    It is asked again when something moved, five times at most: then its last answer stands, since
    days move once a night, and no reader may wait for ever. Two queries beside its own.
    """
    before = _version()
    for _ in range(_TRIES):
        answer = read()
        after = _version()
        if after == before:
            break
        before = after
    return answer


def of_day(day: date) -> DayTotals:
    """The totals of a day from its single rows. Four queries.

    A person counts once an office, and once a day: where their first view, or the first thing at
    all, has its source and province. Clicks and support belong to a view or a search, and make
    nobody a visitor. What an administrator left out afterwards counts nowhere.
    """
    return _added_up(Q(day=day), clicks_too=True).get(day, DayTotals())


def of_days_without_totals(
    periods: Sequence[Period], *, clicks_too: bool = False
) -> Mapping[date, DayTotals]:
    """The same of each day of these periods that isn't totalled and has single rows.

    Without `clicks_too` there are no clicks and no support. Two queries, or four.
    """
    done = TotalledDay.objects.values("day")
    return _added_up(within(periods) & ~Q(day__in=done), clicks_too=clicks_too)


def of_period(first: date, last: date) -> DayTotals:
    """The totals of all days from `first` to `last` together, wherever they stand.

    People are added up by day: who came on two days counts twice. Eleven queries.
    """
    return steady(lambda: _of_period(Period(first, last)))


def _of_period(period: Period) -> DayTotals:
    together = DayTotals(
        **_summed(ViewTotal, period, ViewKey, views="views", viewers="visitors"),
        **_summed(
            SearchTotal, period, SearchKey, searches="searches", without_office="without_office"
        ),
        **_summed(VisitorTotal, period, VisitorKey, visitors="visitors"),
        **_summed(ClickTotal, period, ClickKey, clicks="clicks"),
        **_summed(SupportTotal, period, SupportKey, support="times"),
    )
    for totals in of_days_without_totals([period], clicks_too=True).values():
        together.add(totals)
    return together


def within(periods: Iterable[Period]) -> Q:
    """Whether a day lies in one of these periods; without any, none does."""
    found = [Q(day__range=(each.first, each.last)) for each in periods]
    return reduce(or_, found) if found else Q(day=date.min)


def changed_at() -> datetime | None:
    """When totals last changed; None: never. One query."""
    return TotalsVersion.objects.filter(pk=1).values_list("changed_at", flat=True).first()


# Changing


def roll_up(*, at: datetime, keep_days: int, progress: Progress | None = None) -> RolledUp:
    """Total every day that is over and isn't totalled yet, then remove single rows of long ago.

    Rows stay for `keep_days` days, and until their day is totalled. A transaction for each day.
    """
    today = timezone.localdate(at - SETTLED_AFTER)
    over = _days_without_totals(today)
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
            bump(timezone.now())
            TotalledDay.objects.create(day=day)
            _store(day, of_day(day))
    except IntegrityError:
        return False
    return True


@transaction.atomic
def total_again(day: date) -> None:
    """Store the totals of a day anew, after single rows of it were left out or brought back.

    Raises TotalledDay.DoesNotExist when there are none to replace, or nothing to make them of: the
    day was imported, or its single rows are gone.
    """
    bump(timezone.now())
    TotalledDay.objects.get(day=day, is_imported=False)
    if not any(model._default_manager.filter(day=day).exists() for model in _SINGLE):
        raise TotalledDay.DoesNotExist
    for model in _TOTALS:
        model._default_manager.filter(day=day).delete()
    _store(day, of_day(day))


def bump(at: datetime) -> None:
    """Tell readers that something moved. Call it inside a transaction, before anything else.

    It is also the lock under which totals change: whoever else wants it waits until the
    transaction ends, so that what is read afterwards holds until then.
    """
    changed = {"number": F("number") + 1, "changed_at": at}
    if not TotalsVersion.objects.filter(pk=1).update(**changed):
        TotalsVersion.objects.get_or_create(pk=1)  # the first time; or somebody else's first time
        TotalsVersion.objects.filter(pk=1).update(**changed)


def _version() -> int:
    return TotalsVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _told(days: Sequence[date], step: str, progress: Progress | None) -> Iterator[date]:
    for done, day in enumerate(days, start=1):
        yield day
        if progress:
            progress(step, done, len(days))


# Single rows


class _Visitors:
    """The people of one day: where each was seen first."""

    __slots__ = ("at_offices", "firsts")

    def __init__(self) -> None:
        self.at_offices: set[tuple[int, str]] = set()
        self.firsts: dict[str, tuple[datetime, VisitorKey]] = {}

    def is_new_at(self, office: int, visitor: str) -> bool:
        """Whether it is the first view of an office; views come in the order of time."""
        known = len(self.at_offices)
        self.at_offices.add((office, visitor))
        return len(self.at_offices) > known

    def saw(self, visitor: str, at: datetime, key: VisitorKey) -> None:
        known = self.firsts.get(visitor)
        if known is None or at < known[0]:
            self.firsts[visitor] = (at, key)


def _added_up(chosen: Q, *, clicks_too: bool) -> dict[date, DayTotals]:
    """The totals of each day with single rows, of those that are chosen."""
    days: defaultdict[date, DayTotals] = defaultdict(DayTotals)
    visitors: defaultdict[date, _Visitors] = defaultdict(_Visitors)
    for day, at, visitor, *names in _rows(
        ProfileView, chosen & Q(exclusion=None), ("at", "visitor", *ViewKey._fields)
    ):
        view = ViewKey(*names)
        days[day].views[view] += 1
        if visitor is None:
            continue
        if visitors[day].is_new_at(view.office, visitor):
            days[day].viewers[view] += 1
        visitors[day].saw(visitor, at, VisitorKey(view.source, view.province))
    for day, at, visitor, serving, *names in _rows(
        Search, chosen, ("at", "visitor", "serving", *SearchKey._fields)
    ):
        search = SearchKey(*names)
        days[day].searches[search] += 1
        if not serving:
            days[day].without_office[search] += 1
        if visitor is not None:
            visitors[day].saw(visitor, at, VisitorKey(search.source, search.province))
    for day, people in visitors.items():
        days[day].visitors.update(key for _at, key in people.firsts.values())
    if clicks_too:
        for day, *names in _rows(Click, chosen, ClickKey._fields):
            days[day].clicks[ClickKey(*names)] += 1
        for day, *names in _rows(SupportAsked, chosen, SupportKey._fields):
            days[day].support[SupportKey(*names)] += 1
    return dict(days)


def _rows(model: type[Model], chosen: Q, fields: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Day and these fields of the chosen rows, the earliest first. One query."""
    rows = model._default_manager.filter(chosen).order_by("at", "pk")
    return iter(rows.values_list("day", *fields).iterator(chunk_size=_BATCH))


def _days_without_totals(before: date) -> list[date]:
    """Days with single rows and without totals, the earliest first. Four queries."""
    done = TotalledDay.objects.values("day")
    return _days(lambda rows: rows.filter(day__lt=before).exclude(day__in=done))


def _days_to_remove(before: date) -> list[date]:
    """Days of long ago that still have single rows, and have totals. Four queries."""
    done = TotalledDay.objects.values("day")
    return _days(lambda rows: rows.filter(day__lt=before, day__in=done))


def _days(chosen: Callable[[Any], Any]) -> list[date]:
    rows = (
        chosen(model._default_manager.order_by()).values_list("day", flat=True).distinct()
        for model in _SINGLE
    )
    return sorted(set(chain(*rows)))


@transaction.atomic
def _remove(day: date) -> int:
    bump(timezone.now())
    return sum(model._default_manager.filter(day=day).delete()[0] for model in _SINGLE)


# Totals


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
    ClickTotal.objects.bulk_create(
        ClickTotal(day=day, office_id=key.office, target=key.target, clicks=count)
        for key, count in totals.clicks.items()
    )
    SupportTotal.objects.bulk_create(
        (
            SupportTotal(day=day, **key._asdict(), times=count)
            for key, count in totals.support.items()
        ),
        batch_size=_BATCH,
    )
    sums.renew([day])


def _summed(
    model: type[Model], period: Period, key: Any, **columns: str
) -> dict[str, Counter[Any]]:
    """The sums of columns by key, under the names that they are given. One query."""
    rows = model._default_manager.filter(within([period])).order_by()
    sums = {f"sum_{name}": Sum(column) for name, column in columns.items()}
    together: dict[str, Counter[Any]] = {name: Counter() for name in columns}
    for row in rows.values_list(*key._fields).annotate(**sums):
        names = key(*row[: len(key._fields)])
        for name, number in zip(columns, row[len(key._fields) :], strict=True):
            if number:
                together[name][names] = number
    return together
