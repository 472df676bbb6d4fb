"""Requests that say that they are for another host."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from navigator.accounts import invitations
from navigator.editing import mails
from regions import revisions
from regions.models import RegionalOffice
from tests import people

OURS = "https://navigator.example"
PAGES = [
    "/",
    "/zoeken/?postcode=3011",
    "/regioloketten/",
    "/regioloketten/hier/",
    "/inloggen/",
    "/robots.txt",
    "/sitemap.xml",
    "/api/v1/offices",
    "/mijn-regio/",
]
FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Host": "evil.example",
    "X-Original-URL": "/beheer/",
    "X-Rewrite-URL": "/beheer/",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Proto": "https",
    "Forwarded": "host=evil.example;proto=https",
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "testserver,evil.example",
        "testserver/evil",
    ],
)
def test_a_host_that_is_not_ours_gets_no_page(site, path, host):
    answer = Client().get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_what_a_proxy_could_say_changes_nothing_without_one(site, path):
    before = Client().get(path)

    asked = Client().get(path, headers=FORWARDED)
    after = Client().get(path)

    assert "evil.example" not in asked.text + str(asked.headers)
    assert "8443" not in asked.text
    assert asked.status_code == before.status_code
    for answer in (asked, after):
        assert _same(answer) == _same(before)


def test_a_page_that_is_kept_belongs_to_its_host(site):
    first = Client().get("/regioloketten/hier/", headers={"Host": "localhost"}).text
    second = Client().get("/regioloketten/hier/").text

    assert "localhost" in first or "testserver" not in first
    assert "localhost" not in second


def _links(message):
    return re.findall(r"https?://[^\s/]+", message.body)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_link_in_a_mail_leads_to_our_own_address_whatever_host_was_asked(
    site, editor, here, administrator, prefix, django_capture_on_commit_callbacks
):
    office = RegionalOffice.objects.get(slug="hier")
    client = Client(headers={"Host": "localhost", **FORWARDED})
    client.post("/inloggen/", {"login": editor.email, "password": people.PASSWORD})

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{prefix}/wachtwoord-vergeten/", {"email": editor.email})
        client.post(f"{prefix}/wachtwoord-vergeten/", {"email": "nobody@hier.example"})
        client.post(f"{prefix}/account/e-mail/", {"email": "other@hier.example", "action_add": ""})
        client.post(f"{prefix}/account/e-mail/", {"email": administrator.email, "action_add": ""})
        client.post(
            f"{prefix}/mijn-regio/collegas/", {"email": "new@hier.example", "regions": [here.pk]}
        )
        draft = revisions.propose(
            subject=office, values={"description": "Nieuw"}, by=editor, at=timezone.now()
        )
        client.post(
            f"{prefix}/mijn-regio/loketten/hier/voorstel/", {"do": "submit", "revision": draft.pk}
        )
        boss = people.log_in(Client(headers={"Host": "localhost", **FORWARDED}), administrator)
        boss.post(
            f"{prefix}/beheer/beoordelen/{draft.pk}/",
            {"do": "send_back", "seen": _edition(draft), "comment": "Nee"},
        )

    assert len(mail.outbox) == 7
    for message in mail.outbox:
        assert set(_links(message)) == {OURS}, message.subject
        assert "localhost" not in message.body.replace("noreply@localhost", "")


def test_a_name_with_line_ends_adds_no_header_to_a_mail(site, editor, administrator):
    office = RegionalOffice.objects.get(slug="hier")
    RegionalOffice.objects.filter(pk=office.pk).update(name="Hier\r\nBcc: all@evil.example")
    office.refresh_from_db()
    draft = revisions.propose(
        subject=office, values={"description": "Nieuw"}, by=editor, at=timezone.now()
    )

    mails.ask_review(draft, by=editor)

    sent = mail.outbox[0].message()
    assert "Bcc" not in sent
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.parametrize(
    "email",
    [
        "a@hier.example\nBcc: b@evil.example",
        "a@hier.example\r\nSubject: x",
        "a@hier.example, b@evil.example",
        "a@hier.example;b@evil.example",
        "<a@hier.example>\n<b@evil.example>",
    ],
)
def test_an_address_with_line_ends_gets_no_invitation(site, as_editor, here, email):
    as_editor.post("/mijn-regio/collegas/", {"email": email, "regions": [here.pk]})

    for message in mail.outbox:
        assert message.recipients() == ["a@hier.example"]
        assert "evil.example" not in str(message.message())


def test_the_invitation_of_a_link_is_mailed_to_its_address_alone(site, here, administrator):
    invitations.invite(
        email="new@hier.example", regions=[here], by=administrator, at=timezone.now()
    )

    assert mail.outbox[0].recipients() == ["new@hier.example"]


def _edition(draft):
    draft.refresh_from_db()
    return draft.edition


def _same(response):
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", response.text)
    return response.status_code, text
