"""Scripts typed into every text that is kept: no page runs them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.test import Client
from django.utils import timezone

from navigator.accounts import invitations, tokens
from navigator.accounts.models import AuditEntry, Membership
from navigator.advice import outcomes, pick_lists, registration, slips
from navigator.advice.facts import MOST_OF_NAME, MOST_OF_NOTE, NAMED, Facts, ReferralFacts
from navigator.advice.models import Destination
from navigator.advice.pick_lists import Link
from navigator.editing import publication
from navigator.statistics import runs
from navigator.statistics.models import Campaign, Exclusion, KnownSource, ProfileView
from regions import records, revisions, suggestions
from regions.models import (
    EducationRegion,
    FormerSlug,
    LinkCheck,
    Municipality,
    Place,
    Postcode,
    RegionalOffice,
)
from tests import people
from tests.security.pages import danger_in
from tests.test_access import LINES

# Each breaks out of another place: an element, an attribute, a script, a comment, Markdown.
PAYLOADS = {
    "element": "<script>xss()</script><xss><img src=x onerror=xss()><svg/onload=xss()>",
    "attribute": "\"'><xss onclick=xss()>' onmouseover='xss()' x=\" autofocus onfocus=\"xss() y=\"",
    "markdown": "[a](javascript:xss()) <javascript:xss()> [b](java&#x73;cript:xss()) ![c](x) "
    '[d](https://a.nl/"onclick="xss()) <a href="javascript:xss()">f</a>',
    "template": "{{ request.user }}{% debug %}</script></textarea></title>--><xss>",
    "encoded": "&lt;script&gt;xss()&lt;/script&gt;&#60;xss&#62;\\u003cxss\\u003e%3Cxss%3E",
}
# What the column of an address can be made to hold at the worst.
IN_ADDRESS = [
    "https://a.nl/%s?'onclick='xss()'`;<xss>",
    "https://a.nl/%s?'onclick='xss()'`",
    "https://a.nl/%s",
]
IN_EMAIL = ['"<xss>%s"@a.nl', "'onclick='x%s`@a.nl", "x%s@a.nl"]
NOT_TEXT = {"slug", "state", "phone", "email_response", "preferred_contact", "drawn_area"}


class _World:
    """Everything that somebody could type is hostile."""

    def __init__(self, payload):
        self.payload = payload
        self.number = 0
        self.marks = {}

    def text(self, subject, field):
        """The worst that the directory takes in a field."""
        self.number += 1
        mark = f"mark{self.number}q"
        for candidate in self._candidates(type(subject), field, mark):
            try:
                records.check(subject, {field: candidate})
            except records.Refused:
                continue
            self.marks[mark] = field
            return candidate
        return None

    def _candidates(self, model, field, mark):
        if field.startswith(records.SUPPORT):
            links = [address % mark for address in IN_ADDRESS]
            return [{"note": f"{mark}{self.payload}"[:300], "links": [link]} for link in links]
        try:
            column = model._meta.get_field(field)
        except FieldDoesNotExist:
            return []
        if field in NOT_TEXT or not isinstance(column, models.CharField | models.TextField):
            return []
        if isinstance(column, models.URLField):
            return [address % mark for address in IN_ADDRESS]
        if isinstance(column, models.EmailField):
            return [address % mark for address in IN_EMAIL]
        return [f"{mark}{self.payload}"[: column.max_length]]

    def values(self, subject):
        fields = [field for own in records.sections(type(subject)).values() for field in own]
        told = {field: self.text(subject, field) for field in fields}
        return {field: value for field, value in told.items() if value is not None}

    def plain(self, most):
        self.number += 1
        mark = f"mark{self.number}q"
        self.marks[mark] = "other"
        return f"{mark}{self.payload}"[:most]


def _fill(world, payload):
    """The world of the access table, in which all texts are hostile; answers it, and who is who."""
    hostile = _World(payload)
    at = timezone.now()
    with world.at_once():
        world.office(
            "flevowijs",
            serves=["3011"],
            draws=["3012"],
            regions=["Almere"],
            support=["vacancies"],
            has_visiting_location=True,
            visiting_latitude=52.0,
            visiting_longitude=5.0,
        )
        world.office("buur", serves=["3013"], regions=["Limburg"])
    EducationRegion.objects.filter(name="Almere").update(slug="almere-lelystad")
    EducationRegion.objects.filter(name="Limburg").update(slug="limburg")
    for model, most in ((Municipality, 100), (Place, 100)):
        for each in model.objects.all():
            model.objects.filter(pk=each.pk).update(name=hostile.plain(most))
    Postcode.objects.update(place=hostile.plain(100))
    office = RegionalOffice.objects.get(slug="flevowijs")
    region = EducationRegion.objects.get(slug="almere-lelystad")
    names = {"first_name": hostile.plain(150)}
    editor = people.editor(region, **names)
    administrator = people.administrator(**names)
    for subject in (office, region):
        revisions.publish_now(
            subject=subject,
            values=hostile.values(subject),
            by=editor,
            at=at,
            note=hostile.plain(500),
        )
    # Everything once more, as a change that waits, and one that was sent back.
    for subject in (office, region):
        draft = revisions.propose(subject=subject, values=hostile.values(subject), by=editor, at=at)
        waiting = publication.submit(draft, by=editor, at=at, note=hostile.plain(500))
        publication.send_back(
            waiting, by=administrator, at=at, seen=waiting.edition, comment=hostile.plain(2000)
        )
        waiting = publication.submit(waiting, by=editor, at=at, note=hostile.plain(500))
        if subject is office:
            of_office = waiting
    heard = {field: hostile.text(office, field) for field in suggestions.FIELDS}
    suggestion = suggestions.suggest(
        office,
        {field: value for field, value in heard.items() if value is not None},
        by=administrator,
        at=at,
        note=hostile.plain(500),
    ).revision
    LinkCheck.objects.create(
        url="https://a.nl/'onclick='xss()'",
        result=LinkCheck.Result.DEAD,
        reason="404",
        checked_at=at,
        failing_since=at - timedelta(days=9),
    )
    invitation, key = invitations.invite(
        email="'onclick='x`@a.nl", regions=[region], by=administrator, at=at
    )
    token, _key = tokens.make(editor, name=hostile.plain(80), days=30, at=at)
    AuditEntry.objects.create(at=at, what="<xss>", about=hostile.plain(200), who=editor)
    FormerSlug.objects.create(slug="vroeger", office=office)
    world.publish()
    advice = _advice(hostile, office, administrator, at)
    published = revisions.Revision.objects.of(office).published().first()
    things = {
        "published": published.pk,
        "waiting": of_office.pk,
        "suggestion": suggestion.pk,
        "preview_key": revisions.share(of_office),
        "invitation": invitation.pk,
        "invitation_key": key,
        "token": token.pk,
        "person": editor.pk,
        "office": office.pk,
        "region": region.pk,
        **advice,
        **_figures(hostile, office, administrator, at),
        "place": Place.objects.first().pk,
        "membership": Membership.objects.first().pk,
        "entry": AuditEntry.objects.first().pk,
        "link_check": LinkCheck.objects.first().pk,
        "former_slug": FormerSlug.objects.first().pk,
        "closed": people.advisor(is_active=False, **names).pk,
    }
    return hostile, things, {"editor": editor, "administrator": administrator}


def _advice(hostile, office, administrator, at):
    """A conversation with its referrals, a slip and a pick list, as hostile as they can be."""
    named = [code for code in Destination.values if code in NAMED]
    facts = Facts(
        at,
        "phone",
        "referred",
        interests=("po",),
        referrals=(
            ReferralFacts("regional-office", "", (office.slug,)),
            *(ReferralFacts(code, hostile.plain(MOST_OF_NAME)) for code in named),
        ),
        note=hostile.plain(MOST_OF_NOTE),
    )
    talk, _new = registration.register(key=uuid4(), facts=facts, by=administrator, at=at)
    registration.correct(
        talk, facts=replace(facts, note=hostile.plain(900)), by=administrator, at=at, seen=1
    )
    referral = talk.referrals.get(destination="regional-office")
    slip, _new = slips.make(referral, category="money", language="nl", by=administrator, at=at)
    links = [Link(hostile.plain(120), address % "link") for address in IN_ADDRESS]
    pick_list = pick_lists.make(
        offices=[office.slug], links=links, language="nl", by=administrator, at=at
    )
    slip_office = slip.offices.get()
    return {
        "conversation": talk.pk,
        "conversation_key": talk.key,
        "slip": slip.pk,
        "slip_key": slip.key,
        "slip_office": slip_office.pk,
        "outcome_link": outcomes.link_of(slip_office, at=at),
        "pick_list": pick_list.pk,
        "pick_list_key": pick_list.key,
    }


def _figures(hostile, office, administrator, at):
    """What administrators keep for the figures, and views that one of them left out."""
    day = timezone.localdate(at)
    campaign = Campaign.objects.create(
        code="lente", name_nl=hostile.plain(80), name_en=hostile.plain(80), first=day, last=day
    )
    known = KnownSource.objects.create(by="utm_source", value=hostile.plain(100))
    host = hostile.plain(100)
    ProfileView.objects.bulk_create(
        ProfileView(
            at=at - timedelta(minutes=1),
            day=day,
            visitor=f"{number}",
            ordinal=0,
            office=office,
            source="other-site",
            source_host=host,
        )
        for number in range(runs.LEAST_VIEWS)
    )
    exclusion = Exclusion.objects.create(
        office=office,
        first=at - timedelta(hours=1),
        last=at,
        source_host=hostile.plain(100),
        reason=hostile.plain(300),
        views=1,
        made_at=at,
        made_by=administrator,
    )
    return {"campaign": campaign.pk, "known_source": known.pk, "exclusion": exclusion.pk}


def _is_text(response):
    return response.headers.get("Content-Type", "").startswith("text/html")


def _body(response):
    return b"".join(response.streaming_content).decode() if response.streaming else response.text


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_page_runs_what_somebody_typed(
    world, payload, django_capture_on_commit_callbacks, settings
):
    with django_capture_on_commit_callbacks(execute=True):
        hostile, things, cast = _fill(world, payload)
    asked = {role: people.log_in(Client(), user) for role, user in cast.items()}
    asked["nobody"] = Client()
    found, seen = {}, set()

    for _route, line in LINES:
        address = line.example.format(**things)
        for role, browser in asked.items():
            with transaction.atomic():
                response = browser.get(address)
                transaction.set_rollback(True)
            if response.status_code != 200:
                continue
            is_packed = "xlsx" in address or "zip" in response.headers.get("Content-Type", "")
            text = "" if is_packed else _body(response)
            seen |= {mark for mark in hostile.marks if mark in text}
            if _is_text(response):
                if danger := danger_in(text):
                    found[f"{role} {address}"] = danger[:3]
            else:
                assert response.headers["X-Content-Type-Options"] == "nosniff"

    assert found == {}
    # Each of the texts stood somewhere: what is not shown proves nothing.
    unseen = {hostile.marks[mark] for mark in set(hostile.marks) - seen}
    assert unseen <= {"other"}, unseen
    for message in mail.outbox:
        assert message.content_subtype == "plain"
        assert not getattr(message, "alternatives", ())
        assert "\n" not in message.subject


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_page_runs_what_stands_in_its_address(site, as_administrator, payload):
    names = ("q", "postcode", "place", "sector", "next", "page", "pagina", "what", "who", "since")
    asked = dict.fromkeys([*names, "role", "welke", "note", "x", "state__exact"], payload)
    found = {}

    for _route, line in LINES:
        address = line.example.partition("?")[0]
        if "{" in address:
            continue
        address = address.replace("flevowijs", "hier").replace("almere-lelystad", "regio-hier")
        for browser in (as_administrator, Client()):
            response = browser.get(address, asked)
            if _is_text(response) and (danger := danger_in(_body(response))):
                found[address] = danger[:3]

    assert found == {}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_form_runs_what_was_typed_wrong(site, as_administrator, payload):
    """Every form that is shown again with its mistakes."""
    names = ("email", "login", "name", "slug", "q", "note", "comment", "password", "code", "do")
    fields = [field for own in records.OFFICE_SECTIONS.values() for field in own]
    regional = [field for own in records.REGION_SECTIONS.values() for field in own]
    typed = dict.fromkeys([*names, *fields, *regional, "day", "time", "regions", "days"], payload)
    found = {}

    for _route, line in LINES:
        address = line.example.partition("?")[0]
        if "{" in address or line.answer("POST", "administrator") in ("404", "405"):
            continue
        address = address.replace("flevowijs", "hier").replace("almere-lelystad", "regio-hier")
        for browser in (as_administrator, Client()):
            for do in ("draft", "preview", payload):
                with transaction.atomic():
                    response = browser.post(address, {**typed, "do": do})
                    transaction.set_rollback(True)
                if _is_text(response) and (danger := danger_in(_body(response))):
                    found[f"{do} {address}"] = danger[:3]

    assert found == {}


def test_what_is_dangerous_is_seen():
    """The eyes of these tests work."""
    for hostile in (
        "<script>xss()</script>",
        "<img src=x onerror=xss()>",
        "<a href='java\tscript:xss()'>a</a>",
        "<a href='&#106;avascript:xss()'>a</a>",
        "<svg/onload=xss()>",
        "<xss>",
        "<form action='data:text/html,x'>",
    ):
        assert danger_in(hostile), hostile
    assert not danger_in(
        '<a href="/a?b=javascript:">&lt;script&gt;</a><script src="/a.js"></script>'
    )
