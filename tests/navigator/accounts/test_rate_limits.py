import pytest
from allauth.core.internal import ratelimit
from django.core import mail
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from navigator import proxies
from tests.people import PASSWORD, editor

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.1", "198.51.100.7"


def attempt(login, password, address=HERE, **headers):
    client = Client(REMOTE_ADDR=address, headers=headers)
    client.post("/inloggen/", {"login": login, "password": password})
    return "sessionid" in client.cookies and client.get("/account/").status_code == 200


def fail(times, login, address=HERE, **headers):
    for number in range(times):
        assert not attempt(login, f"guess {number}", address, **headers)


@pytest.fixture
def behind_a_proxy(settings):
    """192.0.2.1 is ours, and hands on who visits."""
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    proxies._is_trusted.cache_clear()
    yield
    proxies._is_trusted.cache_clear()


class Later:
    """The clock of the library, moved."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.monotonic = ratelimit.time.monotonic
        self.sleep = ratelimit.time.sleep
        self.now = ratelimit.time.time

    def time(self):
        return self.now() + self.seconds


def test_after_five_failures_the_right_password_has_to_wait_too():
    editor(email="editor@rotterdam.example")
    fail(5, "editor@rotterdam.example")

    assert not attempt("editor@rotterdam.example", PASSWORD)


def test_four_failures_are_forgiven():
    editor(email="editor@rotterdam.example")
    fail(4, "editor@rotterdam.example")

    assert attempt("editor@rotterdam.example", PASSWORD)


def test_after_five_minutes_it_can_be_tried_again(monkeypatch):
    editor(email="editor@rotterdam.example")
    fail(5, "editor@rotterdam.example")
    monkeypatch.setattr(ratelimit, "time", Later(5 * 60 + 1))

    assert attempt("editor@rotterdam.example", PASSWORD)


def test_the_page_says_that_it_has_to_wait_also_for_an_unknown_address(client):
    editor(email="known@rotterdam.example")
    texts = []
    for login in ("known@rotterdam.example", "unknown@rotterdam.example"):
        for _ in range(6):
            response = client.post("/inloggen/", {"login": login, "password": "guess"})
        texts.append(response.context["form"].non_field_errors())

    assert texts[0] == texts[1]
    assert "5" in texts[0][0] or "vijf" in texts[0][0] or "five" in texts[0][0]


def test_nobody_is_locked_out_by_somebody_elsewhere():
    editor(email="editor@rotterdam.example")
    fail(8, "editor@rotterdam.example", HERE)

    assert attempt("editor@rotterdam.example", PASSWORD, THERE)


def test_failures_for_one_account_do_not_count_for_another():
    editor(email="one@rotterdam.example")
    editor(email="two@rotterdam.example")
    fail(5, "one@rotterdam.example")

    assert attempt("two@rotterdam.example", PASSWORD)


def test_the_case_of_an_address_opens_no_second_chance():
    editor(email="editor@rotterdam.example")
    fail(3, "editor@rotterdam.example")
    fail(2, "EDITOR@rotterdam.example")

    assert not attempt("editor@rotterdam.example", PASSWORD)


def test_a_made_up_forwarded_address_opens_no_second_chance():
    editor(email="editor@rotterdam.example")
    for number in range(5):
        fail(1, "editor@rotterdam.example", **{"x-forwarded-for": f"203.0.113.{number}"})

    assert not attempt("editor@rotterdam.example", PASSWORD, **{"x-forwarded-for": "203.0.113.200"})


def test_behind_a_trusted_proxy_visitors_are_told_apart(behind_a_proxy):
    editor(email="editor@rotterdam.example")
    fail(5, "editor@rotterdam.example", **{"x-forwarded-for": "203.0.113.1"})

    assert not attempt("editor@rotterdam.example", PASSWORD, **{"x-forwarded-for": "203.0.113.1"})
    assert attempt("editor@rotterdam.example", PASSWORD, **{"x-forwarded-for": "203.0.113.2"})


def test_many_accounts_from_one_address_have_to_wait_too():
    editor(email="editor@rotterdam.example")
    for number in range(30):
        fail(1, f"guess-{number}@rotterdam.example")

    assert not attempt("editor@rotterdam.example", PASSWORD)
    assert attempt("editor@rotterdam.example", PASSWORD, THERE)


def test_mails_for_a_new_password_are_limited(client):
    user = editor()
    for _ in range(8):
        response = client.post("/wachtwoord-vergeten/", {"email": user.email})

    assert len(mail.outbox) == 5
    assert response.status_code == 429
    assert "<h1" in response.text


def test_a_new_password_opens_the_way_again():
    user = editor(email="editor@rotterdam.example")
    fail(5, "editor@rotterdam.example")
    client = Client(REMOTE_ADDR=HERE)
    client.post("/wachtwoord-vergeten/", {"email": user.email})
    link = "/" + mail.outbox[0].body.split("navigator.example/")[1].split()[0]
    form = client.get(link).headers["Location"]
    new = "quite another long sentence"
    client.post(form, {"password1": new, "password2": new})

    assert attempt("editor@rotterdam.example", new)


def test_what_is_counted_is_shared_by_all_processes():
    """It stands in the database: another process with another connection counts on."""
    editor(email="editor@rotterdam.example")
    fail(3, "editor@rotterdam.example")

    assert type(caches["default"]).__name__ == "DatabaseCache"
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM shared_cache WHERE cache_key LIKE %s", ["%login_fa%"])
        assert cursor.fetchone()[0] >= 1


def test_no_typed_address_stands_in_what_is_counted():
    fail(1, "secret@rotterdam.example")

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        assert "secret" not in str(cursor.fetchall())


def test_the_cache_keeps_what_it_is_told():
    cache.set("a", [1.5], 60)

    assert cache.get("a") == [1.5]
    assert not cache.add("a", 2)
