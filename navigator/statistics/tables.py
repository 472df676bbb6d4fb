"""A table of a report -> rows of plain values, the same in CSV, XLSX and JSON."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from tablib import Dataset

from navigator.statistics import hiding
from navigator.statistics.values import AdviceReport, Hidden, Line, Table
from regions import sheets

Cell = str | int | Decimal | None


def rows(table: Table) -> list[dict[str, Cell]]:
    """The lines and then the totals, by the codes of the columns. None: there is nothing to tell.

    Numbers are numbers; a hidden one is its text. Shares and changes are in percent. The share of
    a line of `destinations` is its `now` divided by that of the total `with-outcome`.
    """
    codes = [column.code for column in table.columns]
    return [{code: _cell(line, code) for code in codes} for line in (*table.lines, *table.totals)]


def file(table: Table, kind: str, *, comma: bool = False) -> bytes:
    """The table as `csv` or `xlsx`, under the titles of its columns.

    A workbook has real numbers; a CSV file has them as text, with `comma` as in Dutch.
    """
    dataset = Dataset(headers=[column.title for column in table.columns])
    for row in rows(table):
        cells = ("" if cell is None else cell for cell in row.values())
        dataset.append(
            list(cells) if kind == "xlsx" else [_text(cell, comma=comma) for cell in cells]
        )
    return sheets.write(dataset, kind)


def published(report: AdviceReport, tables: Collection[str], *, hide_small: bool) -> AdviceReport:
    """What everybody may see of a report: these tables alone.

    With `hide_small` numbers from 1 to 4 are hidden, and what would give them away:
    see `navigator.statistics.hiding`.
    """
    return hiding.published(report, tables, hide_small=hide_small)


def _cell(line: Line, code: str) -> Cell:
    match code:
        case "code":
            return line.code
        case "name":
            return line.name
        case "share":
            return line.share
        case "now" | "before" | "year_before" | "change_before" | "change_year":
            told: Any = getattr(line.count, code)
        case _:
            told = line.detail.get(code)
    return str(told) if isinstance(told, Hidden) else told


def _text(cell: str | int | Decimal, *, comma: bool) -> str:
    if isinstance(cell, str):
        return cell
    return sheets.Number(str(cell).replace(".", ",") if comma else cell)
