from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from api.problems import TYPES
from regions import versions

DOCUMENTATION = Path(__file__).parents[2].joinpath("docs", "api.md").read_text()


@pytest.mark.parametrize("code", TYPES)
def test_every_type_of_problem_is_documented(code):
    assert f"| `/api/v1/problems/{code}` | {TYPES[code].status} |" in DOCUMENTATION


@pytest.mark.parametrize("code", TYPES)
def test_the_address_of_a_type_tells_what_it_means(client, code):
    answer = client.get(f"/api/v1/problems/{code}")

    assert answer.status_code == 200
    assert answer.json() == {
        "type": f"/api/v1/problems/{code}",
        "title": TYPES[code].title,
        "status": TYPES[code].status,
        "description": TYPES[code].description,
    }


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/offices/",
        "/api/v1/officess",
        "/api/v2/offices",
        "/api/v1/offices/a%00b",
        "/api/v1/offices/%F0%9F%98%80",
        "/api/v1/offices/%27%20OR%201=1--",
        "/api/v1/problems/unheard-of",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_does_not_exist_is_a_problem_and_no_page(
    client, problem_of, address, method
):
    answer = getattr(client, method)(address)

    if address == "/api/v1/problems/unheard-of" and method != "get":
        assert answer.status_code == 405
    else:
        assert answer.status_code == 404
        assert problem_of(answer) == ("not-found", [])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_another_method_is_refused_and_told_which_there_are(client, problem_of, method):
    answer = getattr(client, method)("/api/v1/offices")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert problem_of(answer) == ("method-not-allowed", [])


def test_a_search_is_no_get(client, problem_of):
    answer = client.get("/api/v1/searches")

    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"
    assert problem_of(answer) == ("method-not-allowed", [])


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0.8", "nonsense"])
def test_who_accepts_no_json_is_told_so(client, directory, problem_of, accept):
    answer = client.get("/api/v1/offices", headers={"Accept": accept})

    assert answer.status_code == 406
    assert problem_of(answer) == ("not-acceptable", [])


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/offices",
        "/api/v1/offices/oost",
        "/api/v1/regions",
        "/api/v1/regions/midden",
        "/api/v1/sectors",
        "/api/v1/support-types",
        "/api/v1/postcodes/1011",
        "/api/v1/openapi.json",
        "/api/v1/problems/not-found",
    ],
)
@pytest.mark.parametrize("parameter", ["format=", "format=json", "colour=red", "Page=1", "id[]=1"])
def test_an_unknown_parameter_is_an_error(client, directory, problem_of, address, parameter):
    answer = client.get(f"{address}?{parameter}")

    assert answer.status_code == 400
    kind, mistakes = problem_of(answer)
    assert kind == "invalid-request"
    assert [code for _, code in mistakes] == ["unknown_parameter"]


def test_an_unknown_parameter_is_answered_with_those_that_exist(client, directory):
    answer = client.get("/api/v1/offices?colour=red")

    (mistake,) = answer.json()["errors"]
    assert mistake["field"] == "colour"
    assert mistake["suggestions"] == [
        "postcode",
        "sector",
        "support",
        "region",
        "municipality",
        "q",
        "page",
        "pageSize",
    ]


def test_a_problem_does_not_repeat_what_was_sent(client, directory):
    answer = client.get("/api/v1/offices?3011AB=1&sector=3011AB")

    assert answer.status_code == 400
    assert b"3011" not in answer.content


def test_problems_are_in_english_whatever_the_site_speaks(client, directory):
    answer = client.get("/api/v1/postcodes/0123", headers={"Accept-Language": "nl"})

    assert answer["Content-Language"] == "en"
    assert "does not start with a 0" in answer.json()["errors"][0]["detail"]


def test_a_mistake_of_the_service_is_a_problem_without_its_details(
    client, directory, problem_of, monkeypatch
):
    def fails():
        raise RuntimeError("a secret")

    monkeypatch.setattr(versions, "current", fails)
    client.raise_request_exception = False

    answer = client.get("/api/v1/offices")

    assert answer.status_code == 500
    assert problem_of(answer) == ("internal-error", [])
    assert b"secret" not in answer.content


def test_a_mistake_of_the_service_is_logged_with_its_traceback(
    client, directory, monkeypatch, caplog
):
    def fails():
        raise RuntimeError("a secret")

    monkeypatch.setattr(versions, "current", fails)
    client.raise_request_exception = False

    client.get("/api/v1/offices")

    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info[0] is RuntimeError


def test_what_is_not_allowed_is_a_problem(client, directory, problem_of, monkeypatch):
    def refuses():
        raise PermissionDenied

    monkeypatch.setattr(versions, "current", refuses)

    answer = client.get("/api/v1/offices")

    assert answer.status_code == 403
    assert problem_of(answer) == ("forbidden", [])
