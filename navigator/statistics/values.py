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
    """A day with its number of conversations."""

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


def rounded(number: Decimal) -> Decimal:
    """With one decimal, half up, without a minus before zero."""
    return number.quantize(_TENTH, ROUND_HALF_UP) + 0
