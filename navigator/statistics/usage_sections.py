"""A report of usage -> the sections of the public page: charts, a table, and what they mean."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from navigator.statistics import charts, province_map, timeline
from navigator.statistics.charts import Bar
from navigator.statistics.province_map import ProvinceMap
from navigator.statistics.templatetags.figures import Difference, difference, number, percent
from navigator.statistics.values import Count, Figure, Ratio, UsageLine, UsageReport, UsageTable

_LONG: Final = 14  # a longer table is folded
_MOST_BARS: Final = 15
# So many lines of municipalities and sectors stand on the page; all of them are in the file.
_MOST_LINES: Final = 100
_MONTH_DAYS: Final = 30

# The tables on the page, in order, with what each counts in plain words. The table `searches` is
# too long for it; its file stands beside that of the municipalities.
EXPLANATIONS: Final[Mapping[str, tuple[Promise, ...]]] = {
    "days": (
        _("How many people used the navigator, and what they did, by Dutch time."),
        _("People are counted once a day; over several days they are added up."),
    ),
    "sources": (
        _("From which kind of site people came, or that they came of themselves."),
        _("Somebody who comes twice on one day belongs to the first source of that day."),
    ),
    "provinces": (
        _("In which province the postcode or place lies that was searched."),
        _("Who looked at an office without a search has no province. Nobody's place is known."),
    ),
    "municipalities": (
        _("In which municipality the postcode or place lies that was searched."),
        _("Searches are published by municipality, never by postcode."),
    ),
    "without-office": (
        _("Where people searched and found no regional office for the sector that they asked for."),
        _("Offices of the whole country and those close by were shown to them, if there are any."),
    ),
    "offices": (
        _("How often people looked at the page of each regional office."),
        _("All published offices stand here, also those that nobody looked at."),
    ),
}
# The title of a chart with the lines that have most.
_TOPS: Final[Mapping[str, Promise]] = {
    "municipalities": _("The municipalities with the most searches"),
    "without-office": _("Most searches without an office"),
    "offices": _("The most viewed profiles"),
}
SORTABLE: Final = "offices"
# The columns that can be sorted by; with `-` before it the other way around.
_ASCENDING: Final = "name"
ORDERS: Final = ("name", "views", "visitors", "share", "change", "change_year")
NORMAL_ORDER: Final = "views"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title; `has_before`: whether it shows what was before."""

    title: str
    drawing: SafeString
    has_before: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a column. `order`: what sorts by it, or nothing; `sort`: how it is sorted."""

    title: str
    order: str = ""
    sort: str = ""  # as in `aria-sort`

    @property
    def arrow(self) -> str:
        """The sign of how it is sorted."""
        return {"ascending": "▲", "descending": "▼"}.get(self.sort, "")


@dataclass(frozen=True, slots=True)
class Change:
    """What a number is beside that of another period."""

    difference: Difference | None  # None: there was nothing to compare with
    percent: str  # the same in short, with its sign; empty when there was nothing
    then: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is written; `slug` is that of an office with a page, or nothing."""

    name: str
    figures: tuple[str, ...]
    changes: tuple[Change, ...]
    slug: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A table that can be kept as a file."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class UsageSection:
    """A table as the page shows it, with its charts."""

    code: str
    title: str
    explanation: tuple[Promise, ...]
    charts: tuple[Chart, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    note: str = ""  # what a chart leaves out
    rest: str = ""  # what the table leaves out
    map: ProvinceMap | None = None
    files: tuple[File, ...] = ()
    is_folded: bool = False


def usage_sections(
    report: UsageReport, *, order: str = "", with_page: Collection[str] = ()
) -> list[UsageSection]:
    """The sections of a report. `order`: of the offices, one of ORDERS, maybe with `-` before it.

    `with_page`: the slugs of offices whose page everybody may see. One query at most, for the map.
    """
    return [
        _MAKERS.get(code, _top)(_Asked(report, code, order, frozenset(with_page)))
        for code in EXPLANATIONS
        if code in report.tables
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    report: UsageReport
    code: str
    order: str
    with_page: frozenset[str]

    @property
    def table(self) -> UsageTable:
        return self.report.tables[self.code]


def _days(asked: _Asked) -> UsageSection:
    """Two charts beside each other, people and views; the table has the steps of the charts."""
    table = asked.table
    unit = _unit(len(table.lines))
    steps = timeline.folded(table.lines, unit)
    lines = [line for _label, line in steps]
    drawn = []
    for measure in table.measures[:2]:
        bars = [_bar(line, measure.code, label=label) for label, line in steps]
        drawn.append(_chart(measure.title, bars, f"usage-days-{measure.code}", charts.columns))
    words = gettext("The chart is %(unit)s.") % {"unit": timeline.UNIT_NAMES[unit]}
    return _section(
        table,
        lines,
        drawn,
        note="" if unit == timeline.DAY else words,
        rest="" if unit == timeline.DAY else gettext("The file has every day."),
    )


def _unit(days: int) -> str:
    """Days, weeks or months; years where months would be too narrow to see."""
    unit = timeline.unit_for(days)
    return timeline.unit_for_months(days // _MONTH_DAYS) if unit == timeline.MONTH else unit


def _sources(asked: _Asked) -> UsageSection:
    return _section(asked.table, asked.table.lines, [_bars(asked.table, asked.table.lines)])


def _provinces(asked: _Asked) -> UsageSection:
    table = asked.table
    drawn = province_map.draw(table, name="usage-province-map")
    return _section(table, table.lines, [_bars(table, table.lines)], drawn=drawn)


def _top(asked: _Asked) -> UsageSection:
    """The lines with most as a chart, and the table as far as there is room."""
    table = asked.table
    most = [line for line in table.lines if _now(line, table.measures[0].code)][:_MOST_BARS]
    lines = table.lines[:_MOST_LINES] if table.code == "without-office" else table.lines
    rest = ""
    if len(lines) < len(table.lines):
        rest = gettext("The first %(count)s of %(all)s lines; the file has all of them.") % {
            "count": number(len(lines)),
            "all": number(len(table.lines)),
        }
    more = [asked.report.tables["searches"]] if table.code == "municipalities" else []
    return _section(table, lines, [_bars(table, most)], rest=rest, more_files=more)


def _offices(asked: _Asked) -> UsageSection:
    """The offices with most views as a chart, and all offices in the order that was asked for."""
    table, order = asked.table, asked.order
    if order.removeprefix("-") not in ORDERS:
        order = NORMAL_ORDER
    most = [line for line in table.lines if _now(line, "views")][:_MOST_BARS]
    return _section(
        table,
        _sorted(table.lines, order),
        [_bars(table, most)],
        order=order,
        with_page=asked.with_page,
        is_folded=False,
    )


_MAKERS: Final[Mapping[str, Callable[[_Asked], UsageSection]]] = {
    "days": _days,
    "sources": _sources,
    "provinces": _provinces,
    "offices": _offices,
}


def _section(
    table: UsageTable,
    lines: Sequence[UsageLine],
    drawn_charts: Sequence[Chart],
    *,
    note: str = "",
    rest: str = "",
    drawn: ProvinceMap | None = None,
    order: str = "",
    with_page: Collection[str] = (),
    more_files: Sequence[UsageTable] = (),
    is_folded: bool = True,
) -> UsageSection:
    return UsageSection(
        code=table.code,
        title=table.title,
        explanation=EXPLANATIONS[table.code],
        charts=tuple(chart for chart in drawn_charts if chart.drawing),
        headings=_headings(table, order),
        rows=tuple(_row(table, line, with_page) for line in lines),
        totals=tuple(_row(table, line, ()) for line in table.totals),
        note=note if any(chart.drawing for chart in drawn_charts) else "",
        rest=rest,
        map=drawn if drawn and drawn.drawing else None,
        files=tuple(File(each.code, each.title) for each in (table, *more_files)),
        is_folded=is_folded and len(lines) > _LONG,
    )


def _headings(table: UsageTable, order: str) -> tuple[Heading, ...]:
    told = [("name", table.about), *((each.code, each.title) for each in table.measures)]
    if table.share_of:
        told.append(("share", gettext("Share %(whole)s") % {"whole": table.share_of}))
    main = {"measure": table.measures[0].title}
    told.append(("change", gettext("%(measure)s, beside the period before") % main))
    told.append(("change_year", gettext("%(measure)s, beside a year before") % main))
    if not order:
        return tuple(Heading(title) for _code, title in told)
    return tuple(_sortable(code, title, order) for code, title in told)


def _sortable(code: str, title: str, order: str) -> Heading:
    """A heading that leads to its order, and from there to the opposite one."""
    if order.removeprefix("-") != code:
        return Heading(title, code)
    is_reversed = order.startswith("-")
    is_ascending = (code == _ASCENDING) != is_reversed
    return Heading(
        title,
        code if is_reversed else f"-{code}",
        "ascending" if is_ascending else "descending",
    )


def _sorted(lines: Sequence[UsageLine], order: str) -> list[UsageLine]:
    """The largest number first, names from A on; the other way around with `-` before it.

    What can't be compared comes last, either way; those with as many stand by name.
    """
    code, is_reversed = order.removeprefix("-"), order.startswith("-")
    by_name = sorted(lines, key=lambda line: (line.name.casefold(), line.code))
    if code == _ASCENDING:
        return by_name[::-1] if is_reversed else by_name
    value = _VALUES[code]
    known = [(found, line) for line in by_name if (found := value(line)) is not None]
    known.sort(key=lambda each: each[0], reverse=not is_reversed)
    return [line for _found, line in known] + [line for line in by_name if value(line) is None]


_VALUES: Final[Mapping[str, Callable[[UsageLine], Decimal | int | None]]] = {
    "views": lambda line: _now(line, "views"),
    "visitors": lambda line: _now(line, "visitors"),
    "share": lambda line: line.share,
    "change": lambda line: line.counts["views"].change_before,
    "change_year": lambda line: line.counts["views"].change_year,
}


def _row(table: UsageTable, line: UsageLine, with_page: Collection[str]) -> Row:
    figures = [number(line.counts[measure.code].now) for measure in table.measures]
    if table.share_of:
        figures.append(percent(line.share))
    main = line.counts[table.measures[0].code]
    return Row(
        line.name,
        tuple(figures),
        changes_of(main),
        line.code if line.code in with_page else "",
    )


def changes_of(
    figure: Count | Ratio, *, write: Callable[[Any], str] = number
) -> tuple[Change, Change]:
    """A figure beside that of the period before, and beside that of a year before."""
    return (
        _change(figure.change_before, write(figure.before)),
        _change(figure.change_year, write(figure.year_before)),
    )


def _change(change: Decimal | None, then: str) -> Change:
    if change is None:
        return Change(None, "", then)
    # A minus rather than a hyphen, which would be left at the end of a line.
    sign = "+" if change > 0 else "−" if change else ""
    return Change(difference(change), f"{sign}{percent(abs(change))}", then)


def _bars(table: UsageTable, lines: Sequence[UsageLine]) -> Chart:
    """A bar for each line, of the first measure of the table."""
    main = table.measures[0].code
    title = str(_TOPS.get(table.code, table.title))
    found = [_bar(line, main) for line in lines]
    return _chart(title, found, f"usage-{table.code}-chart", charts.bars)


def _bar(line: UsageLine, measure: str, *, label: str = "") -> Bar:
    count = line.counts[measure]
    words = number(count.now)
    if line.share is not None:
        words = f"{words} ({percent(line.share)})"
    return Bar(
        label or line.name,
        _value(count.now),
        words,
        _value(count.before),
        gettext("the period before: %(number)s") % {"number": number(count.before)},
    )


def _chart(title: str, bars: Sequence[Bar], name: str, draw: Callable[..., SafeString]) -> Chart:
    """A chart; without a drawing when there is nothing in it."""
    if not any(bar.value or bar.before for bar in bars):
        return Chart(title, SafeString(""), has_before=False)
    highest = max(bars, key=lambda bar: bar.value or 0)
    words = gettext("A chart with %(count)s bars. The highest: %(label)s, %(number)s.") % {
        "count": len(bars),
        "label": highest.label,
        "number": highest.words,
    }
    description = " ".join((words, gettext("All numbers stand in the table.")))
    drawn = draw(bars, name=name, title=title, description=description)
    return Chart(title, drawn, has_before=True)


def _now(line: UsageLine, measure: str) -> int:
    return _value(line.counts[measure].now) or 0


def _value(figure: Figure) -> int | None:
    return figure if isinstance(figure, int) else None
