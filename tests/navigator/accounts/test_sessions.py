import pytest
from django.test import Client

from navigator.accounts.models import AuditEntry
from tests.people import PASSWORD, editor

pytestmark = pytest.mark.django_db


def enter(user, browser, address="192.0.2.1"):
    client = Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=address)
    client.post("/inloggen/", {"login": user.email, "password": PASSWORD})
    return client


def test_somebody_sees_where_they_are_logged_in():
    user = editor()
    here = enter(user, "Firefox here")
    enter(user, "Chrome there", "198.51.100.7")
    enter(editor(), "Safari of somebody else", "203.0.113.9")

    text = here.get("/account/sessies/").text

    assert "Firefox here" in text
    assert "Chrome there" in text
    assert "198.51.100.7" in text
    assert "Safari" not in text


def test_logging_out_elsewhere_leaves_this_session():
    user, other = editor(), editor()
    here, there, of_another = enter(user, "A"), enter(user, "B"), enter(other, "C")

    here.post("/account/sessies/")

    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert of_another.get("/account/").status_code == 200
    assert AuditEntry.objects.get(what="sessions_ended").who == user


def test_a_session_that_ended_is_not_shown():
    user = editor()
    here, there = enter(user, "Firefox here"), enter(user, "Chrome there")

    there.post("/uitloggen/")

    assert "Chrome" not in here.get("/account/sessies/").text


def test_a_closed_account_is_out_at_once():
    user = editor()
    here = enter(user, "A")
    user.is_active = False
    user.save()

    assert here.get("/account/").status_code == 302


def test_a_browser_that_says_who_it_is_in_html_does_no_harm():
    here = enter(editor(), "<script>alert(1)</script>")

    assert "<script>alert" not in here.get("/account/sessies/").text
