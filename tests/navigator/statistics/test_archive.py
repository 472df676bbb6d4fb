"""All open figures of a period in one file."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from navigator.statistics import archive, open_data, totals
from navigator.statistics.models import LeftOutTotal
from navigator.statistics.periods import Period
from tests.navigator.statistics.usage_rows import moment, search, view

DAY = date(2026, 3, 2)
WEEK = Period(date(2026, 3, 1), date(2026, 3, 7))
QUERY = "from=2026-03-01&to=2026-03-07"
CHANGED = datetime(2026, 3, 2, 10, 1, 30, tzinfo=UTC)


@pytest.fixture
def office(world):
    world.postcode("3011")
    office = world.office("eerste")
    view(office, "a", DAY)
    search("a", "3011", DAY, serving=0, minute=1)
    LeftOutTotal.objects.create(day=DAY, what="profileview", why="bot", requests=7)
    return office


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_has_every_table_of_the_api_as_the_api_has_it(client, office):
    answer = client.get(f"/api/v1/statistics/archive?{QUERY}")

    packed = opened(answer.content)
    assert answer["Content-Type"] == "application/zip"
    assert 'filename="usage-2026-03-01-2026-03-07.zip"' in answer["Content-Disposition"]
    for table in (*open_data.TABLES, "left-out"):
        told = client.get(f"/api/v1/statistics/{table}?{QUERY}&format=csv")
        assert packed.read(f"{table}.csv") == told.content, table
    assert set(packed.namelist()) == {
        "README.txt",
        "LICENSE.txt",
        "summary.csv",
        "left-out.csv",
        *(f"{table}.csv" for table in open_data.TABLES),
    }


def test_its_summary_has_the_main_figures(client, office):
    summary = opened(archive.archive(WEEK, changed_at=CHANGED)).read("summary.csv").decode()

    cards = client.get(f"/api/v1/statistics/usage?{QUERY}").json()
    lines = [line.split(",") for line in summary.splitlines()]
    assert lines[0] == ["figure", "now", "before", "changeBefore", "yearBefore", "changeYear"]
    assert [line[0] for line in lines[1:]] == [
        "visitors",
        "searches",
        "views",
        "viewsAVisitor",
        "servedShare",
    ]
    for name, *numbers in lines[1:]:
        told = [cards[name][column] for column in lines[0][1:]]
        assert numbers == ["" if number is None else str(number) for number in told]


def test_its_readme_defines_every_column_of_every_file(office):
    packed = opened(archive.archive(WEEK, changed_at=CHANGED))
    readme = packed.read("README.txt").decode()

    for name in packed.namelist():
        if not name.endswith(".csv"):
            continue
        part = readme.split(f"\n{name}: ")[1].split(".csv: ")[0]
        for column in packed.read(name).decode().splitlines()[0].split(","):
            (line,) = [line for line in part.splitlines() if line.startswith(f"- {column} (")]
            assert len(line.partition("): ")[2]) > 5


def test_its_readme_says_of_when_it_is_and_how_it_was_counted(office):
    readme = opened(archive.archive(WEEK, changed_at=CHANGED)).read("README.txt").decode()

    for words in (
        "2026-03-01 to 2026-03-07",
        "2026-02-22 to 2026-02-28",
        "2026-03-02T10:01:30+00:00",
        "no cookies",
        "salt",
        "counted once a day",
        "CC0-1.0",
        "/api/v1/statistics/advice",
    ):
        assert words in readme


def test_its_licence_is_named_as_programs_and_people_know_it(office):
    licence = opened(archive.archive(WEEK, changed_at=CHANGED)).read("LICENSE.txt").decode()

    assert licence.startswith("SPDX-License-Identifier: CC0-1.0\n")
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in licence


def test_the_same_figures_give_the_same_bytes_in_any_language(office):
    first = archive.archive(WEEK, changed_at=CHANGED)
    with translation.override("en"):
        second = archive.archive(WEEK, changed_at=CHANGED)

    assert first == second
    assert {entry.date_time for entry in opened(first).infolist()} == {(2026, 3, 2, 10, 1, 30)}


def test_other_figures_give_other_bytes(office):
    first = archive.archive(WEEK, changed_at=CHANGED)
    view(office, "b", DAY)

    assert archive.archive(WEEK, changed_at=CHANGED) != first


def test_what_was_totalled_is_told_as_before(office):
    first = archive.archive(WEEK, changed_at=CHANGED)
    totals.roll_up(at=moment(date(2026, 8, 1)), keep_days=90)

    assert archive.archive(WEEK, changed_at=CHANGED) == first


def test_there_is_one_before_anything_was_counted(world):
    packed = opened(archive.archive(WEEK, changed_at=None))

    assert packed.testzip() is None
    assert "Last change:   never" in packed.read("README.txt").decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_gives_the_same_file(client, office, prefix):
    from_page = client.get(f"{prefix}/statistiek/archief/?{QUERY}")

    assert from_page.content == client.get(f"/api/v1/statistics/archive?{QUERY}").content
    assert from_page["Content-Type"] == "application/zip"
    assert not from_page.cookies


def test_the_page_shows_what_is_wrong_with_a_period(client, office):
    answer = client.get("/statistiek/archief/?from=maart&to=april")

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")


def test_no_postcode_is_in_it(office):
    packed = opened(archive.archive(WEEK, changed_at=CHANGED))

    for name in packed.namelist():
        assert "3011" not in packed.read(name).decode()
