"""Nobody learns whether an address has an account: not from an answer, nor from the work of it."""

import re

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from navigator.accounts.models import User
from tests import people


@pytest.fixture
def hashed(monkeypatch):
    """How often a password was hashed, which is what takes time."""
    calls = []
    own = hashers.MD5PasswordHasher.encode

    def counted(self, password, salt, *args):
        calls.append(password)
        return own(self, password, salt, *args)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    return calls


def _told(response, *emails):
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)
    for email in emails:
        text = text.replace(email, "…")
    return response.status_code, response.headers.get("Location"), text


KNOWN, UNKNOWN, CLOSED = "editor@hier.example", "nobody@hier.example", "closed@hier.example"


@pytest.fixture
def closed(site):
    return people.editor(email=CLOSED, is_active=False)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_log_in_answers_the_same_and_works_as_hard(editor, closed, hashed, prefix):
    told, work = set(), set()

    for email in (KNOWN, UNKNOWN, CLOSED):
        hashed.clear()
        answer = Client().post(
            f"{prefix}/inloggen/", {"login": email, "password": "not the right sentence"}
        )
        told.add(_told(answer, email))
        work.add(len(hashed))

    assert len(told) == 1
    assert work == {1}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_forgotten_password_answers_the_same_and_always_mails(editor, closed, hashed, prefix):
    told, work = set(), set()

    for email in (KNOWN, UNKNOWN, CLOSED):
        mail.outbox.clear()
        hashed.clear()
        answer = Client().post(f"{prefix}/wachtwoord-vergeten/", {"email": email}, follow=True)
        told.add(_told(answer, email))
        work.add((len(hashed), len(mail.outbox)))
        assert mail.outbox[0].recipients() == [email]

    assert len(told) == 1
    assert work == {(0, 1)}


def test_an_invitation_by_an_editor_answers_the_same(as_editor, here, stranger, closed):
    told = set()

    for email in (stranger.email, UNKNOWN, CLOSED, "advisor@navigator.example"):
        if email.startswith("advisor"):
            people.advisor(email=email)
        answer = as_editor.post("/mijn-regio/collegas/", {"email": email, "regions": [here.pk]})
        told.add((answer.status_code, answer["Location"]))

    assert told == {(303, "/mijn-regio/collegas/")}
    assert len(mail.outbox) == 4


def test_a_change_of_address_answers_the_same(editor, administrator, closed):
    told = set()

    for email in (administrator.email, UNKNOWN, CLOSED):
        client = Client()
        client.post("/inloggen/", {"login": editor.email, "password": people.PASSWORD})
        mail.outbox.clear()
        answer = client.post("/account/e-mail/", {"email": email, "action_add": ""}, follow=True)
        told.add(_told(answer, email))
        assert [message.recipients() for message in mail.outbox] == [[email]]

    assert len({status for status, _there, _text in told}) == 1
    assert len({re.sub(r"\s+", " ", text) for _status, _there, text in told}) == 1


def test_a_key_is_found_by_its_hash(editor):
    """So the time that it takes tells nothing of another one."""
    with CaptureQueriesContext(connection) as asked:
        Client().get("/api/v1/my/offices", headers={"Authorization": "Bearer rn_guessed"})

    assert not any("rn_guessed" in query["sql"] for query in asked)


@pytest.mark.parametrize("kind", ["loketten", "regios"])
def test_what_is_not_mine_and_what_is_not_there_answer_the_same(as_editor, site, kind):
    theirs = {"loketten": "daar", "regios": "regio-daar"}[kind]

    for end in ("", "contact/", "voorstel/", "geschiedenis/", "voorbeeld/", "geschiedenis/1/"):
        answers = [
            as_editor.get(f"/mijn-regio/{kind}/{slug}/{end}") for slug in (theirs, "nowhere-at-all")
        ]
        texts = {_told(answer, theirs, "nowhere-at-all") for answer in answers}

        assert [answer.status_code for answer in answers] == [404, 404]
        assert len(texts) == 1
    assert User.objects.count() == 1
