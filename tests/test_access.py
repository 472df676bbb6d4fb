"""Every address x role x method -> what is answered. An address without a line fails."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern, URLPattern
from django.utils import timezone

from navigator.accounts import audit, invitations, tokens
from navigator.advice import outcomes, registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import PickList, Slip, SlipOffice
from navigator.statistics.models import Campaign, Exclusion, KnownSource
from regions import revisions, suggestions
from regions.models import EducationRegion, FormerSlug, LinkCheck, Place, RegionalOffice
from tests import people
from tests.access_table import METHODS, MORE, ROLES, TABLE

LINES = [*TABLE.items(), *MORE]


@pytest.fixture(scope="module")
def people_and_things(real_directory, django_db_blocker):
    """Someone of every role, and what the examples of the table name."""
    with django_db_blocker.unblock():
        own = EducationRegion.objects.get(slug="almere-lelystad")
        office = RegionalOffice.objects.get(slug="flevowijs")
        cast = {
            "advisor": people.advisor(),
            "stranger": people.editor(EducationRegion.objects.get(slug="limburg")),
            "editor": people.editor(own),
            "administrator": people.administrator(),
        }
        return cast, _things(own, office, cast)


def _things(own, office, cast):
    at, editor, administrator = timezone.now(), cast["editor"], cast["administrator"]
    published = revisions.publish_now(
        subject=office, values={"description": "Meer over ons."}, by=administrator, at=at
    )
    for subject, values in ((office, {"advice_note": "Bel ons."}), (own, {"description": "Wij."})):
        draft = revisions.propose(subject=subject, values=values, by=editor, at=at)
        waiting = revisions.submit(draft, by=editor, at=at)
        if subject is office:
            of_office = waiting
    suggestion = suggestions.suggest(office, {"phone": "+31302270374"}, by=cast["advisor"], at=at)
    invitation, key = invitations.invite(
        email="colleague@almere.example",
        regions=[own],
        as_advisor=False,
        as_administrator=False,
        by=administrator,
        at=at,
    )
    token, _key = tokens.make(editor, name="our website", days=30, at=at - timedelta(minutes=1))
    return {
        "published": published.pk,
        "waiting": of_office.pk,
        "suggestion": suggestion.revision.pk,
        "preview_key": revisions.share(of_office),
        "invitation": invitation.pk,
        "invitation_key": key,
        "token": token.pk,
        "office": office.pk,
        "region": own.pk,
        "place": Place.objects.order_by("pk").values_list("pk", flat=True)[0],
        "former_slug": FormerSlug.objects.create(slug="flevo", office=office).pk,
        "link_check": LinkCheck.objects.create(
            url="https://a.example/", result="works", checked_at=at
        ).pk,
        "membership": editor.memberships.get().pk,
        "entry": audit.record("exported", who=administrator).pk,
        **_advice(office, administrator, at),
        **_figures(office, administrator, at),
        "person": people.advisor().pk,
        "closed": people.advisor(is_active=False).pk,
    }


def _figures(office, administrator, at):
    """What an administrator keeps for the figures."""
    return {
        "campaign": Campaign.objects.create(
            code="lente-2026", name_nl="Lente", first=date(2026, 3, 1), last=date(2026, 3, 31)
        ).pk,
        "known_source": KnownSource.objects.create(by="host", value="campaign.example").pk,
        "exclusion": Exclusion.objects.create(
            office=office,
            first=at - timedelta(hours=1),
            last=at,
            views=1,
            made_at=at,
            made_by=administrator,
        ).pk,
    }


def _advice(office, administrator, at):
    """A conversation of the administrator, who referred to the office with a slip."""
    facts = Facts(at, "phone", "referred", referrals=(ReferralFacts("regional-office"),))
    conversation, _new = registration.register(key=uuid4(), facts=facts, by=administrator, at=at)
    # A slip would keep its conversation from being withdrawn, so it belongs to another one.
    with_slip, _new = registration.register(
        key=uuid4(),
        facts=replace(facts, referrals=(ReferralFacts("regional-office", "", (office.slug,)),)),
        by=administrator,
        at=at,
    )
    slip = Slip.objects.create(
        referral=with_slip.referrals.get(),
        key="a-key-of-a-slip-that-nobody-guesses",
        code="C3D4F6H",
        category="money",
        language="nl",
        made_by=administrator,
        made_at=at,
    )
    slip_office = SlipOffice.objects.create(slip=slip, office=office)
    pick_list = PickList.objects.create(
        key="a-key-of-a-list-that-nobody-guesses",
        language="nl",
        made_by=administrator,
        made_at=at,
        expires_at=at + timedelta(days=90),
    )
    return {
        "conversation": conversation.pk,
        "conversation_key": conversation.key,
        "slip": slip.pk,
        "slip_key": slip.key,
        "slip_office": slip_office.pk,
        "outcome_link": outcomes.link_of(slip_office, at=at),
        "pick_list": pick_list.pk,
        "pick_list_key": pick_list.key,
    }


def routes(resolver=None, prefix=""):
    """Every address that the site knows; those under /en/ are the same once more."""
    for pattern in (resolver or get_resolver()).url_patterns:
        own = "" if isinstance(pattern.pattern, LocalePrefixPattern) else str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield prefix + own
        else:
            yield from routes(pattern, prefix + own)


def test_every_address_has_a_line_in_the_access_table():
    without = sorted(set(routes()) - set(TABLE))

    assert without == []


def test_the_access_table_has_no_line_for_what_is_gone():
    gone = sorted(set(TABLE) - set(routes()))

    assert gone == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("route", "line"), LINES, ids=[line.example for _route, line in LINES])
def test_an_address_answers_each_role_as_the_table_says(people_and_things, db, route, line, role):
    cast, things = people_and_things
    cache.clear()
    client = Client()
    if role in cast:
        people.log_in(client, cast[role])
    address = line.example.format(**things)

    told = {method: _told(client, method, address, line.body) for method in METHODS}

    assert told == {method: line.answer(method, role) for method in METHODS}


def _told(client, method, address, body):
    """The answer, after which nothing has happened."""
    form = {} if body or method != "POST" else {"data": {}}
    sent = {"data": body, "content_type": "application/json"} if body else form
    with transaction.atomic():
        if method == "POST" and not body:
            response = client.post(address, {})
        else:
            response = client.generic(method, address, **sent)
        transaction.set_rollback(True)
    to_login = response.status_code == 302 and response["Location"].startswith("/inloggen/?next=")
    return "login" if to_login else str(response.status_code)
