import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from navigator.statistics.models import Search
from navigator.views import server_error
from regions import versions
from regions.models import DirectoryVersion

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

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


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_without_a_database_the_service_is_not_ready(client, world, monkeypatch, error):
    def broken(**_question):
        raise error("gone")

    world.office("here", serves=["3011"])
    monkeypatch.setattr("navigator.views.find_offices", broken)

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (503, "no database\n")


def test_a_directory_that_was_not_published_is_not_ready(client, world):
    world.office("here", serves=["3011"])
    DirectoryVersion.objects.update(document={})
    versions.forget()

    response = client.get("/readyz")

    assert (response.status_code, response.text) == (503, "no directory\n")


def test_being_ready_is_no_search(client, world):
    world.office("here", serves=["3011"])

    client.get("/readyz", headers={"user-agent": BROWSER})

    assert Search.objects.count() == 0


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


@pytest.mark.parametrize("query", ["p=0", "p=-1", "p=abc", "p=1000000000"])
def test_a_page_of_the_sitemap_that_is_not_there_is_not_found(client, world, query):
    assert client.get(f"/sitemap.xml?{query}").status_code == 404


def test_an_unknown_page_is_told_what_to_do_next(client, world):
    response = client.get("/nergens/")

    assert response.status_code == 404
    assert 'href="/"' in response.text


@pytest.mark.parametrize(
    "path",
    ["/%00", "/%FF/", "/regioloketten/%FF/", "/regioloketten/a b/", "/" + "x" * 5000, "/en/x"],
)
def test_an_address_of_nonsense_is_not_found(client, world, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "<h1" in response.text


def test_another_host_than_our_own_is_refused_with_words(client, world):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "<h1" in response.text
    assert "evil.example" not in response.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "path", [*PAGES[1:], "/zoeken/", "/healthz", "/robots.txt", "/sitemap.xml"]
)
def test_another_method_is_refused_with_words_also_without_a_token(world, path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert "<h1" in response.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_kept_by_a_shared_cache(client, world, path):
    response = client.get(path)

    # Without no-store, so that the back button of a browser is at once.
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_a_page_in_another_language_is_a_link_away(client, world):
    world.office("here", serves=["3011"])

    dutch = client.get("/regioloketten/here/?postcode=3011")
    english = client.get("/en/regioloketten/here/?postcode=3011")

    assert 'href="/en/regioloketten/here/?postcode=3011"' in dutch.text
    assert 'href="/regioloketten/here/?postcode=3011"' in english.text


def test_the_page_for_errors_needs_nothing_else(client, rf):
    response = server_error(rf.get("/"))

    assert response.status_code == 500
    assert "<h1" in response.text
