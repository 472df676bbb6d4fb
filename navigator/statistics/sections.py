"""A report -> the sections of a page: each with a table, its chart and its explanation."""

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
from navigator.statistics.templatetags.figures import number, percent
from navigator.statistics.values import AdviceReport, Figure, Hidden, Line, Table

_LONG: Final = 14  # a longer table is folded
_MOST_BARS: Final = 15

# The code of a table -> what it counts, in plain words.
EXPLANATIONS: Final[Mapping[str, tuple[Promise, ...]]] = {
    "destinations": (
        _("To how many conversations each kind of destination belongs."),
        _(
            "The share is of the conversations with a registered outcome. One conversation can "
            "lead to several destinations, so the shares add up to more than 100%."
        ),
        _("“Not referred” means that the question was answered at once. It is no referral."),
    ),
    "offices": (
        _("How often candidates were referred to each regional office."),
        _("A conversation that led to two offices counts for both."),
    ),
    "sectors": (
        _("Which kinds of education candidates were interested in."),
        _("A candidate can name several, so the numbers add up to more than the conversations."),
    ),
    "channels": (_("How advisor and candidate spoke. Every conversation has one channel."),),
    "days": (
        _("How many conversations there were on each day, by Dutch time."),
        _("A day is compared with the day at the same place in the period before."),
    ),
    "months": (
        _("The same per month. A month that the period cuts has the days within it alone."),
    ),
    "slips": (
        _(
            "A slip is a page for the candidate with a code. The office tells what became of the "
            "referral."
        ),
        _(
            "“Outcome known” are those of which the office told something. “Contacted” are those "
            "with whom the office spoke, and after how many working days."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A table as a page shows it; `chart` is empty when there is nothing to draw."""

    table: Table
    chart: SafeString
    has_before: bool  # whether the chart shows what was before
    note: str  # what the chart leaves out, or why there is none
    explanation: tuple[Promise, ...]
    order: str  # the code of the column that lines stand in the order of, or nothing
    is_open: bool  # whether a long table is unfolded: somebody chose its order

    @property
    def code(self) -> str:
        """That of the table."""
        return self.table.code

    @property
    def is_long(self) -> bool:
        """Whether the table is folded at first."""
        return len(self.table.lines) > _LONG

    @property
    def has_share(self) -> bool:
        """Whether its lines have shares."""
        return any(column.code == "share" for column in self.table.columns)

    @property
    def is_sortable(self) -> bool:
        """Whether a reader chooses the order."""
        return self.code in SORTABLE


# The columns that can be sorted by, and how; the largest number first.
_Key = Callable[[Line], tuple[bool, Decimal | int, str]]
ORDERS: Final[Mapping[str, _Key]] = {
    "name": lambda line: (False, 0, line.name.casefold()),
    "now": lambda line: _largest(line.count.now, line),
    "before": lambda line: _largest(line.count.before, line),
    "year_before": lambda line: _largest(line.count.year_before, line),
}
SORTABLE: Final = frozenset({"offices"})
NORMAL_ORDER: Final = "now"


def _largest(figure: Figure, line: Line) -> tuple[bool, Decimal | int, str]:
    is_hidden = isinstance(figure, Hidden)
    return (is_hidden, 0 if isinstance(figure, Hidden) else -figure, line.name.casefold())


def sections(report: AdviceReport, *, order: str = "", prefix: str = "figure") -> list[Section]:
    """All tables of a report. `order` is one of ORDERS, for the tables that can be sorted."""
    return [_section(table, order, prefix) for table in report.tables.values()]


def _section(table: Table, order: str, prefix: str) -> Section:
    is_sortable = table.code in SORTABLE
    is_open = is_sortable and order in ORDERS
    order = order if order in ORDERS else NORMAL_ORDER
    if is_sortable:
        table = replace(table, lines=tuple(sorted(table.lines, key=ORDERS[order])))
    bars, note = _BARS.get(table.code, _by_category)(table)
    chart = _draw(table, bars, f"{prefix}-{table.code}")
    if not chart:
        is_hidden = _mostly_hidden(bars)
        note = gettext("No chart: too many of its numbers are hidden.") if is_hidden else ""
    return Section(
        table=table,
        chart=chart,
        has_before=any(bar.before is not None for bar in bars),
        note=note,
        explanation=EXPLANATIONS.get(table.code, ()),
        order=order if is_sortable else "",
        is_open=is_open,
    )


def _draw(table: Table, bars: Sequence[Bar], name: str) -> SafeString:
    """The chart; none when there is nothing in it, or more is kept back than shown."""
    if not any(bar.value or bar.before for bar in bars) or _mostly_hidden(bars):
        return SafeString("")
    draw = charts.columns if table.code in ("days", "months") else charts.bars
    return draw(bars, name=name, title=table.title, description=_description(bars))


def _mostly_hidden(bars: Sequence[Bar]) -> bool:
    return sum(bar.value is None for bar in bars) > len(bars) / 2


def _description(bars: Sequence[Bar]) -> str:
    """What a chart shows, for who cannot see it."""
    highest = max(bars, key=lambda bar: bar.value or 0)
    words = gettext("A chart with %(count)s bars. The highest: %(label)s, %(number)s.") % {
        "count": len(bars),
        "label": highest.label,
        "number": highest.words,
    }
    return " ".join((words, gettext("All numbers stand in the table.")))


def _by_category(table: Table) -> tuple[list[Bar], str]:
    """A bar for each line, as they stand."""
    return [_bar(line) for line in table.lines], ""


def _by_office(table: Table) -> tuple[list[Bar], str]:
    """A bar for the offices with most, whatever the order of the table."""
    referred = [line for line in table.lines if line.count.now or line.count.before]
    most = sorted(referred, key=ORDERS["now"])[:_MOST_BARS]
    note = ""
    if len(referred) > len(most):
        note = gettext("The chart has the %(count)s offices with the most referrals.")
        note %= {"count": len(most)}
    return [_bar(line) for line in most], note


def _by_time(table: Table) -> tuple[list[Bar], str]:
    """A column for each step of time, as long as there is room."""
    counts = [(_begin_of(line), line.count) for line in table.lines]
    if table.code == "days":
        unit = timeline.unit_for(len(counts))
    else:
        unit = timeline.unit_for_months(len(counts))
    steps = timeline.steps(counts, unit)
    bars = [
        Bar(
            step.label,
            _value(step.count.now),
            number(step.count.now),
            _value(step.count.before),
            _before_words(step.count.before),
        )
        for step in steps
    ]
    shown = gettext("The chart is %(unit)s.") % {"unit": timeline.UNIT_NAMES[unit]}
    return bars, "" if unit in (table.code.removesuffix("s"),) else shown


def _of_slips(table: Table) -> tuple[list[Bar], str]:
    """What became of all slips together, step by step."""
    total = table.totals[0] if table.totals else None
    if total is None:
        return [], ""
    numbers: list[tuple[str, Figure | None]] = [(gettext("Referred with a slip"), total.count.now)]
    titles = {column.code: column.title for column in table.columns}
    for code in ("known", "contacted", "helped"):
        numbers.append((titles[code], total.detail.get(code)))
    return [Bar(label, _value(figure), number(figure)) for label, figure in numbers], ""


_BARS: Final[Mapping[str, Callable[[Table], tuple[list[Bar], str]]]] = {
    "offices": _by_office,
    "days": _by_time,
    "months": _by_time,
    "slips": _of_slips,
}


def _bar(line: Line) -> Bar:
    words = number(line.count.now)
    if line.share is not None:
        words = f"{words} ({percent(line.share)})"
    before = line.count.before
    return Bar(line.name, _value(line.count.now), words, _value(before), _before_words(before))


def _value(figure: Figure | None) -> int | None:
    return figure if isinstance(figure, int) else None


def _before_words(figure: Figure) -> str:
    return gettext("the period before: %(number)s") % {"number": number(figure)}


def _begin_of(line: Line) -> date:
    return date.fromisoformat(line.code if len(line.code) == 10 else f"{line.code}-01")
