"""What every answer tells browsers and caches, whatever the page, the role and the status."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests import people
from tests.test_access import LINES

LEAK_NOTHING = {"same-origin", "no-referrer", "strict-origin"}  # the last: without the path


@pytest.fixture
def browsers(people_and_things, db):
    cast, _things = people_and_things
    return {"nobody": Client()} | {
        role: people.log_in(Client(), cast[role]) for role in ("editor", "administrator")
    }


@pytest.mark.parametrize("line", [line for _route, line in LINES], ids=lambda line: line.example)
def test_every_answer_is_closed_to_frames_scripts_and_guesses(people_and_things, browsers, line):
    address = line.example.format(**people_and_things[1])
    is_inner = line.answer("GET", "nobody") in ("login", "401")

    for role, browser in browsers.items():
        answer = browser.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")

        assert answer.headers["X-Frame-Options"] == "DENY", role
        assert answer.headers["X-Content-Type-Options"] == "nosniff", role
        assert answer.headers["Referrer-Policy"] in LEAK_NOTHING, role
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", role
        assert "frame-ancestors 'none'" in policy, role
        assert "base-uri 'none'" in policy, role
        assert "object-src 'none'" in policy, role
        assert "form-action 'self'" in policy, role
        assert [word for word in ("unsafe", "*", "http") if word in policy] == [], role
        if is_inner and role != "nobody":
            assert "no-store" in answer.headers.get("Cache-Control", ""), role
            assert "private" in answer.headers["Cache-Control"], role


def test_only_the_api_is_open_to_scripts_of_other_sites(people_and_things, browsers):
    for route, line in LINES:
        answer = browsers["administrator"].get(
            line.example.format(**people_and_things[1]), headers={"Origin": "https://evil.example"}
        )
        is_open = answer.headers.get("Access-Control-Allow-Origin")

        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert not is_open or (route.startswith("api/") and not route.startswith("api/v1/my"))


def test_cookies_are_for_this_site_and_not_for_scripts(people_and_things, db):
    client = Client()
    user = people.editor()
    client.get("/inloggen/")

    client.post("/inloggen/", {"login": user.email, "password": people.PASSWORD})

    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == client.cookies["csrftoken"]["samesite"] == "Lax"
    assert not session["domain"]


def test_a_site_for_others_is_served_by_https_alone(people_and_things):
    told = _of_production(
        "print(s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.DEBUG, s.REQUIRE_MFA, s.DEMO,"
        " s.SECURE_PROXY_SSL_HEADER)"
    )

    assert told.split() == ["True"] * 5 + ["False", "True", "False", "None"]


def _of_production(asked):
    """What the settings say when a machine says nothing."""
    unsaid = {"HTTPS", "DEBUG", "REQUIRE_MFA", "DEMO", "TRUSTED_PROXIES"}
    machine = {name: value for name, value in os.environ.items() if name not in unsaid}
    code = (
        "import environ; environ.Env.read_env = lambda *a, **k: None\n"
        f"from navigator import settings as s; {asked}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**machine, "SECRET_KEY": "x" * 50},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
