import pytest

from regions.models import EducationRegion

MIDDEN = {
    "slug": "midden",
    "name": "Midden",
    "url": "http://testserver/onderwijsregios/midden/",
    "website": None,
    "description": None,
    "offices": [{"slug": "oost", "name": "Loket Oóst"}],
}


def test_regions_come_with_their_offices(client, directory):
    answer = client.get("/api/v1/regions")

    assert answer.json() == {"count": 1, "next": None, "previous": None, "results": [MIDDEN]}


def test_a_region_by_itself_is_the_same(client, directory):
    assert client.get("/api/v1/regions/midden").json() == MIDDEN


def test_an_unknown_region_is_not_found(client, directory, problem_of):
    answer = client.get("/api/v1/regions/onbekend")

    assert answer.status_code == 404
    assert problem_of(answer) == ("not-found", [])


@pytest.mark.parametrize(
    ("address", "queries"), [("/api/v1/regions", 2), ("/api/v1/regions/midden", 1)]
)
def test_regions_cost_few_queries(client, directory, django_assert_num_queries, address, queries):
    client.get("/api/v1/sectors")  # the directory is read

    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_a_region_that_is_not_published_is_nowhere(client, directory, publish, state):
    EducationRegion.objects.filter(slug="midden").update(state=state)
    publish()

    assert client.get("/api/v1/regions").json()["results"] == []
    assert client.get("/api/v1/regions/midden").status_code == 404
    assert client.get("/api/v1/offices?region=midden").status_code == 400
