"""The page with figures that everybody may see."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from navigator.statistics import brakes, publishing
from navigator.statistics.models import Campaign, LeftOutTotal, ProfileView, Search
from navigator.statistics.usage_report import USAGE_TABLES
from regions import sheets
from regions.models import RegionalOffice
from tests import people
from tests.navigator.statistics import usage_rows
from tests.navigator.statistics.talks import talk

ASKED = "?from=2026-03-01&to=2026-03-31"
PAGE = "/en/statistiek/"
FILES = f"{PAGE}advies/"


@pytest.fixture
def advisor(world):
    world.office("flevo", name="Flevo", sectors=["po"], serves=["1315"])
    return people.advisor()


@pytest.fixture
def talks(advisor):
    """Seven conversations that led to an institute, two to the office, one to a school."""
    for day in range(1, 8):
        talk(advisor, f"2026-03-{day:02}", "training-institute")
    for _ in range(2):
        talk(advisor, "2026-03-20", "regional-office", offices=["flevo"])
    talk(advisor, "2026-03-21", "school")


@pytest.fixture
def usage(world, advisor):
    """Three people in March 2026, one in February and one a year earlier; an office without any."""
    world.office("idle", name="Idle", sectors=["po"], serves=["1315"])
    flevo = RegionalOffice.objects.get(slug="flevo")
    for visitor, day in (
        ("a", date(2026, 3, 10)),
        ("b", date(2026, 3, 10)),
        ("c", date(2026, 3, 20)),
        ("d", date(2026, 2, 10)),
        ("e", date(2025, 3, 10)),
    ):
        usage_rows.view(flevo, visitor, day)
    for visitor, serving in (("a", 1), ("b", 0)):
        usage_rows.search(
            visitor,
            "1315",
            date(2026, 3, 10),
            province="flevoland" if serving else "utrecht",
            serving=serving,
        )


def card(html, name):
    """The words of a card, without its names of the periods."""
    found = re.search(rf"<h3>{name}</h3>(.*?)</li>", html, re.DOTALL)
    words = re.sub(r"<dt>.*?</dt>|<[^>]+>", " ", found[1])
    return re.sub(r"\s+", " ", words).strip()


def publish(by, *tables, hide_small=True):
    publishing.publish(tables, hide_small=hide_small, by=by, at=timezone.now())


def row(html, name):
    found = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', html, re.DOTALL)
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip()
        for cell in re.findall(r"<td>(.*?)</td>", found[1], re.DOTALL)
    ]


def test_as_long_as_nothing_was_counted_or_published_the_page_says_so(client, talks):
    response = client.get(PAGE)

    assert response.status_code == 200
    assert "There are no figures of use yet" in response.text
    assert "<table" not in response.text


def test_advice_that_is_not_published_is_not_told(client, talks, usage):
    html = client.get(PAGE + ASKED).text

    assert "Conversations with advisors" not in html
    assert "Training institute" not in html


def test_the_main_figures_stand_beside_those_before(client, usage):
    html = client.get(PAGE + ASKED).text

    assert card(html, "People") == "3 the sum of daily visitors 1 ▲ 200.0% more 1 ▲ 200.0% more"
    assert card(html, "Searches").startswith("2 for a postcode")
    assert card(html, "Profile views").startswith("3 of the page")
    assert card(html, "Views a person").startswith("1.0 ")
    assert card(html, "Searches with an office").startswith("50.0% ")
    assert card(html, "Record day") == ("2 people on 10 March 2026 1 ▲ 100.0% more 1 ▲ 100.0% more")


def test_every_table_has_its_chart_and_its_files(client, usage):
    html = client.get(PAGE + ASKED).text

    shown = re.findall(r'id="usage-([\w-]+)" aria-labelledby="heading-usage', html)
    assert shown == ["days", "sources", "provinces", "municipalities", "without-office", "offices"]
    assert html.count('class="chart"') >= len(shown)
    for table in USAGE_TABLES:
        assert client.get(f"{PAGE}{table}/xlsx/{ASKED}").status_code == 200


def test_all_published_offices_are_listed_and_lead_to_their_page(client, world, usage):
    html = client.get(PAGE + ASKED).text

    assert row(html, '<a href="/en/regioloketten/flevo/">Flevo</a>')[:3] == ["3", "3", "100.0%"]
    assert row(html, '<a href="/en/regioloketten/idle/">Idle</a>')[:2] == ["0", "0"]


@pytest.mark.parametrize(
    ("order", "first", "sort"),
    [
        ("views", "Flevo", "descending"),
        ("-views", "Idle", "ascending"),
        ("name", "Flevo", "ascending"),
        ("-name", "Idle", "descending"),
    ],
)
def test_the_offices_are_sorted_by_a_link(client, usage, order, first, sort):
    html = client.get(f"{PAGE}{ASKED}&order={order}").text

    names = re.findall(r'<a href="/en/regioloketten/\w+/">(\w+)</a>', html)
    assert names[0] == first
    assert re.findall(r'aria-sort="(\w+)"', html) == [sort]


def test_a_campaign_is_a_period_with_a_name(client, usage):
    Campaign.objects.create(
        code="spring",
        name_nl="Voorjaar",
        name_en="In spring",
        first=date(2026, 3, 1),
        last=date(2026, 3, 31),
    )

    html = client.get(f"{PAGE}?period=spring").text

    assert 'href="/en/statistiek/?period=spring" aria-current="true">In spring</a>' in html
    assert card(html, "People").startswith("3 ")


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}uitleg/"])
def test_every_choice_of_a_period_carries_the_first_source_along(client, usage, page):
    Campaign.objects.create(
        code="spring", name_nl="Voorjaar", first=date(2026, 3, 1), last=date(2026, 3, 31)
    )

    html = client.get(f"{page}{ASKED}&utm_source=letter&via=example.nl").text

    choices = re.findall(r'<a href="([^"]*period=[^"]*)"', html)
    assert any("period=spring" in choice for choice in choices)
    for choice in choices:
        assert "utm_source=letter" in choice
        assert "via=example.nl" in choice
    form = re.search(r'<form class="figure-dates".*?</form>', html, re.DOTALL)[0]
    assert '<input type="hidden" name="utm_source" value="letter">' in form
    assert '<input type="hidden" name="via" value="example.nl">' in form


def test_what_was_left_out_stands_beside_the_counts(client, usage):
    LeftOutTotal.objects.create(day=date(2026, 3, 9), what="search", why="bot", requests=1234)

    html = client.get(PAGE + ASKED).text

    assert "1,234 requests were left out" in html
    assert '<span class="figure-kind">Bots 1,234</span>' in html
    assert 'href="/en/statistiek/uitleg/?from=2026-03-01&amp;to=2026-03-31"' in html


def test_a_period_in_which_nothing_was_counted_says_so_and_since_when_is_counted(client, usage):
    html = client.get(f"{PAGE}?from=2025-01-01&to=2025-01-31").text

    assert "Nothing was counted in this period" in html
    assert "We count since 10 March 2025" in html


def test_a_period_with_today_says_that_the_day_is_not_over(client, usage):
    assert "Today is not over yet" in client.get(PAGE).text
    assert "Today is not over yet" not in client.get(PAGE + ASKED).text


def test_ten_years_are_told_in_steps_and_each_day_in_the_file(client, usage):
    cache.clear()
    years = "?from=2016-12-01&to=2026-11-30"

    html = client.get(PAGE + years).text
    file = client.get(f"{PAGE}days/csv/{years}").text

    assert len(html) < 150_000
    assert row(html, "2026")[0] == "4"
    assert len(file.splitlines()) > 3650


def test_a_file_is_written_as_the_language_writes_numbers(client, usage):
    dutch = client.get(f"/statistiek/provinces/csv/{ASKED}").text

    assert ";50,0;" in dutch or ',"50,0",' in dutch


@pytest.mark.parametrize("path", ["nothing/csv/", "offices/pdf/"])
def test_a_file_that_is_not_there_is_not_found(client, usage, path):
    assert client.get(PAGE + path).status_code == 404


def test_it_shows_the_published_tables_and_no_others(client, advisor, talks):
    publish(advisor, "destinations", "channels")

    response = client.get(PAGE + ASKED)

    assert re.findall(r'<section class="figure-section stack" id="(\w+)"', response.text) == [
        "destinations",
        "channels",
    ]


def test_small_numbers_are_hidden_with_what_gives_them_away(client, advisor, talks):
    publish(advisor, "destinations", "offices")

    html = client.get(PAGE + ASKED).text

    assert row(html, "Training institute")[:2] == ["7", "70.0%"]
    assert row(html, "School or school board")[:2] == ["&lt;5", "–"]
    assert row(html, "Flevo")[0] == "&lt;5"
    assert "“&lt;5” stands for 1 to 4" in html


def test_small_numbers_are_shown_when_an_administrator_chose_so(client, advisor, talks):
    publish(advisor, "destinations", hide_small=False)

    html = client.get(PAGE + ASKED).text

    assert row(html, "School or school board")[:2] == ["1", "10.0%"]
    assert "&lt;5" not in html


@pytest.mark.parametrize("kind", sheets.FORMATS)
def test_a_published_table_is_a_file_that_hides_the_same(client, advisor, talks, kind):
    publish(advisor, "destinations")

    response = client.get(f"{FILES}destinations/{kind}/{ASKED}")

    read = sheets.read(response.content)
    by_code = {line[0]: line[2] for line in read}
    assert by_code["training-institute"] == "7"
    assert by_code["school"] == by_code["regional-office"] == "<5"


@pytest.mark.parametrize("path", ["offices/csv/", "nothing/csv/", "destinations/pdf/"])
def test_a_table_that_is_not_published_is_not_found(client, advisor, talks, path):
    publish(advisor, "destinations")

    assert client.get(FILES + path).status_code == 404


def test_a_wrong_period_is_explained(client, advisor):
    publish(advisor, "destinations")

    response = client.get(f"{PAGE}?from=2026-02-30&to=2026-03-01")

    assert response.status_code == 400
    assert 'value="2026-02-30"' in response.text


def test_it_is_open_to_all_and_keeps_nothing_of_them(client, advisor, talks):
    publish(advisor, "destinations")

    response = client.get(PAGE + ASKED, HTTP_USER_AGENT="Mozilla/5.0 Firefox/140.0")

    assert response.cookies == {}
    assert not ProfileView.objects.exists()
    assert not Search.objects.exists()


def test_the_other_language_shows_the_same_period(client, advisor, talks):
    publish(advisor, "destinations")

    html = client.get(PAGE + ASKED).text

    assert '/statistiek/?from=2026-03-01&amp;to=2026-03-31" lang="nl"' in html


@pytest.mark.parametrize("asked", [ASKED, "?from=2025-12-01&to=2026-11-30"])
def test_it_takes_a_known_number_of_queries(
    client, advisor, talks, usage, django_assert_num_queries, asked
):
    publish(advisor, "destinations", "offices", "days")
    client.get(PAGE)

    # What is public, the campaigns, the six of advice, those of usage, what was left out, and the
    # offices with a page.
    with django_assert_num_queries(26):
        client.get(PAGE + asked)


def test_every_page_leads_to_it(client, advisor):
    assert f'href="{PAGE}"' in client.get("/en/").text


def test_long_periods_have_a_brake_for_everybody(client, advisor, talks, monkeypatch):
    cache.clear()
    monkeypatch.setattr(brakes, "MOST_LONG", 1)
    publish(advisor, "days")
    long = "?from=2016-01-01&to=2025-12-31"

    allowed, refused = client.get(PAGE + long), client.get(PAGE + long)

    assert allowed.status_code == 200
    assert refused.status_code == 429
    assert refused["Retry-After"] == "300"
    assert client.get(f"{FILES}days/csv/{long}").status_code == 429
    assert client.get(f"/api/v1/statistics/advice{long}").status_code == 429
    assert client.get(PAGE + ASKED).status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(PAGE + long, **elsewhere).status_code == 200
