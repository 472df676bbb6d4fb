"""The figures of usage in a period, beside those of the period before and of a year before.

`navigator.statistics.usage` counts; here numbers get their words, their shares and their order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from navigator.statistics import usage, usage_tables
from navigator.statistics.models import Source
from navigator.statistics.periods import Period
from navigator.statistics.usage import SEARCHES, VIEWS, VISITORS, WITHOUT_OFFICE, Tally, Usage
from navigator.statistics.usage_tables import NONE, added, counts_of, most_first, numbers, totals_of
from navigator.statistics.values import (
    Count,
    DayCount,
    Ratio,
    UsageLine,
    UsageReport,
    UsageTable,
    rounded,
    share,
)
from regions import versions
from regions.models import Municipality, Province, RegionalOffice

__all__ = ["NONE", "USAGE_TABLES", "changed_at", "usage_report", "usage_table_titles"]

# All tables, in the order in which they are shown.
USAGE_TABLES: Final = (
    "days",
    "sources",
    "provinces",
    "municipalities",
    "searches",
    "without-office",
    "offices",
)


def usage_table_titles() -> dict[str, str]:
    """What each table is called, in the language of the moment."""
    return {
        "days": _("People, views and searches per day"),
        "sources": _("Where people came from"),
        "provinces": _("Provinces that people searched in"),
        "municipalities": _("Municipalities that people searched in"),
        "searches": _("Searches by municipality and sector"),
        "without-office": _("Searches without an office"),
        "offices": _("Views of each regional office"),
    }


def changed_at(period: Period) -> datetime | None:
    """When a figure of a period, or what it is compared with, last changed; None: never counted.

    Three queries.
    """
    return usage.changed_at(period)


def usage_report(period: Period) -> UsageReport:
    """The figures of a period, in sixteen queries whatever its length.

    Titles and names are in the language of the moment.
    """
    counted = usage.count_usage(period)
    offices = RegionalOffice.objects.order_by("name", "pk")
    areas = Municipality.objects.values_list("code", "name", "province")
    facts = _Facts(
        period,
        counted,
        tuple(offices.values_list("pk", "slug", "name", "state")),
        {code: (name, province) for code, name, province in areas},
    )
    return UsageReport(
        period=period,
        visitors=facts.visitors,
        searches=facts.searches,
        views=facts.views,
        views_a_visitor=_views_a_visitor(facts),
        served_share=_served_share(facts),
        record_day=_record_day(period, counted.days[VISITORS]),
        record=_record(period, counted.days[VISITORS]),
        first_day=counted.first_day,
        tables={code: _TABLES[code](facts) for code in USAGE_TABLES},
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the tables are made of."""

    period: Period
    counted: Usage
    every_office: Sequence[tuple[int, str, str, str]]  # id, slug, name, state
    areas: Mapping[str, tuple[str, str]]  # code of a municipality -> name, province

    @property
    def visitors(self) -> Count:
        return self.counted.sources.total(VISITORS)

    @property
    def views(self) -> Count:
        return self.counted.sources.total(VIEWS)

    @property
    def searches(self) -> Count:
        return self.counted.questions.total(SEARCHES)

    @property
    def without_office(self) -> Count:
        return self.counted.questions.total(WITHOUT_OFFICE)


def _days(facts: _Facts) -> UsageTable:
    """All days of the period. The totals are those of all days, also of a leap day a year ago."""
    totals = {
        VISITORS: facts.visitors,
        VIEWS: facts.views,
        SEARCHES: facts.searches,
        WITHOUT_OFFICE: facts.without_office,
    }
    lines = usage_tables.day_lines(facts.period, facts.counted.days, tuple(totals))
    return _table("days", _("Day"), lines, totals)


def _sources(facts: _Facts) -> UsageTable:
    """All sources; *not known* when there is something that it isn't known of."""
    tally, measures = facts.counted.sources, (VISITORS, VIEWS, SEARCHES)
    known = tally.codes()
    told = [each for each in Source.choices if each[0] != Source.UNKNOWN or each[0] in known]
    lines = usage_tables.lines(tally, told, measures)
    totals = totals_of(tally, measures)
    return _table("sources", _("Source"), lines, totals, share_of=_("of all people"))


def _provinces(facts: _Facts) -> UsageTable:
    """All provinces, and where nothing was searched."""
    tally, measures = facts.counted.provinces, (SEARCHES, VISITORS, VIEWS)
    told = [*Province.choices, ("", _("Nothing was searched"))]
    lines = usage_tables.lines(tally, told, measures)
    totals = totals_of(tally, measures)
    return _table("provinces", _("Province"), lines, totals, share_of=_("of all searches"))


def _municipalities(facts: _Facts) -> UsageTable:
    """Those with a number, most searches first."""
    measures, questions, tally = (SEARCHES, WITHOUT_OFFICE), facts.counted.questions, Tally()
    for municipality, sector in questions.codes():
        for measure in measures:
            count = questions.count((municipality, sector), measure)
            tally.add_count(municipality, measure, count)
    lines = [
        UsageLine(
            code or NONE,
            _area_name(facts, code),
            counts,
            share(counts[SEARCHES].now, facts.searches.now),
            {"province": _province_of(facts, code)},
        )
        for code in tally.codes()
        for counts in [counts_of(tally, code, measures)]
    ]
    return _table(
        "municipalities",
        _("Municipality"),
        most_first(lines, SEARCHES),
        totals_of(tally, measures),
        share_of=_("of all searches"),
    )


def _searches(facts: _Facts) -> UsageTable:
    """By municipality and sector: those with a number, most searches first."""
    measures = (SEARCHES, WITHOUT_OFFICE)
    return _table(
        "searches",
        _("Municipality and sector"),
        most_first(_questions(facts, measures), SEARCHES),
        totals_of(facts.counted.questions, measures),
        share_of=_("of all searches"),
    )


def _without_office(facts: _Facts) -> UsageTable:
    """The same of those without an office in this period or in the one before.

    The total is that of these lines, of which every search without an office in both is one.
    """
    measures = (WITHOUT_OFFICE, SEARCHES)
    lines = [
        line
        for line in _questions(facts, measures)
        if line.counts[WITHOUT_OFFICE].now or line.counts[WITHOUT_OFFICE].before
    ]
    return _table(
        "without-office",
        _("Municipality and sector"),
        most_first(lines, WITHOUT_OFFICE),
        {measure: added(line.counts[measure] for line in lines) for measure in measures},
        share_of=_("of all searches without an office"),
    )


def _offices(facts: _Facts) -> UsageTable:
    """All that are published, and any other that was looked at; most views first, then by name."""
    tally, measures = facts.counted.offices, (VIEWS, VISITORS)
    seen = tally.codes()
    lines = [
        UsageLine(slug, name, counts, share(counts[VIEWS].now, facts.views.now), {"id": pk})
        for pk, slug, name, state in facts.every_office
        if state == RegionalOffice.State.PUBLISHED or pk in seen
        for counts in [counts_of(tally, pk, measures)]
    ]
    return _table(
        "offices",
        _("Regional office"),
        most_first(lines, VIEWS),
        totals_of(tally, measures),
        share_of=_("of all views"),
        total_name=_("All together; who looked at two offices counts for both"),
    )


_TABLES: Final[Mapping[str, Callable[[_Facts], UsageTable]]] = {
    "days": _days,
    "sources": _sources,
    "provinces": _provinces,
    "municipalities": _municipalities,
    "searches": _searches,
    "without-office": _without_office,
    "offices": _offices,
}


def _table(
    code: str,
    about: str,
    lines: Sequence[UsageLine],
    totals: Mapping[str, Count],
    *,
    share_of: str = "",
    total_name: str = "",
) -> UsageTable:
    """A table with the measures of its totals."""
    return usage_tables.table(
        code,
        usage_table_titles()[code],
        about,
        tuple(totals),
        lines,
        totals,
        share_of=share_of,
        total_name=total_name,
    )


def _questions(facts: _Facts, measures: Sequence[str]) -> list[UsageLine]:
    """A line for each municipality and sector; the share is that of the first measure."""
    tally = facts.counted.questions
    base = tally.total(measures[0]).now
    return [
        UsageLine(
            f"{municipality or NONE}:{sector}",
            f"{area}, {field}",
            counts,
            share(counts[measures[0]].now, base),
            {
                "municipality": municipality or NONE,
                "municipality_name": area,
                "province": _province_of(facts, municipality),
                "sector": sector,
                "sector_name": field,
            },
        )
        for municipality, sector in tally.codes()
        for counts in [counts_of(tally, (municipality, sector), measures)]
        for area, field in [(_area_name(facts, municipality), _sector_name(sector))]
    ]


def _area_name(facts: _Facts, code: str) -> str:
    """The name of a municipality; its code when there is none such any more."""
    if not code:
        return _("Not known which municipality")
    return facts.areas[code][0] if code in facts.areas else code


def _province_of(facts: _Facts, code: str) -> str:
    return facts.areas[code][1] if code in facts.areas else NONE


def _sector_name(code: str) -> str:
    if not code:
        return _("any sector")
    known = versions.current().sectors.get(code)
    return known.name if known else code


def _views_a_visitor(facts: _Facts) -> Ratio:
    pairs = zip(numbers(facts.views), numbers(facts.visitors), strict=True)
    return Ratio(
        *(rounded(Decimal(views) / visitors) if visitors else None for views, visitors in pairs)
    )


def _served_share(facts: _Facts) -> Ratio:
    pairs = zip(numbers(facts.searches), numbers(facts.without_office), strict=True)
    return Ratio(*(share(searches - without, searches) for searches, without in pairs))


def _record_day(period: Period, per_day: Mapping[date, int]) -> DayCount | None:
    """The earliest of the days with the most visitors; None when there were none."""
    most = _most(period, per_day)
    days = (day for day, number in per_day.items() if day in period and number == most)
    return DayCount(min(days), most) if most else None


def _record(period: Period, per_day: Mapping[date, int]) -> Count:
    """The visitors of the record day, beside those of the record days of before."""
    return Count(*(_most(each, per_day) for each in usage.three(period)))


def _most(period: Period, per_day: Mapping[date, int]) -> int:
    """Of the days of a period the highest number."""
    return max((number for day, number in per_day.items() if day in period), default=0)
