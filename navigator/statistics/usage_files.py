"""A table of usage -> rows of plain values, and the files that people keep of it.

For programs there is `open_data`: its columns stay, and are called in English. Here the titles are
those of the page, in the language of the moment, and every number stands beside those before it.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from tablib import Dataset

from navigator.statistics.values import Column, Count, Hidden, UsageLine, UsageTable
from regions import sheets

Cell = str | int | Decimal | None


def columns(table: UsageTable) -> list[Column]:
    """Code and name, each measure, the share, and each measure beside those of before."""
    found = [Column("code", _("Code")), Column("name", table.about)]
    found += [Column(measure.code, measure.title) for measure in table.measures]
    if table.share_of:
        found.append(Column("share", _("Share %(whole)s, in percent") % {"whole": table.share_of}))
    for measure in table.measures:
        about = {"measure": measure.title}
        found += [
            Column(f"{measure.code}_before", _("%(measure)s, the period before") % about),
            Column(
                f"{measure.code}_change_before",
                _("%(measure)s, change since the period before, in percent") % about,
            ),
            Column(f"{measure.code}_year_before", _("%(measure)s, a year before") % about),
            Column(
                f"{measure.code}_change_year",
                _("%(measure)s, change since a year before, in percent") % about,
            ),
        ]
    return found


def rows(table: UsageTable) -> list[dict[str, Cell]]:
    """The lines and then the totals, by the codes of `columns`. None: there is nothing to tell."""
    codes = [column.code for column in columns(table)]
    told = (dict(_cells(line)) for line in (*table.lines, *table.totals))
    return [{code: cells[code] for code in codes} for cells in told]


def file(table: UsageTable, kind: str, *, comma: bool = False) -> bytes:
    """The table as `csv` or `xlsx`, under the titles of its columns.

    A workbook has real numbers; a CSV file has them as text, with `comma` as in Dutch.
    """
    dataset = Dataset(headers=[column.title for column in columns(table)])
    for row in rows(table):
        cells = ["" if cell is None else cell for cell in row.values()]
        dataset.append(cells if kind == "xlsx" else [_text(cell, comma=comma) for cell in cells])
    return sheets.write(dataset, kind)


def _cells(line: UsageLine) -> Iterator[tuple[str, Cell]]:
    yield from (("code", line.code), ("name", line.name), ("share", line.share))
    for code, count in line.counts.items():
        yield from _compared(code, count)


def _compared(code: str, count: Count) -> Iterator[tuple[str, Cell]]:
    for name, figure in (
        (code, count.now),
        (f"{code}_before", count.before),
        (f"{code}_year_before", count.year_before),
    ):
        yield name, str(figure) if isinstance(figure, Hidden) else figure
    yield f"{code}_change_before", count.change_before
    yield f"{code}_change_year", count.change_year


def _text(cell: str | int | Decimal, *, comma: bool) -> str:
    if isinstance(cell, str):
        return cell
    return sheets.Number(str(cell).replace(".", ",") if comma else cell)
