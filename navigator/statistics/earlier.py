"""Figures of before this service: a table of views and visitors by office and day -> totals.

All or nothing. What was imported before for the same days is replaced, so a file can be mended and
imported again; a day that this service counted itself is never touched.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from tablib import Dataset

from navigator.statistics import sums, totals
from navigator.statistics.models import (
    Click,
    ProfileView,
    Search,
    Source,
    SupportAsked,
    TotalledDay,
    ViewTotal,
    VisitorTotal,
)
from regions.models import RegionalOffice

COLUMNS: Final = ("office", "day", "views", "visitors", "source")
_NEEDED: Final = {"office", "day", "views", "visitors"}
_MOST: Final = 10_000_000

MESSAGES: Final[Mapping[str, Promise]] = {
    "no_column": _("The column “%(name)s” is missing."),
    "unknown_column": _("There is no such column: “%(name)s”."),
    "not_a_day": _("This is not a day. Write it as year-month-day, such as 2026-03-31."),
    "not_over": _("This day isn't over yet."),
    "not_a_number": _("This is not a whole number from 0 on."),
    "unknown_office": _("There is no office with this short name."),
    "unknown_source": _("We don't know this source. Leave it empty, or choose one of: %(known)s."),
    "visitors_above_views": _("More visitors than views: that can't be."),
    "views_of_all": _("A row without an office is for the visitors of all; leave its views empty."),
    "twice": _("This office, day and source stand in the file before."),
    "counted_here": _("This service counted this day itself."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row of the file; the first under the names is row 2."""

    row: int
    column: str
    code: str
    name: str = ""

    def __str__(self) -> str:
        """What to mend, in the language of the moment."""
        known = ", ".join(Source.values)
        return str(MESSAGES[self.code] % {"name": self.name, "known": known})


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    office: str  # slug; empty for all together
    day: date
    source: str
    views: int
    visitors: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. With problems it does nothing."""

    rows: tuple[_Row, ...]
    problems: tuple[Problem, ...]

    @property
    def days(self) -> set[date]:
        """The days whose totals it gives."""
        return {row.day for row in self.rows}

    @property
    def views(self) -> int:
        """All views together."""
        return sum(row.views for row in self.rows)


def plan(table: Dataset, *, today: date) -> Plan:
    """What the rows of a table come to. Four queries."""
    names = [name.strip().lower() for name in table.headers or ()]
    if problems := _wrong_columns(names):
        return Plan((), tuple(problems))
    read: list[_Row] = []
    wrong: list[Problem] = []
    for number, cells in enumerate(table, start=2):
        row, found = _read(number, dict(zip(names, cells, strict=True)), today)
        wrong += found
        if row:
            read.append(row)
    wrong += _wrong_together(read)
    return Plan(tuple(read), tuple(sorted(wrong, key=lambda each: each.row)))


@transaction.atomic
def store(found: Plan) -> None:
    """Put the rows of a plan without problems in the place of what was imported for these days."""
    if found.problems:
        raise ValueError("A plan with problems is not stored.")
    totals.bump(timezone.now())
    offices = dict(RegionalOffice.objects.values_list("slug", "pk"))
    for model in (ViewTotal, VisitorTotal):
        model._default_manager.filter(day__in=found.days).delete()
    TotalledDay.objects.bulk_create(
        [TotalledDay(day=day, is_imported=True) for day in sorted(found.days)],
        ignore_conflicts=True,
    )
    ViewTotal.objects.bulk_create(
        ViewTotal(
            day=row.day,
            office_id=offices[row.office],
            source=row.source,
            views=row.views,
            visitors=row.visitors,
        )
        for row in found.rows
        if row.office
    )
    VisitorTotal.objects.bulk_create(
        VisitorTotal(day=row.day, source=row.source, visitors=row.visitors)
        for row in found.rows
        if not row.office
    )
    sums.renew(found.days)


def _wrong_columns(names: Sequence[str]) -> list[Problem]:
    missing = [Problem(1, name, "no_column", name) for name in COLUMNS if name in _NEEDED]
    return [problem for problem in missing if problem.name not in names] + [
        Problem(1, name, "unknown_column", name) for name in names if name not in COLUMNS
    ]


def _read(number: int, cells: Mapping[str, str], today: date) -> tuple[_Row | None, list[Problem]]:
    problems: list[Problem] = []

    def wrong(column: str, code: str) -> None:
        problems.append(Problem(number, column, code))

    office = cells["office"].strip()
    day = _day(cells["day"].strip())
    source = cells.get("source", "").strip() or Source.UNKNOWN.value
    views, visitors = _number(cells["views"] or "0"), _number(cells["visitors"])
    if day is None:
        wrong("day", "not_a_day")
    elif day >= today:
        wrong("day", "not_over")
    if source not in Source.values:
        wrong("source", "unknown_source")
    for column, value in (("views", views), ("visitors", visitors)):
        if value is None:
            wrong(column, "not_a_number")
    if not problems and not office and views:
        wrong("views", "views_of_all")
    if office and views is not None and visitors is not None and visitors > views:
        wrong("visitors", "visitors_above_views")
    if problems or day is None or views is None or visitors is None:
        return None, problems
    return _Row(number, office, day, source, views, visitors), []


def _wrong_together(rows: Sequence[_Row]) -> list[Problem]:
    """What a row alone can't tell: offices that don't exist, repeats, days that were counted."""
    known = set(RegionalOffice.objects.values_list("slug", flat=True))
    counted = _counted_here({row.day for row in rows})
    times = Counter[tuple[str, date, str]]()
    problems = []
    for row in rows:
        key = (row.office, row.day, row.source)
        times[key] += 1
        found = {
            "office": "unknown_office" if row.office and row.office not in known else "",
            "day": "counted_here" if row.day in counted else "",
            "source": "twice" if times[key] > 1 else "",
        }
        problems += [Problem(row.number, column, code) for column, code in found.items() if code]
    return problems


def _counted_here(days: set[date]) -> set[date]:
    """Those of these days with single rows, or with totals that were made of them."""
    found: dict[type, set[date]] = defaultdict(set)
    totalled = TotalledDay.objects.filter(is_imported=False, day__in=days)
    found[TotalledDay] = set(totalled.values_list("day", flat=True))
    for model in (ProfileView, Search, Click, SupportAsked):
        rows = model._default_manager.filter(day__in=days).order_by()
        found[model] = set(rows.values_list("day", flat=True).distinct())
    return set[date]().union(*found.values())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_MOST))
    return int(text) if is_number else None
