"""Figures of before this service: stored whole or not at all, and never over its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from tablib import Dataset

from navigator.statistics import earlier, totals
from navigator.statistics.models import ProfileView, ViewTotal
from navigator.statistics.totals import ViewKey
from regions import sheets

TODAY = date(2026, 11, 24)
DAY = date(2025, 3, 10)
HEADERS = ["office", "day", "views", "visitors", "source"]


@pytest.fixture
def office(world):
    return world.office("flevowijs")


@pytest.fixture
def file(tmp_path):
    """Writes a file and answers where it stands."""

    def write(*rows, headers=HEADERS, kind="csv"):
        path = tmp_path / f"views.{kind}"
        path.write_bytes(sheets.write(Dataset(*rows, headers=headers), kind))
        return str(path)

    return write


def problems(*rows, headers=HEADERS):
    found = earlier.plan(Dataset(*rows, headers=headers), today=TODAY)
    return [(each.row, each.column, each.code) for each in found.problems]


def counted_here(office, day):
    ProfileView.objects.create(
        at=datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        day=day,
        visitor="a",
        ordinal=0,
        office=office,
        source="direct",
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_views_of_before_stand_in_the_totals(office, file, kind):
    path = file(
        ["flevowijs", "2025-03-10", "116", "90", "campaign"],
        ["flevowijs", "2025-03-10", "4", "4", ""],
        ["", "2025-03-10", "", "1633", ""],
        kind=kind,
    )

    call_command("import_views", path)

    found = totals.of_period(DAY, DAY)
    assert found.views == {
        ViewKey(office.pk, "campaign", ""): 116,
        ViewKey(office.pk, "unknown", ""): 4,
    }
    assert found.viewers.total() == 94
    assert found.visitors.total() == 1633


def test_a_dry_run_tells_and_stores_nothing(office, file, capsys):
    path = file(["flevowijs", "2025-03-10", "116", "90", "campaign"])

    call_command("import_views", path, "--dry-run")

    assert "116" in capsys.readouterr().out
    assert not ViewTotal.objects.exists()


def test_a_mended_file_takes_the_place_of_what_was_imported(office, file):
    call_command("import_views", file(["flevowijs", "2025-03-10", "116", "90", "campaign"]))

    call_command("import_views", file(["flevowijs", "2025-03-10", "97", "80", "direct"]))

    assert totals.of_period(DAY, DAY).views == {ViewKey(office.pk, "direct", ""): 97}


def test_a_file_with_one_wrong_row_stores_nothing_and_names_the_row(office, file):
    path = file(
        ["flevowijs", "2025-03-10", "116", "90", "campaign"],
        ["flevowijs", "2025-03-11", "many", "90", "campaign"],
    )

    with pytest.raises(CommandError, match=r"3.*views"):
        call_command("import_views", path)

    assert not ViewTotal.objects.exists()


def test_days_that_were_counted_here_are_never_touched(office):
    single, totalled = DAY, DAY + timedelta(days=1)
    counted_here(office, single)
    counted_here(office, totalled)
    totals.total(totalled)
    ProfileView.objects.filter(day=totalled).delete()

    rows = [["flevowijs", day.isoformat(), "1", "1", ""] for day in (single, totalled)]

    assert problems(*rows) == [(2, "day", "counted_here"), (3, "day", "counted_here")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["nowhere", "2025-03-10", "1", "1", ""], (2, "office", "unknown_office")),
        (["flevowijs", "10-3-2025", "1", "1", ""], (2, "day", "not_a_day")),
        (["flevowijs", "2026-11-24", "1", "1", ""], (2, "day", "not_over")),
        (["flevowijs", "2025-03-10", "-1", "1", ""], (2, "views", "not_a_number")),
        (["flevowijs", "2025-03-10", "1", "1,5", ""], (2, "visitors", "not_a_number")),
        (["flevowijs", "2025-03-10", "1", "", ""], (2, "visitors", "not_a_number")),
        (["flevowijs", "2025-03-10", "1", "2", ""], (2, "visitors", "visitors_above_views")),
        (["flevowijs", "2025-03-10", "1", "1", "radio"], (2, "source", "unknown_source")),
        (["", "2025-03-10", "1", "1", ""], (2, "views", "views_of_all")),
    ],
)
def test_what_can_not_be_is_told_by_row_and_column(office, row, told):
    assert told in problems(row)


def test_the_same_row_twice_is_told(office):
    row = ["flevowijs", "2025-03-10", "1", "1", ""]

    assert problems(row, row) == [(3, "source", "twice")]


def test_missing_and_unknown_columns_are_told(office):
    assert problems(["x", "y"], headers=["office", "kleur"]) == [
        (1, "day", "no_column"),
        (1, "views", "no_column"),
        (1, "visitors", "no_column"),
        (1, "kleur", "unknown_column"),
    ]


def test_every_problem_has_words():
    for code in earlier.MESSAGES:
        assert str(earlier.Problem(2, "day", code, "x"))


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_is_told(office, tmp_path, content):
    path = tmp_path / "views.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("import_views", str(path))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_views", str(tmp_path / "nothing.csv"))
