"""The tables of an office -> sections of its page: each with its chart and its explanation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from navigator.statistics import charts, timeline
from navigator.statistics.charts import Bar
from navigator.statistics.office_usage import OfficeUsage
from navigator.statistics.templatetags.figures import number, percent
from navigator.statistics.values import Count, Figure, UsageLine, UsageTable

_LONG: Final = 14  # a longer table is folded
_MOST_BARS: Final = 15


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table as it is shown."""

    name: str
    main: Count  # of the first measure
    share: Decimal | None
    others: tuple[Count, ...]  # of the other measures
    average: Decimal | None  # of the average office


@dataclass(frozen=True, slots=True)
class OfficeSection:
    """A table as the page shows it; `chart` is empty when there is nothing to draw."""

    table: UsageTable
    chart: SafeString
    has_before: bool  # whether the chart shows what was before
    note: str  # what the chart leaves out
    explanation: tuple[Promise, ...]
    nothing: Promise  # what to read where there is nothing, and what to do about it

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, in none of the three periods."""
        return not any(map(_has_number, self.table.lines))

    @property
    def is_long(self) -> bool:
        """Whether the table is folded at first."""
        return len(self.table.lines) > _LONG

    @property
    def has_average(self) -> bool:
        """Whether its lines stand beside those of the average office."""
        return any("average" in line.detail for line in self.table.lines)

    @property
    def rows(self) -> list[Row]:
        """The lines of the table."""
        return [self._row(line) for line in self.table.lines]

    @property
    def totals(self) -> list[Row]:
        """What closes the table."""
        return [self._row(line) for line in self.table.totals]

    def _row(self, line: UsageLine) -> Row:
        main, *others = (line.counts[measure.code] for measure in self.table.measures)
        average = line.detail.get("average")
        return Row(line.name, main, line.share, tuple(others), average)


# In the order of the page. What it counts, and what to read where there is nothing.
_WORDS: Final[Mapping[str, tuple[tuple[Promise, ...], Promise]]] = {
    "days": (
        (_("How often the page was looked at on each day, by Dutch time, and by how many."),),
        _("Nobody looked at the page in this period."),
    ),
    "sources": (
        (
            _("The site or link that people came from when they began their visit."),
            _("“Direct” are those who typed the address, or whose browser does not tell."),
        ),
        _("Nobody looked at the page in this period."),
    ),
    "clicks": (
        (
            _("What people chose on your page, beside what they choose at the average office."),
            _("Only what is a link on your page can be chosen."),
        ),
        _("Nobody chose anything. Look whether your profile has a phone number and a website."),
    ),
    "postcodes": (
        (
            _("How often people searched at postcodes that you serve, whatever they chose then."),
            _(
                "A postcode has a line of its own from 5 searches on. The others stand together, "
                "so that nobody can be recognised."
            ),
            _("“Searches without an office” are those for a sector that nobody offers there."),
        ),
        _("Nobody searched in your service area. Check whether the area is complete."),
    ),
    "support": (
        (
            _("What people asked for when they narrowed down a search in your service area."),
            _("Do you offer what is asked most, and does your profile say so?"),
        ),
        _("Nobody narrowed down a search in your service area."),
    ),
    "provinces": (
        (_("Where people searched before they looked at your page, if they searched."),),
        _("Nobody looked at the page in this period."),
    ),
}
ORDER: Final = tuple(_WORDS)


def sections(usage: OfficeUsage) -> list[OfficeSection]:
    """All tables of an office, in the order of its page."""
    return [_section(table) for table in tables(usage).values()]


def tables(usage: OfficeUsage) -> dict[str, UsageTable]:
    """The tables of an office by code, in the order of its page.

    All clicks together stand beside the average office too, as each way to contact does.
    """
    average = {"average": usage.average.clicks}
    clicks = usage.tables["clicks"]
    totals = tuple(replace(line, detail=average) for line in clicks.totals)
    all_tables = {**usage.tables, "clicks": replace(clicks, totals=totals)}
    return {code: all_tables[code] for code in ORDER}


def _section(table: UsageTable) -> OfficeSection:
    if table.code == "provinces":  # an office is found in a few of them
        table = replace(table, lines=tuple(filter(_has_number, table.lines)))
    bars, note = _BARS.get(table.code, _by_line)(table)
    explanation, nothing = _WORDS[table.code]
    return OfficeSection(
        table=table,
        chart=_draw(table, bars),
        has_before=any(bar.before is not None for bar in bars),
        note=note,
        explanation=explanation,
        nothing=nothing,
    )


def _has_number(line: UsageLine) -> bool:
    """Whether there is anything in a line, in one of the three periods."""
    return any(count.now or count.before or count.year_before for count in line.counts.values())


def _draw(table: UsageTable, bars: Sequence[Bar]) -> SafeString:
    if not any(bar.value or bar.before for bar in bars):
        return SafeString("")
    draw = charts.columns if table.code == "days" else charts.bars
    highest = max(bars, key=lambda bar: bar.value or 0)
    words = gettext("A chart with %(count)s bars. The highest: %(label)s, %(number)s.") % {
        "count": len(bars),
        "label": highest.label,
        "number": highest.words,
    }
    description = " ".join((words, gettext("All numbers stand in the table.")))
    return draw(bars, name=f"own-{table.code}", title=table.title, description=description)


def _by_line(table: UsageTable) -> tuple[list[Bar], str]:
    """A bar for each line as they stand; of many the first alone, which have most."""
    measure = table.measures[0].code
    bars = [_bar(line, line.counts[measure]) for line in table.lines[:_MOST_BARS]]
    note = ""
    if len(table.lines) > len(bars):
        note = gettext("The chart has the first %(count)s lines of the table.")
        note %= {"count": len(bars)}
    return bars, note


def _by_time(table: UsageTable) -> tuple[list[Bar], str]:
    """A column for each step of time, as long as there is room."""
    measure = table.measures[0].code
    counts = [(date.fromisoformat(line.code), line.counts[measure]) for line in table.lines]
    unit = timeline.unit_for(len(counts))
    bars = [
        Bar(
            step.label,
            _value(step.count.now),
            number(step.count.now),
            _value(step.count.before),
            _before_words(step.count),
        )
        for step in timeline.steps(counts, unit)
    ]
    shown = gettext("The chart is %(unit)s.") % {"unit": timeline.UNIT_NAMES[unit]}
    return bars, "" if unit == timeline.DAY else shown


_BARS: Final[Mapping[str, Callable[[UsageTable], tuple[list[Bar], str]]]] = {"days": _by_time}


def _bar(line: UsageLine, count: Count) -> Bar:
    words = number(count.now)
    if line.share is not None:
        words = f"{words} ({percent(line.share)})"
    return Bar(line.name, _value(count.now), words, _value(count.before), _before_words(count))


def _value(figure: Figure) -> int | None:
    return figure if isinstance(figure, int) else None


def _before_words(count: Count) -> str:
    return gettext("the period before: %(number)s") % {"number": number(count.before)}
