"""The page with figures that everybody may see."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from navigator.statistics import brakes, publishing
from navigator.statistics.models import ProfileView, Search
from regions import sheets
from tests import people
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


def publish(by, *tables, hide_small=True):
    publishing.publish(tables, hide_small=hide_small, by=by, at=timezone.now())


def row(html, name):
    found = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', html, re.DOTALL)
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip()
        for cell in re.findall(r"<td>(.*?)</td>", found[1], re.DOTALL)
    ]


def test_as_long_as_nothing_is_published_the_page_says_so(client, talks):
    response = client.get(PAGE)

    assert response.status_code == 200
    assert "There are no figures here yet" in response.text
    assert "<table" not in response.text
    assert "<form" not in response.text


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


def test_it_takes_a_known_number_of_queries(client, advisor, talks, django_assert_num_queries):
    publish(advisor, "destinations", "offices", "days")
    client.get(PAGE)

    with django_assert_num_queries(7):  # what is public, and the six of the report
        client.get(PAGE + ASKED)


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
