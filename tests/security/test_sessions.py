"""Sessions that somebody else made, keeps, or should have lost."""

import json
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.utils import timezone

from navigator.accounts import people as accounts, tokens
from navigator.accounts.models import Token
from tests import people

NEW = "quite another long sentence"
NAME = settings.SESSION_COOKIE_NAME


def enter(client, user, password=people.PASSWORD):
    return client.post("/inloggen/", {"login": user.email, "password": password})


def is_in(client):
    return client.get("/account/").status_code == 200


def test_a_session_that_somebody_else_began_is_not_logged_in(editor):
    attacker, victim = Client(), Client()
    session = attacker.session
    session["x"] = 1
    session.save()
    victim.cookies[NAME] = attacker.cookies[NAME] = session.session_key

    enter(victim, editor)

    assert is_in(victim)
    assert victim.cookies[NAME].value != session.session_key
    assert not is_in(attacker)


def test_a_session_key_that_somebody_made_up_is_not_used(editor):
    client = Client()
    client.cookies[NAME] = "a" * 32

    enter(client, editor)

    assert client.cookies[NAME].value != "a" * 32


def test_the_cookie_of_who_left_is_worth_nothing(editor):
    client = Client()
    enter(client, editor)
    kept = client.cookies[NAME].value

    client.post("/uitloggen/")

    client.cookies[NAME] = kept
    assert not is_in(client)


def test_who_logs_in_as_another_gets_nothing_of_the_first(editor, stranger):
    client = Client()
    enter(client, editor)
    session = client.session
    session["typed"] = {"/x": {"typed": {}, "at": ""}}
    session.save()
    client.post("/uitloggen/")

    enter(client, stranger)

    assert "typed" not in client.session


def test_another_password_ends_the_other_sessions(editor):
    here, elsewhere = Client(), Client()
    enter(here, editor)
    enter(elsewhere, editor)

    here.post(
        "/account/wachtwoord/",
        {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_closed_account_is_out_everywhere_at_once(editor):
    client = people.log_in(Client(), editor)
    _token, key = tokens.make(editor, name="x", days=30, at=timezone.now())
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/my/offices", headers=bearer).status_code == 200

    accounts.deactivate(editor, at=timezone.now())

    assert not is_in(client)
    assert client.get("/api/v1/my/offices").status_code in (401, 403)
    assert Client().get("/api/v1/my/offices", headers=bearer).status_code == 401
    assert enter(Client(), editor)["Location"] == "/inloggen/gesloten/"


def test_a_key_of_an_account_that_was_closed_otherwise_works_no_more(editor):
    _token, key = tokens.make(editor, name="x", days=30, at=timezone.now())
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)

    answer = Client().get("/api/v1/my/offices", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 401
    assert Token.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    "path", ["/beheer/", "/beheer/gegevens/", "/mijn-regio/", "/account/wachtwoord/"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("has_app", [True, False])
def test_a_password_alone_opens_nothing_to_an_administrator(administrator, path, prefix, has_app):
    if has_app:
        people.second_factor(administrator)
    client = Client()
    client.force_login(administrator)

    answer = client.get(prefix + path)

    assert answer.status_code == 302
    assert "/tweede-stap/" in answer["Location"]


@pytest.mark.parametrize("method", ["get", "patch", "post", "delete"])
def test_a_password_alone_opens_nothing_to_an_administrator_in_the_api(administrator, method):
    people.second_factor(administrator)
    client = Client()
    client.force_login(administrator)
    sent = {} if method == "get" else {"data": json.dumps({}), "content_type": "application/json"}

    for path in ("/api/v1/my/offices", "/api/v1/my/offices/hier"):
        assert getattr(client, method)(path, **sent).status_code == 403


def test_a_second_factor_of_another_account_counts_for_nobody_else(administrator, editor):
    people.second_factor(administrator)
    client = people.log_in(Client(), people.advisor())
    client.force_login(administrator)

    assert client.get("/beheer/").status_code == 302


def test_a_code_works_once(administrator):
    secret = people.second_factor(administrator)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, administrator)

    first.post("/inloggen/tweede-stap/", {"code": code})
    second.post("/inloggen/tweede-stap/", {"code": code})

    assert is_in(first)
    assert not is_in(second)


def test_a_link_to_a_new_password_works_once_for_two_who_hurry(editor, mailoutbox):
    client, other = Client(), Client()
    client.post("/wachtwoord-vergeten/", {"email": editor.email})
    path = mailoutbox[0].body.split("navigator.example")[1].split()[0]
    forms = [browser.get(path, follow=True).redirect_chain[-1][0] for browser in (client, other)]

    client.post(forms[0], {"password1": NEW, "password2": NEW})
    other.post(
        forms[1], {"password1": "the sentence of a thief", "password2": "the sentence of a thief"}
    )

    editor.refresh_from_db()
    assert editor.check_password(NEW)
