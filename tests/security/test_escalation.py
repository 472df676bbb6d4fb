"""Somebody who works here reaches for more than is theirs."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from navigator import kept
from navigator.accounts import invitations, people as accounts
from navigator.accounts.models import Invitation, Membership, Token, User
from navigator.kept import sign
from regions import revisions
from regions.models import EducationRegion, RegionalOffice, Revision
from tests import people
from tests.navigator.editing import pages

NEW = "quite another long sentence"


@pytest.fixture
def office(site):
    return RegionalOffice.objects.get(slug="hier")


@pytest.fixture
def other_office(site):
    return RegionalOffice.objects.get(slug="daar")


def propose(subject, by, **values):
    return revisions.propose(
        subject=subject, values=values or {"description": "Nieuw"}, by=by, at=timezone.now()
    )


def do(client, what, revision, slug="hier", **more):
    return client.post(
        f"/mijn-regio/loketten/{slug}/voorstel/",
        {"do": what, "revision": revision.pk, "seen": revision.edition, **more},
    )


# Changes with what belongs to administrators


def _by_page(client, draft):
    return do(client, "publish", draft)


def _by_plan(client, draft):
    return do(client, "plan", draft, **{"plan-day": "2099-01-01", "plan-time": "09:00"})


def _by_api(client, _draft):
    return client.post(
        "/api/v1/my/offices/hier/revision/publish", "{}", content_type="application/json"
    )


@pytest.mark.parametrize("way", [_by_page, _by_plan, _by_api])
def test_an_editor_publishes_nothing_of_administrators(as_editor, office, administrator, way):
    draft = propose(office, administrator, slug="elders", description="Nieuw")

    answer = way(as_editor, draft)

    draft.refresh_from_db()
    assert answer.status_code == 403
    assert draft.state == Revision.State.DRAFT
    assert RegionalOffice.objects.filter(slug="hier").exists()


def test_an_editor_brings_back_nothing_of_administrators(as_editor, office, administrator):
    revisions.publish_now(
        subject=office, values={"nationwide": True, "description": "Later"}, by=administrator,
        at=timezone.now(),
    )  # fmt: skip
    page = as_editor.get("/mijn-regio/loketten/hier/geschiedenis/begin/")

    as_editor.post("/mijn-regio/loketten/hier/geschiedenis/begin/", {"seen": page.context["seen"]})

    office.refresh_from_db()
    assert (office.nationwide, office.description) == (True, "")


def test_an_editor_whose_changes_are_reviewed_publishes_by_no_way(stranger, other_office):
    client = people.log_in(Client(), stranger)
    typed = pages.opened(client, other_office, "introduction")
    pages.send(client, other_office, "introduction", typed, do="publish", description="Nieuw")
    draft = revisions.open_revision(other_office)
    etag = client.get("/api/v1/my/offices/daar")["ETag"]

    answers = [
        do(client, "publish", draft, "daar"),
        do(client, "approve", draft, "daar"),
        do(client, "plan", draft, "daar", **{"plan-day": "2099-01-01", "plan-time": "09:00"}),
        client.post(f"/beheer/beoordelen/{draft.pk}/", {"do": "approve", "seen": draft.edition}),
        client.post(
            "/api/v1/my/offices/daar/revision/publish", "{}", content_type="application/json"
        ),
        client.patch(
            "/api/v1/my/offices/daar?publish=true",
            json.dumps({"description": "Nu"}),
            content_type="application/json",
            headers={"If-Match": etag},
        ),
    ]

    other_office.refresh_from_db()
    assert {answer.status_code for answer in answers} <= {400, 403, 404}
    assert other_office.description == ""
    assert not Revision.objects.published().exists()


# Numbers and names of others


def test_a_change_of_another_office_is_not_reached_by_my_address(as_editor, other_office, stranger):
    draft = propose(other_office, stranger)
    published = revisions.publish_now(
        subject=other_office, values={"phone_note": "Ja"}, by=stranger, at=timezone.now()
    )

    for what in ("publish", "submit", "withdraw", "share", "unshare", "settle", "resume", "plan"):
        assert do(as_editor, what, draft).status_code == 404
    for pk in (draft.pk, published.pk):
        address = f"/mijn-regio/loketten/hier/geschiedenis/{pk}/"
        assert as_editor.get(address).status_code == 404
        assert as_editor.post(address, {"seen": ""}).status_code == 404
    assert as_editor.get("/mijn-regio/regios/regio-hier/geschiedenis/1/").status_code == 404


def test_keys_and_invitations_of_others_are_not_found(as_editor, stranger, there, administrator):
    token = Token.objects.create(
        user=stranger, name="x", key_hash="x", created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    theirs, _key = invitations.invite(
        email="a@daar.example", regions=[there], by=administrator, at=timezone.now()
    )

    for address in (
        f"/account/sleutels/{token.pk}/intrekken/",
        f"/uitnodigingen/{theirs.pk}/intrekken/",
        f"/uitnodigingen/{theirs.pk}/opnieuw/",
    ):
        assert as_editor.post(address).status_code == 404
    token.refresh_from_db()
    assert token.withdrawn_at is None


def test_an_editor_manages_no_invitation_that_gives_more_than_they_have(
    as_editor, here, there, administrator
):
    for more in ({"as_administrator": True}, {"as_advisor": True}, {"regions": [here, there]}):
        made, _key = invitations.invite(
            **{"email": "a@hier.example", "regions": [here], **more},
            by=administrator,
            at=timezone.now() - timedelta(minutes=5),
        )
        for what in ("opnieuw", "intrekken"):
            assert as_editor.post(f"/uitnodigingen/{made.pk}/{what}/").status_code == 404
        made.delete()


@pytest.mark.parametrize(
    "slug",
    ["hier/../daar", "daar%2f", "DAAR", "d\u0430ar", "ｄａａｒ", "daar\x00", "daar ", "-daar"],
)
@pytest.mark.parametrize("kind", ["loketten", "LOKETTEN", "regios"])
def test_a_name_that_looks_like_another_is_not_found(as_editor, site, kind, slug):
    for end in ("", "contact/", "voorstel/"):
        assert as_editor.get(f"/mijn-regio/{kind}/{slug}/{end}").status_code == 404


@pytest.mark.parametrize("slug", ["h\u0456er", "ｈｉｅｒ", "hier\u200b", "HIER", " hier "])
def test_no_address_looks_like_one_that_is_there(as_administrator, site, slug):
    office = RegionalOffice.objects.get(slug="daar")
    typed = pages.opened(as_administrator, office, "administration")

    pages.send(as_administrator, office, "administration", typed, do="publish", slug=slug)

    office.refresh_from_db()
    assert office.slug.isascii()
    assert office.slug != "hier"


@pytest.mark.parametrize("key", ["", "None", "null", "0", "%00", "x" * 43, "x" * 5000])
def test_a_preview_is_found_by_no_guess(site, office, editor, key):
    propose(office, editor)  # without a key

    assert Client().get(f"/voorbeeld/{key}/").status_code in (404, 301)


def test_a_preview_ends_when_it_is_no_longer_shared(site, as_editor, office, editor):
    draft = propose(office, editor)
    do(as_editor, "share", draft)
    draft.refresh_from_db()
    address = f"/voorbeeld/{draft.preview_key}/"
    assert Client().get(address).status_code == 200

    do(as_editor, "unshare", draft)

    assert Client().get(address).status_code == 404


# Forms that were tampered with


@pytest.mark.parametrize(
    "base",
    ["", "x", "e30:x:y", sign({}), sign({"description": "0" * 16}), sign({"name": "x"})],
    ids=["none", "nonsense", "unsigned", "empty", "of another state", "of another field"],
)
def test_a_form_that_says_it_saw_something_else_overwrites_nothing(
    as_editor, office, stranger, base
):
    revisions.publish_now(
        subject=office, values={"description": "Van een ander"}, by=stranger, at=timezone.now()
    )
    typed = pages.opened(as_editor, office, "introduction")

    answer = as_editor.post(
        pages.section(office, "introduction"),
        {**typed, "base": base, "description": "Van mij", "do": "publish"},
    )

    office.refresh_from_db()
    assert answer.status_code in (400, 409)
    assert office.description == "Van een ander"


def test_what_was_chosen_between_can_not_be_made_up(as_editor, office, stranger):
    typed = pages.opened(as_editor, office, "introduction")
    revisions.publish_now(
        subject=office, values={"description": "Van een ander"}, by=stranger, at=timezone.now()
    )

    answer = as_editor.post(
        pages.section(office, "introduction"),
        {
            **typed,
            "description": "Van mij",
            "keep.description": "mine",
            "seen": "x",
            "do": "publish",
        },
    )

    office.refresh_from_db()
    assert answer.status_code == 409
    assert office.description == "Van een ander"


@pytest.mark.parametrize("seen", ["", "-1", "0", "99999999999", "1e9", "x"])
def test_nobody_approves_what_they_did_not_see(as_administrator, office, editor, seen):
    draft = revisions.submit(propose(office, editor), by=editor, at=timezone.now())

    as_administrator.post(f"/beheer/beoordelen/{draft.pk}/", {"do": "approve", "seen": seen})

    office.refresh_from_db()
    assert office.description == ""


def test_another_site_fills_no_form_of_who_logs_in_later(editor, office):
    """What is typed while logged out is kept for a form that this site handed out, and only so."""
    attacker = Client(enforce_csrf_checks=True)
    address = pages.section(office, "introduction")
    typed = {"base": sign({"description": "x"}), "description": "Van een ander"}

    attacker.post(address, typed, headers={"Origin": "https://evil.example"})
    attacker.post(address, {**typed, "base": "forged"}, headers={"Origin": "http://testserver"})

    assert kept._KEY not in attacker.session


# Invitations


def invite(here, administrator, **more):
    return invitations.invite(
        **{"email": "new@hier.example", "regions": [here], **more},
        by=administrator,
        at=timezone.now(),
    )


def accept_as_new(client, key):
    return client.post(f"/uitnodiging/{key}/", {"name": "x", "password1": NEW, "password2": NEW})


def test_an_invitation_of_somebody_else_gives_who_has_the_link_nothing(
    stranger, here, administrator
):
    made, key = invite(here, administrator, as_administrator=True)
    client = people.log_in(Client(), stranger)

    for address in (f"/uitnodiging/{key}/", f"/uitnodiging/{key}/aannemen/"):
        client.post(address, {"password1": NEW, "password2": NEW, "user": stranger.pk})

    stranger.refresh_from_db()
    made.refresh_from_db()
    assert not stranger.is_superuser
    assert here not in stranger.regions.all()
    assert made.accepted_at is None
    assert not User.objects.filter(email=made.email).exists()


def test_a_link_for_somebody_with_an_account_chooses_no_password(editor, there, administrator):
    _made, key = invite(there, administrator, email=editor.email)

    answer = accept_as_new(Client(), key)

    editor.refresh_from_db()
    assert answer.status_code in (200, 409)
    assert editor.check_password(people.PASSWORD)
    assert there not in editor.regions.all()


@pytest.mark.parametrize(
    "ending", ["used", "withdrawn", "expired", "resent", "of nobody", "archived"]
)
def test_a_link_that_ended_lets_nobody_in(here, administrator, ending):
    made, key = invite(here, administrator)
    later = timezone.now() + timedelta(minutes=2)
    if ending == "used":
        accept_as_new(Client(), key)
        User.objects.filter(email=made.email).update(email="moved@hier.example")
    elif ending == "withdrawn":
        invitations.withdraw(made, by=administrator, at=later)
    elif ending == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif ending == "resent":
        invitations.resend(made, by=administrator, at=later)
    elif ending == "of nobody":
        User.objects.filter(pk=administrator.pk).update(is_active=False)
    else:
        EducationRegion.objects.filter(pk=here.pk).update(state="archived")
    before = User.objects.count()

    answer = accept_as_new(Client(), key)

    assert answer.status_code in (404, 409, 410)
    assert User.objects.count() == before


def test_an_editor_who_lost_a_region_lets_nobody_into_it(here, editor, administrator):
    _made, key = invitations.invite(
        email="new@hier.example", regions=[here], by=editor, at=timezone.now()
    )
    Membership.objects.filter(user=editor).delete()

    accept_as_new(Client(), key)

    assert not Membership.objects.exists()


def test_the_last_administrator_stays(as_administrator, administrator):
    for address, data in (
        (f"/beheer/mensen/{administrator.pk}/", {}),
        (f"/beheer/mensen/{administrator.pk}/sluiten/", {}),
        (f"/beheer/gegevens/accounts/user/{administrator.pk}/change/", {}),
    ):
        as_administrator.post(address, data)

    administrator.refresh_from_db()
    assert administrator.is_administrator


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_are_one(transactional_db):
    here = EducationRegion.objects.create(name="Hier", slug="regio-hier")
    administrator = people.administrator()
    made, key = invite(here, administrator)
    start, answers = Barrier(4), []

    def accept():
        start.wait()
        try:
            invitations.accept_as_new(key, password=NEW, at=timezone.now())
            answers.append("in")
        except invitations.InvitationError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["in", "used", "used", "used"]
    assert User.objects.filter(email=made.email).count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one(transactional_db):
    pair = [people.administrator(), people.administrator()]
    start, refused = Barrier(2), []

    def remove(user):
        start.wait()
        try:
            accounts.deactivate(user, at=timezone.now())
        except accounts.LastAdministrator:
            refused.append(user.pk)
        finally:
            connection.close()

    threads = [Thread(target=remove, args=[user]) for user in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert User.objects.filter(is_active=True, is_superuser=True).count() == 1
