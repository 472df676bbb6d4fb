"""Passwords, keys and what people type stand nowhere but where they belong."""

import logging

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from navigator.accounts.models import AuditEntry, Invitation, Token, User
from navigator.administration.admin import data_site
from navigator.administration.views import overview
from regions import revisions
from regions.models import RegionalOffice
from tests import people

NEW = "quite another long sentence"
TYPED = "what somebody typed q7x"


@pytest.fixture
def logged():
    """All that is logged, as the lines that are written."""
    lines = []
    root = logging.getLogger()
    formatter = root.handlers[0].formatter

    class Kept(logging.Handler):
        def emit(self, record):
            for given in root.handlers[0].filters:
                given.filter(record)
            lines.append(formatter.format(record))

    handler = Kept()
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


def _stored():
    """Every value of every table, but those of sessions."""
    for model in apps.get_models():
        if model._meta.label != "sessions.Session":
            for row in model._base_manager.values():
                yield model._meta.label, str(row)


@pytest.fixture
def secrets(here, editor, administrator, logged):
    """All secrets of a busy day: what must be found nowhere."""
    client = Client()
    client.post("/inloggen/", {"login": editor.email, "password": "wrong but mine q7x"})
    client.post("/inloggen/", {"login": editor.email, "password": people.PASSWORD})
    client.post("/account/sleutels/", {"name": "x", "days": "30"})
    page = client.post("/account/sleutels/", {"name": "site", "days": "30"})
    key = page.context["key"]
    client.post("/account/e-mail/", {"email": "later@hier.example", "action_add": ""})
    client.post("/mijn-regio/collegas/", {"email": "new@hier.example", "regions": [here.pk]})
    invited = _link(mail.outbox[-1])
    Client().post("/wachtwoord-vergeten/", {"email": editor.email})
    reset = _link(mail.outbox[-1])
    Client().get(f"/wachtwoord-vergeten/{reset}/", follow=True)
    Client().get(f"/uitnodiging/{invited}/")
    Client().post(
        f"/uitnodiging/{invited}/", {"password1": NEW, "password2": f"{NEW} or so", "name": "x"}
    )
    Client().post(f"/uitnodiging/{invited}/", {"password1": NEW, "password2": NEW, "name": "x"})
    client.post(
        "/account/wachtwoord/",
        {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW},
    )
    Client().get("/api/v1/my/offices", headers={"Authorization": f"Bearer {key}"})
    Client().get("/api/v1/my/offices", headers={"Authorization": f"Bearer {key}x"})
    client.get(f"/nowhere/{key}/")
    return {
        "password": people.PASSWORD,
        "new password": NEW,
        "wrong password": "wrong but mine q7x",
        "key": key,
        "invitation": invited,
        "reset": reset.partition("-")[2],
    }


def _link(message):
    return message.body.split("https://navigator.example/")[1].split()[0].strip("/").split("/")[-1]


def test_nothing_secret_is_stored(secrets):
    found = {
        (name, table)
        for table, row in _stored()
        for name, secret in secrets.items()
        if secret in row
    }

    assert found == set()
    assert Token.objects.count() == 2
    assert Invitation.objects.get().accepted_at


def test_nothing_secret_is_logged(secrets, logged):
    lines = "\n".join(logged)
    of_django = {"key"} if "/nowhere/" in lines else set()  # what stands in an address is logged

    assert {name for name, secret in secrets.items() if secret in lines} <= of_django
    assert logged


def test_what_somebody_types_stands_not_in_the_audit_log(
    as_editor, as_administrator, editor, django_capture_on_commit_callbacks
):
    office = RegionalOffice.objects.get(slug="hier")
    with django_capture_on_commit_callbacks(execute=True):
        revisions.propose(
            subject=office, values={"description": TYPED}, by=editor, at=timezone.now()
        )
        draft = revisions.open_revision(office)
        as_editor.post(
            "/mijn-regio/loketten/hier/voorstel/",
            {"do": "submit", "revision": draft.pk, "submit-note": TYPED},
        )
        draft.refresh_from_db()
        as_administrator.post(
            f"/beheer/beoordelen/{draft.pk}/",
            {"do": "send_back", "seen": draft.edition, "comment": TYPED},
        )
    as_editor.post("/account/sleutels/", {"name": TYPED, "days": "30"})
    for address in ("/inloggen/", "/wachtwoord-vergeten/"):
        Client().post(address, {"login": "q7x@a.nl", "email": "q7x@a.nl", "password": TYPED})

    entries = str(list(AuditEntry.objects.values()))

    assert AuditEntry.objects.count() >= 3
    assert "q7x" not in entries


@pytest.mark.parametrize("text", ["x\nlevel=error event=forged", "x\r\nforged", "x\x1b[31mforged"])
def test_a_line_of_the_log_can_not_be_forged(site, logged, text):
    client = Client()
    client.post("/inloggen/", {"login": f"{text}@a.nl", "password": text})
    client.get(f"/nowhere/{text}/")
    client.get("/regioloketten/", headers={"User-Agent": text.replace("\n", " ").replace("\r", "")})
    client.get("/api/v1/offices", {"x": text})

    assert logged
    for line in logged:
        assert not {"\n", "\r", "\x1b"} & set(line)
    assert not any("forged" in str(row) for row in AuditEntry.objects.values())


def test_the_page_for_an_error_tells_nothing(site, administrator, monkeypatch):
    def broken(*_args):
        secret = "s3cret of the server"
        raise ZeroDivisionError(secret)

    monkeypatch.setattr(overview.worklist, "worklist", broken)
    client = people.log_in(Client(raise_request_exception=False), administrator)

    answer = client.get("/beheer/?x=s3cret")

    assert answer.status_code == 500
    for told in ("s3cret", "Traceback", "ZeroDivision", "settings", "navigator/"):
        assert told not in answer.text.replace("static/navigator/", "")


_HIDDEN = ("password", "key_hash", "preview_key", "data", "session_key")


def _hidden_fields():
    for model in data_site._registry:
        for field in model._meta.fields:
            if field.name in _HIDDEN:
                yield model, field.name


@pytest.mark.parametrize(
    ("model", "field"), list(_hidden_fields()), ids=lambda part: getattr(part, "__name__", part)
)
def test_nobody_guesses_a_secret_by_narrowing_a_list_down(as_administrator, model, field):
    """`?password__startswith=` would tell a hash character by character."""
    address = f"/beheer/gegevens/{model._meta.app_label}/{model._meta.model_name}/"

    for lookup in ("startswith", "regex", "contains", "gt", "exact", "isnull"):
        answer = as_administrator.get(address, {f"{field}__{lookup}": "a"})

        assert answer.status_code == 400 or (
            answer.status_code == 302 and answer["Location"].endswith("?e=1")
        ), lookup


@pytest.mark.parametrize("path", ["accounts/token", "accounts/invitation", "accounts/user"])
def test_no_list_shows_a_secret_or_its_hash(as_administrator, secrets, path):
    hashes = [
        *Token.objects.values_list("key_hash", flat=True),
        *Invitation.objects.values_list("key_hash", flat=True),
        *User.objects.values_list("password", flat=True),
    ]
    model = path.rpartition("/")[2]
    pks = {"token": Token, "invitation": Invitation, "user": User}[model].objects.values_list(
        "pk", flat=True
    )
    for end in ("", *(f"{pk}/change/" for pk in pks), *(f"{pk}/history/" for pk in pks)):
        answer = as_administrator.get(f"/beheer/gegevens/{path}/{end}")

        assert answer.status_code == 200
        assert not any(secret in answer.text for secret in (*hashes, *secrets.values()))


def test_nothing_changes_the_audit_log(as_administrator, administrator):
    entry = AuditEntry.objects.create(at=timezone.now(), what="x", who=administrator)
    base = f"/beheer/gegevens/accounts/auditentry/{entry.pk}"

    for address in (
        f"{base}/change/",
        f"{base}/delete/",
        "/beheer/gegevens/accounts/auditentry/add/",
    ):
        assert as_administrator.post(address, {"post": "yes", "what": "y"}).status_code == 403
    as_administrator.post(
        "/beheer/gegevens/accounts/auditentry/",
        {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"},
    )

    entry.refresh_from_db()
    assert entry.what == "x"
    for change in (entry.save, entry.delete):
        with pytest.raises(TypeError):
            change()
