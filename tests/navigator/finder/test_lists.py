import re

import pytest

from navigator.statistics.models import ProfileView, Search
from regions.models import EducationRegion
from tests.factories import EducationRegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.postcode("9711", place="Groningen", municipality="Groningen")
    world.municipality("Groningen", province="groningen")
    world.office("west", name="Àan Zee", sectors=["po"], serves=["3011"], regions=["Regio West"])
    world.office("north", name="Noorderlicht", sectors=["vo"], serves=["9711"], regions=["Noord"])
    world.office("all", name="Overal", sectors=["mbo"], nationwide=True, regions=["Noord"])
    return world


def slugs(response):
    return [office.slug for group in response.context["groups"] for office in group.offices]


def titles(response):
    return [group.title for group in response.context["groups"]]


def test_all_offices_stand_under_the_first_letter_of_their_name(client, some):
    response = client.get("/regioloketten/")

    assert (titles(response), slugs(response)) == (["A", "N", "O"], ["west", "north", "all"])
    assert "/regioloketten/north/" in response.text


def test_all_offices_by_region(client, some):
    response = client.get("/regioloketten/?order=region")

    assert titles(response) == ["Noord", "Regio West"]
    assert slugs(response) == ["north", "all", "west"]


def test_all_offices_by_province_with_the_nationwide_last(client, some):
    response = client.get("/regioloketten/?order=province")

    assert titles(response)[:2] == ["Groningen", "Zuid-Holland"]
    assert slugs(response) == ["north", "west", "all"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=aan+zee", ["west"]),
        ("q=GRONINGEN", ["north"]),
        ("q=regio+west", ["west"]),
        ("sector=vo", ["north"]),
        ("q=noord&sector=mbo", ["all"]),
        ("support=podcasts", []),
    ],
)
def test_the_list_is_filtered(client, some, query, expected):
    assert slugs(client.get(f"/regioloketten/?{query}")) == expected


def test_a_list_without_offices_says_so(client, some):
    response = client.get("/regioloketten/?q=nergens")

    assert response.status_code == 200
    assert response.context["count"] == 0
    assert "<h1" in response.text


@pytest.mark.parametrize(
    "query",
    [
        "sector=nonsense",
        "sector=" + "x" * 5000,
        "sector=%00",
        "support=nonsense",
        "support=vacancies&support=%00",
        "order=nonsense",
        "q=" + "x" * 5000,
        "q=a%00b",
    ],
)
def test_a_bad_filter_is_explained_above_the_list_without_it(client, some, query):
    response = client.get(f"/regioloketten/?{query}")

    assert response.status_code == 400
    ((message,),) = response.context["form"].errors.values()
    assert message.replace("'", "&#x27;") in response.text
    assert slugs(response) == ["west", "north", "all"]


def test_the_rest_of_a_bad_filter_still_counts(client, some):
    response = client.get("/regioloketten/?sector=vo&order=nonsense")

    assert slugs(response) == ["north"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=1000000000", "q[]=x", "sector=", "q="]
)
def test_parameters_that_mean_nothing_here_are_ignored(client, some, query):
    response = client.get(f"/regioloketten/?{query}")

    assert response.status_code == 200
    assert slugs(response) == ["west", "north", "all"]


def test_the_filter_is_kept_in_the_other_language(client, some):
    response = client.get("/regioloketten/?sector=vo&order=province&gclid=somebody")

    assert 'href="/en/regioloketten/?sector=vo&amp;order=province"' in response.text


def test_the_regions_are_listed_with_their_offices(client, some):
    response = client.get("/onderwijsregios/")

    assert "Regio West" in response.text
    assert "Àan Zee" in response.text


def test_a_region_names_its_offices(client, some):
    region = EducationRegion.objects.get(name="Noord")

    response = client.get(f"/onderwijsregios/{region.slug}/")

    assert [office.slug for office in response.context["offices"]] == ["north", "all"]
    assert "Noorderlicht" in response.text


def test_a_region_without_an_office_is_not_blank(client, some):
    region = EducationRegionFactory(name="Lege regio")

    response = client.get(f"/onderwijsregios/{region.slug}/")

    assert response.status_code == 200
    assert "onderwijsloket.com" in response.text


def test_an_unknown_region_is_not_found_with_words(client, some):
    response = client.get("/onderwijsregios/nergens/")

    assert response.status_code == 404
    assert 'href="/regioloketten/"' in response.text


@pytest.mark.parametrize(
    "path", ["/regioloketten/", "/onderwijsregios/", "/onderwijsregios/noord/"]
)
def test_the_source_is_handed_on_in_every_link(client, some, path):
    EducationRegion.objects.filter(name="Noord").update(slug="noord")
    some.publish()

    response = client.get(path, headers={"referer": "https://www.google.nl/"})

    assert 'href="/regioloketten/north/?via=google.nl"' in response.text
    assert 'href="/over/?via=google.nl"' in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/zoeken/?postcode=3011",
        "/zoeken/?postcode=3011&sector=vo",  # nobody there, so regions close by
        "/regioloketten/west/",
        "/over/privacy/",
        "/statistiek/",
        "/statistiek/uitleg/",
        "/nergens/",
        "/regioloketten/nergens/",
    ],
)
def test_no_own_link_loses_the_source(client, some, path):
    html = client.get(path, headers={"referer": "https://www.google.nl/"}).text

    links = re.findall(r'<a [^>]*href="([/?][^"]*)"', html)
    assert links
    # The archive and the API's documentation lead to no page that is counted.
    assert [
        link
        for link in links
        if "via=google.nl" not in link and not link.startswith(("/api/", "/statistiek/archief/"))
    ] == []


@pytest.mark.parametrize("path", ["/regioloketten/", "/onderwijsregios/", "/over/"])
def test_a_list_is_neither_a_look_nor_a_search(client, some, path):
    client.get(path, headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})

    assert (ProfileView.objects.count(), Search.objects.count()) == (0, 0)
