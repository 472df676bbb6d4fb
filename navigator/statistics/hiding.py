"""Small numbers are hidden on published pages, and so is what they could be computed from.

- A number from 1 to 4 becomes `Hidden.SMALL`, in every column, the totals too; its share and its
  changes go.
- The numbers of a table add up to a total that is shown: here or elsewhere. So when the hidden
  numbers of a column follow from the rest, because there is one of them, or because they can only
  all be 1 or all be 4, the next smallest is withheld too (`Hidden.WITHHELD`), with its share and
  changes. The days of each month are seen as a column of their own, since the month has its number.
- The record day goes when its number is hidden.

It does not help against somebody who subtracts the figures of a period from those of one that
is a day longer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from navigator.statistics.values import AdviceReport, Count, Figure, Hidden, Line, Table

SMALL: Final = range(1, 5)
_COLUMNS: Final = ("now", "before", "year_before")
_DETAILS: Final = ("known", "contacted", "helped")


def published(report: AdviceReport, tables: Collection[str], *, hide_small: bool) -> AdviceReport:
    """A report as everybody may see it."""
    chosen = {code: table for code, table in report.tables.items() if code in tables}
    if not hide_small:
        return replace(
            report, tables=chosen, record_day=report.record_day if "days" in chosen else None
        )
    hidden = {code: _hidden_table(table) for code, table in chosen.items()}
    return replace(
        report,
        conversations=_hidden_count(report.conversations),
        with_outcome=_hidden_count(report.with_outcome),
        referrals=_hidden_count(report.referrals),
        record_day=report.record_day if _tells_record(report, hidden) else None,
        tables=hidden,
    )


def hidden(number: Any) -> Any:
    """The number, or that it is small."""
    return Hidden.SMALL if isinstance(number, int) and number in SMALL else number


def _hidden_count(count: Count) -> Count:
    return Count(*(hidden(getattr(count, column)) for column in _COLUMNS))


def _tells_record(report: AdviceReport, tables: Mapping[str, Table]) -> bool:
    """Whether the number of the record day stands in the table of days."""
    if report.record_day is None or "days" not in tables:
        return False
    code = report.record_day.day.isoformat()
    return any(
        line.code == code and isinstance(line.count.now, int) for line in tables["days"].lines
    )


def _hidden_table(table: Table) -> Table:
    lines = list(table.lines)
    for places in _groups(table):
        for place, line in zip(
            places, _hidden_lines([lines[place] for place in places]), strict=True
        ):
            lines[place] = line
    # A total stands for itself.
    totals = tuple(line for total in table.totals for line in _hidden_lines([total], alone=True))
    return replace(table, lines=tuple(lines), totals=totals)


def _groups(table: Table) -> Iterable[list[int]]:
    """The places of the lines that add up to a number of their own."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(table.lines):
        groups[_group(table.code, line)].append(place)
    return groups.values()


def _group(table: str, line: Line) -> str:
    if table == "days":
        return line.code[:7]
    return "not-referred" if (table, line.code) == ("destinations", "not-referred") else ""


def _hidden_lines(lines: Sequence[Line], *, alone: bool = False) -> list[Line]:
    """The lines without what is hidden. `alone`: there is nothing that they add up to."""
    shown = {
        column: _hidden_column([getattr(line.count, column) for line in lines], alone=alone)
        for column in _COLUMNS
    }
    details = {
        name: _hidden_column([line.detail[name] for line in lines], alone=alone)
        for name in _DETAILS
        if all(name in line.detail for line in lines)
    }
    return [
        _hidden_line(
            line,
            Count(*(shown[column][place] for column in _COLUMNS)),
            {name: numbers[place] for name, numbers in details.items()},
        )
        for place, line in enumerate(lines)
    ]


def _hidden_line(line: Line, count: Count, numbers: Mapping[str, Figure]) -> Line:
    detail = {**line.detail, **numbers}
    if isinstance(numbers.get("contacted"), Hidden):
        detail |= {"median_days": None, "mean_days": None}
    share = line.share if isinstance(count.now, int) else None
    return replace(line, count=count, share=share, detail=detail)


def _hidden_column(numbers: Sequence[int], *, alone: bool) -> list[Figure]:
    """The numbers, the small ones hidden, and one more if it takes that to hide them."""
    shown: list[Figure] = [hidden(number) for number in numbers]
    small = [number for number in numbers if number in SMALL]
    if alone or not _follows(small):
        return shown
    others = [place for place, number in enumerate(numbers) if number > SMALL[-1]]
    if others:
        shown[min(others, key=numbers.__getitem__)] = Hidden.WITHHELD
    return shown


def _follows(small: Sequence[int]) -> bool:
    """Whether the hidden numbers follow from what they add up to."""
    return bool(small) and (
        len(small) == 1 or sum(small) in (len(small) * SMALL[0], len(small) * SMALL[-1])
    )
