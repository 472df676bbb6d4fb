"""Fields that a form doesn't show are posted all the same."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from navigator.accounts import invitations
from navigator.accounts.models import Invitation, User
from regions import records, revisions
from regions.models import EducationRegion, RegionalOffice, Revision
from tests import people
from tests.navigator.editing import pages

# What only administrators change -> what somebody would like it to be.
OF_OFFICE = {
    "slug": "stolen",
    "state": "archived",
    "nationwide": "on",
    "regions": ["regio-daar"],
    "drawn_area": '{"type": "Polygon", "coordinates": [[[4,52],[5,52],[5,53],[4,52]]]}',
}
OF_REGION = {"slug": "stolen", "state": "archived", "review_required": ""}
EVERYTHING = {
    **OF_OFFICE,
    "confirmed_on": "2030-01-01",
    "is_superuser": "on",
    "id": "1",
    "pk": "1",
    "office": "1",
    "author": "1",
    "state_": "published",
}
SECTIONS = [name for name in records.OFFICE_SECTIONS if name != records.ADMINISTRATION]


def test_nothing_of_administrators_is_forgotten_here():
    assert set(OF_OFFICE) == set(records.OFFICE_SECTIONS[records.ADMINISTRATION])
    assert set(OF_REGION) == set(records.REGION_SECTIONS[records.ADMINISTRATION])


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("do", ["draft", "publish", "submit"])
def test_a_section_stores_its_own_fields_alone(as_editor, section, do):
    office = RegionalOffice.objects.get(slug="hier")
    before = records.read(office)
    others = {
        name: value
        for other in SECTIONS
        if other != section
        for name, value in pages.opened(as_editor, office, other).items()
    }
    typed = pages.opened(as_editor, office, section)
    changed = {name: _other(values) for name, values in others.items() if name not in typed}

    as_editor.post(pages.section(office, section), {**EVERYTHING, **changed, **typed, "do": do})

    office = RegionalOffice.objects.get(pk=office.pk)
    own = set(records.sections(RegionalOffice)[section])
    stored = set(records.difference(before, records.read(office)))
    proposed = {name for revision in Revision.objects.all() for name in revision.changes}
    assert stored | proposed <= own
    assert revisions.planned_revision(office) is None


@pytest.mark.parametrize("kind", ["loketten/hier", "regios/regio-hier"])
def test_settings_are_not_there_for_editors(as_editor, kind):
    address = f"/mijn-regio/{kind}/instellingen/"
    values = OF_OFFICE if "loketten" in kind else OF_REGION

    assert as_editor.get(address).status_code == 404
    assert as_editor.post(address, {**values, "do": "publish"}).status_code == 404
    assert not Revision.objects.exists()


def test_the_form_of_a_region_stores_nothing_of_administrators(as_editor, here):
    typed = pages.opened(as_editor, here, "region")

    pages.send(as_editor, here, "region", {**OF_REGION, **typed}, do="publish", description="Wij")

    here = EducationRegion.objects.get(pk=here.pk)
    assert (here.slug, here.state, here.description) == ("regio-hier", "published", "Wij")
    assert set(Revision.objects.get().changes) == {"description"}


@pytest.mark.parametrize(
    ("kind", "slug", "field"),
    [
        ("offices", "hier", field)
        for field in ("slug", "state", "nationwide", "regions", "drawnArea")
    ]
    + [("regions", "regio-hier", field) for field in ("slug", "state", "reviewRequired")]
    + [("offices", "hier", field) for field in ("confirmedOn", "id", "office", "author")],
)
def test_the_api_takes_no_other_field_from_an_editor(as_editor, kind, slug, field):
    address = f"/api/v1/my/{kind}/{slug}"
    values = {"slug": "x", "state": "archived", "regions": [], "drawnArea": None}
    body = json.dumps({"name": "Anders", field: values.get(field, False)})
    etag = as_editor.get(address)["ETag"]

    for query in ("", "?publish=true"):
        answer = as_editor.patch(
            address + query, body, content_type="application/json", headers={"If-Match": etag}
        )

        assert answer.status_code == 400, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Revision.objects.exists()


@pytest.mark.parametrize("role", ["as_administrator", "as_advisor"])
def test_an_editor_invites_editors_alone(as_editor, here, role):
    as_editor.post(
        "/mijn-regio/collegas/",
        {"email": "new@hier.example", "regions": [here.pk], role: "on", "is_superuser": "on"},
    )

    made = Invitation.objects.get()
    assert (made.as_administrator, made.as_advisor) == (False, False)


def test_an_editor_invites_for_no_other_region(as_editor, here, there):
    as_editor.post(
        "/mijn-regio/collegas/", {"email": "new@hier.example", "regions": [here.pk, there.pk]}
    )

    assert not Invitation.objects.exists()


def test_who_accepts_gets_what_was_granted_and_no_more(here, there, administrator):
    _invitation, key = invitations.invite(
        email="new@hier.example", regions=[here], by=administrator, at=timezone.now()
    )

    Client().post(
        f"/uitnodiging/{key}/",
        {
            "name": "Nieuw",
            "password1": people.PASSWORD,
            "password2": people.PASSWORD,
            "email": "administrator@navigator.example",
            "is_superuser": "on",
            "is_staff": "on",
            "is_advisor": "on",
            "as_administrator": "on",
            "regions": [there.pk],
        },
    )

    user = User.objects.get(email="new@hier.example")
    assert (user.is_superuser, user.is_staff, user.is_advisor) == (False, False, False)
    assert list(user.regions.all()) == [here]


@pytest.mark.parametrize(
    "address", ["/account/e-mail/", "/account/wachtwoord/", "/account/sleutels/", "/account/"]
)
def test_nobody_changes_their_own_role(as_editor, editor, there, address):
    as_editor.post(
        address,
        {
            "is_superuser": "on",
            "is_staff": "on",
            "is_advisor": "on",
            "regions": [there.pk],
            "user": "1",
            "name": "x",
            "days": "30",
        },
    )

    editor.refresh_from_db()
    assert (editor.is_superuser, editor.is_staff, editor.is_advisor) == (False, False, False)
    assert there not in editor.regions.all()


def _other(values):
    return [f"{value}x" if value else "on" for value in values]
