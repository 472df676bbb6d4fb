"""A table of texts <-> a file that a spreadsheet opens: CSV or XLSX.

What comes from a spreadsheet isn't what was put into it: numbers for texts, dates for dates, other
separators, other line ends, another encoding. Here it becomes text again.

No cell may run as a formula: a text that a spreadsheet could take for one gets an apostrophe in
front, which is taken off again when it is read. A text that begins with apostrophes and then looks
like a formula gets one more, so that nothing is lost.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from import_export.formats import base_formats
from openpyxl import load_workbook
from tablib import Dataset
from tablib.exceptions import InvalidDimensions

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 2000
MOST_COLUMNS: Final = 200
LONGEST_XLSX_CELL: Final = 32_767  # the format's own limit

_MOST_UNPACKED_BYTES: Final = 40 * 1024 * 1024
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_FORMULA_XLSX: Final = re.compile(r"=|'+[=+\-@\t\r]")  # a text stays a text in its own cell
_MARKED: Final = re.compile(r"'+[=+\-@\t\r]")
_SEPARATORS: Final = ";,\t"
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# What openpyxl and zipfile raise for files that are broken, locked, or other than they say.
_BROKEN: Final = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,
    OSError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
_XLSX_PARTS: Final = {"[Content_Types].xml", "xl/workbook.xml"}


class SheetError(Exception):
    """A file that can't be read or written as a table; `code` says why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Number(str):
    """A number as people write it: no formula, though it may begin with a minus."""

    __slots__ = ()


class Csv(base_formats.CSV):
    """With semicolons and a byte order mark: so a Dutch Excel opens it with a double click."""

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        """The file."""
        safe = _escaped(dataset, _FORMULA)
        text: str = super().export_data(safe, delimiter=";", **options)
        return f"\ufeff{text}".encode()

    def create_dataset(self, in_stream: bytes, **options: Any) -> Dataset:
        """The table in a file, with any of the usual separators. Raises SheetError."""
        text = _decoded(in_stream)
        if _NOT_TEXT.search(text):
            raise SheetError("not_a_table")
        told, _end, rest = text.partition("\n")
        separator = ""
        if told.startswith("sep="):  # how a spreadsheet is told the separator
            separator, text = told[4:5], rest
        head = text.partition("\n")[0]
        separator = separator or max(_SEPARATORS, key=head.count)
        try:
            return super().create_dataset(text, delimiter=separator)
        except InvalidDimensions:
            raise SheetError("cells_without_column") from None
        except csv.Error:
            raise SheetError("not_a_table") from None


class Xlsx(base_formats.XLSX):
    """The first sheet of a workbook; no more of it is read than a table may have."""

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        """The file. Raises SheetError for a text that is too long for a cell."""
        safe = _escaped(dataset, _FORMULA_XLSX)
        for row in safe:
            for name, text in zip(safe.headers, row, strict=True):
                if isinstance(text, str) and len(text) > LONGEST_XLSX_CELL:
                    raise SheetError("too_long_for_a_cell", column=name, row=row[0])
        file: bytes = super().export_data(safe, column_width=24, **options)
        return file

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The table in a file. Raises SheetError."""
        _check_workbook(in_stream)
        try:
            # The values of formulas, as the spreadsheet calculated them.
            book = load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
            rows = list(
                sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
            )
        except _BROKEN:
            raise SheetError("not_a_table") from None
        if not rows:
            raise SheetError("empty")
        width = max(len(row) for row in rows)
        filled = [[*row, *[None] * (width - len(row))] for row in rows]
        return Dataset(*filled[1:], headers=[_plain(name) for name in filled[0]])


FORMATS: Final[dict[str, type[base_formats.TablibFormat]]] = {"csv": Csv, "xlsx": Xlsx}


def read(file: bytes) -> Dataset:
    """The table in a file, as texts; what kind of file it is, its content says.

    Columns without a name and without content are left out; empty rows at the end too. Raises
    SheetError.
    """
    if len(file) > MOST_BYTES:
        raise SheetError("too_large", most=MOST_BYTES // 1024 // 1024)
    kind = Xlsx if file.startswith(b"PK\x03\x04") else Csv
    read = kind().create_dataset(file)
    rows = [[_unmarked(_plain(cell)) for cell in row] for row in read]
    while rows and not any(rows[-1]):
        rows.pop()
    headers = [_plain(name).strip() for name in read.headers or ()]
    kept = [place for place, name in enumerate(headers) if name or any(row[place] for row in rows)]
    _check_shape(headers, kept, rows)
    return Dataset(
        *([row[place] for place in kept] for row in rows),
        headers=[headers[place] for place in kept],
    )


def write(dataset: Dataset, kind: str) -> bytes:
    """The file of a table of texts and numbers; `kind` is one of FORMATS. Raises SheetError."""
    made: bytes = FORMATS[kind]().export_data(dataset)
    return made


def write_open(dataset: Dataset) -> bytes:
    """The same as CSV for programs: with commas, and without a byte order mark (RFC 4180)."""
    text: str = base_formats.CSV().export_data(_escaped(dataset, _FORMULA))
    return text.encode()


def _escaped(dataset: Dataset, dangerous: re.Pattern[str]) -> Dataset:
    rows = ([_harmless(cell, dangerous) for cell in row] for row in dataset)
    return Dataset(*rows, headers=dataset.headers, title=dataset.title or "")


def _harmless(cell: Any, dangerous: re.Pattern[str]) -> Any:
    is_text = isinstance(cell, str) and not isinstance(cell, Number)
    return f"'{cell}" if is_text and dangerous.match(cell) else cell


def _unmarked(text: str) -> str:
    return text[1:] if _MARKED.match(text) else text


def _plain(cell: Any) -> str:
    """What a cell says, as the one who typed it saw it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(file: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or the code page of a Dutch Windows."""
    if file.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return file.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError("not_a_table")


def _check_workbook(file: bytes) -> None:
    """Whether a zip file is a workbook of a bearable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetError("not_a_table") from None
    if not {part.filename for part in parts} >= _XLSX_PARTS:
        raise SheetError("not_a_table")
    if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES:
        raise SheetError("too_large", most=MOST_BYTES // 1024 // 1024)


def _check_shape(headers: Sequence[str], kept: Sequence[int], rows: Sequence[Any]) -> None:
    if not any(headers):
        raise SheetError("empty")
    if len(kept) > MOST_COLUMNS:
        raise SheetError("too_many_columns", most=MOST_COLUMNS)
    if len(rows) > MOST_ROWS:
        raise SheetError("too_many_rows", most=MOST_ROWS)
    if unnamed := [place + 1 for place in kept if not headers[place]]:
        raise SheetError("column_without_name", column=unnamed[0])
    if twice := list(_twice(name for name in headers if name)):
        raise SheetError("column_twice", column=twice[0])


def _twice(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
