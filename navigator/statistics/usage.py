"""How much the navigator was used: numbers of a period and of the two beside it, without words.

They come from the totals of whole months and of the days beside them, and from the single rows of
days without totals: in a constant number of queries, whatever the periods, and of one state of all
of it (`totals.steady`).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Max, Min, Model, Q, Sum

from navigator.statistics import sums, totals
from navigator.statistics.models import (
    MonthTotal,
    ProfileView,
    Search,
    SearchTotal,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from navigator.statistics.periods import Period
from navigator.statistics.values import Count

VISITORS: Final = "visitors"
VIEWS: Final = "views"
SEARCHES: Final = "searches"
WITHOUT_OFFICE: Final = "without_office"
_ALL: Final = Q()


class Tally:
    """Numbers by what they belong to and what they count, in each of the three periods."""

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[Hashable, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, key: Hashable, measure: str, place: int, number: int) -> None:
        """Add to the number of a period: 0 is the period, 1 the one before, 2 a year before."""
        if number:
            self._numbers[key, measure][place] += number
            self._totals[measure][place] += number

    def add_count(self, key: Hashable, measure: str, count: Count) -> None:
        """Add to the numbers of all three; none of them is hidden."""
        for place, number in enumerate((count.now, count.before, count.year_before)):
            if isinstance(number, int):
                self.add(key, measure, place, number)

    def count(self, key: Hashable, measure: str) -> Count:
        """The numbers of `key`; zero where there are none."""
        numbers = self._numbers.get((key, measure))
        return Count(*numbers) if numbers else Count(0)

    def total(self, measure: str) -> Count:
        """The sum over all keys."""
        numbers = self._totals.get(measure)
        return Count(*numbers) if numbers else Count(0)

    def codes(self) -> set[Any]:
        """What has a number in one of the three periods."""
        return {key for key, _measure in self._numbers}


@dataclass(frozen=True, slots=True)
class Usage:
    """The numbers of usage. Keys that aren't there are zero."""

    sources: Tally  # by source
    provinces: Tally  # by province, empty when nothing was searched
    questions: Tally  # searches by (municipality, sector), each can be empty
    offices: Tally  # views and visitors by id of the office
    days: Mapping[str, Counter[date]]  # by measure
    first_day: date | None  # the earliest with anything at all


def three(period: Period) -> tuple[Period, Period, Period]:
    """A period, the one before it, and the same a year earlier."""
    return period, period.before, period.year_before


def count_usage(period: Period) -> Usage:
    """The numbers of a period. Fourteen queries, whatever it is."""
    return totals.steady(lambda: _count(three(period)))


def changed_at(period: Period) -> datetime | None:
    """When a number of this period, or of those beside it, last changed; None: never.

    That is the last change of totals, whichever, or the last view or search of these days. Three
    queries.
    """
    newest = (
        model._default_manager.filter(totals.within(three(period))).aggregate(at=Max("at"))["at"]
        for model in (ProfileView, Search)
    )
    return max((at for at in (totals.changed_at(), *newest) if at is not None), default=None)


def spans(periods: Sequence[Period]) -> tuple[Q, ...]:
    """For each period whether a day lies in it."""
    return tuple(totals.within([period]) for period in periods)


def sums_in(column: str, spans: Sequence[Q]) -> dict[str, Sum]:
    """The sum of a column in each of these spans, as annotations."""
    return {
        f"{column}_{place}": Sum(column, filter=span, default=0) for place, span in enumerate(spans)
    }


def grouped(
    model: type[Model],
    names: tuple[str, ...],
    columns: tuple[str, ...],
    spans: Sequence[Q],
    chosen: Q = _ALL,
) -> Iterator[tuple[tuple[Any, ...], tuple[str, int, int]]]:
    """For each key of a table of totals its columns, with place and sum of each span. One query."""
    wanted = {name: each for column in columns for name, each in sums_in(column, spans).items()}
    rows = model._default_manager.filter(reduce(or_, spans), chosen).order_by()
    meant = [(column, place) for column in columns for place in range(len(spans))]
    for row in rows.values_list(*names).annotate(**wanted):
        for (column, place), number in zip(meant, row[len(names) :], strict=True):
            yield row[: len(names)], (column, place, number)


def in_parts(periods: Sequence[Period]) -> tuple[tuple[Q, ...], tuple[Q, ...]]:
    """For each period which months lie in it as a whole, and which days beside them."""
    cut = [sums.parts(period) for period in periods]
    return (
        tuple(Q(month__range=each.months) if each.months else Q(month=date.min) for each in cut),
        tuple(totals.within(each.days) for each in cut),
    )


def _count(periods: Sequence[Period]) -> Usage:
    counted = Usage(
        sources=Tally(),
        provinces=Tally(),
        questions=Tally(),
        offices=Tally(),
        days=defaultdict(Counter),
        first_day=_first_day(),
    )
    months, days = in_parts(periods)
    _add_months(counted, months)
    _add_totals(counted, days)
    _add_days(counted, periods)
    for day, found in totals.of_days_without_totals(periods).items():
        for place in (place for place, period in enumerate(periods) if day in period):
            _add_single(counted, found, place)
        for measure, numbers in _by_measure(found):
            counted.days[measure][day] += numbers.total()
    return counted


def _add_months(counted: Usage, months: Sequence[Q]) -> None:
    """Add the sums of whole months. Two queries."""
    by = MonthTotal.By
    tallies = {by.SOURCE: counted.sources, by.PROVINCE: counted.provinces}
    for (kind, key), what in grouped(
        MonthTotal, ("by", "key"), (VISITORS, VIEWS, SEARCHES), months, ~Q(by=by.QUESTION)
    ):
        if kind == by.OFFICE:
            counted.offices.add(int(key), *what)
        else:
            tallies[kind].add(key, *what)
    for (key,), what in grouped(
        MonthTotal, ("key",), (SEARCHES, WITHOUT_OFFICE), months, Q(by=by.QUESTION)
    ):
        counted.questions.add(sums.question_of(key), *what)


def _add_totals(counted: Usage, days: Sequence[Q]) -> None:
    """Add the totals of days. Four queries."""
    for (office, source, province), what in grouped(
        ViewTotal, ("office", "source", "province"), (VIEWS, VISITORS), days
    ):
        counted.offices.add(office, *what)
        if what[0] == VIEWS:  # its visitors are those of the office
            counted.sources.add(source, *what)
            counted.provinces.add(province, *what)
    for model, column in ((SearchTotal, SEARCHES), (VisitorTotal, VISITORS)):
        for (source, province), what in grouped(model, ("source", "province"), (column,), days):
            counted.sources.add(source, *what)
            counted.provinces.add(province, *what)
    for key, what in grouped(
        SearchTotal, ("municipality", "sector"), (SEARCHES, WITHOUT_OFFICE), days
    ):
        counted.questions.add(key, *what)


def _add_days(counted: Usage, periods: Sequence[Period]) -> None:
    """Add the sums of whole days. One query."""
    measures = (VISITORS, VIEWS, SEARCHES, WITHOUT_OFFICE)
    rows = TotalledDay.objects.filter(totals.within(periods)).order_by()
    for day, *numbers in rows.values_list("day", *measures):
        for measure, number in zip(measures, numbers, strict=True):
            counted.days[measure][day] = number


def _add_single(counted: Usage, found: totals.DayTotals, place: int) -> None:
    """Add a day that stands in the period with this place."""
    for measure, numbers in _by_measure(found):
        if measure == WITHOUT_OFFICE:
            continue
        for key, number in numbers.items():
            counted.sources.add(key.source, measure, place, number)
            counted.provinces.add(key.province, measure, place, number)
    for measure, searches in ((SEARCHES, found.searches), (WITHOUT_OFFICE, found.without_office)):
        for question, number in searches.items():
            key = (question.municipality, question.sector)
            counted.questions.add(key, measure, place, number)
    for measure, views in ((VIEWS, found.views), (VISITORS, found.viewers)):
        for view, number in views.items():
            counted.offices.add(view.office, measure, place, number)


def _by_measure(found: totals.DayTotals) -> tuple[tuple[str, Counter[Any]], ...]:
    return (
        (VISITORS, found.visitors),
        (VIEWS, found.views),
        (SEARCHES, found.searches),
        (WITHOUT_OFFICE, found.without_office),
    )


def _first_day() -> date | None:
    """The earliest day with a number. Three queries."""
    has_any = Q(visitors__gt=0) | Q(views__gt=0) | Q(searches__gt=0)
    found = (
        TotalledDay.objects.filter(has_any).aggregate(day=Min("day"))["day"],
        ProfileView.objects.filter(exclusion=None).aggregate(day=Min("day"))["day"],
        Search.objects.aggregate(day=Min("day"))["day"],
    )
    return min((day for day in found if day is not None), default=None)
