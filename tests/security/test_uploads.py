"""Files that are no table, or too much of one, and files of ours that would run something."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from regions import records, revisions, sheets, tables
from regions.models import EducationRegion, RegionalOffice, Revision
from tests.patience import with_patience

EXCHANGE = "/beheer/in-en-uitvoer/"
CHECK = f"{EXCHANGE}controle/"


def upload(client, content, name="table.csv", kind="text/csv"):
    return client.post(
        EXCHANGE, {"table": "offices", "file": SimpleUploadedFile(name, content, content_type=kind)}
    )


def workbook(**parts):
    """A small workbook, in which these parts are something else."""
    book = Workbook()
    book.active.append(["slug", "name"])
    book.active.append(["hier", "Loket Hier"])
    made = io.BytesIO()
    book.save(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as was, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in was.infolist():
            new.writestr(part.filename, parts.get(part.filename, was.read(part)))
    return packed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_SHEET_OF = (
    '<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>name</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>hier</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)
BOMBS = {
    "many spaces": lambda: workbook(
        **{
            SHEET: _SHEET_OF.format(entities="")
            .replace("<!DOCTYPE x []>", "")
            .replace("&a;", "Loket Hier")
            .replace("</sheetData>", " " * 60_000_000 + "</sheetData>")
            .encode()
        }
    ),
    "laughs": lambda: workbook(
        **{
            SHEET: _SHEET_OF.format(
                entities="".join(
                    f'<!ENTITY {name} "{f"&{inner};" * 10 if inner else "ha" * 50}">'
                    for name, inner in zip("jihgfedcba", "_jihgfedcb", strict=True)
                ).replace("&_;" * 10, "ha" * 50)
            ).encode()
        }
    ),
    "square": lambda: workbook(
        **{
            SHEET: _SHEET_OF.format(entities=f'<!ENTITY a "{"x" * 100_000}">')
            .replace("&a;", "&a;" * 20_000)
            .encode()
        }
    ),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_file_that_grows_is_refused(as_administrator, bomb):
    content = bomb()

    with with_patience("a file that grows"):
        answer = upload(as_administrator, content, "table.xlsx")

    assert answer.status_code == 400


def test_a_workbook_that_is_smaller_than_it_says_is_refused(as_administrator):
    """The sizes that a zip file tells are its own; no more than these is unpacked."""
    honest = workbook(**{SHEET: b"<a/>" + b" " * 50_000_000})
    lie = honest.replace((50_000_004).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != honest

    assert upload(as_administrator, lie, "table.xlsx").status_code == 400


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://127.0.0.1:1/", "/etc/passwd"])
def test_a_workbook_reads_no_other_file(as_administrator, where):
    content = workbook(
        **{SHEET: _SHEET_OF.format(entities=f'<!ENTITY a SYSTEM "{where}">').encode()}
    )

    upload(as_administrator, content, "table.xlsx")
    page = as_administrator.get(CHECK)

    assert "root:" not in getattr(page, "text", "")


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"%PDF-1.7\n\x00",
        b"MZ\x90\x00\x03",
        b"PK\x03\x04" + b"\0" * 40,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40,
        b"",
        b"\0",
        b"<html><script>xss()</script></html>",
        b"slug;name\n\x00;x",
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx", "../../settings.py", "x.svg"])
def test_what_is_no_table_changes_nothing(as_administrator, content, name):
    answer = upload(as_administrator, content, name)
    if answer.status_code == 303:  # a text with one column is a table, of an unknown column
        plan = as_administrator.get(CHECK).context["plan"]
        assert plan.problems
    else:
        assert answer.status_code == 400
    assert not Revision.objects.exists()


def test_a_file_over_the_limit_is_refused_with_words(as_administrator):
    answer = upload(as_administrator, b"slug;name\n" + b"x" * sheets.MOST_BYTES)

    assert answer.status_code == 400
    assert "file" in answer.context["form"].errors


@pytest.mark.parametrize("address", [EXCHANGE, "/inloggen/", "/mijn-regio/loketten/hier/contact/"])
def test_a_request_far_over_the_limit_is_not_read(as_administrator, client, address):
    for browser in (as_administrator, client):
        file = SimpleUploadedFile("x.csv", b"x" * 4 * 1024 * 1024)
        answer = browser.post(address, {"file": file, "table": "offices"})

        assert answer.status_code in (302, 400)
    assert not Revision.objects.exists()


def test_a_table_with_too_many_rows_or_columns_is_refused(as_administrator):
    rows = b"slug;name\n" + b"x;y\n" * (sheets.MOST_ROWS + 1)
    columns = ";".join(f"c{number}" for number in range(sheets.MOST_COLUMNS + 1)).encode()

    for content in (rows, columns):
        assert upload(as_administrator, content).status_code == 400


def _subject(model):
    return model.objects.get(slug="hier" if model is RegionalOffice else "regio-hier")


def _texts(subject):
    """Each text that a formula can be put into."""
    for fields in records.sections(type(subject)).values():
        for field in fields:
            value = f"=1+1 {field}"[:80]
            if field.startswith(records.SUPPORT):
                value = {"note": value, "links": []}
            try:
                records.check(subject, {field: value})
            except records.Refused:
                continue
            yield field, value


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "'=", "''=", "=cmd|' /C calc'!A1"])
def test_no_cell_of_a_file_runs_as_a_formula_and_all_come_back(site, administrator, kind, begin):
    for model in (RegionalOffice, EducationRegion):
        values = {}
        subject = _subject(model)
        for field, value in _texts(subject):
            if isinstance(value, dict):
                values[field] = {**value, "note": value["note"].replace("=", begin, 1)}
            else:
                values[field] = value.replace("=", begin, 1)
        assert len(values) > 1
        revisions.publish_now(subject=subject, values=values, by=administrator, at=timezone.now())

    for table in tables.TABLES:
        dataset = tables.export(table)
        file = sheets.write(dataset, kind)

        for cell in _cells(file, kind):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
        assert [list(row) for row in sheets.read(file)] == [list(row) for row in dataset]


def _cells(file, kind):
    if kind == "csv":
        text = file.decode("utf-8-sig")
        return [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    sheet = load_workbook(io.BytesIO(file)).active
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [str(value) for value in formulas if value]
