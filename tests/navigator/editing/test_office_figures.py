"""The figures of the own offices in My region: what they tell, and to whom."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from navigator.editing import glance, office_figures
from navigator.statistics import totals
from navigator.statistics.models import Campaign, Exclusion, MonthlyMail, ProfileView
from navigator.statistics.periods import Period
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.navigator.editing.looks import ask_support, click, look, search
from tests.navigator.statistics.talks import talk

ALL = "/en/mijn-regio/cijfers/"
RIJN = "/en/mijn-regio/loketten/rijn/cijfers/"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
IN_MARCH = "?from=2026-03-01&to=2026-03-31"


@pytest.fixture
def offices(world):
    """Two public offices and a draft; the first had three views of two people in March."""
    with world.at_once():
        rijn = world.office("rijn", name="Rijn", serves=["3011"], regions=["Noord"])
        maas = world.office("maas", name="Maas", serves=["5911"], regions=["Zuid"])
        world.office("later", name="Later", regions=["Noord"], state="draft")
    look(rijn, "a", "2026-03-02", source="campaign", province="utrecht")
    look(rijn, "a", "2026-03-02", source="campaign", province="utrecht")
    look(rijn, "b", "2026-03-03")
    look(rijn, "c", "2026-02-20")
    look(rijn, "d", "2025-03-05")
    look(maas, "e", "2026-03-04")
    click(rijn, "a", "2026-03-02", "phone")
    click(rijn, "b", "2026-03-03", "website")
    talk(people.advisor(), "2026-03-02", "regional-office", offices=["rijn"])
    return {office.slug: office for office in RegionalOffice.objects.all()}


@pytest.fixture
def editor(client, offices):
    user = people.editor(EducationRegion.objects.get(name="Noord"))
    people.log_in(client, user)
    return user


@pytest.fixture
def stranger(client, offices):
    user = people.editor(EducationRegion.objects.get(name="Zuid"))
    people.log_in(client, user)
    return user


def own(client, question=IN_MARCH):
    """The main figures on the page with all own offices, by slug."""
    found = client.get(f"{ALL}{question}").context["own"]
    return {line.office.slug: [count.now for count in line.counts] for line in found}


def shown(client, address):
    return unescape(client.get(address).content.decode())


# Beside each other


def test_the_own_offices_stand_beside_each_other(client, editor):
    assert own(client) == {"later": [0, 0, 0, 0], "rijn": [3, 2, 2, 1]}


def test_each_figure_stands_beside_the_period_before_and_a_year_before(client, editor):
    [line] = [
        line for line in client.get(f"{ALL}{IN_MARCH}").context["own"] if line.office.slug == "rijn"
    ]

    assert (line.views.now, line.views.before, line.views.year_before) == (3, 1, 1)
    assert line.views.change_before == Decimal("200.0")


def test_they_are_the_same_when_the_day_stands_in_the_totals(client, editor):
    before = own(client)

    for day in (date(2026, 3, 2), date(2026, 3, 3)):
        totals.total(day)
        ProfileView.objects.filter(day=day).delete()

    assert own(client) == before


def test_a_view_that_was_left_out_afterwards_counts_nowhere(client, editor, offices):
    exclusion = Exclusion.objects.create(
        office=offices["rijn"],
        first=timezone.now() - timedelta(days=900),
        last=timezone.now() + timedelta(days=1),
        reason="no people",
        views=1,
        made_at=timezone.now(),
    )
    ProfileView.objects.filter(visitor="b").update(exclusion=exclusion)

    assert own(client)["rijn"] == [2, 1, 2, 1]
    assert client.get(f"{RIJN}{IN_MARCH}").context["cards"][0].count.now == 2


def test_the_views_on_my_region_are_those_of_the_last_thirty_days_here(client, editor, offices):
    today = timezone.localdate()
    for days in (0, 29, 30):
        look(offices["rijn"], f"v{days}", (today - timedelta(days=days)).isoformat())
    totals.total(today - timedelta(days=29))

    found = glance.at_a_glance(offices=[offices["rijn"]], regions=[], at=timezone.now())

    assert found.offices[0].view_count == own(client, "?period=last-30")["rijn"][0] == 2
    assert RIJN.removeprefix("/en") in shown(client, "/mijn-regio/")


def test_they_take_as_many_queries_for_more_offices(world, offices, django_assert_num_queries):
    for number in range(3):
        world.office(f"more-{number}")
    totals.total(date(2026, 3, 2))

    for some in (RegionalOffice.objects.filter(slug="rijn"), RegionalOffice.objects.all()):
        chosen = list(some)
        with django_assert_num_queries(13):
            office_figures.own_offices(chosen, MARCH)


def test_the_page_of_an_office_takes_as_many_queries_for_longer_periods(
    client, editor, django_assert_num_queries
):
    client.get(f"{RIJN}{IN_MARCH}")  # what the process keeps of the directory

    for question in (IN_MARCH, "?from=2024-01-01&to=2026-12-31"):
        with django_assert_num_queries(28):
            assert client.get(f"{RIJN}{question}").status_code == 200


# One office


def test_the_main_figures_stand_beside_those_of_the_average_office(client, editor):
    cards = client.get(f"{RIJN}{IN_MARCH}").context["cards"]

    told = [(card.count.now, card.average, card.compared) for card in cards]
    # Of two public offices: four views, three people, two clicks, one referral.
    assert told == [
        (3, Decimal("2.0"), "more"),
        (2, Decimal("1.5"), "more"),
        (2, Decimal("1.0"), "more"),
        (1, Decimal("0.5"), "more"),
    ]
    assert "more than the average office: 2.0" in shown(client, f"{RIJN}{IN_MARCH}")


def test_an_office_with_less_than_the_average_reads_that(client, stranger):
    page = shown(client, f"/en/mijn-regio/loketten/maas/cijfers/{IN_MARCH}")

    assert "less than the average office: 2.0" in page


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("days", ["2 March 2026", "2"]),
        ("sources", ["Campaign", "2", "66.7%"]),
        ("provinces", ["Utrecht", "2"]),
        ("clicks", ["Phone", "1", "0.5"]),
        ("clicks", ["All together", "2", "1.0"]),
    ],
)
def test_a_table_tells_it_in_detail(client, editor, table, row):
    rows = table_rows(client, table)

    assert any(each[: len(row)] == row for each in rows), rows


def test_searches_at_a_postcode_stand_apart_from_five_on(client, editor, world):
    for number in range(5):
        search(f"s{number}", "3011", "2026-03-05", serving=0 if number else 1)
    search("x", "5911", "2026-03-05")  # served by another office

    rows = table_rows(client, "postcodes")

    [row] = [row for row in rows if row[0].startswith("3011")]
    assert (row[1], row[-1]) == ("5", "4")
    assert not any("5911" in cell for row in rows for cell in row)


def test_fewer_searches_stand_together(client, editor):
    for number in range(4):
        search(f"s{number}", "3011", "2026-03-05")

    rows = table_rows(client, "postcodes")

    assert not any(row[0].startswith("3011") for row in rows)
    assert "4" in [row[1] for row in rows]


def test_what_support_was_asked_for_at_the_own_postcodes(client, editor):
    ask_support("a", "3011", "2026-03-05", "vacancies")
    ask_support("b", "5911", "2026-03-05", "webinar")

    rows = table_rows(client, "support")

    assert [row[1] for row in rows] == ["1", "1"]  # the line, and all together


def test_an_office_that_nobody_looked_at_reads_what_to_check(client, editor):
    page = shown(client, f"{RIJN}?from=2020-01-01&to=2020-01-31")

    assert "Nobody looked at this page in this period" in page
    assert "/en/mijn-regio/loketten/rijn/werkgebied/" in page
    assert "<svg class" not in page.partition("<main")[2].replace('<svg class="icon', "")


def test_every_section_has_words_a_table_and_files(client, editor):
    for number in range(6):
        search(f"s{number}", "3011", "2026-03-05")
    ask_support("a", "3011", "2026-03-05", "vacancies")

    response = client.get(f"{RIJN}{IN_MARCH}")

    html = response.content.decode()
    for section in response.context["sections"]:
        code = section.table.code
        assert section.explanation, code
        assert f'id="caption-{code}"' in html
        assert f"{RIJN}{code}/csv/{IN_MARCH.replace('&', '&amp;')}" in html
        assert f'aria-labelledby="own-{code}-title' in html, code


def test_a_table_can_be_kept_as_a_file(client, editor):
    answer = client.get(f"{RIJN}clicks/csv/{IN_MARCH}")

    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert answer["Content-Disposition"].endswith('"rijn-clicks-2026-03-01-2026-03-31.csv"')
    assert {row["Code"]: row["Clicks"] for row in rows}["phone"] == "1"
    assert {row["Code"]: row["Average office"] for row in rows}["phone"] == "0.5"


@pytest.mark.parametrize("address", ["nothing/csv/", "days/pdf/"])
def test_what_is_no_table_or_file_is_not_found(client, editor, address):
    assert client.get(f"{RIJN}{address}").status_code == 404


# The period


def test_a_campaign_can_be_chosen(client, editor):
    Campaign.objects.create(code="maart", name_nl="Campagne", first=MARCH.first, last=MARCH.last)

    response = client.get(f"{RIJN}?period=maart")

    assert response.context["period"] == MARCH
    assert f'<a href="{RIJN}?period=maart" aria-current="true">Campagne</a>' in response.text
    assert own(client, "?period=maart")["rijn"] == [3, 2, 2, 1]


@pytest.mark.parametrize("address", [ALL, RIJN, f"{RIJN}days/csv/"])
def test_what_is_no_period_is_said_with_the_field(client, editor, address):
    response = client.get(f"{address}?from=2026-03-31&to=2026-03-01")

    assert response.status_code == 400
    assert "The last day lies before the first." in response.text


# Only the own


@pytest.mark.parametrize("address", ["", "days/csv/"])
def test_an_editor_of_another_office_finds_nothing(client, stranger, address):
    response = client.get(f"{RIJN}{address}{IN_MARCH}")

    assert response.status_code == 404
    assert "Rijn" not in response.content.decode()


def test_an_editor_of_another_office_sees_the_own_alone(client, stranger):
    assert own(client) == {"maas": [1, 1, 0, 0]}


def test_who_has_few_offices_sees_cards_and_who_has_many_a_table(client, editor, world):
    few = shown(client, ALL)
    for number in range(3):
        world.office(f"more-{number}", regions=["Noord"])
    many = shown(client, ALL)

    assert ("figure-card" in few, "<table" in few) == (True, False)
    assert ("figure-card" in many, "<table" in many) == (False, True)
    for page in (few, many):
        assert "/en/mijn-regio/loketten/rijn/cijfers/?period=last-30" in page


def test_an_administrator_sees_all(client, offices):
    people.log_in(client, people.administrator())

    assert set(own(client)) == {"later", "maas", "rijn"}
    assert client.get(RIJN).status_code == 200


def test_an_advisor_is_told_that_it_is_not_for_them(client, offices):
    people.log_in(client, people.advisor())

    assert client.get(ALL).status_code == 403
    assert client.post(ALL, {"monthly": "on"}).status_code == 403
    assert not MonthlyMail.objects.exists()


def test_who_has_a_region_without_an_office_reads_why_there_is_nothing(client, world):
    world.office("elsewhere", regions=["Elders"])
    empty = EducationRegion.objects.create(name="Leeg", slug="leeg")
    people.log_in(client, people.editor(empty))

    assert "You have no regional office yet" in shown(client, ALL)


# The switch


def test_the_monthly_mail_is_switched_on_and_off_by_the_same_button(client, editor):
    on = client.post(ALL, {"monthly": "on"})
    page = shown(client, ALL)
    there = MonthlyMail.objects.filter(user=editor).exists()
    client.post(ALL, {"monthly": "off"})

    assert (on.status_code, on["Location"]) == (303, ALL)
    assert 'value="off"' in page
    assert there
    assert not MonthlyMail.objects.exists()
    assert 'value="on"' in shown(client, ALL)


def test_the_switch_is_of_one_person(client, editor):
    colleague = people.editor(EducationRegion.objects.get(name="Noord"))

    client.post(ALL, {"monthly": "on"})

    assert [row.user for row in MonthlyMail.objects.all()] == [editor]
    people.log_in(client, colleague)
    assert 'value="on"' in shown(client, ALL)


def test_the_addresses_are_named(offices):
    assert reverse("editing:figures") == "/mijn-regio/cijfers/"
    assert reverse("editing:office_figures", args=["rijn"]) == "/mijn-regio/loketten/rijn/cijfers/"


def table_rows(client, code, question=IN_MARCH):
    """The rows of a table as they are shown, without the changes in percent."""
    html = client.get(f"{RIJN}{question}").content.decode()
    table = html.partition(f'id="caption-{code}"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
        if "<td" in row
    ]


def _text(cell):
    plain = re.sub(r'<span class="figure-change.*', "", cell, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", plain)).strip()
