"""The figures of usage as open data: tables with columns that stay, each with what it means.

The API, its CSV and the archive of a period all take their rows from here, and what is said of
the columns too. Texts are English, as everywhere for programs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from tablib import Dataset

from navigator.statistics.left_out import LeftOutReport
from navigator.statistics.values import Count, Ratio, UsageLine, UsageReport, UsageTable
from regions import sheets

LICENCE: Final = "CC0-1.0"  # as SPDX has it
LICENCE_NAME: Final = "Creative Commons Zero v1.0 Universal"
LICENCE_URL: Final = "https://creativecommons.org/publicdomain/zero/1.0/"

Cell = str | int | Decimal | date | None
Row = Mapping[str, Cell]


class Compare(StrEnum):
    """With what the numbers of a period are compared."""

    BEFORE = "before"  # as many days, directly before it
    YEAR = "year"  # the same dates a year earlier
    NONE = "none"


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "whole number"
    RATIO = "number with one decimal"
    FIGURE = "whole number, or number with one decimal"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in JSON and CSV; `can_be_empty`: null in JSON, nothing in CSV."""

    name: str
    kind: Kind
    description: str
    can_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table by its code, which is its name in addresses and files."""

    code: str
    title: str
    description: str
    columns: tuple[Column, ...]


def _text(name: str, description: str, *, can_be_empty: bool = False) -> Column:
    return Column(name, Kind.TEXT, description, can_be_empty)


_VISITORS = Column(
    "visitors",
    Kind.NUMBER,
    "People who used the navigator. Each is counted once a day; over several days these are added "
    "up, so who came on two days counts twice.",
)
_VIEWS = Column(
    "views",
    Kind.NUMBER,
    "Views of the page of an office by people. A reload within 30 minutes is the same view.",
)
_SEARCHES = Column(
    "searches", Kind.NUMBER, "Searches for the offices of a postcode, a place or a location."
)
_WITHOUT_OFFICE = Column(
    "withoutOffice",
    Kind.NUMBER,
    "Searches for which no regional office was found, for the sector that was asked for.",
)
_MUNICIPALITY: Final = (
    _text("municipality", "CBS code of the municipality; empty when not known.", can_be_empty=True),
    _text("name", "Name of the municipality."),
    _text("province", "Code of its province; empty when not known.", can_be_empty=True),
)
_SECTOR: Final = (
    _text("sector", "Code of the sector that was asked for; empty for any.", can_be_empty=True),
    _text("sectorName", "Name of the sector."),
)


def _share(whole: str) -> Column:
    return Column(
        "share",
        Kind.RATIO,
        f"Part of {whole}, in percent; empty when there are none.",
        can_be_empty=True,
    )


def _compared(main: Column) -> tuple[Column, Column]:
    """The main number in the other period, and the change since."""
    name = f"{main.name}Compared"
    told = f"`{main.name}` in the period that is compared with; empty when none is."
    return Column(name, Kind.NUMBER, told, can_be_empty=True), _change(main)


def _change(main: Column) -> Column:
    return Column(
        "change",
        Kind.RATIO,
        f"Change of `{main.name}` since the period that is compared with, in percent of what it "
        "was; empty when there is nothing to compare with.",
        can_be_empty=True,
    )


_DAYS: Final = OpenTable(
    "days",
    "Days",
    "Every day of the period. A day is compared with the day as many days earlier as the period "
    "has, or with the same date a year earlier.",
    (
        Column("day", Kind.DAY, "The day, in Europe/Amsterdam."),
        _VISITORS,
        _VIEWS,
        _SEARCHES,
        _WITHOUT_OFFICE,
        *_compared(_VISITORS),
    ),
)
_SOURCES: Final = OpenTable(
    "sources",
    "Sources",
    "Where people came from. A visitor stands where the first thing they did that day stands.",
    (
        _text(
            "source",
            "Code: campaign, search-engine, social, partner, other-site, direct, widget, api; "
            "unknown for figures of before this service.",
        ),
        _text("name", "Name of the source."),
        _VISITORS,
        _VIEWS,
        _SEARCHES,
        _share("all visitors"),
        *_compared(_VISITORS),
    ),
)
_PROVINCES: Final = OpenTable(
    "provinces",
    "Provinces",
    "By the province of what was searched for; visitors and views by the search before them.",
    (
        _text(
            "province",
            "Code of the province; empty where there was no search.",
            can_be_empty=True,
        ),
        _text("name", "Name of the province."),
        _SEARCHES,
        _VISITORS,
        _VIEWS,
        _share("all searches"),
        *_compared(_SEARCHES),
    ),
)
_MUNICIPALITIES: Final = OpenTable(
    "municipalities",
    "Searches by municipality",
    "Municipalities with a search in the period or in those that it is compared with.",
    (
        *_MUNICIPALITY,
        _SEARCHES,
        _WITHOUT_OFFICE,
        _share("all searches"),
        *_compared(_SEARCHES),
    ),
)
_SEARCHED: Final = OpenTable(
    "searches",
    "Searches by municipality and sector",
    "Never by postcode.",
    (
        *_MUNICIPALITY,
        *_SECTOR,
        _SEARCHES,
        _WITHOUT_OFFICE,
        _share("all searches"),
        *_compared(_SEARCHES),
    ),
)
_NOTHING_FOUND: Final = OpenTable(
    "without-office",
    "Searches without an office, by municipality and sector",
    "Where people looked and no regional office serves them.",
    (
        *_MUNICIPALITY,
        *_SECTOR,
        _WITHOUT_OFFICE,
        _SEARCHES,
        _share("all searches without an office"),
        *_compared(_WITHOUT_OFFICE),
    ),
)
_OFFICES: Final = OpenTable(
    "offices",
    "Regional offices",
    "All published offices, those without a view too, and others that had one. Most views first.",
    (
        _text("slug", "Short name of the office, as in its address."),
        _text("name", "Name of the office."),
        _VIEWS,
        Column(
            "visitors",
            Kind.NUMBER,
            "People who saw the page of the office. Each is counted once a day and office.",
        ),
        _share("all views"),
        _change(_VIEWS),
    ),
)
_LEFT_OUT: Final = OpenTable(
    "left-out",
    "Requests that were left out",
    "What was asked for and not counted, by why.",
    (
        _text("why", "Code of the reason."),
        _text("name", "The reason in words."),
        _text("explanation", "What that means."),
        Column("views", Kind.NUMBER, "Views of pages of offices that were left out."),
        Column("searches", Kind.NUMBER, "Searches that were left out."),
    ),
)
_SUMMARY: Final = OpenTable(
    "summary",
    "Summary",
    "The main figures, beside those of the period before and of a year earlier.",
    (
        _text(
            "figure",
            "visitors, searches, views, viewsAVisitor (views for each visitor) or servedShare "
            "(searches for which a regional office was found, in percent of all).",
        ),
        Column("now", Kind.FIGURE, "In the period.", can_be_empty=True),
        Column("before", Kind.FIGURE, "In the period before it, as long.", can_be_empty=True),
        Column(
            "changeBefore", Kind.RATIO, "Change since then, in percent of it.", can_be_empty=True
        ),
        Column("yearBefore", Kind.FIGURE, "On the same dates a year earlier.", can_be_empty=True),
        Column("changeYear", Kind.RATIO, "Change since then, in percent of it.", can_be_empty=True),
    ),
)

# In the order of the report.
TABLES: Final[Mapping[str, OpenTable]] = {
    table.code: table
    for table in (
        _DAYS,
        _SOURCES,
        _PROVINCES,
        _MUNICIPALITIES,
        _SEARCHED,
        _NOTHING_FOUND,
        _OFFICES,
    )
}
LEFT_OUT: Final = _LEFT_OUT
SUMMARY: Final = _SUMMARY

# Of the measures of a report, the names of the columns.
_MEASURES: Final[Mapping[str, str]] = {
    "visitors": "visitors",
    "views": "views",
    "searches": "searches",
    "without_office": "withoutOffice",
}


def rows(table: UsageTable, compare: Compare) -> list[Row]:
    """The lines of a table of a report, by the names of the columns of `TABLES`; no totals."""
    names = [column.name for column in TABLES[table.code].columns]
    main = table.measures[0].code
    told = ({**_who(table.code, line), **_numbers(line, main, compare)} for line in table.lines)
    return [{name: row[name] for name in names} for row in told]


def left_out_rows(report: LeftOutReport) -> list[Row]:
    """Why requests were left out, and how many."""
    return [
        {
            "why": views.why,
            "name": views.name,
            "explanation": views.explanation,
            "views": views.requests.now,
            "searches": searches.requests.now,
        }
        for views, searches in zip(report.views, report.searches, strict=True)
    ]


def summary_rows(report: UsageReport) -> list[Row]:
    """The main figures, a row each."""
    figures: Mapping[str, Count | Ratio] = {
        "visitors": report.visitors,
        "searches": report.searches,
        "views": report.views,
        "viewsAVisitor": report.views_a_visitor,
        "servedShare": report.served_share,
    }
    return [{"figure": name, **beside(figure)} for name, figure in figures.items()]


def beside(figure: Count | Ratio) -> dict[str, Any]:
    """A figure beside that of the period before and of a year earlier, with the changes."""
    return {
        "now": figure.now,
        "before": figure.before,
        "changeBefore": figure.change_before,
        "yearBefore": figure.year_before,
        "changeYear": figure.change_year,
    }


def csv(columns: Sequence[Column], told: Sequence[Row]) -> bytes:
    """Rows as a CSV file: the names of the columns, then a line each."""
    names = [column.name for column in columns]
    dataset = Dataset(headers=names)
    for row in told:
        dataset.append([_plain(row[name]) for name in names])
    return sheets.write_open(dataset)


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell
        case date():
            return cell.isoformat()
    return sheets.Number(cell)


def _who(table: str, line: UsageLine) -> Mapping[str, Cell]:
    """What a line is about."""
    return _WHO[table](line)


def _area(line: UsageLine) -> Mapping[str, Cell]:
    detail = line.detail
    return {
        "municipality": _code(detail["municipality"]),
        "name": detail["municipality_name"],
        "province": _code(detail["province"]),
        "sector": _code(detail["sector"]),
        "sectorName": detail["sector_name"],
    }


_WHO: Final[Mapping[str, Callable[[UsageLine], Mapping[str, Cell]]]] = {
    "days": lambda line: {"day": line.detail["day"]},
    "sources": lambda line: {"source": line.code, "name": line.name},
    "provinces": lambda line: {"province": _code(line.code), "name": line.name},
    "municipalities": lambda line: {
        "municipality": _code(line.code),
        "name": line.name,
        "province": _code(line.detail["province"]),
    },
    "searches": _area,
    "without-office": _area,
    "offices": lambda line: {"slug": line.code, "name": line.name},
}


def _code(text: str) -> str | None:
    """None for what isn't known."""
    return None if text in ("", "none") else text


def _numbers(line: UsageLine, main: str, compare: Compare) -> dict[str, Cell]:
    count, name = line.counts[main], _MEASURES[main]
    compared, change = {
        Compare.BEFORE: (count.before, count.change_before),
        Compare.YEAR: (count.year_before, count.change_year),
        Compare.NONE: (None, None),
    }[compare]
    return {
        **{_MEASURES[code]: each.now for code, each in line.counts.items()},
        "share": line.share,
        f"{name}Compared": compared,
        "change": change,
    }
