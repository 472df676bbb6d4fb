import pytest
from django.db import DatabaseError

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/regioloketten/",
    "/onderwijsregios/",
    "/over/",
    "/over/toegankelijkheid/",
    "/over/privacy/",
]


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_both_languages_without_a_cookie(client, world, path, language):
    response = client.get(f"{language}{path}")

    assert response.status_code == 200
    assert f'<html lang="{"en" if language else "nl"}"' in response.text
    assert not response.cookies


def test_the_language_of_the_browser_changes_nothing(client, world):
    response = client.get("/", headers={"accept-language": "en"})

    assert '<html lang="nl"' in response.text


def test_pages_ask_nothing_of_other_sites(client, world):
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_health_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_ready_does_a_real_look_up(client, world):
    world.office("here", serves=["3011"])

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (200, "ready\n")


def test_an_empty_directory_is_not_ready(client):
    assert client.get("/readyz").status_code == 503


def test_without_a_database_the_service_is_not_ready(client, monkeypatch):
    def broken(**_question):
        raise DatabaseError("gone")

    monkeypatch.setattr("navigator.views.find_offices", broken)
    from tests.factories import PostcodeFactory

    PostcodeFactory(code="3011")

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (503, "no database\n")


def test_robots_are_told_where_the_sitemap_is(client):
    response = client.get("/robots.txt")

    assert "Sitemap: http://testserver/sitemap.xml" in response.text


def test_the_sitemap_has_every_published_office_in_both_languages(client, world):
    world.office("here", serves=["3011"], regions=["Regio"])
    world.office("draft", serves=["3011"], state="draft")

    response = client.get("/sitemap.xml")

    assert "/regioloketten/here/" in response.text
    assert "/en/regioloketten/here/" in response.text
    assert "/onderwijsregios/" in response.text
    assert "draft" not in response.text


def test_an_address_without_a_slash_goes_on_to_the_page(client, world):
    response = client.get("/regioloketten")

    assert response.headers["Location"] == "/regioloketten/"


def test_an_unknown_page_is_told_what_to_do_next(client, world):
    response = client.get("/nergens/")

    assert response.status_code == 404
    assert 'href="/"' in response.text


def test_the_page_for_errors_needs_nothing_else(client, rf):
    from navigator.views import server_error

    response = server_error(rf.get("/"))

    assert response.status_code == 500
    assert "<h1" in response.text
