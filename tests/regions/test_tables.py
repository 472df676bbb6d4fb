import json
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from openpyxl import load_workbook
from tablib import Dataset

from regions import records, sheets, tables
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.sheets import SheetError
from regions.tables import Changed
from tests import factories

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def full(world):
    """An office with every kind of field, and texts that a spreadsheet could run."""
    office = world.office(
        "rijnmond",
        serves=["3011"],
        part=["3311"],
        regions=["Rijnmond"],
        draws=["3011"],
        phone="+31102345678",
        description='- Een\n- Twee; met "aanhalingstekens"\n\n=HYPERLINK(1)',
        contact_team="@Team 's-Gravenhage",
        phone_note="'=1+1",
        has_visiting_location=True,
        visiting_latitude=52.090712345,
        visiting_longitude=5.1,
        confirmed_on=date(2026, 11, 1),
        support=[("vacancies", ["https://a.nl/?x=1,2", "https://b.nl/"]), "blogs"],
    )
    factories.PhoneHoursFactory(office=office)
    world.publish()
    return office


def changed(table="offices", **cells):
    """The exported table, with other texts in its only row."""
    exported = tables.export(table)
    row = dict(zip(exported.headers, exported[0], strict=True)) | cells
    return Dataset(list(row.values()), headers=list(row))


def csv(*lines):
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["offices", "regions"])
def test_an_exported_file_changes_nothing(full, table, kind):
    file = sheets.write(tables.export(table), kind)

    plan = tables.plan(table, sheets.read(file))

    assert (plan.changes, plan.problems, plan.unchanged) == ((), (), 1)


def test_an_exported_office_is_the_same_in_an_empty_directory(full):
    before = records.read(full)
    cells = sheets.read(sheets.write(tables.export("offices"), "csv"))
    full.delete()

    plan = tables.plan("offices", cells)
    tables.apply("offices", cells, shown=plan.digest, by=None, at=AT)

    assert plan.problems == ()
    assert records.read(RegionalOffice.objects.get(slug="rijnmond")) == before


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "'=1", "''+1"])
def test_no_cell_of_a_csv_file_runs_as_a_formula(text):
    file = sheets.write(Dataset(["a", text], headers=["slug", "note"]), "csv")

    assert f"'{text}" in file.decode()
    assert sheets.read(file)[0] == ("a", text)


def test_no_cell_of_a_workbook_is_a_formula(tmp_path):
    file = tmp_path / "table.xlsx"

    file.write_bytes(sheets.write(Dataset(["a", "=1+1"], headers=["slug", "note"]), "xlsx"))

    cell = load_workbook(file).active["B2"]
    assert (cell.data_type, cell.value) == ("s", "'=1+1")
    assert sheets.read(file.read_bytes())[0] == ("a", "=1+1")


def test_an_apostrophe_before_a_word_is_a_letter():
    assert sheets.read(csv("slug;name", "a;'s-Hertogenbosch"))[0] == ("a", "'s-Hertogenbosch")


@pytest.mark.parametrize(
    "file",
    [
        csv("slug,name", 'a,"Één,\ntwee"'),
        csv("slug;name", 'a;"Één,\ntwee"'),
        csv("sep=;", "slug;name", 'a;"Één,\ntwee"', ";;"[:1]),
        '\ufeffslug;name\r\na;"Één,\r\ntwee"\r\n'.encode(),
        'slug\tname\r\na\t"Één,\ntwee"\r\n'.encode("utf-16"),
        'slug;name;;\r\na;"Één,\ntwee";;\r\n;;;\r\n'.encode("cp1252"),
    ],
    ids=["comma", "semicolon", "told", "mark", "utf-16", "windows"],
)
def test_a_file_is_read_as_spreadsheets_write_it(file):
    read = sheets.read(file)

    assert (read.headers, list(read)) == (["slug", "name"], [("a", "Één,\ntwee")])


def test_what_a_spreadsheet_typed_becomes_text_again(tmp_path):
    cells = [3011, 3011.0, True, False, datetime(2026, 11, 1), None, 52.5]
    headers = ["a", "b", "c", "d", "e", "f", "g"]
    book = tmp_path / "x.xlsx"
    book.write_bytes(Dataset(cells, headers=headers).export("xlsx"))

    read = sheets.read(book.read_bytes())

    assert read[0][:6] == ("3011", "3011", "ja", "nee", "2026-11-01", "")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not_a_table"),
        (b"PK\x03\x04nothing", "not_a_table"),
        (b"x" * (sheets.MOST_BYTES + 1), "too_large"),
        (csv("slug;slug", "a;b"), "column_twice"),
        (csv("slug;", "a;b"), "column_without_name"),
        (csv("slug;name", "a;b;c"), "cells_without_column"),
        (csv("slug", *map(str, range(sheets.MOST_ROWS + 1))), "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused(file, code):
    with pytest.raises(SheetError) as refused:
        sheets.read(file)

    assert refused.value.code == code


def test_a_changed_cell_is_a_change_of_its_field_alone(full):
    plan = tables.plan("offices", changed(phone_note="Niet op woensdag"))

    (change,) = plan.changes
    assert dict(change.differences) == {"phone_note": ["'=1+1", "Niet op woensdag"]}
    assert (change.row, change.slug, change.is_new) == (2, "rijnmond", False)
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("column", "text", "field", "value"),
    [
        (
            "phone_hours",
            "wo 9:00-12:00|ma 10-11",
            "phone_hours",
            [[1, "10:00", "11:00"], [3, "09:00", "12:00"]],
        ),
        ("sectors", "vo|po", "sectors", ["po", "vo"]),
        ("partial_postcodes", "", "partial_postcodes", []),
        ("phone", "010 234 56 79", "phone", "+31102345679"),
        ("website", "www.school.nl", "website", "https://www.school.nl"),
        ("nationwide", "WAAR", "nationwide", True),
        ("confirmed_on", "2-11-2026", "confirmed_on", "2026-11-02"),
        ("visiting_point", "52,1|5,2", "visiting_point", [52.1, 5.2]),
        ("support.blogs", "nee", "support.blogs", None),
        ("support.videos", "ja", "support.videos", {"note": "", "links": []}),
        ("support.blogs.note", "Elke week", "support.blogs", {"note": "Elke week", "links": []}),
        (
            "support.blogs.links",
            "c.nl/x\nd.nl",
            "support.blogs",
            {"note": "", "links": ["https://c.nl/x", "https://d.nl"]},
        ),
        ("drawn_area", "", "drawn_area", None),
        ("state", "Archived", "state", "archived"),
    ],
)
def test_cells_say_values_as_people_type_them(full, column, text, field, value):
    with translation.override("en"):
        plan = tables.plan("offices", changed(**{column: text}))

    assert plan.problems == ()
    assert plan.changes[0].values == {field: value}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("municipalities", "518"),
        ("municipalities", "GM9999"),
        ("partial_postcodes", "30113012"),
        ("partial_postcodes", "311"),
        ("phone", "3,11E+10"),
        ("phone", "112"),
        ("email", "geen adres"),
        ("website", "javascript:alert(1)"),
        ("phone_hours", "ooit 9-5"),
        ("phone_hours", "ma 17:00-09:00"),
        ("nationwide", "misschien"),
        ("state", "weg"),
        ("confirmed_on", "gisteren"),
        ("visiting_point", "5.2|52.1"),
        ("drawn_area", "[1]"),
        ("drawn_area", json.dumps({"type": "Point", "coordinates": [5, 52]})),
        ("name", ""),
        ("description", "Vul [dit] nog in"),
        ("support.videos.note", "Zonder ja"),
        ("contact_team", "x" * 121),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(full, column, text):
    plan = tables.plan("offices", changed(**{column: text}))

    (problem,) = plan.problems
    assert (problem.row, problem.column) == (2, column)
    assert problem.reason


def test_unknown_columns_and_double_rows_are_named(full):
    unknown = tables.plan("offices", Dataset(["a", "b"], headers=["slug", "telefoon"]))
    without = tables.plan("offices", Dataset(["b"], headers=["name"]))
    double = tables.plan("offices", Dataset(["rijnmond"], ["rijnmond"], headers=["slug"]))

    assert [each.column for each in unknown.problems] == ["telefoon"]
    assert [each.column for each in without.problems] == ["slug"]
    assert [(each.row, each.column) for each in double.problems] == [(3, "slug")]


def test_an_unknown_slug_is_a_new_office_as_a_draft(full):
    cells = Dataset(["nieuw", "Nieuw loket", "rijnmond"], headers=["slug", "name", "regions"])

    plan = tables.plan("offices", cells)
    tables.apply("offices", cells, shown=plan.digest, by=None, at=AT)

    made = RegionalOffice.objects.get(slug="nieuw")
    assert (made.state, made.name) == ("draft", "Nieuw loket")
    assert [region.slug for region in made.regions.all()] == ["rijnmond"]


def test_two_rows_that_exclude_each_other_are_found_before_anything_is_stored(full):
    cells = Dataset(["a", "Zelfde"], ["b", "Zelfde"], headers=["slug", "name"])

    plan = tables.plan("offices", cells)

    assert [(each.row, each.column) for each in plan.problems] == [(3, "name")]
    assert RegionalOffice.objects.count() == 1


def test_an_empty_row_means_nothing_and_keeps_the_numbers(full):
    cells = Dataset(["", ""], ["rijnmond", ""], headers=["slug", "name"])

    plan = tables.plan("offices", cells)

    assert [(each.row, each.column) for each in plan.problems] == [(3, "name")]


def test_what_is_applied_is_one_revision_for_each_row(full):
    cells = changed(phone_note="Nieuw")
    plan = tables.plan("offices", cells)
    steps = []

    tables.apply(
        "offices",
        cells,
        shown=plan.digest,
        by=None,
        at=AT,
        progress=lambda *step: steps.append(step),
    )

    (revision,) = Revision.objects.of(full).published()
    assert (revision.origin, list(revision.changes)) == ("import", ["phone_note"])
    assert steps == [(1, 2), (2, 2)]


def test_nothing_is_applied_that_is_not_what_was_shown(world, full):
    cells = changed(phone_note="Nieuw")
    plan = tables.plan("offices", cells)
    world.edit("rijnmond", phone_note="Intussen")

    with pytest.raises(Changed) as refused:
        tables.apply("offices", cells, shown=plan.digest, by=None, at=AT)

    assert refused.value.plan.changes[0].differences == {"phone_note": ["Intussen", "Nieuw"]}
    assert not Revision.objects.exists()


def test_one_wrong_row_stops_all_of_them(full):
    EducationRegion.objects.create(slug="b", name="B")
    cells = Dataset(["rijnmond", "Anders"], ["b", ""], headers=["slug", "name"])
    plan = tables.plan("regions", cells)

    with pytest.raises(Changed):
        tables.apply("regions", cells, shown=plan.digest, by=None, at=AT)

    assert EducationRegion.objects.get(slug="rijnmond").name == "Rijnmond"
