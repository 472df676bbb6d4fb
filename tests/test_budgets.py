"""Every page and endpoint -> its number of queries, when nothing is prepared and when all is.

The first visit of a day also looks up the salt, and once a second one reads the list of known
sources; here both were looked up before.
"""

import json

import pytest
from django.utils import timezone

from navigator.statistics import known_sources, salts
from regions import versions

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

# address: queries when nothing is prepared, queries when the process has answered it before
PAGES = {
    "/": (1, 0),
    "/zoeken/?postcode=3011": (3, 1),
    "/zoeken/?postcode=3011&sector=po&support=vacancies": (4, 2),
    "/zoeken/?postcode=1223": (3, 1),
    "/zoeken/?place=Rotterdam": (4, 1),
    "/zoeken/?place=Hengelo": (2, 0),
    "/zoeken/?place=Roterdam": (3, 2),
    "/zoeken/?postcode=6211&sector=po": (4, 1),
    "/zoeken/?place=Maastricht&sector=po": (4, 1),
    "/zoeken/?postcode=1000": (3, 0),
    "/zoeken/?postcode=1099": (4, 0),
    "/regioloketten/": (1, 0),
    "/regioloketten/?order=province&sector=po": (1, 0),
    "/regioloketten/leraar-van-buiten/": (2, 1),
    "/regioloketten/leraar-van-buiten/?postcode=3011": (3, 1),
    "/regioloketten/rivierenland/": (2, 1),
    "/onderwijsregios/": (2, 1),
    "/onderwijsregios/limburg/": (2, 1),
    "/over/": (1, 0),
    "/over/toegankelijkheid/": (1, 0),
    "/over/privacy/": (1, 0),
    "/statistiek/": (22, 20),
    "/statistiek/?from=2017-03-01&to=2026-03-31": (28, 26),
    "/statistiek/uitleg/": (3, 2),
    "/statistiek/offices/csv/": (17, 17),
    "/statistiek/archief/?from=2026-03-01&to=2026-03-31": (25, 25),
    "/api/v1/statistics/usage?from=2026-03-01&to=2026-03-31": (24, 24),
    "/api/v1/statistics/offices?from=2026-03-01&to=2026-03-31": (23, 23),
    # As a month, and six of the brake on long periods, whose cache is in the database here.
    "/api/v1/statistics/searches?from=2023-03-01&to=2026-03-31": (29, 29),
    "/api/v1/statistics/left-out?from=2026-03-01&to=2026-03-31": (8, 8),
    "/api/v1/statistics/archive?from=2026-03-01&to=2026-03-31": (24, 24),
    "/nergens/": (1, 0),
    "/healthz": (0, 0),
    "/robots.txt": (0, 0),
    "/sitemap.xml": (2, 1),
}


# However they are asked: nothing prepared, the count included.
MOST = {"/zoeken/": 4, "/regioloketten/": 6}


@pytest.fixture
def client(client):
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


@pytest.fixture(autouse=True)
def _salt_of_today(real_directory, db):
    salts.of_day(timezone.localdate())
    known_sources.current()
    versions.forget()


@pytest.mark.parametrize(("address", "queries"), PAGES.items(), ids=lambda value: str(value)[:60])
def test_a_page_takes_a_known_number_of_queries(
    client, django_assert_num_queries, address, queries
):
    first, again = queries

    with django_assert_num_queries(first):
        client.get(address, REMOTE_ADDR="192.0.2.1")
    with django_assert_num_queries(again):
        client.get(address, REMOTE_ADDR="192.0.2.2")


def test_no_search_or_profile_is_above_its_budget():
    for address, (first, _again) in PAGES.items():
        for start, most in MOST.items():
            assert not address.startswith(start) or first <= most, address


@pytest.mark.parametrize(
    ("typed", "queries"),
    {"3011AB": 0, "Rotterdam": 1, "Coolsingel 40, 3011 AD Rotterdam": 2}.items(),
)
def test_a_question_takes_a_known_number_of_queries(
    client, django_assert_num_queries, typed, queries
):
    with django_assert_num_queries(queries):
        client.post("/", {"postcode": typed})


@pytest.mark.parametrize(
    ("body", "queries"),
    [({"postcode": "3011AB"}, (3, 1)), ({"postcode": "6211", "sector": "po"}, (4, 1))],
    ids=["served", "gap"],
)
def test_a_search_by_api_takes_a_known_number_of_queries(
    client, django_assert_num_queries, body, queries
):
    for number in queries:
        with django_assert_num_queries(number):
            client.post("/api/v1/searches", json.dumps(body), content_type="application/json")
