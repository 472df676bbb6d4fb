import pytest


def test_sectors_have_both_names(client, directory):
    assert client.get("/api/v1/sectors").json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {"code": "po", "nameNl": "po", "nameEn": "po"},
            {"code": "vo", "nameNl": "vo", "nameEn": "vo"},
        ],
    }


def test_types_of_support_have_their_kind(client, directory):
    results = client.get("/api/v1/support-types").json()["results"]

    assert [(term["code"], term["kind"]) for term in results] == [
        ("webinar", "orientation"),
        ("vacancies", "placement"),
    ]


@pytest.mark.parametrize("address", ["/api/v1/sectors", "/api/v1/support-types"])
def test_the_vocabulary_costs_no_query(client, directory, django_assert_num_queries, address):
    client.get("/api/v1/offices/oost")  # the directory is read

    with django_assert_num_queries(0):
        client.get(address)


def test_an_empty_directory_has_empty_lists(client, db):
    assert client.get("/api/v1/sectors").json()["results"] == []
    assert client.get("/api/v1/offices").json()["results"] == []
