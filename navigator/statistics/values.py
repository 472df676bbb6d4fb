"""What a report consists of. All of it is ready to be shown; nothing asks the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final

from navigator.statistics.periods import Period

_TENTH: Final = Decimal("0.1")


class Hidden(StrEnum):
    """What stands in the place of a number that is kept back on published pages."""

    SMALL = "<5"
    WITHHELD = "x"  # not small, but a small one could be computed from it


Figure = int | Hidden


@dataclass(frozen=True, slots=True)
class Count:
    """A number in the period, in the one before, and in the same a year earlier."""

    now: Figure
    before: Figure = 0
    year_before: Figure = 0

    @property
    def change_before(self) -> Decimal | None:
        """Since the period before, in percent; None when there is nothing to compare with."""
        return change(self.now, self.before)

    @property
    def change_year(self) -> Decimal | None:
        """Since a year before, in percent; None when there is nothing to compare with."""
        return change(self.now, self.year_before)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `code` for programs, `title` for people."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table."""

    code: str
    name: str
    count: Count
    share: Decimal | None = None  # in percent of the conversations with an outcome
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under columns. `totals` are what the lines are parts of; they close an export."""

    code: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day with its number: of conversations, or of visitors."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class AdviceReport:
    """The figures of advice in a period. `tables` by code, in order."""

    period: Period
    conversations: Count
    with_outcome: Count
    referrals: Count
    record_day: DayCount | None  # the earliest of the highest
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number that is computed of two others, with one decimal; None: there is no base for it."""

    now: Decimal | None
    before: Decimal | None = None
    year_before: Decimal | None = None

    @property
    def change_before(self) -> Decimal | None:
        """Since the period before, in percent of what it was; None: nothing to compare with."""
        return ratio_change(self.now, self.before)

    @property
    def change_year(self) -> Decimal | None:
        """Since a year before, in percent of what it was; None: nothing to compare with."""
        return ratio_change(self.now, self.year_before)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a table of usage counts: `code` for programs, `title` for people."""

    code: str  # "visitors", "views", "searches", "without_office"
    title: str


@dataclass(frozen=True, slots=True)
class UsageLine:
    """A line of a table of usage: a count for each measure of its table."""

    code: str
    name: str
    counts: Mapping[str, Count]  # by the code of the measure
    share: Decimal | None = None  # in percent, of the first measure; see the table's `share_of`
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageTable:
    """Lines of usage. The first measure is the main one: its is the share, and the order."""

    code: str
    title: str
    about: str  # the title of the column of names
    measures: tuple[Measure, ...]
    lines: tuple[UsageLine, ...]
    totals: tuple[UsageLine, ...] = ()
    share_of: str = ""  # what the shares are parts of, in words; empty: no shares


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Who used the navigator in a period. `tables` by code, in order."""

    period: Period
    visitors: Count  # the sum of daily visitors
    searches: Count
    views: Count
    views_a_visitor: Ratio
    served_share: Ratio  # of the searches, in percent: with at least one regional office
    record_day: DayCount | None  # of visitors; the earliest of the highest
    record: Count  # the visitors of the record day of each of the three periods
    first_day: date | None  # the earliest day with any figure at all; None: nothing was counted yet
    tables: Mapping[str, UsageTable]


def share(part: Figure, base: Figure) -> Decimal | None:
    """In percent, one decimal, half up; None when it can't be told."""
    if not isinstance(part, int) or not isinstance(base, int) or not base:
        return None
    return rounded(Decimal(100 * part) / base)


def change(now: Figure, then: Figure) -> Decimal | None:
    """The difference in percent of what it was; None when there is nothing to compare with."""
    if not isinstance(now, int) or not isinstance(then, int) or not then:
        return None
    return rounded(Decimal(100 * (now - then)) / then)


def ratio_change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """The difference in percent of what it was; None when there is nothing to compare with."""
    if now is None or not then:
        return None
    return rounded(100 * (now - then) / then)


def rounded(number: Decimal) -> Decimal:
    """With one decimal, half up, without a minus before zero."""
    return number.quantize(_TENTH, ROUND_HALF_UP) + 0
