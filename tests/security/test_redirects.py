"""Nobody is sent on to another site, wherever an address can be given."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from regions import revisions
from regions.models import RegionalOffice
from tests import people

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "http:///evil.example/",
    "https:evil.example/",
    "https:/evil.example/",
    " https://evil.example/",
    "\thttps://evil.example/",
    "/\t/evil.example/",
    "\n//evil.example/",
    "\x00//evil.example/",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "／／evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "data:text/html,x",
]


def leads_elsewhere(response):
    """Whether a browser would leave this site."""
    told = response.headers.get("Location", "")
    stripped = "".join(c for c in told if c not in "\t\r\n\x00").strip().replace("\\", "/")
    there = urlsplit(urljoin("http://testserver/", stripped))
    return (there.scheme, there.netloc) != ("http", "testserver")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_log_in_leads_into_this_site(editor, there, prefix):
    client = Client()
    typed = {"login": editor.email, "password": people.PASSWORD, "next": there}

    answer = client.post(f"{prefix}/inloggen/", typed)

    assert answer.status_code == 302
    assert not leads_elsewhere(answer)
    assert not leads_elsewhere(client.get(f"{prefix}/inloggen/", {"next": there}))


@pytest.mark.parametrize("there", ELSEWHERE)
def test_what_is_asked_once_more_leads_into_this_site(as_editor, editor, there):
    answer = as_editor.post("/account/bevestigen/", {"password": people.PASSWORD, "next": there})

    assert answer.status_code == 302
    assert not leads_elsewhere(answer)


@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_log_out_leads_into_this_site(as_editor, there):
    answer = as_editor.post("/uitloggen/", {"next": there})

    assert answer.status_code == 302
    assert not leads_elsewhere(answer)


def test_a_log_in_leads_to_the_page_that_was_asked_for(editor):
    client = Client()
    asked = client.get("/mijn-regio/loketten/hier/")
    typed = {
        "login": editor.email,
        "password": people.PASSWORD,
        "next": "/mijn-regio/loketten/hier/",
    }

    assert asked["Location"] == "/inloggen/?next=/mijn-regio/loketten/hier/"
    assert client.post("/inloggen/", typed)["Location"] == "/mijn-regio/loketten/hier/"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example",
        "//evil.example/mijn-regio",
        "/\\evil.example/",
        "/%5cevil.example",
        "/%2fevil.example",
        "/en//evil.example",
        "/en//evil.example/..",
        "//evil.example/%2e%2e/regioloketten",
        "/%09/evil.example",
        "//evil.example/?postcode=3011AB",
        "//evil.example/zoeken/?place=3011AB",
        "/en//evil.example/?postcode=3011AB",
        "/regioloketten/hier//evil.example",
    ],
)
def test_a_path_is_no_host(site, as_administrator, path):
    for client in (Client(), as_administrator):
        assert not leads_elsewhere(client.get(path))
        assert not leads_elsewhere(client.post(path))


def test_a_former_address_leads_into_this_site_with_its_question_as_it_was(site, administrator):
    revisions.publish_now(
        subject=RegionalOffice.objects.get(slug="hier"),
        values={"slug": "elders"},
        by=administrator,
        at=timezone.now(),
    )
    site.publish()

    answer = Client().get("/regioloketten/hier/?a=%0d%0aSet-Cookie:x=1&b=//evil.example")

    assert answer.status_code == 301
    assert answer["Location"] == ("/regioloketten/elders/?a=%0d%0aSet-Cookie:x=1&b=//evil.example")


@pytest.mark.parametrize("there", ELSEWHERE)
def test_what_is_saved_leads_into_this_site(as_editor, there):
    for given in ({"next": there}, {"back": there}, {"HTTP_REFERER": there}):
        answer = as_editor.post("/mijn-regio/loketten/hier/bevestigen/", given)

        assert answer.status_code == 303
        assert not leads_elsewhere(answer)
