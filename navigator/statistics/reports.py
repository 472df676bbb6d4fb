"""The figures of advice in a period, beside those of the period before and of a year before.

`navigator.advice.figures` counts; here numbers get their words, their shares and what they are
compared with. A conversation can lead to several kinds of destination, so that shares add up to
more than 100 %. *Not referred* has a share, but is no referral.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from navigator.advice import figures
from navigator.advice.figures import Counts, Figures, SlipFacts
from navigator.advice.models import AdviceConversation, Channel, Destination, Interest
from navigator.statistics import slips
from navigator.statistics.periods import Period, year_earlier
from navigator.statistics.values import (
    AdviceReport,
    Column,
    Count,
    DayCount,
    Figure,
    Hidden,
    Line,
    Table,
    share,
)
from regions import versions
from regions.models import RegionalOffice

__all__ = [
    "NOT_REFERRED",
    "NOT_REGISTERED",
    "TABLES",
    "AdviceReport",
    "Column",
    "Count",
    "DayCount",
    "Figure",
    "Hidden",
    "Line",
    "Table",
    "advice_report",
    "table_titles",
]

NOT_REFERRED: Final = AdviceConversation.Outcome.NOT_REFERRED.value
NOT_REGISTERED: Final = "not-registered"
# All tables, in the order in which they are shown.
TABLES: Final = ("destinations", "offices", "sectors", "channels", "days", "months", "slips")
_NONE: Final[Counts] = (0, 0, 0)
_PUBLISHED: Final = RegionalOffice.State.PUBLISHED
# What a report on some offices alone has.
_OF_OFFICES: Final = frozenset({"offices", "days", "months", "slips"})


def table_titles() -> dict[str, str]:
    """What each table is called, in the language of the moment."""
    return {
        "destinations": _("Where conversations led to"),
        "offices": _("Referrals to each regional office"),
        "sectors": _("Sectors of interest"),
        "channels": _("Channels"),
        "days": _("Conversations per day"),
        "months": _("Conversations per month"),
        "slips": _("What became of referrals with a slip"),
    }


def advice_report(period: Period, *, offices: Collection[int] | None = None) -> AdviceReport:
    """The figures of a period, in six queries whatever its length.

    With `offices` (ids), for their editors: the conversations that were referred to one of them,
    the referrals to each of them, and their slips; then there are no other tables. Titles and
    names are in the language of the moment.
    """
    numbers = figures.count([(each.first, each.last) for each in _three(period)], offices=offices)
    every_office = RegionalOffice.objects.order_by("name", "pk").values_list(
        "pk", "slug", "name", "state"
    )
    counted = _Counted(period, numbers, tuple(every_office), offices)
    made = {
        code: _TABLES[code](counted) for code in TABLES if offices is None or code in _OF_OFFICES
    }
    return AdviceReport(
        period=period,
        conversations=Count(*numbers.conversations),
        with_outcome=Count(*numbers.with_outcome),
        referrals=counted.referrals.count,
        record_day=_record_day(period, numbers.per_day),
        tables=made,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the tables are made of."""

    period: Period
    numbers: Figures
    every_office: Sequence[tuple[int, str, str, str]]  # id, slug, name, state
    offices: Collection[int] | None  # those that it is about; None: all

    @property
    def conversations(self) -> Line:
        return Line("conversations", _("Conversations"), Count(*self.numbers.conversations))

    @property
    def with_outcome(self) -> Line:
        name = _("Conversations with a registered outcome")
        return Line("with-outcome", name, Count(*self.numbers.with_outcome))

    @property
    def referrals(self) -> Line:
        """To the ten kinds of destination together."""
        numbers = zip(_NONE, *self.numbers.per_destination.values(), strict=True)
        return Line("total-referrals", _("Total referrals"), Count(*map(sum, numbers)))


def _destinations(counted: _Counted) -> Table:
    """The ten kinds and *not referred*, each with its share."""
    numbers = counted.numbers
    kinds = {**numbers.per_destination, NOT_REFERRED: numbers.not_referred}
    names = [*Destination.choices, (NOT_REFERRED, AdviceConversation.Outcome.NOT_REFERRED.label)]
    base = numbers.with_outcome[0]
    lines = [
        Line(code, str(name), count, share(count.now, base))
        for code, name in names
        for count in [Count(*kinds.get(code, _NONE))]
    ]
    totals = (counted.referrals, counted.with_outcome, counted.conversations)
    return _table("destinations", _("Destination"), lines, totals, share=_("Share in percent"))


def _offices(counted: _Counted) -> Table:
    """By name; all that are public, and any other that was referred to."""
    numbers = counted.numbers.per_office
    lines = [
        Line(slug, name, Count(*numbers.get(pk, _NONE)), detail={"id": pk})
        for pk, slug, name in _known_offices(counted)
    ]
    if counted.offices is None:
        rest = Count(*numbers.get(None, _NONE))
        lines.append(Line(NOT_REGISTERED, _("Not registered to which one"), rest))
    referred = counted.numbers.per_destination.get(Destination.REGIONAL_OFFICE.value, _NONE)
    name = _("Conversations referred to a regional office")
    total = Line(Destination.REGIONAL_OFFICE.value, name, Count(*referred))
    return _table("offices", _("Regional office"), lines, (total,))


def _known_offices(counted: _Counted) -> list[tuple[int, str, str]]:
    """Id, slug and name of the offices that a table has a line for."""
    referred = counted.numbers.per_office.keys() | {slip.office for slip in counted.numbers.slips}
    return [
        (pk, slug, name)
        for pk, slug, name, state in counted.every_office
        if pk in (counted.offices or ())
        or (counted.offices is None and (state == _PUBLISHED or pk in referred))
    ]


def _sectors(counted: _Counted) -> Table:
    """The sectors, what candidates can have in mind instead, and *not registered*."""
    numbers = counted.numbers.per_interest
    names = {code: term.name for code, term in versions.current().sectors.items()}
    names |= {code: str(name) for code, name in Interest.choices}
    lines = [Line(code, name, Count(*numbers.get(code, _NONE))) for code, name in names.items()]
    lines.append(Line(NOT_REGISTERED, _("Not registered"), Count(*numbers.get(None, _NONE))))
    return _table("sectors", _("Sector"), lines, (counted.conversations,))


def _channels(counted: _Counted) -> Table:
    numbers = counted.numbers.per_channel
    lines = [
        Line(code, str(name), Count(*numbers.get(code, _NONE))) for code, name in Channel.choices
    ]
    return _table("channels", _("Channel"), lines, (counted.conversations,))


def _days(counted: _Counted) -> Table:
    """Each day, beside the day as many days earlier as the period has, and the date a year before.

    29 February has no date a year before, so none is compared with it.
    """
    period, numbers = counted.period, counted.numbers.per_day
    lines = [
        Line(
            day.isoformat(),
            _day_name(day, get_language()),
            Count(
                numbers.get(day, 0),
                numbers.get(before, 0),
                0 if _is_leap_day(day) else numbers.get(year_earlier(day), 0),
            ),
            detail={"day": day},
        )
        for day, before in zip(period, period.before, strict=True)
    ]
    return _table("days", _("Day"), lines, (counted.conversations,))


def _months(counted: _Counted) -> Table:
    """Each month, as far as the period has it.

    The period before is cut into pieces of the same length, so that they add up to it as well.
    """
    period, numbers = counted.period, counted.numbers.per_day
    now: Counter[date] = Counter()
    before: Counter[date] = Counter()
    year_before: Counter[date] = Counter()
    for day, earlier in zip(period, period.before, strict=True):
        now[day.replace(day=1)] += numbers.get(day, 0)
        before[day.replace(day=1)] += numbers.get(earlier, 0)
    for day in period.year_before:
        year_before[day.replace(day=1)] += numbers.get(day, 0)
    lines = [
        Line(
            f"{first:%Y-%m}",
            date_format(first, "F Y"),
            Count(number, before[first], year_before[year_earlier(first)]),
            detail={"first": first},
        )
        for first, number in now.items()
    ]
    return _table("months", _("Month"), lines, (counted.conversations,))


def _slips(counted: _Counted) -> Table:
    """Per office: referred with a slip, and what became of it. One that led to two counts twice."""
    periods = _three(counted.period)
    by_office: defaultdict[int, list[SlipFacts]] = defaultdict(list)
    for slip in counted.numbers.slips:
        by_office[slip.office].append(slip)

    def line(code: str, name: str, told: Sequence[SlipFacts]) -> Line:
        count = slips.count_of(told, periods)
        return Line(code, name, count, detail=slips.detail_of(told, counted.period))

    lines = [line(slug, name, by_office[pk]) for pk, slug, name in _known_offices(counted)]
    total = line("total", _("All together"), counted.numbers.slips)
    return _table(
        "slips",
        _("Regional office"),
        lines,
        (total,),
        known=_("Outcome known"),
        contacted=_("Contacted"),
        median_days=_("Working days until contact, median"),
        mean_days=_("Working days until contact, mean"),
        helped=_("Helped"),
    )


_TABLES: Final[Mapping[str, Callable[[_Counted], Table]]] = {
    "destinations": _destinations,
    "offices": _offices,
    "sectors": _sectors,
    "channels": _channels,
    "days": _days,
    "months": _months,
    "slips": _slips,
}


def _table(
    code: str,
    about: str,
    lines: Sequence[Line],
    totals: tuple[Line, ...],
    *,
    share: str = "",
    **more: str,
) -> Table:
    columns = {
        "code": _("Code"),
        "name": about,
        "now": _("Number"),
        **({"share": share} if share else {}),
        "before": _("Period before"),
        "change_before": _("Change in percent"),
        "year_before": _("A year before"),
        "change_year": _("Change in a year in percent"),
        **more,
    }
    told = tuple(Column(name, title) for name, title in columns.items())
    return Table(code, table_titles()[code], told, tuple(lines), totals)


def _three(period: Period) -> tuple[Period, Period, Period]:
    return period, period.before, period.year_before


@lru_cache(maxsize=4096)  # a report on years has more than a thousand
def _day_name(day: date, language: str | None) -> str:
    """In `language`, which is that of the moment."""
    return date_format(day, "j F Y")


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def _record_day(period: Period, per_day: Mapping[date, int]) -> DayCount | None:
    """The earliest of the days with the most conversations; None when there were none."""
    most = max((number for day, number in per_day.items() if day in period), default=0)
    days = (day for day, number in per_day.items() if day in period and number == most)
    return DayCount(min(days), most) if most else None
