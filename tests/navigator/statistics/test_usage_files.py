"""Files of usage: what stands in them, and how."""

from decimal import Decimal

from navigator.statistics import usage_files
from regions import sheets
from tests.navigator.statistics.usage_sample import line, table


def test_a_row_has_each_measure_the_share_and_what_it_is_compared_with():
    offices = table(line("flevo", (12, 8, 0), (10, 5, 20), base=24))

    flevo, total = usage_files.rows(offices)

    assert flevo == {
        "code": "flevo",
        "name": "Flevo",
        "views": 12,
        "visitors": 10,
        "share": Decimal("50.0"),
        "views_before": 8,
        "views_change_before": Decimal("50.0"),
        "views_year_before": 0,
        "views_change_year": None,
        "visitors_before": 5,
        "visitors_change_before": Decimal("100.0"),
        "visitors_year_before": 20,
        "visitors_change_year": Decimal("-50.0"),
    }
    assert (total["code"], total["views"], total["share"]) == ("total", 12, None)


def test_a_table_without_shares_has_no_column_for_them():
    rows = usage_files.rows(table(line("flevo", 1), share_of=""))

    assert "share" not in rows[0]


def test_a_file_has_a_comma_where_asked_and_a_workbook_has_numbers():
    offices = table(line("flevo", (3, 8, 0), base=7))

    dutch = sheets.read(usage_files.file(offices, "csv", comma=True))
    english = sheets.read(usage_files.file(offices, "csv"))
    workbook = sheets.read(usage_files.file(offices, "xlsx"))

    assert dutch[0][2:6] == ("3", "42,9", "8", "-62,5")
    assert english[0][2:6] == ("3", "42.9", "8", "-62.5")
    assert workbook[0][2:6] == ("3", "42.9", "8", "-62.5")


def test_a_name_that_a_spreadsheet_would_run_is_harmless():
    made = usage_files.file(table(line("evil", 1, name="=1+1")), "csv").decode("utf-8-sig")

    assert ";=1+1" not in made
    assert ",=1+1" not in made
