"""No full postcode in an address, log line, error report, row or referrer; no location either."""

import io
import json
import logging

import pytest
from django.apps import apps
from django.db import models
from django.views.debug import get_exception_reporter_filter

from navigator.finder.views import home
from navigator.logs import LineFormatter, WithoutPostcodes, without_letters, without_secrets

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TYPED = "3011 ZX"
WRITINGS = ("3011ZX", "3011 ZX", "3011zx", "3011 zx", "3011%20ZX", "3011+ZX", "3011-ZX")
LOCATION = ("51.92442", "4.47773")


@pytest.fixture
def log():
    """Everything that is logged, as it would stand in the log of the production server."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(LineFormatter())
    handler.addFilter(WithoutPostcodes())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def client(client):
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    client.raise_request_exception = False
    return client


@pytest.fixture
def rotterdam(world):
    world.postcode("3011", place="Rotterdam", municipality="Rotterdam")
    world.office("here", serves=["3011"])


def ask_in_every_way(client):
    """Every way in which a full postcode can reach the service; answers the responses."""
    api = {"content_type": "application/json"}
    return [
        client.post("/", {"postcode": TYPED}),
        client.post("/", {"postcode": f"Coolsingel 40, {TYPED} Rotterdam"}),
        client.post("/", {"postcode": TYPED, "sector": "nonsense"}),
        client.post(f"/?utm_term={TYPED}", {"postcode": TYPED}),
        client.post("/", {"postcode": "", "latitude": LOCATION[0], "longitude": LOCATION[1]}),
        client.get("/zoeken/", {"postcode": TYPED}),
        client.get("/zoeken/", {"postcode": TYPED, "sector": "nonsense"}),
        client.get("/zoeken/", {"postcode": "3011", "utm_content": TYPED}),
        client.get("/zoeken/", {"place": TYPED}),
        client.get("/regioloketten/here/", {"postcode": TYPED}),
        client.get("/regioloketten/here", {"postcode": TYPED}),
        client.get("/regioloketten/", {"q": TYPED}),
        client.get("/en/regioloketten/", {"q": TYPED, "order": "nonsense"}),
        client.get("/", {"postcode": TYPED}),
        client.get("/over/", {"place": TYPED}),
        client.get("/advies/", {"q": TYPED}),
        client.get("/advies/", {"q": f"Coolsingel 40, {TYPED} Rotterdam"}),
        client.get("/", headers={"referer": f"https://other.example/?q={TYPED}"}),
        client.get("/", {"via": f"{TYPED}.example", "utm_source": TYPED}),
        client.put("/", {"postcode": TYPED}),
        client.post("/zoeken/", {"postcode": TYPED}),
        client.get("/api/v1/offices", {"postcode": TYPED}),
        client.get("/api/v1/offices", {"q": TYPED, "nonsense": TYPED}),
        client.get("/api/v1/postcodes/3011ZX"),
        client.post("/api/v1/searches", json.dumps({"postcode": TYPED}), **api),
        client.post("/api/v1/searches", json.dumps({"postcode": TYPED, "sector": "x"}), **api),
        client.post("/api/v1/searches", json.dumps({"place": TYPED}), **api),
        client.post("/api/v1/searches", f'{{"postcode": "{TYPED}"', **api),
        client.get("/nergens/3011ZX/"),
        client.get("/regioloketten/3011zx/"),
    ]


def stored_texts():
    """Every value of every text column of every table."""
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.local_concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        if fields:
            for row in model._default_manager.values_list(*fields):
                yield from (str(value) for value in row)


def test_no_full_postcode_reaches_an_address(client, rotterdam):
    for response in ask_in_every_way(client):
        where = response.headers.get("Location", "")

        assert not any(writing in where for writing in WRITINGS)
        assert not any(number in where for number in LOCATION)


def test_no_full_postcode_reaches_a_link_for_who_comes_after(client, rotterdam):
    """What is prepared for all holds nothing of what one of them typed."""
    ask_in_every_way(client)
    pages = ["/", "/zoeken/?postcode=3011", "/regioloketten/here/?postcode=3011", "/over/"]

    for page in [*pages, *(f"/en{page}" for page in pages)]:
        text = client.get(page).text

        assert not any(writing in text for writing in WRITINGS)


def test_what_was_typed_wrongly_is_in_the_field_and_nowhere_else(client, rotterdam):
    """Such as a postcode that can't exist, which is nearly one that does."""
    text = client.post("/", {"postcode": "3011 SS"}).text

    assert text.count("3011 SS") == 1
    assert 'value="3011 SS"' in text


def test_no_full_postcode_reaches_the_log(client, rotterdam, log):
    ask_in_every_way(client)

    assert log.getvalue()
    assert not any(writing in log.getvalue() for writing in WRITINGS)
    assert not any(number in log.getvalue() for number in LOCATION)


def test_no_full_postcode_reaches_a_row(client, rotterdam):
    ask_in_every_way(client)

    stored = "\n".join(stored_texts())
    assert "3011" in stored
    assert not any(writing in stored for writing in WRITINGS)
    assert not any(number in stored for number in LOCATION)


def test_an_error_deep_down_does_not_repeat_what_was_typed(client, rotterdam, log, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError(f"can't handle {TYPED}")

    monkeypatch.setattr("navigator.finder.forms.parse_postcode", broken)

    response = client.post("/", {"postcode": TYPED})

    assert response.status_code == 500
    assert "RuntimeError" in log.getvalue()
    assert not any(writing in log.getvalue() for writing in WRITINGS)


def test_an_error_report_does_not_show_what_was_posted(rotterdam, rf):
    request = rf.post("/", {"postcode": TYPED, "latitude": LOCATION[0], "longitude": LOCATION[1]})
    home(request)

    shown = get_exception_reporter_filter(request).get_post_parameters(request)

    assert not {TYPED, *LOCATION} & set(shown.values())


def test_other_sites_learn_nothing_from_a_referrer(client, rotterdam):
    for response in ask_in_every_way(client):
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_pages_and_api_set_no_cookie(client, rotterdam):
    for response in ask_in_every_way(client):
        assert not response.cookies


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /zoeken/?postcode=3011AB", "GET /zoeken/?postcode=3011··"),
        ("3011%20ab and 3011-AB", "3011·· and 3011··"),
        ("a house: 3011AB12 and 3011 AB 12", "a house: 3011··12 and 3011·· 12"),
        ("in 2026, it was", "in 2026, it was"),
        (
            "rather too much than too little: in 2026 it was",
            "rather too much than too little: in 2026·· was",
        ),
        ("code 12345AB stays, 3011ABC too", "code 12345AB stays, 3011ABC too"),
    ],
)
def test_the_letters_are_taken_out_of_what_is_logged(text, clean):
    assert without_letters(text) == clean


@pytest.mark.parametrize("start", ["/uitnodiging/", "/en/voorbeeld/", "/wachtwoord-vergeten/1-"])
def test_the_key_of_a_link_is_taken_out_of_what_is_logged(start):
    key = "Zm9vYmFyLWJhei1xdXV4LXNlY3JldC1rZXktMTIzNDU2"

    assert key not in without_secrets(f"Not Found: {start}{key}/")


def test_an_address_without_a_key_stays_readable():
    assert without_secrets("/account/e-mail/ /uitnodiging/") == "/account/e-mail/ /uitnodiging/"
