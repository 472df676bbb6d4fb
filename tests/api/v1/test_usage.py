"""Who used the navigator, as open data: every table as JSON and as CSV."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from navigator.statistics import brakes, totals
from navigator.statistics.models import Campaign, LeftOutTotal
from regions.models import Municipality
from tests.api.test_schema import check
from tests.navigator.statistics.usage_rows import search, view

BASE = "/api/v1/statistics"
MARCH = "from=2026-03-02&to=2026-03-03"
TABLES = (
    "days",
    "sources",
    "provinces",
    "municipalities",
    "searches",
    "without-office",
    "offices",
    "left-out",
)
SECOND, THIRD, BEFORE, YEAR_BEFORE = (
    date(2026, 3, 2),
    date(2026, 3, 3),
    date(2026, 3, 1),
    date(2025, 3, 2),
)


@pytest.fixture
def visits(world):
    """Four people in two days, who saw `eerste` thrice and `tweede` once; `derde` saw nobody."""
    first, second, _third = (world.office(slug) for slug in ("eerste", "tweede", "derde"))
    world.postcode("3011", municipality="Rotterdam")
    rotterdam = Municipality.objects.get(name="Rotterdam")
    where = {"municipality": rotterdam.code, "province": rotterdam.province}
    search("a", "3011", SECOND, sector="po", serving=0, source="campaign", **where)
    search("b", "3011", SECOND, **where)
    search(None, "", THIRD, source="api")
    view(first, "a", SECOND, minute=1, source="campaign", province=rotterdam.province)
    view(first, "a", SECOND, minute=40, source="campaign", province=rotterdam.province)
    view(first, "c", THIRD, source="search-engine")
    view(second, "d", THIRD)
    for minute in (0, 40):
        view(first, "e", BEFORE, minute=minute)
    view(second, "f", YEAR_BEFORE)
    LeftOutTotal.objects.create(day=SECOND, what="profileview", why="bot", requests=7)
    LeftOutTotal.objects.create(day=THIRD, what="search", why="bot", requests=2)
    LeftOutTotal.objects.create(day=THIRD, what="profileview", why="head", requests=1)
    return first, second


def get(client, table, query=MARCH, **headers):
    return client.get(f"{BASE}/{table}?{query}", headers=headers)


def rows(client, table, query=MARCH):
    answer = get(client, table, query)
    assert answer.status_code == 200
    return answer.json()["results"]


def read_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_every_table_is_a_list_as_described(client, visits):
    for table in TABLES:
        answer = get(client, table)

        told = answer.json()
        check("get", f"{BASE}/{table}", answer)
        assert list(told) == ["count", "next", "previous", "results"]
        assert (told["count"], told["next"]) == (len(told["results"]), None)


def test_the_main_figures_stand_beside_those_of_before(client, visits):
    answer = get(client, "usage")

    told = answer.json()
    check("get", f"{BASE}/usage", answer)
    assert told["before"] == {"first": "2026-02-28", "last": "2026-03-01"}
    assert told["yearBefore"] == {"first": "2025-03-02", "last": "2025-03-03"}
    assert told["visitors"] == {
        "now": 4,
        "before": 1,
        "changeBefore": 300.0,
        "yearBefore": 1,
        "changeYear": 300.0,
    }
    assert (told["views"]["now"], told["views"]["before"], told["views"]["yearBefore"]) == (4, 2, 1)
    assert (told["searches"]["now"], told["searches"]["changeBefore"]) == (3, None)
    assert (told["viewsAVisitor"]["now"], told["viewsAVisitor"]["before"]) == (1.0, 2.0)
    assert (told["servedShare"]["now"], told["servedShare"]["before"]) == (66.7, None)
    assert told["recordDay"] == {"day": "2026-03-02", "count": 2}
    assert told["firstDay"] == "2025-03-02"


def test_the_main_figures_lead_to_all_tables_of_the_same_days(client, visits):
    told = get(client, "usage").json()

    assert [table["code"] for table in told["tables"]] == list(TABLES)
    for address in [*(table["url"] for table in told["tables"]), told["archive"]]:
        assert address.endswith(f"?{MARCH}")
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_every_office_has_a_row_with_exactly_six_names(client, visits):
    told = rows(client, "offices")

    assert told == [
        {
            "slug": "eerste",
            "name": visits[0].name,
            "views": 3,
            "visitors": 2,
            "share": 75.0,
            "change": 50.0,
        },
        {
            "slug": "tweede",
            "name": visits[1].name,
            "views": 1,
            "visitors": 1,
            "share": 25.0,
            "change": None,
        },
        {"slug": "derde", "name": told[2]["name"], "views": 0, "visitors": 0}
        | {"share": 0.0, "change": None},
    ]


@pytest.mark.parametrize(
    ("compare", "changes"),
    {"before": [50.0, None], "year": [None, 0.0], "none": [None, None]}.items(),
)
def test_what_it_is_compared_with_can_be_chosen(client, visits, compare, changes):
    told = rows(client, "offices", f"{MARCH}&compare={compare}")

    assert [row["change"] for row in told[:2]] == changes


@pytest.mark.parametrize(
    ("compare", "compared"), {"before": [0, 1], "year": [1, 0], "none": [None, None]}.items()
)
def test_a_day_stands_beside_the_day_that_it_is_compared_with(client, visits, compare, compared):
    told = rows(client, "days", f"{MARCH}&compare={compare}")

    assert [row["day"] for row in told] == ["2026-03-02", "2026-03-03"]
    assert [row["visitors"] for row in told] == [2, 2]
    assert [row["visitorsCompared"] for row in told] == compared


def test_rows_add_up_to_the_main_figures(client, visits):
    told = get(client, "usage").json()

    def total(table, column):
        return sum(row[column] for row in rows(client, table))

    for table in ("days", "sources", "provinces"):
        for column in ("visitors", "views", "searches"):
            assert total(table, column) == told[column]["now"], (table, column)
    assert total("offices", "views") == told["views"]["now"]
    for table in ("municipalities", "searches"):
        assert total(table, "searches") == told["searches"]["now"]
    in_vain = total("days", "withoutOffice")
    assert in_vain == total("searches", "withoutOffice") == total("without-office", "withoutOffice")
    assert told["servedShare"]["now"] == round(100 * (1 - in_vain / told["searches"]["now"]), 1)
    assert abs(total("sources", "share") - 100) < 0.5


def test_searches_are_told_by_municipality_and_never_by_postcode(client, visits):
    told = rows(client, "searches")

    in_vain = {
        "municipality": Municipality.objects.get(name="Rotterdam").code,
        "name": "Rotterdam",
        "province": "zuid-holland",
        "sector": "po",
        "sectorName": "Primary education",
        "searches": 1,
        "withoutOffice": 1,
        "share": 33.3,
        "searchesCompared": 0,
        "change": None,
    }
    assert in_vain in told
    assert [row["municipality"] for row in told].count(None) == 1
    assert [row["name"] for row in rows(client, "without-office")] == ["Rotterdam"]
    for table in (*TABLES, "usage"):
        # The code of the municipality in this small world is GM3011.
        assert "3011" not in get(client, table).content.decode().replace("GM3011", "")


def test_what_was_left_out_is_told_by_why(client, visits):
    told = {row["why"]: row for row in rows(client, "left-out")}

    assert (told["bot"]["views"], told["bot"]["searches"]) == (7, 2)
    assert (told["head"]["views"], told["head"]["searches"]) == (1, 0)
    assert {"prefetch", "repeat", "own people", "excluded"} <= told.keys()


def test_csv_is_the_same_as_json(client, visits):
    for table in TABLES:
        told = rows(client, table)

        by_parameter = get(client, table, f"{MARCH}&format=csv&pageSize=1")
        by_header = get(client, table, accept="text/csv")

        assert by_parameter["Content-Type"] == "text/csv; charset=utf-8"
        assert by_parameter.content == by_header.content
        assert f'filename="{table}-2026-03-02-2026-03-03.csv"' in by_header["Content-Disposition"]
        assert read_csv(by_header) == [
            {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in told
        ]


def test_a_table_without_rows_has_a_head_in_csv(client, visits):
    answer = get(client, "without-office", "from=2020-01-01&to=2020-01-01&format=csv")

    assert answer.content.startswith(b"municipality,name,province,sector,sectorName,withoutOffice,")
    assert answer.content.count(b"\r\n") == 1


def test_no_name_runs_as_a_formula(client, visits, world):
    world.office("rekent", name="=1+1")

    told = {row["slug"]: row for row in read_csv(get(client, "offices", f"{MARCH}&format=csv"))}

    assert told["rekent"]["name"] == "'=1+1"
    assert told["eerste"]["change"] == "50.0"


def test_a_fall_is_a_number_in_csv(client, visits):
    told = read_csv(get(client, "offices", "from=2026-03-03&to=2026-03-03&format=csv"))

    assert {row["slug"]: row["change"] for row in told}["eerste"] == "-50.0"


def test_what_was_totalled_is_told_as_it_was_before(client, visits):
    before = {table: rows(client, table) for table in TABLES}
    cards = get(client, "usage").json()

    totals.roll_up(at=timezone.now(), keep_days=1)

    assert {table: rows(client, table) for table in TABLES} == before
    assert get(client, "usage").json() == cards


def test_a_list_comes_in_pages(client, visits):
    first = get(client, "offices", f"{MARCH}&pageSize=2").json()

    assert (first["count"], len(first["results"])) == (3, 2)
    rest = client.get(first["next"].removeprefix("http://testserver")).json()
    assert [row["slug"] for row in rest["results"]] == ["derde"]
    assert get(client, "offices", f"{MARCH}&page=9").status_code == 404


def test_a_campaign_is_a_period(client, visits):
    Campaign.objects.create(code="maart", name_nl="Maart", first=SECOND, last=THIRD)

    told = get(client, "usage", "period=maart").json()

    assert told["period"] == {"first": "2026-03-02", "last": "2026-03-03"}
    assert told["campaigns"] == [
        {"code": "maart", "name": "Maart", "first": "2026-03-02", "last": "2026-03-03"}
    ]
    assert rows(client, "offices", "period=maart") == rows(client, "offices")


def test_without_a_period_it_is_the_last_thirty_days(client, visits):
    told = get(client, "usage", "").json()

    today = timezone.localdate()
    assert told["period"]["last"] == today.isoformat()
    assert told["period"]["first"] == (today - timedelta(days=29)).isoformat()


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        ("from=2026-03-01", ("to", "incomplete")),
        ("from=maart&to=2026-03-31", ("from", "not_a_date")),
        ("from=2026-03-02&to=2026-03-01", ("to", "end_before_begin")),
        ("from=1900-01-01&to=2026-03-01", ("from", "out_of_range")),
        ("from=2001-01-01&to=2026-03-01", ("to", "too_long")),
        ("period=ever", ("period", "unknown_period")),
        ("period=last-7&from=2026-03-01", ("period", "one_period")),
        ("office=eerste", ("office", "unknown_parameter")),
        ("compare=week", ("compare", "unknown_compare")),
        ("format=xml", ("format", "unknown_format")),
        ("from=maart&to=2026-03-31&format=csv", ("from", "not_a_date")),
    ],
)
def test_what_can_not_be_asked_is_told_as_a_problem(client, visits, problem_of, query, mistake):
    answer = get(client, "offices", query, accept="text/csv, application/json")

    kind, mistakes = problem_of(answer)
    check("get", f"{BASE}/offices", answer)
    assert (answer.status_code, kind, mistakes) == (400, "invalid-request", [mistake])


def test_an_unknown_period_is_told_with_those_that_there_are(client, visits):
    Campaign.objects.create(code="maart", name_nl="Maart", first=SECOND, last=THIRD)

    answer = get(client, "usage", "period=mei")

    check("get", f"{BASE}/usage", answer)
    (mistake,) = answer.json()["errors"]
    assert {"last-7", "this-year", "maart"} <= set(mistake["suggestions"])


def test_the_main_figures_and_the_archive_are_compared_with_nothing_else(client, visits):
    for table in ("usage", "archive"):
        (mistake,) = get(client, table, f"{MARCH}&compare=year").json()["errors"]
        assert (mistake["field"], mistake["code"]) == ("compare", "unknown_parameter")


def test_everything_is_open_to_all(client, visits):
    for table in ("usage", "archive", *TABLES):
        answer = get(client, table)

        link = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Link"] == link
        assert answer["Cache-Control"] == "public, no-cache"
        assert not answer.cookies


def test_the_length_of_the_period_costs_no_query(client, visits, monkeypatch):
    monkeypatch.setattr(brakes, "LONG", 3660)  # its cache is in the database here
    view(visits[0], "g", timezone.localdate())

    for table in ("usage", "offices", "archive"):
        get(client, table)  # whatever a process looks up once
        taken = []
        for query in (MARCH, "from=2023-12-01&to=2026-12-01"):
            with CaptureQueriesContext(connection) as queries:
                get(client, table, query)
            taken.append(len(queries))
        assert taken[0] == taken[1] < 30, table
