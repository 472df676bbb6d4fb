"""The figures of one regional office, for its own editors, beside those of the average office."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from navigator.statistics import totals, usage_tables
from navigator.statistics.models import (
    Click,
    ClickTotal,
    MonthTotal,
    SearchTotal,
    Source,
    SupportTotal,
    ViewTotal,
)
from navigator.statistics.periods import Period
from navigator.statistics.totals import DayTotals
from navigator.statistics.usage import (
    SEARCHES,
    VIEWS,
    VISITORS,
    WITHOUT_OFFICE,
    Tally,
    grouped,
    in_parts,
    spans,
    three,
)
from navigator.statistics.usage_tables import CLICKS, TIMES, counts_of, most_first, totals_of
from navigator.statistics.values import Count, Figure, Hidden, UsageLine, UsageTable, rounded
from regions import versions
from regions.models import Province, Reach, RegionalOffice

__all__ = ["FEWEST", "OTHER", "OfficeAverage", "OfficeUsage", "office_usage", "office_usage_titles"]

OTHER: Final = "other"
FEWEST: Final = 5  # searches of a postcode that may be told apart


@dataclass(frozen=True, slots=True)
class OfficeAverage:
    """The average of all published offices in the period, with one decimal."""

    views: Decimal
    visitors: Decimal
    clicks: Decimal


@dataclass(frozen=True, slots=True)
class OfficeUsage:
    """How much an office was looked at and looked for. `tables` by code, in order."""

    period: Period
    views: Count
    visitors: Count  # each person once a day
    clicks: Count
    average: OfficeAverage
    tables: Mapping[str, UsageTable]


def office_usage_titles() -> dict[str, str]:
    """What each table is called, in the language of the moment."""
    return {
        "days": _("Views and people per day"),
        "sources": _("Where people came from"),
        "provinces": _("Provinces that people had searched in"),
        "postcodes": _("Searches in the own area, by postcode"),
        "support": _("Support that people asked for in the own area"),
        "clicks": _("Clicks on ways to contact the office"),
    }


def office_usage(office_id: int, period: Period) -> OfficeUsage:
    """The figures of an office in a period. Fifteen queries, whatever it is.

    Titles and names are in the language of the moment.
    """
    published = RegionalOffice.objects.published().order_by()
    offices = frozenset(published.values_list("pk", flat=True))
    served = Reach.objects.filter(office=office_id, serves=True).order_by().distinct()
    places = dict(served.values_list("postcode", "postcode__place"))
    counted = totals.steady(lambda: _count(office_id, places, three(period)))
    tables = (
        _days(counted, period),
        _sources(counted),
        _provinces(counted),
        _postcodes(counted, places),
        _support(counted),
        _clicks(counted, offices),
    )
    return OfficeUsage(
        period=period,
        views=counted.sources.total(VIEWS),
        visitors=counted.sources.total(VISITORS),
        clicks=counted.clicks.total(CLICKS),
        average=OfficeAverage(
            views=_average(counted.all_views, VIEWS, offices),
            visitors=_average(counted.all_views, VISITORS, offices),
            clicks=_average(counted.all_clicks, CLICKS, offices),
        ),
        tables={table.code: table for table in tables},
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """The numbers of an office, and those that the average is taken of."""

    sources: Tally
    provinces: Tally
    days: Mapping[str, Counter[date]]  # by measure
    postcodes: Tally  # of those that it serves
    support: Tally
    clicks: Tally  # by target
    all_views: Tally  # in the period alone, by office
    all_clicks: Tally  # in the period alone, by office; also a measure for each target


def _count(office: int, places: Collection[str], periods: Sequence[Period]) -> _Counted:
    counted = _Counted(
        Tally(), Tally(), defaultdict(Counter), Tally(), Tally(), Tally(), Tally(), Tally()
    )
    own, served = Q(office=office), Q(postcode__in=_served_by(office))
    each = spans(periods)
    for (day, source, province), numbers in _own_views(own, periods):
        for measure, number in zip((VIEWS, VISITORS), numbers, strict=True):
            counted.days[measure][day] += number
            for place in _places(day, periods):
                counted.sources.add(source, measure, place, number)
                counted.provinces.add(province, measure, place, number)
    for (postcode,), what in grouped(
        SearchTotal, ("postcode",), (SEARCHES, WITHOUT_OFFICE), each, served
    ):
        counted.postcodes.add(postcode, *what)
    for (support,), what in grouped(SupportTotal, ("support",), (TIMES,), each, served):
        counted.support.add(support, *what)
    for (target,), what in grouped(ClickTotal, ("target",), (CLICKS,), each, own):
        counted.clicks.add(target, *what)
    _add_all_offices(counted, periods[:1])
    for day, found in totals.of_days_without_totals(periods, clicks_too=True).items():
        for place in _places(day, periods):
            _add_single(counted, found, place, office, places)
        for measure, views in ((VIEWS, found.views), (VISITORS, found.viewers)):
            counted.days[measure][day] += sum(
                number for key, number in views.items() if key.office == office
            )
    return counted


def _own_views(
    own: Q, periods: Sequence[Period]
) -> Iterator[tuple[tuple[date, str, str], tuple[int, int]]]:
    """Views and visitors of the office by day, source and province. One query."""
    rows = ViewTotal.objects.filter(totals.within(periods), own).order_by()
    columns = ("day", "source", "province", "views", "visitors")
    for day, source, province, views, visitors in rows.values_list(*columns):
        yield (day, source, province), (views, visitors)


def _places(day: date, periods: Sequence[Period]) -> Iterator[int]:
    """Which of the periods a day lies in."""
    return (place for place, period in enumerate(periods) if day in period)


def _add_all_offices(counted: _Counted, periods: Sequence[Period]) -> None:
    """What the average is taken of. Three queries."""
    months, days = in_parts(periods)
    by_office = Q(by=MonthTotal.By.OFFICE)
    for (key,), what in grouped(MonthTotal, ("key",), (VIEWS, VISITORS), months, by_office):
        counted.all_views.add(int(key), *what)
    for (pk,), what in grouped(ViewTotal, ("office",), (VIEWS, VISITORS), days):
        counted.all_views.add(pk, *what)
    for (pk, target), (measure, place, number) in grouped(
        ClickTotal, ("office", "target"), (CLICKS,), spans(periods)
    ):
        counted.all_clicks.add(pk, measure, place, number)
        counted.all_clicks.add(pk, target, place, number)


def _served_by(office: int) -> object:
    """The postcodes that an office serves, as part of another query."""
    return Reach.objects.filter(office=office, serves=True).order_by().values("postcode")


def _add_single(
    counted: _Counted, found: DayTotals, place: int, office: int, places: Collection[str]
) -> None:
    """Add a day that stands in the period with this place."""
    for measure, views in ((VIEWS, found.views), (VISITORS, found.viewers)):
        for view, number in views.items():
            if not place:
                counted.all_views.add(view.office, measure, place, number)
            if view.office == office:
                counted.sources.add(view.source, measure, place, number)
                counted.provinces.add(view.province, measure, place, number)
    for measure, searches in ((SEARCHES, found.searches), (WITHOUT_OFFICE, found.without_office)):
        for search, number in searches.items():
            if search.postcode in places:
                counted.postcodes.add(search.postcode, measure, place, number)
    for asked, number in found.support.items():
        if asked.postcode in places:
            counted.support.add(asked.support, TIMES, place, number)
    for click, number in found.clicks.items():
        if not place:
            counted.all_clicks.add(click.office, CLICKS, place, number)
            counted.all_clicks.add(click.office, click.target, place, number)
        if click.office == office:
            counted.clicks.add(click.target, CLICKS, place, number)


def _days(counted: _Counted, period: Period) -> UsageTable:
    measures = (VIEWS, VISITORS)
    lines = usage_tables.day_lines(period, counted.days, measures)
    return _table("days", _("Day"), lines, totals_of(counted.sources, measures))


def _sources(counted: _Counted) -> UsageTable:
    """All sources; *not known* when there is something that it isn't known of."""
    tally, measures = counted.sources, (VIEWS, VISITORS)
    known = tally.codes()
    told = [each for each in Source.choices if each[0] != Source.UNKNOWN or each[0] in known]
    lines = usage_tables.lines(tally, told, measures)
    return _table(
        "sources", _("Source"), lines, totals_of(tally, measures), share_of=_("of all views")
    )


def _provinces(counted: _Counted) -> UsageTable:
    """All provinces, and where nothing was searched."""
    tally = counted.provinces
    told = [*Province.choices, ("", _("Nothing was searched"))]
    lines = usage_tables.lines(tally, told, (VIEWS,))
    return _table(
        "provinces", _("Province"), lines, totals_of(tally, (VIEWS,)), share_of=_("of all views")
    )


def _postcodes(counted: _Counted, places: Mapping[str, str]) -> UsageTable:
    """Postcodes with searches enough, most first; then the others together.

    That holds of each of the three periods: where an earlier one has too few, its numbers are
    hidden and stand with the others.

    It keeps the eye off small numbers, and is no lock: who takes one period from another a day
    longer, or has a single postcode among the others, finds them. That is accepted for these few
    people, whose accounts we know: such a number tells that somebody in an area of thousands asked,
    and nothing of who. What is public has no postcodes at all.
    """
    measures, rest = (SEARCHES, WITHOUT_OFFICE), Tally()
    shown = []
    for code in counted.postcodes.codes():
        counts = counts_of(counted.postcodes, code, measures)
        enough = [_is_enough(number) for number in usage_tables.numbers(counts[SEARCHES])]
        is_shown = enough[0]
        for measure, count in counts.items():
            for place, number in enumerate(usage_tables.numbers(count)):
                if not (is_shown and enough[place]):
                    rest.add(OTHER, measure, place, number)
        if is_shown:
            told = {measure: _hidden(count, enough) for measure, count in counts.items()}
            # The area can have changed since it was read.
            shown.append(UsageLine(code, f"{code} {places.get(code, '')}".strip(), told))
    others = UsageLine(OTHER, _("Other postcodes together"), counts_of(rest, OTHER, measures))
    lines = [*most_first(shown, SEARCHES), others]
    return _table("postcodes", _("Postcode"), lines, totals_of(counted.postcodes, measures))


def _is_enough(searches: int) -> bool:
    return not searches or searches >= FEWEST


def _hidden(count: Count, enough: Sequence[bool]) -> Count:
    """The count without the numbers of periods with too few searches."""
    figures: list[Figure] = [
        number if is_enough else Hidden.SMALL
        for number, is_enough in zip(usage_tables.numbers(count), enough, strict=True)
    ]
    return Count(*figures)


def _support(counted: _Counted) -> UsageTable:
    """What was asked for, most first."""
    types = versions.current().support_types
    told = [(code, types[code].name if code in types else code) for code in counted.support.codes()]
    lines = most_first(usage_tables.lines(counted.support, told, (TIMES,)), TIMES)
    return _table("support", _("Type of support"), lines, totals_of(counted.support, (TIMES,)))


def _clicks(counted: _Counted, offices: Collection[int]) -> UsageTable:
    """All ways to contact, each beside the average."""
    lines = [
        UsageLine(
            code,
            str(name),
            counts_of(counted.clicks, code, (CLICKS,)),
            detail={"average": _average(counted.all_clicks, code, offices)},
        )
        for code, name in Click.Target.choices
    ]
    return _table("clicks", _("Way to contact"), lines, totals_of(counted.clicks, (CLICKS,)))


def _average(tally: Tally, measure: str, offices: Collection[int]) -> Decimal:
    """Of the published offices, those without any number too; zero when there are none."""
    total = sum(usage_tables.numbers(tally.count(office, measure))[0] for office in offices)
    return rounded(Decimal(total) / (len(offices) or 1))


def _table(
    code: str,
    about: str,
    lines: Iterable[UsageLine],
    total: Mapping[str, Count],
    *,
    share_of: str = "",
) -> UsageTable:
    """A table with the measures of its total."""
    title = office_usage_titles()[code]
    return usage_tables.table(code, title, about, tuple(total), lines, total, share_of=share_of)
