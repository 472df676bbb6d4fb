"""The open data of the real directory: all offices, always."""

from datetime import date

import pytest
from django.utils import timezone

from regions import versions
from regions.models import Municipality, RegionalOffice
from tests.navigator.statistics.usage_rows import search, view

pytestmark = pytest.mark.usefixtures("real_directory", "db")
BASE = "/api/v1/statistics"
DAY = date(2026, 3, 2)


def rows(client, table, query="from=2026-03-01&to=2026-03-31"):
    answer = client.get(f"{BASE}/{table}?{query}")
    assert answer.status_code == 200
    return answer.json()


def in_order():
    """The names of all published offices by name, as people sort."""
    names = [profile.name for profile in versions.current().profiles.values()]
    return sorted(names, key=str.casefold)


def test_all_52_offices_are_there_before_anybody_came(client):
    told = rows(client, "offices", "")

    names = [row["name"] for row in told["results"]]
    assert (told["count"], len(names), told["next"]) == (52, 52, None)
    assert names == in_order()
    assert {(row["views"], row["visitors"]) for row in told["results"]} == {(0, 0)}
    assert {(row["share"], row["change"]) for row in told["results"]} == {(None, None)}


def test_all_52_offices_are_there_in_the_order_of_their_views(client):
    for number, slug in enumerate(("rivierenland", "flevowijs", "flevowijs")):
        view(RegionalOffice.objects.get(slug=slug), f"{number}", DAY)

    told = rows(client, "offices")["results"]

    assert len(told) == 52
    assert [(row["slug"], row["views"]) for row in told[:2]] == [
        ("flevowijs", 2),
        ("rivierenland", 1),
    ]
    rest = [row["name"] for row in told[2:]]
    assert rest == [name for name in in_order() if name not in ("Flevowijs", "Rivierenland")]
    assert {row["views"] for row in told[2:]} == {0}


def test_all_provinces_are_there(client):
    rotterdam = Municipality.objects.get(name="Rotterdam")
    search("a", "3011", DAY, municipality=rotterdam.code, province=rotterdam.province, sector="po")

    told = rows(client, "provinces")["results"]

    codes = [row["province"] for row in told]
    assert len(codes) == len(set(codes)) == 13
    assert {row["province"]: row["searches"] for row in told}["zuid-holland"] == 1
    (area,) = rows(client, "searches")["results"]
    assert (area["municipality"], area["name"], area["province"], area["sector"]) == (
        "GM0599",
        "Rotterdam",
        "zuid-holland",
        "po",
    )


def test_what_a_person_does_on_the_site_is_in_the_figures_at_once(client):
    client.defaults["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    first = client.get(f"{BASE}/offices?period=last-7")
    client.get("/zoeken/?postcode=3011")
    client.get("/regioloketten/flevowijs/?postcode=3011")

    again = client.get(f"{BASE}/offices?period=last-7", headers={"If-None-Match": first["ETag"]})

    assert again.json()["results"][0] == {
        "slug": "flevowijs",
        "name": "Flevowijs",
        "views": 1,
        "visitors": 1,
        "share": 100.0,
        "change": None,
    }
    cards = rows(client, "usage", "period=last-7")
    assert [cards[name]["now"] for name in ("visitors", "searches", "views")] == [1, 1, 1]
    assert cards["recordDay"] == {"day": timezone.localdate().isoformat(), "count": 1}
