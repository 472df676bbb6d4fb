import pytest

from regions import sheets, tables

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("table", "rows"), [("offices", 52), ("regions", 50)])
def test_the_real_directory_comes_back_without_any_change(table, rows, kind):
    file = sheets.write(tables.export(table), kind)

    plan = tables.plan(table, sheets.read(file))

    assert (plan.changes, plan.problems, plan.unchanged) == ((), (), rows)
    assert len(file) < sheets.MOST_BYTES


@pytest.mark.parametrize("table", ["offices", "regions"])
def test_it_also_comes_back_as_another_spreadsheet_saves_it(table):
    """Commas, without a mark, other line ends, and spaces at the ends gone."""
    told = sheets.read(sheets.write(tables.export(table), "csv"))
    saved = told.export("csv").replace("\n", "\r\n").replace("\r\r", "\r").encode()

    plan = tables.plan(table, sheets.read(saved))

    assert (plan.changes, plan.problems) == ((), ())
