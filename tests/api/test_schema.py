"""What is described is what is answered."""

import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from api.schema import document
from regions.models import EducationRegion
from tests import people
from tests.api.v1.my.conftest import Caller


def as_json_schema(part: Any) -> Any:
    """A schema of OpenAPI 3.0 in JSON Schema; a property that isn't described is an error."""
    if isinstance(part, list):
        return [as_json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    plain = {name: as_json_schema(value) for name, value in part.items() if name != "nullable"}
    if "properties" in part:
        plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if part.get("nullable") is True else plain


def validator_of(method: str, path: str, status: int) -> Draft202012Validator:
    description = document()
    content = description["paths"][path][method]["responses"][str(status)]["content"]
    (media,) = [content[kind] for kind in content if kind != "text/csv"]
    schema = {"components": description["components"], **media["schema"]}
    return Draft202012Validator(as_json_schema(schema))


def operations():
    """Every operation with its address."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def check(method: str, path: str, answer: Any) -> None:
    errors = list(validator_of(method, path, answer.status_code).iter_errors(answer.json()))
    assert errors == []


def test_the_description_is_valid_and_complete():
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")


def test_the_description_is_served(client):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == json.loads(json.dumps(document()))
    assert answer.json()["openapi"] == "3.0.3"


def test_every_address_is_described():
    resolver = get_resolver()
    (api,) = [part for part in resolver.url_patterns if getattr(part, "app_name", "") == "api"]
    paths = {
        "/api/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern))
        for route in api.url_patterns
    }

    undescribed = paths - document()["paths"].keys()

    assert undescribed == {"/api/", "/api/{anything}", "/api/v1/docs", "/api/v1/openapi.json"} | {
        "/api/v1/conversations/"  # the same as without its slash
    }


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/offices", "/api/v1/offices"),
        ("/api/v1/offices", "/api/v1/offices?pageSize=1&page=2"),
        ("/api/v1/offices", "/api/v1/offices?q=nothing"),
        ("/api/v1/offices/{slug}", "/api/v1/offices/oost"),
        ("/api/v1/offices/{slug}", "/api/v1/offices/west"),
        ("/api/v1/regions", "/api/v1/regions"),
        ("/api/v1/regions/{slug}", "/api/v1/regions/midden"),
        ("/api/v1/sectors", "/api/v1/sectors"),
        ("/api/v1/support-types", "/api/v1/support-types"),
        ("/api/v1/postcodes/{pc4}", "/api/v1/postcodes/1011"),
        ("/api/v1/postcodes/{pc4}", "/api/v1/postcodes/1013"),
        ("/api/v1/postcodes/{pc4}", "/api/v1/postcodes/1000"),
        ("/api/v1/problems/{code}", "/api/v1/problems/not-found"),
        # and problems
        ("/api/v1/offices", "/api/v1/offices?sector=xx&colour=red"),
        ("/api/v1/offices", "/api/v1/offices?page=9"),
        ("/api/v1/offices/{slug}", "/api/v1/offices/nobody"),
        ("/api/v1/regions/{slug}", "/api/v1/regions/nowhere"),
        ("/api/v1/sectors", "/api/v1/sectors?page=0"),
        ("/api/v1/support-types", "/api/v1/support-types?page=2"),
        ("/api/v1/postcodes/{pc4}", "/api/v1/postcodes/0123"),
        ("/api/v1/postcodes/{pc4}", "/api/v1/postcodes/1099"),
        ("/api/v1/problems/{code}", "/api/v1/problems/unheard-of"),
    ],
)
def test_what_is_read_is_as_described(client, directory, path, address):
    answer = client.get(address)

    check("get", path, answer)


@pytest.mark.parametrize(
    "question",
    [
        {"postcode": "1011"},
        {"postcode": "1011", "sector": "vo"},
        {"postcode": "1013"},
        {"postcode": "1013", "municipality": "GM0002"},
        {"postcode": "9011"},
        {"postcode": "1000"},
        {"postcode": "1099"},
        {"place": "Dorp"},
        {"place": "Dorp", "municipality": "GM0001"},
        {"latitude": 52.1, "longitude": 5.1},
        {"postcode": 1011},
        {"place": "Gehuchtt"},
        {"postcode": "1" * 20_000},
    ],
    ids=lambda question: str(question)[:60],
)
def test_a_search_is_answered_as_described(directory, ask, question):
    answer = ask(question)

    check("post", "/api/v1/searches", answer)


def test_an_answer_with_a_field_that_is_not_described_is_found_out(client, directory):
    answer = client.get("/api/v1/sectors").json()
    answer["results"][0]["colour"] = "red"

    assert not validator_of("get", "/api/v1/sectors", 200).is_valid(answer)


def test_the_page_with_the_description_asks_nothing_of_others(client):
    page = client.get("/api/v1/docs").content.decode()

    loaded = re.findall(r'(?:src|href|data-address)="([^"]+)"', page)
    assert len(loaded) >= 5
    assert all(address.startswith("/") for address in loaded)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=", page)


def test_the_page_with_the_description_sets_no_cookie_and_loosens_nothing(client):
    answer = client.get("/api/v1/docs")

    assert not answer.cookies
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_what_is_personal_says_how_to_tell_who_you_are_and_nothing_else_does():
    asked = {path: operation.get("security", []) for _, path, operation in operations()}

    secured = {path for path, ways in asked.items() if any(ways)}
    # The figures of advice are told to everybody, and more of them to some.
    for_some = {path for path in secured if {} in asked[path]}
    assert for_some == {path for path in asked if path.startswith("/api/v1/statistics/advice")}
    assert secured - for_some == {
        path for path in asked if path.startswith(("/api/v1/my/", "/api/v1/conversations"))
    }
    ways = {tuple(way) for path in secured for way in asked[path] if way}
    assert ways == {("token",), ("session",)}
    schemes = document()["components"]["securitySchemes"]
    assert (schemes["token"]["scheme"], schemes["session"]["in"]) == ("bearer", "cookie")


def test_a_change_says_that_it_needs_the_state_that_it_starts_from():
    for method, path, operation in operations():
        if method == "patch":
            headers = {
                each["name"]: each for each in operation["parameters"] if each["in"] == "header"
            }
            assert headers["If-Match"]["required"] is True, path
            assert {"412", "428", "429"} <= operation["responses"].keys(), path


@pytest.fixture
def editing(client, directory):
    """A program of an editor of the office `oost`."""
    region = EducationRegion.objects.get(slug="midden")
    EducationRegion.objects.update(review_required=False)
    return Caller(client, people.editor(region))


@pytest.mark.parametrize(
    ("kind", "slug", "change"),
    [
        (
            "offices",
            "oost",
            {
                "phone": "030 227 03 75",
                "visitingPoint": {"latitude": 52.1, "longitude": 5.1},
                "support": {"webinar": {"links": ["oost.nl"]}, "vacancies": None},
                "phoneHours": [],
                "preferredContact": "phone",
            },
        ),
        ("regions", "midden", {"description": "Wij *samen*"}),
    ],
)
def test_what_is_personal_is_answered_as_described(editing, kind, slug, change):
    base, path = f"/api/v1/my/{kind}/{slug}", f"/api/v1/my/{kind}/{{slug}}"
    check("get", path, editing.get(base))
    check("patch", path, editing.patch(base, change))
    check("patch", path, editing.patch(base, change, etag='"old"'))
    check("patch", path, editing.patch(base, {"colour": "red"}))
    check("patch", path, editing("PATCH", base, change))
    check("get", f"/api/v1/my/{kind}", editing.get(f"/api/v1/my/{kind}"))
    check("get", f"{path}/revision", editing.get(f"{base}/revision"))
    check("delete", f"{path}/revision", editing("DELETE", f"{base}/revision", If_Match='"old"'))
    check("post", f"{path}/revision/submit", editing.post(f"{base}/revision/submit"))
    check("post", f"{path}/revision/submit", editing.post(f"{base}/revision/submit"))
    check("get", path, editing.get(base))
    check("post", f"{path}/revision/publish", editing.post(f"{base}/revision/publish"))
    check("get", f"{path}/history", editing.get(f"{base}/history"))
    check("get", f"{path}/revision", editing.get(f"{base}/revision"))
    if kind == "offices":
        check("post", f"{path}/confirm", editing.post(f"{base}/confirm"))
    check("get", path, editing._client.get(base))
