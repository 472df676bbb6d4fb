"""The page of an office tells which of its links was followed, and hears nothing back."""

import pytest
from django.test import Client

from navigator.statistics.models import Click, LeftOutTotal
from tests import people

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = {"office": "here", "target": "phone"}


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True, HTTP_USER_AGENT=BROWSER)


@pytest.fixture(autouse=True)
def here(world):
    return world.office(
        "here",
        serves=["3011"],
        regions=["Regio"],
        website="https://www.here.example/",
        phone="+31302270374",
        email="info@here.example",
        advice_url="https://www.here.example/gesprek",
    )


def test_a_click_is_stored_with_its_source_and_answered_with_nothing(client, here):
    response = client.post("/klik/?via=google.nl&utm_medium=organic", PHONE)

    assert (response.status_code, response.content, response.cookies) == (204, b"", {})
    row = Click.objects.get()
    assert (row.office, row.target, row.source, row.utm_medium) == (
        here,
        "phone",
        "search-engine",
        "organic",
    )


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"office": "here"},
        {"office": "here", "target": "fax"},
        {"office": "there", "target": "phone"},
        {"office": "here\x00", "target": "phone"},
    ],
)
def test_nonsense_is_refused(client, told):
    assert client.post("/klik/", told).status_code == 400
    assert not Click.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 204),
        ({"Origin": "https://testserver"}, 204),  # behind a proxy that speaks HTTPS
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "http://["}, 400),
        ({"Origin": "http://testserver.evil.example"}, 400),
    ],
    ids=str,
)
def test_only_own_pages_are_heard(client, headers, status):
    response = client.post("/klik/", PHONE, headers=headers)

    assert response.status_code == status
    assert Click.objects.exists() == (status == 204)


def test_the_same_link_again_is_one_click_and_another_link_is_another(client):
    for target in ("phone", "phone", "email"):
        assert client.post("/klik/", {"office": "here", "target": target}).status_code == 204

    assert sorted(Click.objects.values_list("target", flat=True)) == ["email", "phone"]
    assert LeftOutTotal.objects.values_list("what", "why", "requests").get() == (
        "click",
        "repeat",
        1,
    )


def test_clicks_of_own_people_and_bots_are_left_out(client, here):
    people.log_in(client, people.editor(*here.regions.all()))
    client.post("/klik/", PHONE)
    client.logout()
    client.post("/klik/", PHONE, HTTP_USER_AGENT="Googlebot/2.1")

    assert not Click.objects.exists()
    assert sorted(LeftOutTotal.objects.values_list("what", "why")) == [
        ("click", "bot"),
        ("click", "own people"),
    ]


def test_each_way_to_reach_an_office_says_as_what_it_is_counted(client):
    page = client.get("/regioloketten/here/?via=google.nl").text

    for target, address in (
        ("phone", "tel:+31302270374"),
        ("email", "mailto:info@here.example"),
        ("booking", "https://www.here.example/gesprek"),
        ("website", "https://www.here.example/"),
    ):
        tags = [part.partition(">")[0] for part in page.split("<a ")]
        [link] = [tag for tag in tags if f'data-click="{target}"' in tag]
        assert f'href="{address}"' in link
    assert 'data-office="here" data-clicks-to="/klik/?via=google.nl"' in page
