"""The page with the figures of advice: what it shows, how it writes it, and its files."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from navigator.statistics.periods import Period
from navigator.statistics.reports import TABLES, advice_report
from navigator.statistics.tables import rows
from regions import sheets
from tests import people
from tests.navigator.statistics.talks import talk

ASKED = "?from=2026-03-01&to=2026-03-31"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
PAGE = "/en/advies/cijfers/"
DUTCH = "/advies/cijfers/"


@pytest.fixture
def advisor(world):
    with world.at_once():
        world.office("flevo", name="Flevo", sectors=["po"], serves=["1315"])
        world.office("zeeland", name="Zeeland", sectors=["po"], serves=["4331"])
        world.office("aardig", name="Aardig", sectors=["po"], serves=["3011"])
    return people.advisor()


@pytest.fixture
def desk(client, advisor):
    """The browser of the advisor."""
    return people.log_in(client, advisor)


@pytest.fixture
def talks(advisor):
    """Three conversations in March, one in February, two in March of the year before."""
    talk(advisor, "2026-03-02", "regional-office", "training-institute", offices=["flevo"])
    talk(advisor, "2026-03-02", "regional-office", offices=["flevo", "zeeland"], channel="chat")
    talk(advisor, "2026-03-09", interests=["po"])
    talk(advisor, "2026-02-20", "school")
    talk(advisor, "2025-03-02", "school")
    talk(advisor, "2025-03-03")


def section(response, code):
    """The part of the page about a table."""
    return response.text.partition(f'id="{code}"')[2].partition("</section>")[0]


def words(html):
    """What HTML says, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def cells(html, name):
    """What the row of a table says."""
    row = re.search(rf'<tr>\s*<th scope="row">{re.escape(name)}</th>(.*?)</tr>', html, re.DOTALL)
    return [words(cell) for cell in re.findall(r"<td>(.*?)</td>", row[1], re.DOTALL)]


def test_the_main_figures_stand_beside_the_period_before_and_a_year_before(desk, talks):
    told = words(desk.get(PAGE + ASKED).text)

    assert "Conversations 3 Period before 1 ▲ 200.0% more A year before 2 ▲ 50.0% more" in told
    assert "Total referrals 3 Period before 1 ▲ 200.0% more" in told
    assert "Record day 2 conversations on 2 March 2026" in told


def test_what_cannot_be_compared_says_so(desk, talks):
    destinations = section(desk.get(PAGE + ASKED), "destinations")

    assert cells(destinations, "Training institute") == [
        "1",
        "33.3%",
        "0 no comparison",
        "0 no comparison",
    ]


def test_a_change_is_told_in_words_and_not_by_its_arrow_alone(desk, talks):
    destinations = section(desk.get(PAGE + ASKED), "destinations")

    assert cells(destinations, "School or school board")[2] == "1 ▼ 100.0% less"
    assert '<span aria-hidden="true">▼</span>' in destinations


def test_dutch_pages_have_a_decimal_comma(desk, talks):
    assert "33,3%" in section(desk.get(DUTCH + ASKED), "destinations")


def test_the_page_says_why_shares_add_up_to_more_than_all(desk, talks):
    told = words(section(desk.get(PAGE + ASKED), "destinations"))

    assert "the shares add up to more than 100%" in told


@pytest.mark.parametrize("code", TABLES)
def test_every_table_has_a_caption_heads_and_files(desk, talks, code):
    html = section(desk.get(PAGE + ASKED), code)

    assert "<caption" in html
    assert html.count('<th scope="col"') >= 4
    assert '<th scope="row">' in html
    for kind in sheets.FORMATS:
        address = f"{PAGE}{code}/{kind}/{ASKED}".replace("&", "&amp;")
        assert f'href="{address}"' in html


def test_a_table_has_a_chart_with_a_title_and_a_description(desk, talks):
    html = section(desk.get(PAGE + ASKED), "destinations")

    assert 'role="img" aria-labelledby="figure-destinations-title' in html
    assert '<title id="figure-destinations-title">Where conversations led to</title>' in html
    assert "The highest: Regional office, 2 (66.7%)." in html


def test_a_table_without_numbers_has_no_chart(desk, talks):
    assert "<svg" not in section(desk.get(PAGE + ASKED), "slips")


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["Flevo", "Zeeland", "Aardig"]),
        ("&order=now", ["Flevo", "Zeeland", "Aardig"]),
        ("&order=name", ["Aardig", "Flevo", "Zeeland"]),
        ("&order=nonsense", ["Flevo", "Zeeland", "Aardig"]),
    ],
)
def test_offices_can_be_sorted_by_links(desk, talks, order, names):
    html = section(desk.get(PAGE + ASKED + order), "offices")

    shown = re.findall(r'<th scope="row">(Flevo|Zeeland|Aardig)</th>', html)
    assert shown == names
    assert html.count("aria-sort=") == 1
    assert f'{ASKED.replace("&", "&amp;")}&amp;order=name#offices"' in html


def test_without_a_question_the_page_shows_the_last_30_days(desk):
    response = desk.get(PAGE)

    assert response.status_code == 200
    assert response.context["period"].days == 30
    assert re.search(r'period=last-30" aria-current="true"', response.text)


@pytest.mark.parametrize(
    "asked",
    [
        "?from=2026-02-30&to=2026-03-01",
        "?from=2026-03-02&to=2026-03-01",
        "?from=&to=2026-03-01",
        "?from=yesterday&to=",
        "?from=1024-01-01&to=2026-01-01",
        "?from=2001-01-01&to=2026-01-01",
    ],
)
def test_a_wrong_period_is_explained_and_what_was_typed_is_kept(desk, asked):
    response = desk.get(PAGE + asked)

    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert 'aria-invalid="true"' in response.text
    for part in asked[1:].split("&"):
        name, _is, typed = part.partition("=")
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', response.text)[0]
        assert not typed or f'value="{typed}"' in field


def test_an_unknown_preset_is_explained(desk):
    response = desk.get(PAGE + "?period=last-century")

    assert response.status_code == 400
    assert 'role="alert"' in response.text


def test_a_period_without_anything_says_so(desk, talks):
    response = desk.get(PAGE + "?from=2019-01-01&to=2019-01-31")

    assert response.status_code == 200
    assert response.context["is_empty"]
    assert "Nothing was registered in this period" in response.text
    assert "<table" not in response.text


@pytest.mark.parametrize("kind", sheets.FORMATS)
@pytest.mark.parametrize("code", TABLES)
def test_a_file_opens_again_with_the_same_numbers(desk, talks, code, kind):
    response = desk.get(f"{PAGE}{code}/{kind}/{ASKED}")

    read = sheets.read(response.content)
    expected = [
        ["" if cell is None else str(cell) for cell in row.values()]
        for row in rows(advice_report(MARCH).tables[code])
    ]
    assert [plain(row) for row in read[:2]] == [plain(row) for row in expected[:2]]
    assert len(read) == len(expected)
    assert f"{code}-2026-03-01-2026-03-31.{kind}" in response["Content-Disposition"]
    assert response["Content-Type"] == sheets.FORMATS[kind].CONTENT_TYPE


def test_a_workbook_has_real_numbers_and_a_csv_file_a_minus_without_a_mark(desk, talks):
    workbook = load_workbook(BytesIO(desk.get(f"{PAGE}destinations/xlsx/{ASKED}").content))
    text = desk.get(f"{DUTCH}destinations/csv/{ASKED}").content.decode("utf-8-sig")

    school = next(row for row in workbook.active.values if row[0] == "school")
    assert school[2:6] == (0, 0, 1, -100)
    assert ";-100,0;" in text


def plain(row):
    """Cells without what a spreadsheet makes of numbers: 33.0 is 33."""
    return [re.sub(r"^(-?\d+)\.0$", r"\1", cell) for cell in row]


def test_a_dutch_file_has_decimal_commas(desk, talks):
    text = desk.get(f"{DUTCH}destinations/csv/{ASKED}").content.decode("utf-8-sig")

    assert re.search(r"\b33,3\b", text)


def test_a_file_of_a_wrong_period_explains_what_is_wrong(desk):
    response = desk.get(f"{PAGE}destinations/csv/?from=x&to=y")

    assert response.status_code == 400
    assert 'role="alert"' in response.text


@pytest.mark.parametrize("path", ["nothing/csv/", "destinations/pdf/"])
def test_what_is_no_table_is_not_found(desk, path):
    assert desk.get(f"{PAGE}{path}").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}destinations/csv/"])
def test_editors_do_not_see_them(client, world, path):
    people.log_in(client, people.editor(world._region("Noord")))

    assert client.get(path).status_code == 403


def test_the_page_takes_the_same_queries_whatever_there_is(desk, talks, advisor):
    desk.get(PAGE + ASKED)
    with CaptureQueriesContext(connection) as few:
        desk.get(PAGE + ASKED)
    for day in range(1, 20):
        talk(advisor, f"2026-03-{day:02}", "regional-office", offices=["zeeland"])

    with CaptureQueriesContext(connection) as many:
        desk.get(PAGE + ASKED)

    # The six of the report; before them session, user and second step, after them the menu.
    assert len(few) == len(many) == 10
