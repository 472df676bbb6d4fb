"""The page that explains the figures, and says what was left out."""

import re
from datetime import date

import pytest

from navigator.statistics.left_out import KINDS
from navigator.statistics.models import LeftOutTotal

ASKED = "?from=2026-03-01&to=2026-03-31"
PAGE = "/en/statistiek/uitleg/"

pytestmark = pytest.mark.django_db


def left_out(html, name):
    """The numbers beside a kind."""
    found = re.search(rf"<strong>{name}</strong>.*?</th>(.*?)</tr>", html, re.DOTALL)
    return re.findall(r"<td>(.*?)</td>", re.sub(r"</?small>", "", found[1]))


def test_every_kind_of_left_out_request_is_told_by_what_was_asked(client):
    for day, what, why, requests in (
        ((2026, 3, 1), "profileview", "bot", 40),
        ((2026, 3, 31), "search", "bot", 2),
        ((2026, 3, 9), "search", "repeat", 3),
        ((2025, 3, 9), "search", "repeat", 2),
        ((2026, 2, 20), "search", "repeat", 5),
        ((2026, 4, 1), "search", "repeat", 100),
    ):
        LeftOutTotal.objects.create(day=date(*day), what=what, why=why, requests=requests)

    html = client.get(PAGE + ASKED).text

    assert left_out(html, "Bots") == ["40", "2", "42", "0", "0"]
    assert left_out(html, "Repeats") == ["0", "3", "3", "5 −40.0%", "2 +50.0%"]
    assert left_out(html, "All together") == ["40", "5", "45", "5 +800.0%", "2 +2,150.0%"]
    assert html.count('<th scope="row">') == len(KINDS) + 1


@pytest.mark.parametrize(
    "figure",
    [
        "Profile view",
        "One search",
        "People",
        "Views a person",
        "Searches with an office",
        "Record day",
        "Province and municipality",
        "Share",
        "Period before",
        "A year before",
        "Campaign",
        "Search engine",
        "Direct",
    ],
)
def test_every_figure_is_explained(client, figure):
    assert f"<dt>{figure}</dt>" in client.get(PAGE).text


def test_it_says_what_the_settings_are(client, settings):
    settings.KEEP_COUNTS_DAYS, settings.VIEWS_A_VISITOR_A_DAY = 45, 7

    html = client.get(PAGE).text

    assert "removed after 45 days" in html
    assert "at most 7 views" in html


def test_it_leads_to_the_figures_of_the_same_period(client):
    html = client.get(PAGE + ASKED).text

    assert 'href="/en/statistiek/?from=2026-03-01&amp;to=2026-03-31"' in html


def test_a_wrong_period_is_explained_and_the_rest_is_there(client):
    response = client.get(f"{PAGE}?from=2026-02-30&to=2026-03-01")

    assert response.status_code == 400
    assert "This is not a date" in response.text
    assert "Profile view" in response.text
